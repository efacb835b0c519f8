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
    """What was told of a wave, `wave_id`, by comparing with it the wave of a release: part of its ledger (P17).

    A release tells of the wave before; a comparison of two other waves of both, under the first release of the other.
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


class AskedComparison(SQLModel, table=True):
    """A comparison of two waves that somebody asked for, `wave_id` the later one. `refused` says why it is not made."""

    __tablename__ = "asked_comparison"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        ForeignKeyConstraint(["organisation_id", "earlier_id"], ["wave.organisation_id", "wave.id"]),
        UniqueConstraint("organisation_id", "wave_id", "earlier_id"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    wave_id: UUID
    earlier_id: UUID
    asked_at: datetime = Field(sa_type=Utc)
    refused: str | None = Field(default=None)


class ComparisonDocument(SQLModel, table=True):
    """Comparison `number` of a wave with an earlier one: its canonical bytes (`document.comparison`) and their SHA-256.

    What it tells of both waves stands in their ledgers (`ComparisonRecord`).
    """

    __tablename__ = "comparison"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "id"], ["asked_comparison.organisation_id", "asked_comparison.id"]),
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        UniqueConstraint("organisation_id", "wave_id", "number"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    wave_id: UUID
    number: int
    made_at: datetime = Field(sa_type=Utc)
    sha256: str
    document: bytes


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
