"""The statements of jobs. Each function runs one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.dialects import postgresql, sqlite
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


def next_due(session: Session, *, now: datetime) -> Job | None:
    """The job that has been due for longest, locked; rows that another worker holds are passed over."""
    waiting = and_(col(Job.state) == "waiting", col(Job.next_run_at) <= now)
    abandoned = and_(col(Job.state) == "running", col(Job.lease_until) < now)
    statement = select(Job).where(or_(waiting, abandoned)).order_by(col(Job.next_run_at)).limit(1)
    return session.exec(statement.with_for_update(skip_locked=True)).first()
