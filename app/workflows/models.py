"""The table of workflows."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Workflow(SQLModel, table=True):
    """A piece of work of one department that a person does in one sitting (MEASUREMENT.md 2.1).

    `name` is what its people call it; `position` orders those of a department; a retired one is asked about no more and
    stays in the waves that asked about it.
    """

    __tablename__ = "workflow"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    department_id: UUID
    name: str
    position: int
    created_at: datetime = Field(sa_type=Utc)
    retired_at: datetime | None = Field(default=None, sa_type=Utc)
