"""Asking for work, taking it, finishing it. Rows are the truth: a worker that dies loses its lease, not the work."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.jobs import queries
from app.jobs.models import Job
from app.jobs.queries import JobFacts
from app.sentences import say

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 4
ENDED = ("done", "failed")
DATED_ANEW: Final = 0
"""The attempts of a job that got another time while it is being done; else it is the first attempt at least."""
ABANDONED: Final = say("The worker ended in the middle of the work, every time it was tried.")
GIVEN_UP: Final = say("The work failed; the log of the service says why.")
PAUSES = (timedelta(seconds=2), timedelta(seconds=15), timedelta(minutes=1))


def enqueue(
    session: Session, *, organisation_id: UUID, kind: str, subject_id: UUID, now: datetime, due: datetime | None = None
) -> None:
    """Asks for a piece of work, `due` now or later; asking twice for the same thing, also at the same moment, is asking
    once."""
    job = Job(
        id=uuid4(),
        organisation_id=organisation_id,
        kind=kind,
        subject_id=subject_id,
        next_run_at=due or now,
        created_at=now,
    )
    queries.add(session, job)


def schedule(
    session: Session, *, organisation_id: UUID, kind: str, subject_id: UUID, due: datetime, now: datetime
) -> None:
    """Sets when a piece of work is done, whether it was never asked for, waits, is being done, or has ended.

    One that is being done is done once more at the new time (`finish`): what it read may be older than what this time
    was set for.
    """
    enqueue(session, organisation_id=organisation_id, kind=kind, subject_id=subject_id, now=now, due=due)
    job = queries.row(session, kind=kind, subject_id=subject_id, lock=True)
    assert job is not None  # it was asked for above, if not before
    job.next_run_at = due
    if job.state == "running":
        job.attempts = DATED_ANEW
    else:
        _wait(job)
    session.flush()


def hasten(session: Session, *, kind: str, subject_id: UUID, now: datetime) -> bool:
    """Makes a waiting job due now and says so; False for one that nobody asked for, is running, or has ended."""
    job = queries.row(session, kind=kind, subject_id=subject_id, lock=True)
    if job is None or job.state != "waiting":
        return False
    job.next_run_at = min(job.next_run_at, now)
    session.flush()
    return True


def call_off(session: Session, *, kind: str, subject_id: UUID, now: datetime) -> None:
    """Has a waiting job not be done; does nothing for one that nobody asked for, is running, or has ended."""
    job = queries.row(session, kind=kind, subject_id=subject_id, lock=True)
    if job is not None and job.state == "waiting":
        job.state, job.finished_at = "done", now
        session.flush()


def due(session: Session, *, kind: str, subject_id: UUID) -> datetime | None:
    """When a job is done that waits or is being done; None for one that nobody asked for, or that has ended."""
    job = queries.row(session, kind=kind, subject_id=subject_id)
    return None if job is None or job.state in ENDED else job.next_run_at


def settle(session: Session, *, kind: str, subject_id: UUID, now: datetime) -> None:
    """Ends a job that was given up and has nothing left to do."""
    job = queries.row(session, kind=kind, subject_id=subject_id, lock=True)
    if job is not None and job.state == "failed":
        job.state, job.finished_at = "done", now
        session.flush()


def retry(session: Session, *, kind: str, subject_id: UUID, now: datetime) -> None:
    """Makes a job that failed or is done due again, with all its attempts; does nothing for one that is under way."""
    job = queries.row(session, kind=kind, subject_id=subject_id, lock=True)
    if job is not None and job.state in ENDED:
        job.next_run_at = now
        _wait(job)
        session.flush()


def take(session: Session, *, worker: str, now: datetime, alone: Collection[str] = ()) -> JobFacts | None:
    """The next job that is due, leased to `worker`, or None. Of the kinds in `alone` a client has one at a time.

    A running job whose lease ran out is due as well: its worker is taken for dead. After the last attempt it is given
    up, because work that kills its worker would otherwise do so for ever. On PostgreSQL rows that another worker is
    just taking are passed over; on SQLite the write lock keeps two workers apart.
    """
    while (job := queries.next_due(session, now=now, alone=alone)) is not None and job.attempts >= MAX_ATTEMPTS:
        _give_up(job, ABANDONED, now)
        session.flush()
    if job is None:
        return None
    job.state, job.worker, job.lease_until = "running", worker, now + LEASE
    job.attempts += 1
    session.flush()
    return queries.facts(job)


def extend(session: Session, *, job_id: UUID, worker: str, now: datetime) -> bool:
    """Renews the lease of a long job; False when it was lost to another worker."""
    job = queries.by_id(session, job_id)
    if job is None or job.worker != worker or job.state != "running":
        return False
    job.lease_until = now + LEASE
    return True


def finish(session: Session, *, job_id: UUID, worker: str, now: datetime) -> bool:
    """Marks a job as done; False when its lease was lost, so that the caller can roll back.

    One that was given another time while it ran waits for that.
    """
    job = queries.by_id(session, job_id)
    if job is None or job.worker != worker or job.state != "running":
        return False
    if job.attempts == DATED_ANEW or job.next_run_at > now:
        _wait(job)
        return True
    job.state, job.finished_at, job.worker, job.lease_until, job.error = "done", now, None, None, None
    return True


def give_back(session: Session, *, job_id: UUID, worker: str, now: datetime) -> None:
    """Returns a job unfinished when its worker is asked to stop: the attempt does not count."""
    job = queries.by_id(session, job_id)
    if job is not None and job.worker == worker and job.state == "running":
        job.state, job.worker, job.lease_until = "waiting", None, None
        job.next_run_at = max(job.next_run_at, now)
        job.attempts = max(0, job.attempts - 1)


def fail(session: Session, *, job_id: UUID, worker: str, error: str, now: datetime) -> None:
    """Notes a failed attempt: tried again after a pause that grows, given up after the fourth."""
    job = queries.by_id(session, job_id)
    if job is None or job.worker != worker:
        return
    if job.attempts == DATED_ANEW or job.next_run_at > now:
        _wait(job)
    elif job.attempts >= MAX_ATTEMPTS:
        _give_up(job, error, now)
    else:
        job.worker, job.lease_until, job.error = None, None, error
        job.state, job.next_run_at = "waiting", now + PAUSES[min(job.attempts, len(PAUSES)) - 1]


def _wait(job: Job) -> None:
    """Lets a job wait for its time with all its attempts."""
    job.state, job.attempts, job.error = "waiting", 0, None
    job.finished_at, job.worker, job.lease_until = None, None, None


def _give_up(job: Job, error: str, now: datetime) -> None:
    job.state, job.finished_at, job.worker, job.lease_until, job.error = "failed", now, None, None, error
