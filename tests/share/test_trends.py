"""Trends of what is shared: over shared waves alone, in the rows that somebody sees, as it was or as it is now."""

import re
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.clients import changes
from app.db import Database
from app.lineage.snapshots import Wanted
from app.releases import service as releases
from app.share import service
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import give, link
from tests.world import World, close

pytestmark = pytest.mark.lived_in


@pytest.fixture
def both_closed(database: Database, cast: Cast, lived_in: World, clock: Clock) -> World:
    """The second wave has a result too; it is shared, the first one is not yet."""
    close(database, cast, lived_in.running, now=clock.advance(minutes=1))
    shared(database, cast, clock, lived_in.running)
    return lived_in


def shared(database: Database, cast: Cast, clock: Clock, wave: UUID) -> None:
    with database.writing() as session:
        service.share(session, organisation_id=cast.organisation, wave_id=wave, user_id=cast.ada, now=clock())


def cell(cast: Cast, wave: UUID, row: str = "organisation") -> str:
    return f"/organisations/{cast.organisation}/results/{wave}/{row}/T1"


def waves_of(page: str) -> list[str]:
    """The waves of the table of a cell's trend."""
    table = page.partition('<table class="data lines steps">')[2].partition("</table>")[0]
    return re.findall(r'<th scope="row">([^<]+)<', table)


def work(database: Database, clock: Clock) -> None:
    while Worker(database, clock=clock).work_once():
        pass


def test_a_sponsor_reads_a_trend_over_the_waves_that_are_shared(
    client: TestClient, database: Database, cast: Cast, both_closed: World, clock: Clock
) -> None:
    give(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    assert waves_of(client.get(cell(cast, both_closed.running)).text) == []
    shared(database, cast, clock, both_closed.closed)
    page = client.get(cell(cast, both_closed.running)).text
    assert waves_of(page) == ["2026-Q3", "2026-Q4"]
    assert "?arranged=" not in page, "no department has changed"
    with database.writing() as session:
        service.stop(session, organisation_id=cast.organisation, wave_id=both_closed.closed)
    assert waves_of(client.get(cell(cast, both_closed.running)).text) == []


def test_a_lead_reads_the_trend_of_their_own_department_and_of_no_other(
    client: TestClient, database: Database, cast: Cast, both_closed: World, clock: Clock
) -> None:
    shared(database, cast, clock, both_closed.closed)
    give(database, cast, clock, "lead", "Operations")
    sign_in(client, "Cleo")
    assert waves_of(client.get(cell(cast, both_closed.running)).text) == ["2026-Q3", "2026-Q4"]
    first = cell(cast, both_closed.closed, str(cast.departments["Operations"]))
    assert client.get(first).status_code == 200
    assert client.get(cell(cast, both_closed.closed, str(cast.departments["Legal"]))).status_code == 404


def test_a_sponsor_and_a_lead_choose_how_departments_that_changed_are_read(
    client: TestClient, database: Database, cast: Cast, both_closed: World, clock: Clock
) -> None:
    shared(database, cast, clock, both_closed.closed)
    clock.advance(minutes=1)
    wanted = Wanted(departments=(cast.departments["Operations"], cast.departments["IT"]), name="Works")
    with database.writing() as session:
        changes.ask(
            session, cast.organisation, kind="merge", wanted=wanted, day=clock().date(), user_id=cast.ada, now=clock()
        )
    give(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    page = client.get(cell(cast, both_closed.running)).text
    address = cell(cast, both_closed.running)
    assert f'href="{address}?arranged=was" aria-current="page"' in page
    assert "were merged into Works." in page
    now = client.get(f"{address}?arranged=now").text
    assert f'href="{address}?arranged=now" aria-current="page"' in now
    assert "2026-Q3 has not been arranged as the departments are now." in now
    assert "#again" not in now, "that is for those who run the survey"
    assert "/departments/lineage" not in now
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": both_closed.closed}
        releases.ask_again(session, **place, occasion="departments", now=clock.advance(minutes=1))
    work(database, clock)
    assert "has not been arranged" not in client.get(f"{address}?arranged=now").text.partition("2026-Q4 has not")[0]
    assert waves_of(client.get(f"{address}?arranged=now").text) == ["2026-Q3", "2026-Q4"]


def test_a_read_only_link_tells_of_its_own_wave_alone(
    client: TestClient, database: Database, cast: Cast, both_closed: World, clock: Clock
) -> None:
    shared(database, cast, clock, both_closed.closed)
    token = link(database, cast, both_closed, clock)
    page = client.get(f"/shared/{token}/organisation/T1")
    assert page.status_code == 200
    assert "From wave to wave" not in page.text


def test_whoever_loses_their_role_in_the_middle_of_a_visit_sees_nothing_from_then_on(
    client: TestClient, database: Database, cast: Cast, both_closed: World, clock: Clock
) -> None:
    from app.members import service as members

    give(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    result = f"/organisations/{cast.organisation}/results"
    places = (result, f"{result}/{both_closed.running}", cell(cast, both_closed.running))
    for place in places:
        assert client.get(place).status_code == 200
    with database.writing() as session:
        members.remove(session, cast.organisation, cast.cleo)
    for place in (*places, f"{result}/{both_closed.running}/report.pdf"):
        assert client.get(place).status_code == 404, place
    assert result not in client.get("/").text
