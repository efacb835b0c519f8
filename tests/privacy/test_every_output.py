"""After the close, every number of every output of a client is one of a release's, or none of anybody's answers.

The pages that only render a release are looked at in test_numbers.py, the PDF in tests/test_one_document.py.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.clients.service import change_department
from app.db import Database
from app.releases import service as releases
from app.releases import store
from app.share import service as sharing
from app.waves.service import correct_headcount
from app.worker import Worker
from tests.cast import Cast
from tests.conftest import Clock
from tests.places import START
from tests.privacy.numbers import decimals_in, numbers_in
from tests.privacy.scene import everything, set_up, signed_in
from tests.privacy.told import coefficients_on, of_nobodys_answers, of_results, plants, strange, told_on
from tests.privacy.walk import Addresses, Seen, look
from tests.world import World

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)


def made_again(database: Database, cast: Cast, wave: World, clock: Clock) -> None:
    """Both further releases that a wave can have: with a corrected headcount, and with departments rearranged."""
    where = {"organisation_id": cast.organisation, "wave_id": wave.closed}
    for occasion in ("headcounts", "departments"):
        with database.writing() as session:
            if occasion == "headcounts":
                correct_headcount(
                    session,
                    **where,
                    department_id=cast.departments["Operations"],
                    headcount=33,
                    user_id=cast.ada,
                    now=clock.advance(minutes=1),
                )
            else:
                change_department(
                    session,
                    cast.organisation,
                    cast.departments["Planning"],
                    name="Planning",
                    function="finance",
                    headcount=6,
                    parent_id=cast.departments["Operations"],
                    now=START,
                )
            releases.ask_again(session, **where, occasion=occasion, now=clock.advance(minutes=1))
        while Worker(database, clock=clock).work_once():
            pass


def pages_of(seen: Mapping[str, Seen], *, without: tuple[UUID, ...] = ()) -> dict[str, str]:
    """All pages, by address, but those of waves that are not closed."""
    return {
        address: one.body.decode()
        for address, one in seen.items()
        if one.status == 200 and b"<main" in one.body and not any(str(wave) in address for wave in without)
    }


@pytest.fixture
def seen(
    database: Database, cast: Cast, lived_in: World, clock: Clock, application: "FastAPI", client: "TestClient"
) -> dict[str, str]:
    """All pages of a client one of whose waves was released three times."""
    scene = set_up(database, cast, lived_in, clock())
    made_again(database, cast, lived_in, clock)
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": lived_in.closed}
        sharing.share(session, **place, user_id=cast.ada, now=clock())
    found = look(signed_in(client), Addresses(everything(application, scene).member, ()))
    return pages_of(found, without=(scene.running, scene.draft))


@pytest.mark.lived_in
def test_every_number_of_every_page_is_told_by_a_release_or_of_nobodys_answers_and_a_planted_one_is_seen(
    database: Database, cast: Cast, lived_in: World, seen: dict[str, str]
) -> None:
    known = of_nobodys_answers(database, cast.organisation, lived_in.closed)
    released = of_results(database, cast.organisation, lived_in.closed)
    with database.reading() as session:
        newest = store.latest(session, cast.organisation, lived_in.closed)
    assert newest is not None
    for address, page in seen.items():
        told, coefficients = told_on(address, released, known), coefficients_on(address, newest.document)
        assert strange(page, told, coefficients) == set(), address
        for planted in plants(next(number for number in range(13, 1000) if number not in told)):
            if not any(one in planted for one in coefficients):
                assert strange(page.replace("</main>", planted + "</main>"), told, coefficients), (address, planted)
    assert sum("/heatmap/" in address for address in seen) > 6
    assert len(seen) > 30


@pytest.mark.lived_in
def test_the_files_of_a_client_are_its_releases_as_they_were_stored_and_lists_without_results(
    database: Database, cast: Cast, lived_in: World, clock: Clock, client: "TestClient"
) -> None:
    made_again(database, cast, lived_in, clock)
    with database.reading() as session:
        stored = {one.raw for one in store.of_wave(session, cast.organisation, lived_in.closed)}
    address = f"/organisations/{cast.organisation}"
    files = signed_in(client)
    told = {
        files.get(f"{address}/waves/{lived_in.closed}/release.json?number={number}").content for number in (1, 2, 3)
    }
    assert told == stored
    with zipfile.ZipFile(io.BytesIO(files.get(f"{address}/export.zip").content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert {content for name, content in found.items() if name.endswith(".json")} == stored
    known = of_nobodys_answers(database, cast.organisation, lived_in.closed)
    for name, content in found.items():
        if not name.endswith(".json"):
            lines = re.sub(r"\d{4}-\d\d-\d\d(T[\d:.+Z]*)?", " ", content.decode("utf-8-sig"))
            lines = lines.replace("sha256", "hash")  # a column's name
            assert numbers_in(lines) - known == set(), (name, lines)
            assert decimals_in(lines) == set(), name
