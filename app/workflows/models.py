"""The tables of workflows and of the versions of what is known about them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint, UniqueConstraint, true
from sqlmodel import Field, SQLModel

from app.db import Utc


class Workflow(SQLModel, table=True):
    """A piece of work of one department that a person does in one sitting (MEASUREMENT.md 2.1).

    `code` is its id in layouts and drafts, unique in the client: short, because a draft that outgrows its fixed length
    would tell how much somebody answered.
    `name` is what its people call it; `position` orders those of a department; `rated` says that the next wave asks
    about it. A retired one is asked about no more and stays in the waves that asked about it. `version` is the number
    of its newest version, 0 where nobody has saved facts yet.
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
    rated: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    created_at: datetime = Field(sa_type=Utc)
    retired_at: datetime | None = Field(default=None, sa_type=Utc)


class WorkflowVersion(SQLModel, table=True):
    """A workflow as somebody saved it: written once. `made_by` is their name as it was then, `way` how they came."""

    __tablename__ = "workflow_version"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "workflow_id"], ["workflow.organisation_id", "workflow.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    workflow_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=Utc)
    made_by: str
    way: str
    department_id: UUID
    name: str
    rated: bool
    retired: bool
    facts: dict[str, Any] = Field(sa_type=JSON)  # Any: facts.as_json
