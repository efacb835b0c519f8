"""The tables of results: written once by the worker, never changed (the database refuses)."""

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


class LedgerRecord(SQLModel, table=True):
    """What a release told of whom, exactly: for the audit of the next release of the wave, and for the worker alone.

    `entries` is what `releases.ledger` writes: the finest sets of each column with their numbers of valid answers.
    Deleted together with the answer sheets.
    """

    __tablename__ = "release_ledger"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    release_id: UUID = Field(primary_key=True)
    wave_id: UUID
    entries: bytes


class ComparisonRecord(SQLModel, table=True):
    """What a release told of the wave before, `wave_id`, by comparing with it: part of that wave's ledger (P17).

    `entries` is what `releases.ledger` writes, of columns that name their questions. Deleted together with the answer
    sheets of that wave.
    """

    __tablename__ = "comparison_ledger"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    release_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    entries: bytes


class SupplementRecord(SQLModel, table=True):
    """Supplement `number` of a release: its reviewed comments, with an audit of their own (P18)."""

    __tablename__ = "supplement"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
        UniqueConstraint("organisation_id", "release_id", "number"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    release_id: UUID
    wave_id: UUID
    number: int
    made_at: datetime = Field(sa_type=Utc)
    sha256: str
    document: bytes
