"""The statements about plan records. Every function runs one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.planned.document import PlanDocument, load
from app.planned.models import PlanRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """That a record was fixed; see `models.PlanRecord`."""

    number: int
    wave_id: UUID
    release_id: UUID
    as_of: date
    made_by: str
    issued_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(RecordFacts):
    """The same with its document."""

    document: bytes

    @property
    def plan(self) -> PlanDocument:
        """What it says."""
        return load(self.document)


_FACTS: Final = tuple(col(getattr(PlanRecord, name)) for name in RecordFacts.__dataclass_fields__)
_KEPT: Final = tuple(col(getattr(PlanRecord, name)) for name in Kept.__dataclass_fields__)


def records(session: Session, organisation_id: UUID) -> tuple[RecordFacts, ...]:
    """All records of a client, the newest first, without their documents."""
    found = select(*_FACTS).where(col(PlanRecord.organisation_id) == organisation_id)
    ordered = found.order_by(col(PlanRecord.number).desc())
    return tuple(RecordFacts(**row._mapping) for row in session.connection().execute(ordered))


def every(session: Session, organisation_id: UUID) -> tuple[Kept, ...]:
    """The same with their documents: for the client's papers."""
    found = select(*_KEPT).where(col(PlanRecord.organisation_id) == organisation_id)
    ordered = found.order_by(col(PlanRecord.number).desc())
    return tuple(Kept(**row._mapping) for row in session.connection().execute(ordered))


def record(session: Session, organisation_id: UUID, number: int) -> Kept | None:
    """The record of that number, or None."""
    found = select(*_KEPT).where(col(PlanRecord.organisation_id) == organisation_id, col(PlanRecord.number) == number)
    row = session.connection().execute(found).one_or_none()
    return None if row is None else Kept(**row._mapping)


def newest_of_release(session: Session, organisation_id: UUID, release_id: UUID, *, sha256: str = "") -> Kept | None:
    """The newest record that was fixed on a release, or the one with that digest; None where there is none."""
    found = select(*_KEPT).where(
        col(PlanRecord.organisation_id) == organisation_id, col(PlanRecord.release_id) == release_id
    )
    if sha256:
        found = found.where(col(PlanRecord.sha256) == sha256)
    row = session.connection().execute(found.order_by(col(PlanRecord.number).desc()).limit(1)).one_or_none()
    return None if row is None else Kept(**row._mapping)


def newest_number(session: Session, organisation_id: UUID, release_id: UUID) -> int:
    """The number of the newest record on a release, 0 while there is none."""
    found = select(func.max(col(PlanRecord.number))).where(
        col(PlanRecord.organisation_id) == organisation_id, col(PlanRecord.release_id) == release_id
    )
    return session.connection().scalar(found) or 0


# What follows is for this room's service.


def highest(session: Session, organisation_id: UUID) -> int:
    """The number of the newest record, 0 while there is none."""
    found = select(func.max(col(PlanRecord.number))).where(col(PlanRecord.organisation_id) == organisation_id)
    return session.connection().scalar(found) or 0
