"""Every number of a result's pages stands in its release. For the report see tests/test_one_document.py."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from app.db import Database
from app.releases.document.release import load
from tests.cast import Cast
from tests.conftest import Clock, recorded
from tests.privacy.numbers import CONSTANTS, numbers_in, numbers_of, visible
from tests.privacy.scene import everything, set_up, signed_in
from tests.privacy.told import of_silence
from tests.privacy.walk import READS
from tests.world import World

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

pytestmark = [pytest.mark.lived_in, pytest.mark.parametrize("template", ["sqlite"], indirect=True)]

COUNT_ANSWERS = {
    "turnout",
    "answer_sheet",
    "comment",
    "comment_review",
    "invitation",
    "draft",
    "release_ledger",
    "comparison_ledger",
}
OF_A_RESULT = re.compile(r"/(heatmap|figures|certificate|release\.json|report|report\.pdf|forecast)\b")


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
    read = load(json.dumps(release).encode())
    for row in release["rows"]:
        below = [(one["n"], one["headcount"]) for one in release["rows"] if one["parent"] == row["id"]]
        told = {*numbers_of([around, row, release["rows"][0]]), *numbers_of([list(one) for one in below]), *CONSTANTS}
        row_read = read.row(row["id"])
        assert row_read is not None
        told |= of_silence(row_read)
        page = client.get(f"{_wave(cast, lived_in)}/heatmap/{row['id']}").text
        assert numbers_in(visible(page)) - told == set(), row["name"]


@pytest.mark.parametrize(
    "path", ["/heatmap", "/heatmap?view=table", "/heatmap?view=change", "/heatmap?order=reordered", "/certificate"]
)
def test_every_number_of_a_page_is_one_of_the_release(
    client: "TestClient", cast: Cast, lived_in: World, release: Any, path: str
) -> None:
    page = client.get(_wave(cast, lived_in) + path).text
    assert numbers_in(visible(page)) - {*numbers_of(release), *CONSTANTS} == set()


def _wave(cast: Cast, lived_in: World) -> str:
    return f"/organisations/{cast.organisation}/waves/{lived_in.closed}"
