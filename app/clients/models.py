"""Tables of clients: the organisation and its departments."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Organisation(SQLModel, table=True):
    """A client; everything below belongs to exactly one. `time_zone` is an IANA name, `year_starts` the month, 1 to 12,
    with which its financial year begins. `colour` is its own, as #rrggbb; `languages` are the tags of those that its
    people are asked in unless a wave says otherwise, None for all that a questionnaire has."""

    __tablename__ = "organisation"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    time_zone: str = Field(default="Europe/Berlin")
    year_starts: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    colour: str | None = Field(default=None)
    languages: list[Any] | None = Field(default=None, sa_type=JSON)  # Any: tags, as JSON
    created_at: datetime = Field(sa_type=Utc)


class ClientLogo(SQLModel, table=True):
    """A client's logo, drawn anew from what was sent (`clients.pictures`): PNG in two sizes."""

    __tablename__ = "client_logo"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    large: bytes
    large_width: int
    large_height: int
    small: bytes
    small_width: int
    small_height: int
    changed_by: UUID = Field(foreign_key="app_user.id")
    changed_at: datetime = Field(sa_type=Utc)


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
