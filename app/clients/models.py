"""Tables of clients: the organisation and its departments."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Organisation(SQLModel, table=True):
    """A client; everything below belongs to exactly one. `time_zone` is an IANA name, `year_starts` the month, 1 to 12,
    with which its financial year begins."""

    __tablename__ = "organisation"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    time_zone: str = Field(default="Europe/Berlin")
    year_starts: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    created_at: datetime = Field(sa_type=Utc)


class Department(SQLModel, table=True):
    """A node of the organisation's tree. `headcount` counts the people attached to it, its children's not.

    `pool` names the group of departments of the same parent with which it is always shown together, None for none: a
    name that stays the same over the quarters. `site` names where these people work, None for where those of the
    department above do (`clients.tree.effective_sites`).
    """

    __tablename__ = "department"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "parent_id"], ["department.organisation_id", "department.id"]),
    )

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    parent_id: UUID | None = Field(default=None)
    name: str
    function: str
    headcount: int
    position: int
    pool: str | None = Field(default=None)
    site: str | None = Field(default=None)
    created_at: datetime = Field(sa_type=Utc)
    closed_at: datetime | None = Field(default=None, sa_type=Utc)
