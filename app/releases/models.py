"""The table of releases: written once by the worker, never changed (the database refuses)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class ReleaseRecord(SQLModel, table=True):
    """Release `number` of a wave: its canonical bytes (`releases.document`) and their SHA-256."""

    __tablename__ = "release"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        UniqueConstraint("organisation_id", "wave_id", "number"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    wave_id: UUID
    number: int
    made_at: datetime = Field(sa_type=Utc)
    sha256: str
    document: bytes
