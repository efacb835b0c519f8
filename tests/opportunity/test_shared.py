"""The map with a shared result: sponsors see it whole, leads what the result shows them; and as of a day."""

from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.db import Database
from app.releases import store
from app.share import service as sharing
from app.waves import queries as waves
from app.workflows import queries, service
from app.workflows.facts import Facts
from app.workflows.service import Author, Wanted
from tests.autonomy.stage import issue
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.opportunity.test_map import closed
from tests.share.stage import give

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture
def path(database: Database, cast: Cast, clock: Clock) -> str:
    """Where the map of the shared result is."""
    closed(database, cast, clock)
    with database.writing() as session:
        wave = next(one for one in waves.waves(session, cast.organisation) if one.finished)
        place = {"organisation_id": cast.organisation, "wave_id": wave.id}
        sharing.share(session, **place, user_id=cast.ada, now=clock())
    return f"/organisations/{cast.organisation}/results/{wave.id}"


def test_a_sponsor_sees_the_map_of_a_shared_result_whole(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, path: str
) -> None:
    give(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    assert f"{path}/opportunities" in client.get(path).text
    page = unescape(client.get(f"{path}/opportunities").text)
    assert "Order stock" in page
    assert "Sort tickets" in page
    assert client.get(f"/organisations/{cast.organisation}/opportunities").status_code == 404


def test_the_map_of_a_shared_result_has_the_hours_of_the_newest_record_on_it(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, path: str
) -> None:
    give(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    before = unescape(client.get(f"{path}/opportunities").text)
    assert 'value="allowed"' not in before
    assert '<option value="A3" selected>' in before
    number = issue(database, cast, clock)
    after = unescape(client.get(f"{path}/opportunities").text)
    assert f'<option value="allowed" selected>What record {number} allows</option>' in after
    assert "at A0 (0 %, planning shares 1)" in after


def test_a_lead_sees_the_workflows_of_the_rows_that_are_theirs_and_no_others(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, path: str
) -> None:
    give(database, cast, clock, "lead", "IT")
    sign_in(client, "Cleo")
    page = unescape(
        client.get(f"{path}/opportunities", params={"department": str(cast.departments["Operations"])}).text
    )
    assert "Sort tickets" in page
    assert "Order stock" not in page
    assert "Hear a case" not in page


def test_a_lead_of_whose_department_no_workflow_is_told_has_no_map(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, path: str
) -> None:
    give(database, cast, clock, "lead", "Tax")
    sign_in(client, "Cleo")
    assert f"{path}/opportunities" not in client.get(path).text
    assert client.get(f"{path}/opportunities").status_code == 404


@pytest.mark.parametrize("own", [True, False])
def test_a_lead_in_a_group_of_small_departments_sees_their_own_workflows_and_not_those_of_the_others(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, path: str, *, own: bool
) -> None:
    with database.reading() as session:
        wave = next(one for one in waves.waves(session, cast.organisation) if one.finished)
        stored = store.latest(session, cast.organisation, wave.id)
    assert stored is not None
    ethics = str(cast.departments["Ethics"])
    [group] = [row for row in stored.document.rows if row.kind == "pool" and ethics in row.departments]
    [other, *_] = [name for name, id in cast.departments.items() if str(id) in set(group.departments) - {ethics}]
    give(database, cast, clock, "lead", "Ethics" if own else other)
    sign_in(client, "Cleo")
    answer = client.get(f"{path}/opportunities")
    assert ("Hear a case" in unescape(answer.text)) == own
    assert answer.status_code == (200 if own else 404), "of the others nothing is told of work of their own"


def test_the_map_is_shown_as_of_a_day(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, path: str
) -> None:
    before = clock().date()
    clock.advance(days=3)
    with database.writing() as session:
        stock = next(one for one in queries.inventory(session, cast.organisation) if one.name == "Order stock")
        wanted = Wanted(department_id=stock.department_id, name=stock.name, facts=Facts(times=10, minutes=60))
        by = Author(name="Ada", way="console", now=clock())
        service.change(session, cast.organisation, stock.id, wanted, author=by, seen=None)
    sign_in(client, "Ada")
    address = f"/organisations/{cast.organisation}/opportunities"
    now, then = (unescape(client.get(address, params={"day": day}).text) for day in ("", before.isoformat()))
    assert ">50</td>" in then
    assert ">10</td>" in now
    assert ">50</td>" not in now
    assert "On that day no result told of workflows" in client.get(address, params={"day": "2020-01-01"}).text
    assert ">10</td>" in unescape(client.get(address, params={"day": "2999-01-01"}).text)


def test_a_retired_workflow_is_on_no_list_and_keeps_its_line(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, path: str
) -> None:
    with database.writing() as session:
        stock = next(one for one in queries.inventory(session, cast.organisation) if one.name == "Order stock")
        service.retire(session, cast.organisation, stock.id, author=Author(name="Ada", way="console", now=clock()))
    sign_in(client, "Ada")
    page = unescape(client.get(f"/organisations/{cast.organisation}/opportunities").text)
    assert page.count("Order stock") == 1
    assert "It is done no more, so it is on no list." in page
