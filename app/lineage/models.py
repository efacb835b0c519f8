"""The table of changes of departments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.db import Utc


class DepartmentChange(SQLModel, table=True):
    """A change of an organisation's tree: `kind` says what, `day` from when on, in the client's time zone.

    `state` is planned, done, held (it could not be done on its day), cancelled or undone. `number` counts those that
    are done, in the order in which they were. `wanted` is what was asked for, `before` and `after` what the departments
    concerned were and became, all as `snapshots.py` writes them. `user_id` is None for the service itself.
    """

    __tablename__ = "department_change"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str
    day: date
    state: str
    number: int | None = Field(default=None)
    wanted: dict[str, Any] = Field(sa_type=JSON)  # Any: as JSON
    before: list[Any] = Field(sa_type=JSON)  # Any: as JSON
    after: list[Any] = Field(sa_type=JSON)  # Any: as JSON
    user_id: UUID | None = Field(default=None)
    asked_at: datetime = Field(sa_type=Utc)
    done_at: datetime | None = Field(default=None, sa_type=Utc)
