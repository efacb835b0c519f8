"""Any two waves compared by the worker: the numbers, both ledgers, the proof, and what is refused (P8, P11, P17)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.clients.service import change_department
from app.db import Database
from app.errors import ConflictError, InvalidError, NotFoundError
from app.jobs.queries import job
from app.releases import pairs, service, store
from app.releases.compute import build
from app.releases.document.comparison import NOT_THERE, Comparison
from app.releases.document.release import CHECKING, Change, Scored
from app.releases.make import dossier, gather, to_compare
from app.releases.meanwhile import require_as_read
from app.releases.models import ComparisonRecord
from app.releases.plan import ledger
from app.releases.plan.ledger import Ledger, entry
from app.releases.proof import both_proven
from app.releases.statistics import planning
from app.waves.policy import Policy
from tests.cast import Cast
from tests.conftest import Clock
from tests.explore.waves import Three, three_waves, work
from tests.places import START
from tests.world import World

pytestmark = pytest.mark.lived_in


@pytest.fixture
def three(database: Database, cast: Cast, clock: Clock, lived_in: World) -> Three:
    return three_waves(database, cast, clock, lived_in)


def ask(database: Database, cast: Cast, three: Three, now: datetime) -> UUID:
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": three.third}
        service.ask_comparison(session, **place, other_id=three.first, now=now)
    return pairs.id_of(three.third, three.first)


def found(database: Database, cast: Cast, comparison_id: UUID) -> Comparison | None:
    with database.reading() as session:
        stored = pairs.by_id(session, cast.organisation, comparison_id)
    return stored.document if stored else None


def refused(database: Database, cast: Cast, comparison_id: UUID) -> str | None:
    with database.reading() as session:
        asked = pairs.asked(session, cast.organisation, comparison_id)
    assert asked is not None
    return asked.refused


@pytest.mark.both
def test_a_comparison_prints_what_a_release_would_that_came_right_after_the_earlier_wave(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    made = ask(database, cast, three, clock())
    work(database, clock)
    document = found(database, cast, made)
    assert document is not None
    with database.reading() as session:
        before, now = (gather(session, cast.organisation, one) for one in (three.first, three.third))
        previous, later = to_compare(session, before), to_compare(session, now)
    release = now.releases[0][0]
    oracle = build(
        facts=release.wave,
        policy=now.policy,
        number=2,
        instrument=now.instrument,
        form=now.form,
        departments=now.departments,
        answers=now.answers,
        corrected=frozenset(),
        previous=previous,
        told=later.told,
        roster=later.roster,
    ).release
    checked = 0
    for row in oracle.rows:
        for name, cell in row.cells.items():
            if isinstance(cell, Scored) and name != CHECKING and not name.startswith("module:"):
                assert document.changes[row.id][name] == cell.change
                checked += isinstance(cell.change, Change)
    assert checked > 20
    assert document.earlier.label == "2026-Q3"
    assert document.later.label == "2027-Q1"
    assert document.number == 1
    assert document.smallest_support is not None
    assert document.smallest_support >= document.k_means
    assert any(isinstance(one, Change) and one.delta > 5 for one in document.changes["organisation"].values())


def test_over_a_release_that_was_arranged_anew_only_rows_of_the_same_departments_have_a_change(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    made = ask(database, cast, three, clock())
    planning_id, operations = (cast.departments[name] for name in ("Planning", "Operations"))
    with database.writing() as session:
        change_department(
            session,
            cast.organisation,
            planning_id,
            name="Planning",
            function="finance",
            headcount=6,
            parent_id=operations,
            now=START,
        )
        place = {"organisation_id": cast.organisation, "wave_id": three.third}
        service.ask_again(session, **place, occasion="departments", now=clock())
    work(database, clock)
    document = found(database, cast, made)
    with database.reading() as session:
        again, first = (one.document for one in store.of_wave(session, cast.organisation, three.third))
    assert document is not None
    both = [(row, then) for row in again.rows if (then := first.row(row.id)) is not None]
    others = {row.name for row, then in both if {*row.departments} != {*then.departments}}
    assert {"Finance", "Operations"} <= others
    drawn = document.over(again)
    for row, then in both:
        told = {cell.change for cell in drawn.row(row.id).cells.values() if isinstance(cell, Scored)}  # type: ignore[union-attr]  # it is drawn with all rows
        before = {cell.change for cell in document.over(first).row(then.id).cells.values() if isinstance(cell, Scored)}  # type: ignore[union-attr]  # the same
        assert told == ({NOT_THERE} if row.name in others else before), row.name
        assert row.name not in others or before != {NOT_THERE}
    assert any(isinstance(one, Change) for one in document.changes[str(operations)].values())


def test_of_waves_with_different_smallest_groups_it_promises_the_smaller_one(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    three = three_waves(database, cast, clock, lived_in, policy=Policy(k_means=10, k_intervals=12))
    made = ask(database, cast, three, clock())
    work(database, clock)
    document = found(database, cast, made)
    assert document is not None
    assert (document.k_means, document.k_intervals) == (5, 10)
    assert document.smallest_support is not None
    assert document.smallest_support >= document.k_means


def test_its_sets_enter_the_ledgers_of_both_waves_and_go_with_the_answers_of_each(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    with database.reading() as session:
        before = {one: len(store.comparisons(session, cast.organisation, one)) for one in (three.first, three.third)}
    ask(database, cast, three, clock())
    work(database, clock)
    with database.reading() as session:
        for wave in (three.first, three.third):
            *_, told = store.comparisons(session, cast.organisation, wave)
            assert len(store.comparisons(session, cast.organisation, wave)) == before[wave] + 1
            assert {one.kind for one in told.entries} == {"means", "spreads"}
            assert all(":of:" in one.column for one in told.entries)
            assert min(one.n for one in told.entries if one.kind == "means") >= 5
    with database.writing() as session:
        store.delete_ledgers(session, cast.organisation, three.first)
        assert store.comparisons(session, cast.organisation, three.first) == ()
        assert len(store.comparisons(session, cast.organisation, three.third)) == before[three.third] + 1


def test_asked_for_twice_it_is_made_once_and_the_same_document_stays(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    made = ask(database, cast, three, clock())
    assert ask(database, cast, three, clock()) == made
    work(database, clock)
    with database.reading() as session:
        first = pairs.by_id(session, cast.organisation, made)
    ask(database, cast, three, clock())
    work(database, clock)
    with database.reading() as session:
        assert pairs.by_id(session, cast.organisation, made) == first
        assert len(pairs.every(session, cast.organisation)) == 1


def test_a_wave_and_the_one_before_it_need_no_comparison(database: Database, cast: Cast, clock: Clock, three: Three):
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": three.third}
        service.ask_comparison(session, **place, other_id=three.second, now=clock())
        assert pairs.asked(session, cast.organisation, pairs.id_of(three.third, three.second)) is None


def test_it_is_refused_where_together_with_what_was_told_it_would_tell_of_too_few(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    with database.writing() as session:
        found_first = gather(session, cast.organisation, three.first)
        own = found_first.releases[0][1]
        assert own is not None
        pooled = next(held for held in own.told("T1", "means") if len(held) > 1)
        anchors = "+".join(item.id for item in found_first.instrument.dimension("T1").items if item.anchor)
        # As if something else had told of one department of a set that the wave shows as one only.
        apart = Ledger((entry(f"T1:of:{anchors}", "means", [min(pooled)], 5),))
        second = store.of_wave(session, cast.organisation, three.second)[0]
        session.connection().exec_driver_sql("DELETE FROM comparison_ledger")
        session.add(
            ComparisonRecord(
                organisation_id=cast.organisation,
                release_id=second.id,
                wave_id=three.first,
                entries=ledger.dump(apart),
            )
        )
    made = ask(database, cast, three, clock())
    work(database, clock)
    assert found(database, cast, made) is None
    assert "could be combined to tell of too few people" in (refused(database, cast, made) or "")
    with database.reading() as session:
        assert len(store.comparisons(session, cast.organisation, three.first)) == 1
        assert store.comparisons(session, cast.organisation, three.third) == ()
        work_done = job(session, kind=pairs.JOB, subject_id=made)
    assert work_done is not None
    assert work_done.state == "done", "a refusal is a result and is not tried again by itself"


def test_it_is_refused_once_the_answers_of_a_wave_were_deleted_before_or_after_it_was_asked_for(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    made = ask(database, cast, three, clock())
    with database.writing() as session:
        session.connection().execute(
            text("UPDATE wave SET deleted_at = closed_at WHERE label = '2026-Q3' AND closed_at IS NOT NULL")
        )
    work(database, clock)
    assert found(database, cast, made) is None
    assert refused(database, cast, made) == (
        "The answers of 2026-Q3 were deleted, as was promised, so that wave is compared with no other."
    )
    with pytest.raises(ConflictError, match="answers of 2026-Q3 were deleted"):
        ask(database, cast, three, clock())


def test_waves_that_make_no_pair_are_named(database: Database, cast: Cast, clock: Clock, lived_in: World):
    with database.reading() as session:
        with pytest.raises(InvalidError, match="not compared with itself"):
            service.pair(session, cast.organisation, lived_in.closed, lived_in.closed)
        with pytest.raises(ConflictError, match="2026-Q4 has no result yet"):
            service.pair(session, cast.organisation, lived_in.closed, lived_in.running)
        with pytest.raises(NotFoundError):
            service.pair(session, cast.other, lived_in.closed, lived_in.running)


def test_what_was_told_meanwhile_holds_up_a_release_and_a_comparison(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    with database.reading() as session:
        read = dossier(gather(session, cast.organisation, three.first))
    with database.writing() as session:
        require_as_read(session, cast.organisation, three.first, read)
    ask(database, cast, three, clock())
    work(database, clock)
    with database.writing() as session, pytest.raises(ConflictError, match="2026-Q3 meanwhile"):
        require_as_read(session, cast.organisation, three.first, read)


@pytest.mark.both
def test_a_release_that_was_made_while_a_comparison_was_computed_holds_it_up(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    with database.reading() as session:
        read = [dossier(gather(session, cast.organisation, one)) for one in (three.first, three.third)]
    for wave in (three.first, three.third):
        with database.writing() as session:
            place = {"organisation_id": cast.organisation, "wave_id": wave}
            service.ask_again(session, **place, occasion="headcounts", now=clock())
        work(database, clock)
    for wave, one in zip((three.first, three.third), read, strict=True):
        with database.writing() as session, pytest.raises(ConflictError, match="meanwhile"):
            require_as_read(session, cast.organisation, wave, one)


@pytest.mark.parametrize("label", ["2026-Q3", "2027-Q1"])
def test_a_comparison_is_not_stored_once_the_answers_of_a_wave_are_deleted_while_it_is_computed(
    database: Database, cast: Cast, clock: Clock, three: Three, monkeypatch: pytest.MonkeyPatch, label: str
):
    deleted = three.first if label == "2026-Q3" else three.third

    def proven(*told: Any, **more: Any) -> Any:  # Any: whatever the original takes and gives
        with database.writing() as session:
            store.delete_ledgers(session, cast.organisation, deleted)
            gone = text("UPDATE wave SET deleted_at = closed_at WHERE label = :label")
            session.connection().execute(gone, {"label": label})
        return both_proven(*told, **more)

    monkeypatch.setattr("app.releases.comparing.both_proven", proven)
    made = ask(database, cast, three, clock())
    work(database, clock, turns=2)
    assert found(database, cast, made) is None
    assert refused(database, cast, made) == (
        f"The answers of {label} were deleted, as was promised, so that wave is compared with no other."
    )
    with database.reading() as session:
        assert store.comparisons(session, cast.organisation, deleted) == ()


def test_a_release_made_again_is_proven_together_with_the_comparison(
    database: Database, cast: Cast, clock: Clock, three: Three
):
    ask(database, cast, three, clock())
    work(database, clock)
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": three.first}
        service.ask_again(session, **place, occasion="headcounts", now=clock())
    work(database, clock)
    with database.reading() as session:
        again = store.latest(session, cast.organisation, three.first)
    assert again is not None
    assert again.number == 2
    assert again.document.certificate.audited


@pytest.mark.parametrize("change", ["UPDATE comparison SET number = 2", "replace"])
def test_a_stored_comparison_can_be_neither_changed_nor_replaced(
    database: Database, cast: Cast, clock: Clock, three: Three, change: str
):
    ask(database, cast, three, clock())
    work(database, clock)
    replacing = (
        "INSERT OR REPLACE INTO comparison SELECT * FROM comparison"
        if database.is_sqlite
        else "INSERT INTO comparison SELECT * FROM comparison ON CONFLICT (organisation_id, id) DO UPDATE SET number=2"
    )
    with pytest.raises(DatabaseError, match="never changed"), database.writing() as session:
        session.connection().execute(text(replacing if change == "replace" else change))


def test_both_sides_are_planned_as_their_releases_were(database: Database, cast: Cast, three: Three):
    with database.reading() as session:
        for wave in (three.first, three.third):
            side = to_compare(session, gather(session, cast.organisation, wave))
            rows = {row.id for row in planning.survey_before("any", side).rows.every}
            release = store.of_wave(session, cast.organisation, wave)[-1].document
            assert rows == {row.id for row in release.rows}
