"""Decision records: issued by a person who saw what they say, numbered, hashed, never changed; and their pages."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.autonomy import queries
from app.autonomy.decision import digest, load
from app.db import Database
from tests.autonomy.stage import attest, wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

pytestmark = pytest.mark.lived_in


def path(cast: Cast) -> str:
    return f"/organisations/{cast.organisation}/autonomy"


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


def issue(client: TestClient, cast: Cast, reason: str = "Because we looked") -> int:
    page = client.get(path(cast)).text
    answer = client.post(f"{path(cast)}/records", data={"seen": seen(page), "reason": reason})
    return answer.status_code


@pytest.mark.both
def test_a_record_is_issued_listed_downloaded_and_never_changed(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    assert "No decision is issued yet" in client.get(path(cast)).text
    assert issue(client, cast) == 303
    raw = client.get(f"{path(cast)}/records/1/record.json").content
    page = client.get(f"{path(cast)}/records/1").text
    assert digest(raw) in page
    assert load(raw).number == 1
    assert len(load(raw).departments) == len(cast.departments)
    assert "Because we looked" in client.get(f"{path(cast)}/records").text
    with pytest.raises(DBAPIError, match="never changed"), database.writing() as session:
        session.connection().execute(text("UPDATE decision_record SET sha256 = 'x'"))


def test_nobody_issues_what_they_did_not_see(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    old = seen(client.get(path(cast)).text)
    attest(database, cast, wanted("C01", None, clock().date()), clock())
    refused = client.post(f"{path(cast)}/records", data={"seen": old, "reason": "Because"})
    assert refused.status_code == 409
    assert "changed since you looked" in refused.text
    assert client.post(f"{path(cast)}/records", data={"seen": seen(refused.text), "reason": ""}).status_code == 422
    with database.reading() as session:
        assert queries.records(session, cast.organisation) == ()
    assert issue(client, cast) == 303


def test_two_records_are_compared_and_a_later_day_alone_changes_nothing(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    assert issue(client, cast) == 303
    clock.advance(days=2)
    sign_in(client, "Ada")
    assert "Nothing that counts has changed" in client.get(path(cast)).text
    for control in ("C01", "C02"):
        attest(database, cast, wanted(control, None, clock().date()), clock())
    assert "New in force: C01–C02." in client.get(path(cast)).text
    assert issue(client, cast, "Rules and list are there") == 303
    assert "New in force: C01–C02." in client.get(f"{path(cast)}/records/2").text
    assert client.get(f"{path(cast)}/records/3").status_code == 404


def test_a_lead_is_told_by_the_page_of_a_department_what_blocks_it_and_who_can_help(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    page = html.unescape(client.get(f"{path(cast)}/departments/{cast.departments['Operations']}").text)
    assert "Operations may not use agents yet." in page
    assert "What blocks Assist" in page
    assert "Rules for using AI are published: not attested." in page
    assert "whoever answers for the rules on AI" in page


def test_a_control_that_ends_within_a_month_is_told(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    attest(database, cast, wanted("C12", None, clock().date() - timedelta(days=100)), clock())
    page = html.unescape(client.get(path(cast)).text)
    assert "C12 (The stop switch was tested) for the whole organisation ends on" in page
    assert "in 20 days" in page
