"""The table of plan records."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class PlanRecord(SQLModel, table=True):
    """Plan record `number` of a client, fixed on a release: canonical JSON and its SHA-256, never changed."""

    __tablename__ = "plan_record"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
        UniqueConstraint("organisation_id", "number"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int
    wave_id: UUID
    release_id: UUID
    as_of: date
    made_by: str
    issued_at: datetime = Field(sa_type=Utc)
    sha256: str
    document: bytes
