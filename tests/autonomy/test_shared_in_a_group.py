"""A lead whose small department rests on the row of the one above it sees its level, and no score of that row."""

from starlette.testclient import TestClient

from app.autonomy.decision import Decision
from app.autonomy.gathering import basis, current
from app.autonomy.spoken import allowed
from app.clients.service import change_department
from app.db import Database
from tests.autonomy.stage import issue
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import give, share
from tests.world import ANSWERS, World, answer, close, plan_wave


def a_small_department_below(database: Database, cast: Cast, clock: Clock) -> World:
    """A wave with a result in which Ethics, three people, is part of Customer service, whose row is a leaf."""
    with database.writing() as session:
        above = cast.departments["Customer service"]
        told = {"name": "Ethics", "function": "other", "headcount": 3, "parent_id": above}
        change_department(session, cast.organisation, cast.departments["Ethics"], **told, now=clock())  # type: ignore[arg-type]  # fields by name
    wave = plan_wave(database, cast, now=clock())
    answer(database, cast, wave, counts=ANSWERS, now=clock.advance(hours=1))
    close(database, cast, wave, now=clock.advance(days=14))
    return World(wave, wave)


def decided(database: Database, cast: Cast, clock: Clock) -> Decision:
    with database.reading() as session:
        on = basis(session, cast.organisation)
        assert on is not None
        return current(session, cast.organisation, on, now=clock())


def test_a_lead_is_told_the_level_and_nothing_of_a_row_that_is_not_theirs(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    world = a_small_department_below(database, cast, clock)
    one = decided(database, cast, clock).of(str(cast.departments["Ethics"]))
    assert one is not None
    assert one.row == str(cast.departments["Customer service"])
    assert one.scores
    give(database, cast, clock, "lead", "Ethics")
    share(database, cast, world, clock)
    issue(database, cast, clock)
    path = f"/organisations/{cast.organisation}/results/{world.closed}"
    sign_in(client, "Cleo")
    assert "Customer service" not in client.get(path).text
    page = client.get(f"{path}/autonomy").text
    assert str(allowed("Ethics", one.ceiling.level)) in page
    assert "This level rests on results that are not shown to you; nothing is told of its own answers." in page
    assert "Of staff’s answers nothing is told" in page
    for kept in (
        "Customer service",
        "points of 100",
        "What can be relied on",
        "points short",
        "% find it true",
        "Raise",
    ):
        assert kept not in page


def test_the_lead_of_the_department_above_sees_what_it_rests_on_in_full(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    world = a_small_department_below(database, cast, clock)
    give(database, cast, clock, "lead", "Customer service")
    share(database, cast, world, clock)
    issue(database, cast, clock)
    sign_in(client, "Cleo")
    page = client.get(f"/organisations/{cast.organisation}/results/{world.closed}/autonomy").text
    assert "What can be relied on" in page
    assert "Ethics" in page
    assert "not shown to you" not in page
