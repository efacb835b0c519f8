"""The tables of guardrails: in which countries a client works, and what counsel said of a guardrail."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class WorkCountry(SQLModel, table=True):
    """In which countries a client works, `place` being empty, or one of its departments, `place` being its id.

    A department without a row works where the one above it does. `version` goes up with each change.
    """

    __tablename__ = "work_country"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    place: str = Field(primary_key=True)
    countries: list[Any] = Field(sa_type=JSON)  # Any: keys of places.PLACES, as JSON
    version: int


class CounselNote(SQLModel, table=True):
    """Version `number` of what somebody who knows the law said of a guardrail: written once.

    `edition` is the version of the guardrail that they read, `kind` one of `facts.KINDS`, `counsel` their name,
    `said_on` the day on which they said it, `made_by` the name of whoever wrote it down.
    """

    __tablename__ = "counsel_note"
    __table_args__ = (UniqueConstraint("organisation_id", "guardrail", "number"),)

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    guardrail: str
    number: int
    edition: str
    kind: str
    counsel: str
    said_on: date
    text: str
    made_by: str
    saved_at: datetime = Field(sa_type=Utc)
