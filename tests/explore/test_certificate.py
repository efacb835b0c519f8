"""The page that says how a result protects people, and on which it is made again."""

from typing import TYPE_CHECKING

import pytest

from app.db import Database
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in


@pytest.fixture
def ada(client: "TestClient", cast: Cast) -> "TestClient":
    return sign_in(client, "Ada")


def address(cast: Cast, lived_in: World, page: str = "certificate") -> str:
    return f"/organisations/{cast.organisation}/waves/{lived_in.closed}/{page}"


def test_a_certificate_says_what_was_checked_and_promised(ada: "TestClient", cast: Cast, lived_in: World):
    page = ada.get(address(cast, lived_in)).text
    assert "No combination of fewer than 5 people" in page
    assert "A result needs answers from at least 5 people." in page
    assert "made when the wave closed" in page
    assert ada.get(address(cast, lived_in, "heatmap")).text.count(address(cast, lived_in)) == 1


def test_a_wave_without_a_result_has_no_certificate(ada: "TestClient", cast: Cast, lived_in: World):
    assert ada.get(f"/organisations/{cast.organisation}/waves/{lived_in.running}/certificate").status_code == 404


@pytest.mark.both
def test_the_result_is_made_again_and_both_releases_can_be_read(
    ada: "TestClient", cast: Cast, lived_in: World, database: Database, clock: Clock
):
    first = ada.get(address(cast, lived_in, "release.json")).content
    answer = ada.post(address(cast, lived_in), data={"occasion": "headcounts"})
    assert answer.status_code == 303
    assert "The result is being made" in ada.get(address(cast, lived_in)).text
    while Worker(database, clock=clock).work_once():
        pass
    page = ada.get(address(cast, lived_in)).text
    assert "made again, with the headcounts as they had been corrected" in page
    assert "The result is being made" not in page
    assert ada.get(address(cast, lived_in, "release.json")).json()["number"] == 2
    assert ada.get(address(cast, lived_in, "release.json?number=1")).content == first
    assert ada.get(address(cast, lived_in, "release.json?number=3")).status_code == 404
    assert "Release 2" in ada.get(address(cast, lived_in, "heatmap")).text


def test_what_is_not_offered_is_refused_with_a_sentence(ada: "TestClient", cast: Cast, lived_in: World):
    answer = ada.post(address(cast, lived_in), data={"occasion": "because"})
    assert answer.status_code == 422
    assert "Choose why the result is made again." in answer.text


def test_why_a_result_could_not_be_made_again_is_told_and_it_can_be_tried_again(
    ada: "TestClient", cast: Cast, lived_in: World, database: Database, clock: Clock
):
    with database.write.begin() as connection:
        connection.exec_driver_sql("DELETE FROM release_ledger")
    ada.post(address(cast, lived_in), data={"occasion": "departments"})
    for _ in range(4):
        while Worker(database, clock=clock).work_once():
            pass
        clock.advance(minutes=2)
    page = ada.get(address(cast, lived_in)).text
    assert "are no longer there, so its result stays as it is" in page
    assert 'value="departments"' in page


def test_a_certificate_stays_after_the_answers_were_deleted(
    ada: "TestClient", cast: Cast, lived_in: World, database: Database
):
    with database.write.begin() as connection:
        connection.exec_driver_sql("UPDATE wave SET deleted_at = '2027-01-01 00:00:00+00:00' WHERE state = 'closed'")
    page = ada.get(address(cast, lived_in)).text
    assert "The answers of this wave were deleted, as was promised." in page
    assert 'name="occasion"' not in page
    refused = ada.post(address(cast, lived_in), data={"occasion": "departments"})
    assert refused.status_code == 409
    assert "Its result stays." in refused.text
