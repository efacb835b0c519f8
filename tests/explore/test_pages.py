"""The pages of a release as they are served, on the release that a worker made from real answers."""

import hashlib
import html
import json
import re
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.releases import store
from app.releases.document import words
from app.releases.document.release import Hidden, Release, Scored
from tests.cast import Cast, sign_in
from tests.explore.tiles import Tiles
from tests.world import World

pytestmark = pytest.mark.lived_in


def address(cast: Cast, wave: object, rest: str = "heatmap") -> str:
    return f"/organisations/{cast.organisation}/waves/{wave}/{rest}"


@pytest.fixture
def ada(client: TestClient, cast: Cast) -> TestClient:
    return sign_in(client, "Ada")


@pytest.fixture
def stored(database: Database, cast: Cast, lived_in: World) -> store.StoredRelease:
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
    assert found is not None
    return found


def page(client: TestClient, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_heatmap_prints_the_documents_numbers(
    ada: TestClient, cast: Cast, lived_in: World, stored: store.StoredRelease
):
    tiles = Tiles(page(ada, address(cast, lived_in.closed))).found
    release: Release = stored.document
    for row in release.rows:
        for head in release.dimensions:
            cell, text = row.cells[head.id], tiles[(words.row_name(row), head.id)]
            if isinstance(cell, Scored):
                assert text.split("|")[0].replace("\u00a0", " ") == words.marked_value(cell).replace("\u00a0", " ")
                assert words.spoken_cell(cell) in text
    for group in (group for margin in release.margins for group in margin.groups):
        for head in release.dimensions:
            cell, text = group.cells[head.id], tiles[(group.name, head.id)]
            assert text.split("|")[0] == words.marked_value(cell) if isinstance(cell, Scored) else "Not shown" in text
    lines = len(release.rows) + sum(len(margin.groups) for margin in release.margins)
    assert len(tiles) == lines * len(release.dimensions)


@pytest.mark.parametrize("view", ["scores", "table"])
def test_a_hidden_cell_of_the_page_has_no_digit(
    ada: TestClient, cast: Cast, lived_in: World, stored: store.StoredRelease, view: str
):
    tiles = Tiles(page(ada, address(cast, lived_in.closed) + f"?view={view}")).found
    hidden = [
        tiles[(words.row_name(row), column)]
        for row in stored.document.rows
        for column, cell in row.cells.items()
        if isinstance(cell, Hidden) and (words.row_name(row), column) in tiles
    ]
    assert all(text.strip("|") and not re.search(r"\d", text) for text in hidden)


def test_the_first_wave_offers_no_comparison(ada: TestClient, cast: Cast, lived_in: World):
    assert "Change since" not in page(ada, address(cast, lived_in.closed) + "?view=change")


def test_an_unknown_view_is_an_address_at_which_there_is_nothing(ada: TestClient, cast: Cast, lived_in: World):
    assert ada.get(address(cast, lived_in.closed) + "?view=secret").status_code == 404


def test_every_row_has_a_page_of_its_own(ada: TestClient, cast: Cast, lived_in: World, stored: store.StoredRelease):
    for row in stored.document.rows:
        text = page(ada, address(cast, lived_in.closed, f"heatmap/{row.id}"))
        for cell in (row.cells[head.id] for head in stored.document.dimensions):
            assert (words.hidden_text(cell) if isinstance(cell, Hidden) else words.marked_value(cell)) in text


def test_how_far_people_agree_is_said_once_on_the_page_of_a_cell(
    ada: TestClient, cast: Cast, lived_in: World, stored: store.StoredRelease
):
    row = stored.document.organisation
    said = 0
    for head in stored.document.dimensions:
        text = page(ada, address(cast, lived_in.closed, f"heatmap/{row.id}/{head.id}"))
        found = row.cells[head.id]
        told = list(words.together(found)) if isinstance(found, Scored) else []
        assert [text.count(html.escape(str(one), quote=False)) for one in told] == [1] * len(told)
        said += len(told)
    assert said


def test_a_small_department_has_no_page(ada: TestClient, cast: Cast, lived_in: World):
    ethics = cast.departments["Ethics"]
    assert ada.get(address(cast, lived_in.closed, f"heatmap/{ethics}")).status_code == 404


def test_the_release_is_served_as_the_bytes_that_are_stored(
    ada: TestClient, cast: Cast, lived_in: World, stored: store.StoredRelease
):
    answer = ada.get(address(cast, lived_in.closed, "release.json"))
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == stored.raw
    assert hashlib.sha256(answer.content).hexdigest() == stored.sha256
    assert json.loads(answer.content)["wave"]["organisation"] == stored.document.wave.organisation


def test_an_open_wave_has_no_scores_yet(ada: TestClient, cast: Cast, lived_in: World):
    assert "People are still answering" in page(ada, address(cast, lived_in.running))
    assert ada.get(address(cast, lived_in.running, "release.json")).status_code == 404
    assert ada.get(address(cast, lived_in.running, "heatmap/organisation")).status_code == 404


@pytest.mark.parametrize("rest", ["heatmap", "heatmap/organisation", "release.json"])
@pytest.mark.parametrize("stranger", ["Ben", "Cleo", None])
def test_strangers_find_nothing(client: TestClient, cast: Cast, lived_in: World, stranger: str | None, rest: str):
    if stranger:
        sign_in(client, stranger)
    answer = client.get(address(cast, lived_in.closed, rest))
    assert answer.status_code == 404
    assert "Legal" not in answer.text


def test_a_wave_that_is_not_there_is_not_found(ada: TestClient, cast: Cast, lived_in: World):
    assert ada.get(address(cast, uuid4())).status_code == 404
    assert ada.get(address(cast, "2026-Q3")).status_code == 404
