"""The tables of the action plan: actions that were taken on, each version of them, and ninety days of a department."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class PlannedAction(SQLModel, table=True):
    """An action that a department has taken on. What is said of it lies in its newest version, `version`.

    `action` and `edition` are the id and the version of the library's action that it is, empty for one of their own;
    `words` are its title in other languages as they were then. `begins` is the first day of the ninety in which it is
    to be done, `wave_id` the wave whose result it rests on, None for none.
    `refused` is what the owner's mail server said when it refused the last mail for good, empty where it took it.
    """

    __tablename__ = "planned_action"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    department_id: UUID
    action: str
    edition: str
    words: dict[str, Any] = Field(sa_type=JSON)  # Any: texts by language
    begins: date
    wave_id: UUID | None = Field(default=None)
    taken_at: datetime = Field(sa_type=Utc)
    version: int = Field(default=0)
    refused: str = Field(default="", sa_column_kwargs={"server_default": ""})


class PlannedActionVersion(SQLModel, table=True):
    """An action of the plan as somebody saved it: written once. `made_by` is their name as it was then.

    Of who did it and left, name and address are taken out; nothing else ever changes.
    """

    __tablename__ = "planned_action_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "planned_action_id"], ["planned_action.organisation_id", "planned_action.id"]
        ),
    )

    organisation_id: UUID = Field(primary_key=True)
    planned_action_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=Utc)
    made_by: str
    facts: dict[str, Any] = Field(sa_type=JSON)  # Any: facts.as_json


class PlanFrame(SQLModel, table=True):
    """Ninety days of a department, from the day `begins` on, and the hours that its lead gives for them."""

    __tablename__ = "plan_frame"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    department_id: UUID = Field(primary_key=True)
    begins: date = Field(primary_key=True)
    hours: int


class PlanCalendar(SQLModel, table=True):
    """A link with which a calendar programme reads the plan of a department, or of all (None), until it is taken back.

    It is read while `user_id`, its maker, may make it and its department is as it was. Its token follows from a key
    outside the database and `id`; here lies its SHA-256. `language` is that of its words.
    """

    __tablename__ = "plan_calendar"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
    )

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    department_id: UUID | None = Field(default=None)
    user_id: UUID = Field(foreign_key="app_user.id")
    label: str
    language: str
    token_sha256: str = Field(unique=True)
    made_at: datetime = Field(sa_type=Utc)
