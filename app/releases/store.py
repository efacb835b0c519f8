"""Reading releases: everybody who shows a number reads here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.releases import document
from app.releases.document import Release
from app.releases.models import ReleaseRecord


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release as it lies in the database: `raw` are its canonical bytes, `sha256` their digest."""

    id: UUID
    organisation_id: UUID
    wave_id: UUID
    number: int
    made_at: datetime
    sha256: str
    raw: bytes
    document: Release


def latest(session: Session, organisation_id: UUID, wave_id: UUID) -> StoredRelease | None:
    """The newest release of a wave, or None while there is none."""
    statement = (
        select(ReleaseRecord)
        .where(ReleaseRecord.organisation_id == organisation_id, ReleaseRecord.wave_id == wave_id)
        .order_by(col(ReleaseRecord.number).desc())
        .limit(1)
    )
    return _stored(session.exec(statement).first())


def by_id(session: Session, organisation_id: UUID, release_id: UUID) -> StoredRelease | None:
    """The release of that id, or None."""
    return _stored(session.get(ReleaseRecord, (organisation_id, release_id)))


def _stored(record: ReleaseRecord | None) -> StoredRelease | None:
    if record is None:
        return None
    return StoredRelease(
        id=record.id,
        organisation_id=record.organisation_id,
        wave_id=record.wave_id,
        number=record.number,
        made_at=record.made_at,
        sha256=record.sha256,
        raw=record.document,
        document=document.load(record.document),
    )
