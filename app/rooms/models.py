"""The table of rooms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Room(SQLModel, table=True):
    """The room of a wave, the last one that was opened: whose people may join, and until when.

    The code follows from `id` and the key outside the database, which holds a mark of it; `before` is how many people
    of the whole organisation had answered when it opened. Nothing says who joined.
    """

    __tablename__ = "room"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),)

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    id: UUID
    departments: list[Any] = Field(sa_type=JSON)  # Any: ids as text, as JSON
    code_mark: str = Field(unique=True)
    before: int
    closes_at: datetime = Field(sa_type=Utc)
