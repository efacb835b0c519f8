"""The tables of a client's own actions and of their versions."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class OwnAction(SQLModel, table=True):
    """An action that a client has beside those of the library, or in the place of one of them.

    `code` is its id in the library and in plans. `draft` are the files of what is being written, empty where nothing
    is; `saves` counts how often it was saved. `number` is that of its newest version, 0 before it is in use.
    `copied_from` and `copied_version` are the action of the library that it was copied from. `origin` is the own action
    of another client of whoever took it over, and `origin_sha256` the files that it had then: no name of that client.
    """

    __tablename__ = "own_action"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str
    draft: dict[str, Any] = Field(sa_type=JSON)  # Any: text by the place of each file
    saves: int
    number: int
    copied_from: str
    copied_version: str
    origin: UUID | None = Field(default=None)
    origin_sha256: str
    changed_at: datetime = Field(sa_type=Utc)
    changed_by: str
    retired_at: datetime | None = Field(default=None, sa_type=Utc)


class OwnActionVersion(SQLModel, table=True):
    """An own action as it came into use: written once. `sha256` is that of its files, `made_by` a name as it was."""

    __tablename__ = "own_action_version"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "own_action_id"], ["own_action.organisation_id", "own_action.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    own_action_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    version: str
    files: dict[str, Any] = Field(sa_type=JSON)  # Any: text by the place of each file
    sha256: str
    used_at: datetime = Field(sa_type=Utc)
    made_by: str
