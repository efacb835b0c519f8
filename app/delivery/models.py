"""The tables of what is made and mailed by itself. No token stands in them, and no file: those are with the reports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc
from app.web.catalogs import SOURCE


class ReportSchedule(SQLModel, table=True):
    """What happens when a wave of an assessment closes and its result is there.

    `files` are keys of formats; `roles` say which members get a link, `addresses` who else. Links last for `days`, and
    ask for a password where there is one. `version` goes up with each change, so that nobody overwrites another's.
    """

    __tablename__ = "report_schedule"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "assessment_id"], ["assessment.organisation_id", "assessment.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    assessment_id: UUID = Field(primary_key=True)
    active: bool = Field(default=False)
    files: list[Any] = Field(sa_type=JSON)  # Any: keys of formats, as JSON
    language: str = Field(default=SOURCE)
    paper: str = Field(default="A4")
    roles: list[Any] = Field(sa_type=JSON)  # Any: roles, as JSON
    addresses: list[Any] = Field(sa_type=JSON)  # Any: addresses, as JSON
    days: int
    password_hash: str | None = Field(default=None)
    version: int = Field(default=1)
    user_id: UUID = Field(foreign_key="app_user.id")
    changed_at: datetime = Field(sa_type=Utc)


class ReportDelivery(SQLModel, table=True):
    """One release for one recipient: a mail, and the link in it. `user_id` and `role` are those of a member.

    `state` is waiting, held (taken back before the mail went), sent or failed. `edition` is that of a lead's
    department. The token follows from the key outside the database and `generation`; its fingerprint stands here once
    the mail is made. `visits` and `downloads` count, `opened_on` is the first day of them where the client is.
    """

    __tablename__ = "report_delivery"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    assessment_id: UUID
    wave_id: UUID
    release_id: UUID
    address: str
    name: str = Field(default="")
    user_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    role: str = Field(default="")
    files: list[Any] = Field(sa_type=JSON)  # Any: keys of formats, as JSON
    language: str
    paper: str
    edition: str = Field(default="")
    days: int
    password_hash: str | None = Field(default=None)
    generation: int = Field(default=0)
    token_sha256: str | None = Field(default=None, unique=True)
    state: str = Field(default="waiting")
    error: str = Field(default="")
    asked_at: datetime = Field(sa_type=Utc)
    sent_at: datetime | None = Field(default=None, sa_type=Utc)
    expires_at: datetime | None = Field(default=None, sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)
    opened_on: date | None = Field(default=None)
    visits: int = Field(default=0)
    downloads: int = Field(default=0)
