"""What a comparison tells of the wave before enters that wave's ledger, and is audited with what comes later (P17)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.db import Database
from app.jobs.queries import job
from app.releases import service, store
from app.releases.document.release import Occasion
from app.releases.models import ComparisonRecord
from app.releases.plan import ledger
from app.releases.plan.ledger import Ledger, entry
from app.waves.service import correct_headcount
from app.worker import Worker
from surveys.load import load
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import ANSWERS, World, answer, close

pytestmark = pytest.mark.lived_in

ANCHORS = "+".join(item.id for item in load("atr", "1.0.0").dimension("T1").items if item.anchor)


def compared(database: Database, cast: Cast, world: World) -> tuple[Ledger, ...]:
    with database.reading() as session:
        return store.comparisons(session, cast.organisation, world.closed)


def close_the_second(database: Database, cast: Cast, world: World, clock: Clock) -> None:
    answer(database, cast, world.running, counts=ANSWERS, now=clock())
    close(database, cast, world.running, now=clock.advance(days=1))


def test_the_sets_of_a_comparison_stand_in_the_ledger_of_the_wave_before(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    assert compared(database, cast, lived_in) == ()
    close_the_second(database, cast, lived_in, clock)
    [told] = compared(database, cast, lived_in)
    with database.reading() as session:
        own = store.with_ledgers(session, cast.organisation, lived_in.closed)
        found = store.latest(session, cast.organisation, lived_in.running)
    assert len(own) == 1, "the comparison is no release of the wave before"
    assert own[0][1] is not None
    columns = {one.column for one in told.entries}
    assert columns
    for name in columns:
        dimension = name.partition(":")[0]
        finest = own[0][1].told(f"{dimension}:anchors", "means") or own[0][1].told(dimension, "means")
        sets = told.told(name, "means")
        assert sets
        assert all(any(one <= held for held in sets) or not any(one & held for held in sets) for one in finest)
    assert all(one.n >= 5 for one in told.entries if one.kind == "means")
    assert found is not None
    assert found.document.organisation.departments


def test_a_later_release_is_audited_together_with_what_comparisons_told(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    close_the_second(database, cast, lived_in, clock)
    assert _again(database, cast, lived_in, clock, "headcounts") == "done"
    with database.reading() as session:
        [*_, (_, own)] = store.with_ledgers(session, cast.organisation, lived_in.closed)
        second = store.latest(session, cast.organisation, lived_in.running)
    assert own is not None
    assert second is not None
    # As if a comparison had told of one department of a set that the wave shows as one only.
    pooled = next(held for held in own.told("T1", "means") if len(held) > 1)
    apart = Ledger((entry(f"T1:of:{ANCHORS}", "means", [min(pooled)], 5),))
    with database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM comparison_ledger")
        session.add(
            ComparisonRecord(
                organisation_id=cast.organisation,
                release_id=second.id,
                wave_id=lived_in.closed,
                entries=ledger.dump(apart),
            )
        )
    clock.advance(minutes=5)
    assert "could be combined to tell of too few people" in _again(database, cast, lived_in, clock, "departments")


def _again(database: Database, cast: Cast, world: World, clock: Clock, occasion: Occasion) -> str:
    """Has the worker make the result of the closed wave again; "done", or why not."""
    with database.writing() as session:
        correct_headcount(
            session,
            organisation_id=cast.organisation,
            wave_id=world.closed,
            department_id=cast.departments["Operations"],
            headcount=31 if occasion == "headcounts" else 32,
            user_id=cast.ada,
            now=clock.advance(minutes=1),
        )
        service.ask_again(
            session, organisation_id=cast.organisation, wave_id=world.closed, occasion=occasion, now=clock()
        )
    for _ in range(4):
        while Worker(database, clock=clock).work_once():
            pass
        clock.advance(minutes=2)
    with database.reading() as session:
        work = job(session, kind=service.again(occasion), subject_id=world.closed)
    assert work is not None
    return work.error or work.state


def test_what_comparisons_told_is_deleted_with_the_answers_of_the_wave(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    close_the_second(database, cast, lived_in, clock)
    with database.writing() as session:
        assert store.delete_ledgers(session, cast.organisation, lived_in.closed) == 2
    assert compared(database, cast, lived_in) == ()
    with database.reading() as session:
        [(_, own)] = store.with_ledgers(session, cast.organisation, lived_in.running)
    assert own is not None


@pytest.mark.parametrize("table", ["release"])
def test_a_stored_release_cannot_be_replaced_either(database: Database, lived_in: World, table: str):
    statement = (
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        if database.is_sqlite
        else f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (organisation_id, id) DO UPDATE SET number = 2"
    )
    with pytest.raises(DatabaseError, match="never changed"), database.writing() as session:
        session.connection().execute(text(statement))
