"""Every number of a result's pages and of its report stands in its release: nothing else was asked for it."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from app.db import Database
from app.worker import Worker
from scoring.grades import BANDS
from tests.cast import Cast
from tests.conftest import Clock, recorded
from tests.missing import missing
from tests.privacy.scene import everything, set_up, signed_in
from tests.privacy.walk import READS
from tests.reports.pdf_reader import opened
from tests.world import World

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

pytestmark = [pytest.mark.lived_in, pytest.mark.parametrize("template", ["sqlite"], indirect=True)]

COUNT_ANSWERS = {"turnout", "answer_sheet", "comment", "comment_review", "invitation", "draft", "release_ledger"}
OF_A_RESULT = re.compile(r"/(heatmap|certificate|release\.json|report|report\.pdf|forecast)\b")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# What is no number of a result: dates and times, hashes, names of waves, of dimensions and of quantities of paper.
NO_RESULT = re.compile(
    rf"SHA-256|\d+ (?:{MONTHS}) \d{{4}}(?:, \d\d:\d\d)?|"
    r"20\d\d-Q[1-4]|\b[0-9a-f]{12,64}\b|\b[TREWC]\d[a-d]?\b|A[0-5]\b"
)
# The scale and the points of its five answers, the limits of the bands, a rough score, the share of an interval.
CONSTANTS = {0, 25, 50, 75, 100, *(limit for _, low, high in BANDS for limit in (low, high)), 15, 95}


def numbers_of(value: object) -> Iterator[int]:
    """All whole numbers of a document, those inside its sentences among them."""
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from numbers_of(one)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield abs(value)
    elif isinstance(value, str):
        yield from (int(one) for one in re.findall(r"\d+", NO_RESULT.sub(" ", value)))


def numbers_in(text: str) -> set[int]:
    """All whole numbers of a text that could be a result."""
    plain = NO_RESULT.sub(" ", text.replace("\u202f", ""))
    return {int(one) for one in re.findall(r"\d+", plain)}


def visible(page: str) -> str:
    """The text of the main part of a page, and what it says aloud."""
    main = page[page.index("<main") : page.index("</main>")]
    spoken = " ".join(re.findall(r'(?:aria-label|title|alt)="([^"]*)"', main))
    return unescape(re.sub(r"<[^>]+>", " ", main) + " " + spoken)


@pytest.fixture
def release(client: "TestClient", cast: Cast, lived_in: World) -> Any:  # Any: parsed JSON
    return json.loads(signed_in(client).get(_wave(cast, lived_in) + "/release.json").content)


def test_pages_of_a_result_and_of_a_forecast_read_no_table_that_counts_answers(
    database: Database, cast: Cast, lived_in: World, clock: Clock, application: "FastAPI", client: "TestClient"
) -> None:
    scene = set_up(database, cast, lived_in, clock())
    addresses = [one for one in everything(application, scene).member if OF_A_RESULT.search(one)]
    signed_in(client)
    answered = 0
    for address in addresses:
        with recorded(application.state.database) as statements:
            answered += client.get(address).status_code == 200
        read = {table for one in statements for table in READS.findall(one)}
        assert not read & COUNT_ANSWERS, address
    assert answered > 15


def test_every_number_of_a_row_is_one_of_its_row_or_of_the_organisation(
    client: "TestClient", cast: Cast, lived_in: World, release: Any
) -> None:
    around = {key: value for key, value in release.items() if key != "rows"}
    for row in release["rows"]:
        below = [(one["n"], one["headcount"]) for one in release["rows"] if one["parent"] == row["id"]]
        told = {*numbers_of([around, row, release["rows"][0]]), *numbers_of([list(one) for one in below]), *CONSTANTS}
        page = client.get(f"{_wave(cast, lived_in)}/heatmap/{row['id']}").text
        assert numbers_in(visible(page)) - told == set(), row["name"]


@pytest.mark.parametrize("path", ["/heatmap", "/heatmap?view=table", "/heatmap?view=change", "/certificate"])
def test_every_number_of_a_page_is_one_of_the_release(
    client: "TestClient", cast: Cast, lived_in: World, release: Any, path: str
) -> None:
    page = client.get(_wave(cast, lived_in) + path).text
    assert numbers_in(visible(page)) - {*numbers_of(release), *CONSTANTS} == set()


def test_every_number_of_the_report_is_one_of_the_release(
    client: "TestClient", cast: Cast, lived_in: World, release: Any, database: Database, clock: Clock
) -> None:
    try:
        import app.reports.render  # noqa: F401  # is the native library here?
    except OSError as error:
        missing(f"WeasyPrint's native library is missing: {error}")
    wave = _wave(cast, lived_in)
    assert client.post(f"{wave}/report", data={"paper": "A4"}).status_code == 303
    assert Worker(database, clock=clock).work_once()
    reader = opened(client.get(f"{wave}/report.pdf?paper=A4").content)
    text = " ".join(page.extract_text() for page in reader.pages)
    pages = set(range(1, len(reader.pages) + 1))
    told = {*numbers_of(release), *CONSTANTS, *pages}
    # Where a tile holds a score and a number of answers the text of the PDF has them without a space.
    assert {one for one in numbers_in(text) - told if not (one > 999 and {*divmod(one, 100)} <= told)} == set()


def _wave(cast: Cast, lived_in: World) -> str:
    return f"/organisations/{cast.organisation}/waves/{lived_in.closed}"
