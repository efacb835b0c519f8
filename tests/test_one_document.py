"""The page, the PDF and the JSON of a wave print the same numbers: they render one stored document."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from app.db import Database
from app.releases.document.release import load
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.explore.tiles import Tiles
from tests.missing import missing
from tests.privacy.numbers import decimals_in, strange_numbers
from tests.privacy.told import coefficients_on
from tests.reports.pdf_reader import bookmarks, opened, page_text, squeezed
from tests.world import World

pytestmark = pytest.mark.lived_in

SIGN = {"": "", ">=": "≥", "<=": "≤"}

Json = Mapping[str, Any]  # Any: parsed JSON


@pytest.fixture
def ada(client: TestClient, cast: Cast) -> TestClient:
    return sign_in(client, "Ada")


@pytest.fixture
def address(cast: Cast, lived_in: World) -> str:
    return f"/organisations/{cast.organisation}/waves/{lived_in.closed}"


def printed(cell: Json) -> str:
    """What a cell of the JSON must look like wherever it is printed; nothing for a hidden one."""
    return f"{SIGN[cell['bound']]}{cell['score']}" if cell["kind"] == "scored" else ""


def without_members(row: Json) -> str:
    """The row's name as screens and files print it: the members of a pool stand beside it."""
    if not row["members"]:
        return str(row["name"])
    name = str(row["name"]).removesuffix(": " + ", ".join(row["members"]))
    return name.rpartition(", ")[2].capitalize() if row["parent"] == "organisation" else name


def made_report(client: TestClient, database: Database, clock: Clock, address: str) -> PdfReader:
    try:
        import app.reports.render  # noqa: F401  # is the native library here?
    except OSError as error:
        missing(f"WeasyPrint's native library is missing: {error}")
    assert client.post(f"{address}/report", data={"paper": "A4"}).status_code == 303
    assert Worker(database, clock=clock).work_once()
    answer = client.get(f"{address}/report.pdf?paper=A4")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF-1.7")
    return opened(answer.content)


def test_the_page_prints_the_numbers_of_the_json(ada: TestClient, address: str) -> None:
    document = json.loads(ada.get(f"{address}/release.json").content)
    tiles = Tiles(ada.get(f"{address}/heatmap").text).found
    compared = 0
    for row in document["rows"]:
        for head in document["dimensions"]:
            shown = tiles[without_members(row), head["id"]].split("|")[0]
            number = printed(row["cells"][head["id"]])
            assert re.sub(r"[~\s\u202f]", "", shown if number else re.sub(r"\D", "", shown)) == number
            compared += bool(number)
    assert compared > 50


# One database is enough for the PDF: that both give the worker the same release is what the other test here compares.
@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_the_report_prints_the_numbers_of_the_json(
    ada: TestClient, address: str, database: Database, clock: Clock
) -> None:
    document = json.loads(ada.get(f"{address}/release.json").content)
    reader = made_report(ada, database, clock, address)
    place = next(mark.page for mark in bookmarks(reader) if mark.title == "Heatmap")
    text = page_text(reader, place)
    columns = [head["id"] for head in document["dimensions"]]
    for row in document["rows"][1:]:
        pattern = re.escape(squeezed(without_members(row))) + rf"\D*?{row['n']}"
        for cell in (row["cells"][column] for column in columns):
            if not printed(cell):
                pattern += r"\D*?"
                continue
            pattern += r"\D*?" + re.escape(printed(cell)) + r"(?:[▲▼△▽]\d+)?\D*?" + str(cell["n"] or "")
        assert re.search(pattern, text), f"{row['name']}: {pattern} in {text}"
    assert len(document["rows"]) > 6
    everything = " ".join(page.extract_text() for page in reader.pages)
    assert strange_numbers(everything, document, pages=len(reader.pages)) == set()
    release = load(ada.get(f"{address}/release.json").content)
    rows = [f"/heatmap/{row.id}" for row in release.rows]
    told = frozenset[str]().union(*(coefficients_on(row, release) for row in rows))
    assert decimals_in(everything) - told == set(), "no decimals but the coefficients of the annex"
