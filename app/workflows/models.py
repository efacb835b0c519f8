"""The table of workflows."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Workflow(SQLModel, table=True):
    """A piece of work of one department that a person does in one sitting (MEASUREMENT.md 2.1).

    `code` is its id in layouts and drafts, unique in the client: short, because a draft that outgrows its fixed length
    would tell how much somebody answered.
    `name` is what its people call it; `position` orders those of a department; a retired one is asked about no more and
    stays in the waves that asked about it.
    """

    __tablename__ = "workflow"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
        UniqueConstraint("organisation_id", "code"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    department_id: UUID
    code: str
    name: str
    position: int
    created_at: datetime = Field(sa_type=Utc)
    retired_at: datetime | None = Field(default=None, sa_type=Utc)
