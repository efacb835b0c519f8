"""The demo: its story is in its releases, and it is the same story each time it is made."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from app.accounts.queries import memberships, user_by_email
from app.db import Database
from app.demo import documents as writing
from app.demo import listing, outbox, plan, prepare, story
from app.demo.story import WAVES
from app.documents import queries as documents
from app.effects.gathering import account
from app.errors import SettingError
from app.mail.sending import Post
from app.main import create_app
from app.migrations import upgrade
from app.planned import queries as planned
from app.releases import store
from app.releases.document.release import Change, Release, Scored
from app.settings import Settings, read_settings
from app.waves.queries import WaveView, waves
from tests import postgres
from tests.cast import Cast
from tests.conftest import SAME_ORIGIN, SECRET
from tests.places import Place
from tests.privacy.told import odd_pages

FILE = "demo.db"
SCORES: dict[str, list[tuple[str, ...]]] = {}


@dataclass(frozen=True)
class Kept:
    """The demo as it was made: its data directory, and the rows of its database; the file of SQLite lies in there."""

    folder: Path
    rows: postgres.Content | None


@pytest.fixture(scope="module")
def made() -> dict[bool, Kept]:
    """The demo on SQLite (True) and on PostgreSQL, once a test has made it."""
    return {}


@pytest.fixture
def demo(
    place: Place, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, made: dict[bool, Kept]
) -> Iterator[tuple[Settings, Database]]:
    """The demo in an empty database: made by the first test of a kind of database, a copy of that for the others."""
    settings = read_settings(
        demo=True, data_dir=tmp_path, database_url=place.url, secret_key=SECRET, public_url="http://testserver"
    )
    kept = made.get(place.file is not None)
    if kept is None:
        prepare.prepare(settings, say=lambda _: None)
        made[place.file is not None] = _keep(place, tmp_path, tmp_path_factory.mktemp("demo"))
    else:
        _give(kept, place, tmp_path)
    with closing(Database(settings.database)) as database:
        yield settings, database


def _keep(place: Place, data: Path, folder: Path) -> Kept:
    shutil.copytree(data, folder, dirs_exist_ok=True)
    if place.file is None:
        return Kept(folder, postgres.content(str(make_url(place.url).database)))
    with closing(sqlite3.connect(place.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(place.file, folder / FILE)
    return Kept(folder, None)


def _give(kept: Kept, place: Place, data: Path) -> None:
    shutil.copytree(kept.folder, data, dirs_exist_ok=True)
    if kept.rows is not None:
        postgres.put_back(place.url, kept.rows)
    elif place.file is not None:
        shutil.copy(kept.folder / FILE, place.file)


def all_waves(database: Database) -> tuple[UUID, list[WaveView]]:
    with database.reading() as session:
        user = user_by_email(session, story.EMAIL)
        assert user is not None
        organisation = memberships(session, user.id)[0].organisation_id
        return organisation, sorted(waves(session, organisation), key=lambda wave: wave.number)


def releases(database: Database) -> list[Release]:
    organisation, found = all_waves(database)
    with database.reading() as session:
        stored = [store.latest(session, organisation, wave.id) for wave in found]
    return [one.document for one in stored if one is not None]


def cell(release: Release, name: str, dimension: str) -> Scored:
    row = next(row for row in release.rows if row.name == name)
    found = row.cells[dimension]
    assert isinstance(found, Scored)
    return found


def test_the_demo_tells_its_story_and_its_start_page_leads_into_it(demo: tuple[Settings, Database]) -> None:
    settings, database = demo
    first, second, third = releases(database)
    assert [wave.state for wave in all_waves(database)[1]] == [*["closed"] * 3, "open", *["draft"] * 4]
    rise = cell(third, "Finance", "R3").change
    assert isinstance(rise, Change)
    assert (rise.direction, rise.confirmation) == ("up", "confirmed")
    for release in (first, second, third):
        scores = {head.id: cell(release, "Legal", head.id).score for head in release.dimensions}
        assert scores["T2"] == min(scores.values()) < 40
        assert {one.name for one in release.small} == {"HR", "Internal audit"}
    names = [{row.name for row in release.rows} for release in (second, third)]
    assert "Customer service" in names[0]
    assert "Guest services" in names[1]

    with TestClient(create_app(settings), headers=SAME_ORIGIN) as client:
        page = client.get("/demo").text
        assert page.count("http://testserver/s/") >= len(story.DEPARTMENTS)
        signed_in = client.post("/sign-in", data={"email": story.EMAIL, "password": story.PASSWORD})
        assert story.CLIENT.split(" (")[0] in signed_in.text
        if database.is_sqlite:  # the pages of one database are those of the other
            organisation, every = all_waves(database)
            for wave in every[: len(WAVES) - 1]:
                assert odd_pages(client, database, organisation, wave.id) == {}
        ladder = unescape(client.get(f"/organisations/{all_waves(database)[0]}/autonomy").text)
        assert "have people know the facts about Process and data readiness (R2)" in ladder
        assert ladder.count("Over-trust: trust runs ahead of skills or of checking") == 1
        assert "Read the papers" in page
        with database.writing() as session:  # as in a demo that was made before there were papers
            session.connection().exec_driver_sql("DELETE FROM review_decision")
            session.connection().exec_driver_sql("DELETE FROM review_link")
        old = client.get("/demo")
        assert (old.status_code, "Read the papers" in old.text) == (200, False)
    told = [tuple(str(one) for row in release.rows for one in row.cells.values()) for release in releases(database)]
    assert len(told) == len(WAVES) - 1
    assert SCORES.setdefault("told", told) == told, "the demo made before told another story"


def test_the_demos_plan_is_carried_through_two_quarters(demo: tuple[Settings, Database]) -> None:
    _, database = demo
    organisation, _ = all_waves(database)
    with database.reading() as session:
        told = account(session, organisation, now=WAVES[-1].opened)
    assert [one.state for one in told.quarters] == ["measured", "measured", "running", "running"]
    shown = [each for one in told.quarters for some in one.shown.values() for each in some]
    outcomes = {(each.row, each.dimension): each.outcome for each in shown}
    assert outcomes["Finance", "R3"] == "higher"
    assert {"alike", "few"} <= set(outcomes.values())
    assert any(one.is_late(told.as_of) for one in told.deeds)
    assert {one.status for one in told.deeds} == {"doing", "done", "dropped"}


def test_each_result_of_the_demo_has_a_plan_record_that_its_report_prints(demo: tuple[Settings, Database]) -> None:
    settings, database = demo
    organisation, every = all_waves(database)
    with database.reading() as session:
        found = [
            one.plan
            for wave in every[: len(plan.QUARTERS)]
            if (stored := store.latest(session, organisation, wave.id))
            and (one := planned.newest_of_release(session, organisation, stored.id))
        ]
    assert [one.number for one in found] == [1, 2, 3]
    assert [one.as_of for one in found] == list(plan.QUARTERS)
    assert [len(one.deeds) for one in found] == [5, 9, 12]
    assert {one.status for one in found[0].deeds} == {"open"}, "it is fixed before anything is done"
    assert {one.status for one in found[-1].deeds} == {"open", "done", "dropped"}
    assert any(one.stands for one in found[-1].guards)
    with TestClient(create_app(settings), headers=SAME_ORIGIN) as client:
        address = re.search(r'href="http://testserver(/told/[a-z2-7]{26})"', client.get("/demo").text)
        assert address is not None
        told = client.get(address[1]).text.partition("The plan, as of 28 September 2026")[2]
    assert "That alone does not show that it came from this." in told
    assert not [one.name for one in found[-1].places if f">{one.name}<" in told or f" {one.name} " in told]


def test_the_demos_documents_hold_what_was_written_and_their_client_reads_the_newest(
    demo: tuple[Settings, Database],
) -> None:
    settings, database = demo
    organisation, _ = all_waves(database)
    with database.reading() as session:
        there = {one.template: one for one in documents.documents(session, organisation)}
    assert {name: (one.version, one.shared) for name, one in there.items()} == {
        "communication_plan": (2, 2),
        "pilot_charter": (1, 0),
        "raci": (1, 0),
    }
    with TestClient(create_app(settings), headers=SAME_ORIGIN) as client:
        client.post("/sign-in", data={"email": story.EMAIL, "password": story.PASSWORD})
        for name, one in there.items():
            at = f"/organisations/{organisation}/documents/{one.subject_id}/{name}?words=en&version={one.version}"
            page = unescape(client.get(at).text)
            for wrote in (wrote for wrote in writing.WRITTEN if wrote.document == name):
                assert [text for text in wrote.texts.values() if text not in page] == [], name


def test_the_demos_people_find_invitations_and_reminders_in_their_letter_boxes(demo: tuple[Settings, Database]) -> None:
    settings, database = demo
    invited = [str(one.mail["To"]) for one in outbox.newest(outbox.folder_of(settings))]
    assert invited[-1] == story.EMAIL, "the test mail came first"
    assert len(set(invited)) == len(invited) == 1 + listing.EACH * len(story.DEPARTMENTS)
    with outbox.opened(settings) as posting:
        post, now = Post(posting, bytes.fromhex(SECRET)), WAVES[-1].opened + timedelta(days=7)
        for _ in range(30):
            post.work_once(database, now)
            now += timedelta(seconds=2)
    reminded = outbox.newest(outbox.folder_of(settings))[: -len(invited)]
    assert len(reminded) == len(story.DEPARTMENTS), "within a minute, those of each department who have not answered"
    with TestClient(create_app(settings), headers=SAME_ORIGIN) as client:
        assert "Read the mails</a> (31 so far)" in client.get("/demo").text
        page = client.get("/demo/outbox").text
        assert page.count("person.") == 2 * (len(invited) + len(reminded) - 1)
        one = client.get(f"/demo/outbox/{reminded[0].number}")
        assert "List-Unsubscribe" in one.text
        [link] = set(re.findall(r"http://testserver/r/[a-z2-7]{26}", one.text))
        assert client.get(link).status_code == 200
        letter = client.get(f"/demo/outbox/{reminded[0].number}/letter")
        assert '<base target="_top">' in letter.text
        assert link in letter.text
        assert client.get("/demo/outbox/999").status_code == 404


def test_the_demo_is_never_made_in_a_database_that_is_in_use(
    tmp_path: Path, database: Database, database_url: str, cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = read_settings(demo=True, data_dir=tmp_path / "x", database_url=database_url, secret_key=SECRET)
    with pytest.raises(SettingError, match="in use"):
        prepare.prepare(settings, say=lambda _: None)
    with pytest.raises(SettingError, match="the lines above say why"):
        prepare.prepare_apart(settings)
    assert "this database is in use" in capfd.readouterr().err


def test_a_data_folder_that_holds_other_data_is_refused(tmp_path: Path) -> None:
    settings = read_settings(demo=True, data_dir=tmp_path)
    with closing(Database(settings.database)) as database:
        upgrade(database)
    with pytest.raises(SettingError, match="holds other data"):
        prepare.prepare(settings, say=lambda _: None)
