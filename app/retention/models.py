"""The table of deletions, which outlives what was deleted."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.db import Utc


class DeletionRecord(SQLModel, table=True):
    """That something was deleted: `what` (answers, roster, person, client), how many rows of each kind, when, by whom.

    Names nobody who answered. The ids point to rows that may be gone, so they are no foreign keys.
    """

    __tablename__ = "deletion_record"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organisation_id: UUID = Field(index=True)
    organisation_name: str
    wave_label: str = Field(default="")
    what: str
    counts: dict[str, Any] = Field(sa_type=JSON)  # Any: numbers of rows by kind, as JSON
    reason: str
    user_id: UUID | None = Field(default=None)
    deleted_at: datetime = Field(sa_type=Utc)
