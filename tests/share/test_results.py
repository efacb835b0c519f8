"""What a client's sponsors and department leads see: what was shared, read from the release, and nothing else."""

import pytest
from starlette.testclient import TestClient

from app.accounts import queries
from app.accounts.roles import Role
from app.db import Database
from app.releases import narrowing, store
from app.releases.document.release import Release
from app.retention import service as retention
from app.waves import running
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import give, names_on, share
from tests.world import World

pytestmark = pytest.mark.lived_in


def released(database: Database, cast: Cast, world: World) -> Release:
    with database.reading() as session:
        found = store.latest(session, cast.organisation, world.closed)
    assert found is not None
    return found.document


def test_a_sponsor_sees_every_row_once_the_result_is_shared(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    give(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    path = f"/organisations/{cast.organisation}/results"
    assert "Nothing is shared yet" in client.get(path).text
    assert client.get(f"{path}/{lived_in.closed}").status_code == 404
    share(database, cast, lived_in, clock)
    assert f"{path}/{lived_in.closed}" in client.get(path).text
    shown = names_on(client.get(f"{path}/{lived_in.closed}").text)
    assert len(shown) == len(released(database, cast, lived_in).rows)


def test_a_lead_sees_the_organisation_and_what_lies_below_their_own_department(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    give(database, cast, clock, "lead", "Finance")
    share(database, cast, lived_in, clock)
    sign_in(client, "Cleo")
    page = client.get(f"/organisations/{cast.organisation}/results/{lived_in.closed}").text
    shown = names_on(page)
    assert shown[0] == "Finance"
    assert shown[-1] == released(database, cast, lived_in).organisation.name
    assert {"Accounts payable", "Planning"} <= set(shown)
    for other in ("Legal", "Operations", "Customer service"):
        assert other not in page


def test_a_lead_whose_department_has_no_row_of_its_own_sees_the_pool_that_holds_it(
    database: Database, cast: Cast, lived_in: World
) -> None:
    release = released(database, cast, lived_in)
    own = cast.departments["Ethics"]
    assert release.row(str(own)) is None
    whole, pool = narrowing.rows_for(release, own)
    assert whole is release.organisation
    assert pool.kind == "pool"
    assert str(own) in pool.departments


def test_a_department_that_took_no_part_leaves_the_organisation(
    database: Database, cast: Cast, lived_in: World
) -> None:
    release = released(database, cast, lived_in)
    assert narrowing.rows_for(release, cast.organisation) == (release.organisation,)


def test_every_number_of_a_lead_stands_in_the_release(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    release = released(database, cast, lived_in)
    for department in cast.departments.values():
        rows = narrowing.rows_for(release, department)
        assert all(row in release.rows for row in rows)
        below = [row for row in rows[1:] if str(department) not in (row.id, *row.departments)]
        assert all(row.parent in {one.id for one in rows} for row in below)


def test_the_report_is_for_sponsors_and_not_for_leads(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    from sqlalchemy import text

    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    wave = f"/organisations/{cast.organisation}/waves/{lived_in.closed}"
    assert client.post(f"{wave}/report", data={"paper": "A4"}).status_code == 303
    with database.write.begin() as connection:
        connection.execute(
            text("UPDATE report_file SET state = 'done', content = :pdf, sha256 = 'x'"), {"pdf": b"%PDF-made"}
        )
        connection.execute(text("UPDATE job SET state = 'done' WHERE kind = 'report'"))
    result = f"/organisations/{cast.organisation}/results/{lived_in.closed}"
    give(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    assert "Download: Report (PDF), English, A4" in client.get(result).text
    assert client.get(f"{result}/report.pdf").content == b"%PDF-made"
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        queries.change_role(session, **place, role="lead", department_id=cast.departments["Legal"])
    assert "Download: " not in client.get(result).text
    assert client.get(f"{result}/report.pdf").status_code == 404


def test_sharing_says_who_sees_it_and_stops_again(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    give(database, cast, clock, "lead", "Legal")
    sign_in(client, "Ada")
    path = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/share"
    page = client.get(path).text
    assert "The client does not see the result" in page
    assert "Cleo" in page
    assert "Department lead" in page
    assert client.post(path, data={"do": "share"}).status_code == 303
    assert "The client sees release 1" in client.get(path).text
    assert client.post(path, data={"do": "stop"}).status_code == 303
    assert "The client does not see the result" in client.get(path).text


def test_a_wave_without_a_result_can_not_be_shared(client: TestClient, cast: Cast, lived_in: World) -> None:
    sign_in(client, "Ada")
    path = f"/organisations/{cast.organisation}/waves/{lived_in.running}/share"
    assert "There is nothing to share yet" in client.get(path).text
    assert client.post(path, data={"do": "share"}).status_code == 409


@pytest.mark.parametrize("role", ["sponsor", "lead", "reviewer"])
def test_only_those_who_run_a_client_see_how_many_answers_a_deletion_counted(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, role: Role
) -> None:
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": lived_in.running}
        running.cancel(session, **place, reason="The site closes.", now=clock())
        retention.delete_cancelled(session, **place, now=clock())
    assert "The wave was cancelled" in sign_in(client, "Ada").get("/deletions").text
    give(database, cast, clock, role, "Legal" if role == "lead" else None)
    assert "The wave was cancelled" not in sign_in(client, "Cleo").get("/deletions").text
