"""Settling headcounts: who may change them when, and what that may tell."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from app.db import Database
from app.errors import ConflictError, InvalidError, NotFoundError
from app.jobs import service as jobs
from app.releases.make import make_release
from app.waves import headcounts, queries, service
from app.worker import Worker
from tests.cast import Cast
from tests.conftest import Clock
from tests.waves import stage

DAY = date(2026, 10, 5)


def correct(database: Database, cast: Cast, wave_id: UUID, name: str, headcount: int, now: Clock) -> None:
    with database.writing() as session:
        service.correct_headcount(
            session,
            organisation_id=cast.organisation,
            wave_id=wave_id,
            department_id=cast.departments[name],
            headcount=headcount,
            user_id=cast.ada,
            now=now(),
        )


def confirm(database: Database, cast: Cast, wave_id: UUID, name: str, now: Clock) -> None:
    with database.writing() as session:
        service.confirm_headcount(
            session,
            organisation_id=cast.organisation,
            wave_id=wave_id,
            department_id=cast.departments[name],
            now=now(),
        )


def named(database: Database, cast: Cast, wave_id: UUID) -> list[str]:
    """The departments that the page of a closing wave names as too full."""
    with database.reading() as session:
        return [one.department.name for one in headcounts.overfull(session, cast.organisation, wave_id)]


def test_a_little_too_many_answers_hold_nothing_up(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 10})  # max(1.2 * 8, 8 + 2)
    stage.closing(database, cast, wave_id, clock())
    assert stage.release_job(database, wave_id) is not None
    with database.reading() as session:
        found = headcounts.overfull(session, cast.organisation, wave_id)
    assert [(one.department.name, one.responses, one.blocks) for one in found] == [("Legal", 10, False)]


def test_far_too_many_answers_wait_for_a_correction_in_every_department(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 11, "Ethics": 6})
    stage.closing(database, cast, wave_id, clock())
    assert stage.release_job(database, wave_id) is None
    correct(database, cast, wave_id, "Legal", 10, clock)
    assert stage.release_job(database, wave_id) is None
    correct(database, cast, wave_id, "Ethics", 6, clock)
    assert stage.release_job(database, wave_id) is not None
    with database.reading() as session:
        noted = queries.corrections(session, cast.organisation, wave_id)
    assert {(one.before, one.after, one.user_id, one.at) for one in noted} == {
        (8, 10, cast.ada, clock()),
        (3, 6, cast.ada, clock()),
    }


def test_a_headcount_can_be_confirmed_as_it_is(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 11})
    stage.closing(database, cast, wave_id, clock())
    with database.writing() as session:
        service.confirm_headcount(
            session,
            organisation_id=cast.organisation,
            wave_id=wave_id,
            department_id=cast.departments["Legal"],
            now=clock(),
        )
    assert stage.release_job(database, wave_id) is not None


def test_while_a_wave_closes_no_headcount_tells_how_many_of_a_small_department_answered(
    database: Database, cast: Cast, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Ethics": 2, "Legal": 13, "IT": 14})
    stage.closing(database, cast, wave_id, clock())
    for name, headcount in (("Ethics", 1), ("Ethics", 4), ("Tax", 3)):
        with pytest.raises(ConflictError, match=f"headcount of {name} can no longer be changed"):
            correct(database, cast, wave_id, name, headcount, clock)
    for headcount in (7, 8):
        with pytest.raises(InvalidError, match="Give a larger number"):
            correct(database, cast, wave_id, "Legal", headcount, clock)
    assert named(database, cast, wave_id) == ["Legal", "IT"]


def test_a_correction_while_closing_settles_the_department_whatever_its_number(
    database: Database, cast: Cast, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 13, "Ethics": 6})
    stage.closing(database, cast, wave_id, clock())
    correct(database, cast, wave_id, "Ethics", 4, clock)
    assert named(database, cast, wave_id) == ["Legal"]
    for again in (5, 6):
        with pytest.raises(ConflictError, match="can no longer be changed"):
            correct(database, cast, wave_id, "Ethics", again, clock)


def test_headcounts_are_confirmed_only_where_the_wave_names_them(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    with pytest.raises(ConflictError, match="confirmed when it closes"):
        confirm(database, cast, wave_id, "Legal", clock)
    stage.answered(database, cast, wave_id, DAY, {"Legal": 13})
    stage.closing(database, cast, wave_id, clock())
    with pytest.raises(ConflictError, match="can no longer be changed"):
        confirm(database, cast, wave_id, "Ethics", clock)
    confirm(database, cast, wave_id, "Legal", clock)
    confirm(database, cast, wave_id, "Legal", clock)
    assert stage.release_job(database, wave_id) is not None


@pytest.mark.both
def test_no_release_is_made_before_the_headcounts_are_settled_and_then_it_is(
    database: Database, cast: Cast, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 13})
    stage.closing(database, cast, wave_id, clock())
    with pytest.raises(ConflictError, match="headcount of Legal in 2026-Q4 has to be settled first"):
        make_release(database, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    assert stage.wave(database, cast, wave_id).state == "closing"
    # An attempt that began before the department was too full ends as a failed job.
    with database.writing() as session:
        jobs.enqueue(session, organisation_id=cast.organisation, kind="release", subject_id=wave_id, now=clock())
    worker = Worker(database, clock=clock)
    for _ in range(jobs.MAX_ATTEMPTS):
        while worker.work_once():
            pass
        clock.advance(minutes=2)
    job = stage.release_job(database, wave_id)
    assert job is not None
    assert job.state == "failed"
    confirm(database, cast, wave_id, "Legal", clock)
    while worker.work_once():
        pass
    assert stage.wave(database, cast, wave_id).state == "closed"


@pytest.mark.both
def test_a_correction_keeps_the_planned_headcount_and_happens_once(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    correct(database, cast, wave_id, "Tax", 5, clock)
    correct(database, cast, wave_id, "Tax", 5, clock)
    with database.reading() as session:
        tax = next(d for d in queries.wave_departments(session, cast.organisation, wave_id) if d.name == "Tax")
        assert len(queries.corrections(session, cast.organisation, wave_id)) == 1
    assert (tax.planned_headcount, tax.headcount) == (4, 5)


def test_a_department_with_others_below_may_have_nobody_of_its_own(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    correct(database, cast, wave_id, "Finance", 0, clock)
    with pytest.raises(InvalidError, match="headcount of Tax as a whole number from 1"):
        correct(database, cast, wave_id, "Tax", 0, clock)


def test_a_draft_has_no_headcounts_and_those_of_a_closed_wave_wait_for_the_next_release(
    database: Database, cast: Cast, clock: Clock
):
    wave_id = stage.planned(database, cast, clock())
    with pytest.raises(ConflictError, match="not open yet"):
        correct(database, cast, wave_id, "Tax", 5, clock)
    with database.writing() as session:
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    stage.closed(database, cast, wave_id, clock())
    correct(database, cast, wave_id, "Tax", 5, clock)
    with database.reading() as session:
        found = {one.name: one.headcount for one in queries.wave_departments(session, cast.organisation, wave_id)}
        assert found["Tax"] == 5
        assert [one.after for one in queries.corrections(session, cast.organisation, wave_id)] == [5]
    with database.write.begin() as connection:
        connection.exec_driver_sql("UPDATE wave SET deleted_at = '2027-01-01 00:00:00+00:00'")
    with pytest.raises(ConflictError, match="were deleted, so its headcounts stay"):
        correct(database, cast, wave_id, "Tax", 6, clock)


def test_an_unknown_department_of_a_wave_is_not_found(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    with database.writing() as session, pytest.raises(NotFoundError):
        service.confirm_headcount(
            session, organisation_id=cast.organisation, wave_id=wave_id, department_id=uuid4(), now=clock()
        )
