"""The table of the pages for all staff."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class StaffPage(SQLModel, table=True):
    """The page on which all staff of a wave read its result and what is done next.

    `actions` is what is being written: sentences by language, each with an owner and a day. `published` is what was
    published of them, and `release_id` the release beside it; both None while nothing is. `choices` says by key what
    of the plan is told and what is not, where somebody chose; `plan` is the number of the plan record that was
    published and `planned` the keys of what is told of it. `edition` counts the changes, so that two people do not
    write over each other. The link follows from the key, the wave and `id`, and is the same when the page is published
    again.
    """

    __tablename__ = "staff_page"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4)
    token_sha256: str = Field(unique=True)
    edition: int = Field(default=1)
    actions: list[Any] = Field(sa_type=JSON)  # Any: what is done next, as JSON
    changed_by: UUID = Field(foreign_key="app_user.id")
    changed_at: datetime = Field(sa_type=Utc)
    choices: dict[str, bool] = Field(default_factory=dict, sa_type=JSON)
    published: list[Any] | None = Field(default=None, sa_type=JSON)  # Any: as `actions`
    release_id: UUID | None = Field(default=None)
    plan: int | None = Field(default=None)
    planned: list[str] | None = Field(default=None, sa_type=JSON)
    published_by: UUID | None = Field(default=None, foreign_key="app_user.id")
    published_at: datetime | None = Field(default=None, sa_type=Utc)
