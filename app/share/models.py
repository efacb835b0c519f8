"""The tables of what is shared: the release, links to it, and who has seen it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class SharedRelease(SQLModel, table=True):
    """Which release of a wave its client's sponsors and leads see; a later one is shared by itself, or not."""

    __tablename__ = "shared_release"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    release_id: UUID
    user_id: UUID = Field(foreign_key="app_user.id")
    shared_at: datetime = Field(sa_type=Utc)


class SharedLink(SQLModel, table=True):
    """A link with which somebody without an account reads what is shared of a wave, until it ends or is taken back.

    The token is random, shown once and not stored. `rows` are the ids of the rows that it shows beside the organisation
    with everything below them, None for all; `password_hash` is None where no password is asked.
    """

    __tablename__ = "shared_link"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),)

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    wave_id: UUID
    label: str
    token_sha256: str = Field(unique=True)
    rows: list[Any] | None = Field(default=None, sa_type=JSON)  # Any: ids of rows, as JSON
    with_report: bool = Field(default=False)
    password_hash: str | None = Field(default=None)
    user_id: UUID = Field(foreign_key="app_user.id")
    made_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)


class SharedVisit(SQLModel, table=True):
    """How often a link was opened on a day of the client's time zone, and its report downloaded; nothing of by whom."""

    __tablename__ = "shared_visit"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "link_id"], ["shared_link.organisation_id", "shared_link.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    link_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    visits: int = Field(default=0)
    downloads: int = Field(default=0)


class FirstView(SQLModel, table=True):
    """The day on which somebody with a role first saw a part of a release.

    `part` is "" for all of it, else the id of the department whose lead they were.
    """

    __tablename__ = "first_view"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    release_id: UUID = Field(primary_key=True)
    user_id: UUID = Field(primary_key=True, foreign_key="app_user.id")
    part: str = Field(primary_key=True)
    day: date
