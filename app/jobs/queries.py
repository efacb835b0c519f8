"""The statements of jobs. Each function runs one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.jobs.models import Job


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A job as others see it. `state` is waiting, running, done or failed."""

    id: UUID
    organisation_id: UUID
    kind: str
    subject_id: UUID
    state: str
    attempts: int
    error: str | None


def facts(job: Job) -> JobFacts:
    """What others may know of a job."""
    return JobFacts(job.id, job.organisation_id, job.kind, job.subject_id, job.state, job.attempts, job.error)


def job(session: Session, *, kind: str, subject_id: UUID) -> JobFacts | None:
    """The job of that kind for that thing, or None when it was never asked for."""
    found = row(session, kind=kind, subject_id=subject_id)
    return facts(found) if found else None


def states(session: Session, *, kind: str, subject_ids: Collection[UUID]) -> dict[UUID, str]:
    """The states of the jobs of that kind for these things; no entry for one that was never asked for."""
    statement = select(Job.subject_id, Job.state).where(Job.kind == kind, col(Job.subject_id).in_(subject_ids))
    return dict(session.exec(statement).all())


def failed(session: Session, *, kinds: Collection[str]) -> tuple[JobFacts, ...]:
    """The jobs of these kinds that were given up."""
    statement = select(Job).where(Job.state == "failed", col(Job.kind).in_(kinds))
    return tuple(facts(found) for found in session.exec(statement))


def add(session: Session, job: Job) -> None:
    """Stores a job unless there is one of its kind for its thing, also one stored at the same moment."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Job).values(**job.model_dump()).on_conflict_do_nothing(index_elements=["kind", "subject_id"])
    session.connection().execute(statement)


def row(session: Session, *, kind: str, subject_id: UUID, lock: bool = False) -> Job | None:
    """The row itself, for this room only; `lock` keeps others from changing it."""
    statement = select(Job).where(Job.kind == kind, Job.subject_id == subject_id)
    return session.exec(statement.with_for_update() if lock else statement).first()


def by_id(session: Session, job_id: UUID) -> Job | None:
    """The row of an id, locked for a change."""
    return session.exec(select(Job).where(Job.id == job_id).with_for_update()).first()


def next_due(session: Session, *, now: datetime, alone: Collection[str] = ()) -> Job | None:
    """The job that has been due for longest, locked; rows that another worker holds are passed over.

    Of the kinds in `alone` a client has one done at a time: the first that is due while none of them is being done.
    They come after all other work, so that nobody waits behind a client's many.
    """
    statement = select(Job).where(_due(Job, now)).limit(1).with_for_update(skip_locked=True)
    if not alone:
        return session.exec(statement.order_by(col(Job.next_run_at))).first()
    mine = col(Job.kind).in_(alone)
    other = aliased(Job)
    # Of two workers that look at the same moment both find the same first one, and one of them passes it over.
    before = or_(
        and_(col(other.state) == "running", col(other.lease_until) >= now),
        and_(_due(other, now), tuple_(other.next_run_at, other.id) < tuple_(Job.next_run_at, Job.id)),
    )
    taken = exists().where(
        col(other.organisation_id) == col(Job.organisation_id),
        col(other.kind).in_(alone),
        col(other.id) != col(Job.id),
        before,
    )
    return session.exec(statement.where(or_(~mine, ~taken)).order_by(mine, col(Job.next_run_at))).first()


def _due(job: type[Job], now: datetime) -> ColumnElement[bool]:
    waiting = and_(col(job.state) == "waiting", col(job.next_run_at) <= now)
    return or_(waiting, and_(col(job.state) == "running", col(job.lease_until) < now))
