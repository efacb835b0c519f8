"""The table of jobs."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Job(SQLModel, table=True):
    """One piece of work for one thing: `kind` names the work, `subject_id` the thing, so that nothing is done twice.

    `state` is waiting, running, done or failed. A running job belongs to `worker` until `lease_until`; after that
    anybody may take it. A failed attempt waits until `next_run_at`. No foreign key: the last job of a client runs when
    the client has been deleted.
    """

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organisation_id: UUID
    kind: str
    subject_id: UUID
    state: str = Field(default="waiting", index=True)
    attempts: int = Field(default=0)
    next_run_at: datetime = Field(sa_type=Utc)
    worker: str | None = Field(default=None)
    lease_until: datetime | None = Field(default=None, sa_type=Utc)
    error: str | None = Field(default=None)
    created_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc)
