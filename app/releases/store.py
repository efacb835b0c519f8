"""Releases in the database: everybody who shows a number reads here; the worker alone adds one, with its ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func
from sqlmodel import Session, col, select

from app.releases.document.release import Release, digest
from app.releases.kept import Kept
from app.releases.models import ComparisonRecord, LedgerRecord, ReleaseRecord, SupplementRecord
from app.releases.plan import ledger
from app.releases.plan.ledger import Ledger

KEPT = Kept()


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


@dataclass(frozen=True, slots=True)
class Written:
    """A release as it is stored: its number, its canonical bytes, and those of the ledger of what it tells of."""

    number: int
    document: bytes
    ledger: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a release belongs."""

    organisation_id: UUID
    wave_id: UUID


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """What a release tells of the wave before it by comparing with it."""

    wave_id: UUID
    ledger: Ledger


def add(session: Session, written: Written, place: Place, *, now: datetime, before: ToldBefore | None = None) -> UUID:
    """Stores a release with what it tells of, its own wave and the one before; returns its id."""
    release_id = uuid4()
    session.add(
        ReleaseRecord(
            organisation_id=place.organisation_id,
            id=release_id,
            wave_id=place.wave_id,
            number=written.number,
            made_at=now,
            sha256=digest(written.document),
            document=written.document,
        )
    )
    session.flush()
    session.add(
        LedgerRecord(
            organisation_id=place.organisation_id,
            release_id=release_id,
            wave_id=place.wave_id,
            entries=written.ledger,
        )
    )
    if before is not None:
        session.add(
            ComparisonRecord(
                organisation_id=place.organisation_id,
                release_id=release_id,
                wave_id=before.wave_id,
                entries=ledger.dump(before.ledger),
            )
        )
    session.flush()
    return release_id


def delete_ledgers(session: Session, organisation_id: UUID, wave_id: UUID) -> int:
    """Deletes what releases told of a wave exactly, together with its answers; gives the number of ledgers."""
    statements = (
        delete(record).where(col(record.organisation_id) == organisation_id, col(record.wave_id) == wave_id)
        for record in (LedgerRecord, ComparisonRecord)
    )
    return sum(session.connection().execute(one).rowcount for one in statements)


def documents(session: Session, organisation_id: UUID) -> tuple[tuple[UUID, UUID, int, bytes], ...]:
    """All releases of an organisation as (id, wave, number, canonical bytes), in one statement: for its export."""
    record = ReleaseRecord
    columns = (col(record.id), col(record.wave_id), col(record.number), col(record.document))
    statement = select(*columns).where(col(ReleaseRecord.organisation_id) == organisation_id)
    rows = session.connection().execute(statement.order_by(col(ReleaseRecord.made_at), col(ReleaseRecord.number)))
    return tuple((id, wave_id, number, bytes(raw)) for id, wave_id, number, raw in rows)


def supplements(session: Session, organisation_id: UUID) -> tuple[tuple[UUID, int, bytes], ...]:
    """All supplements of an organisation as (wave, number, canonical bytes), in one statement: for its export."""
    columns = (col(SupplementRecord.wave_id), col(SupplementRecord.number), col(SupplementRecord.document))
    statement = select(*columns).where(col(SupplementRecord.organisation_id) == organisation_id)
    rows = session.connection().execute(statement.order_by(col(SupplementRecord.made_at)))
    return tuple((wave_id, number, bytes(raw)) for wave_id, number, raw in rows)


def latest(session: Session, organisation_id: UUID, wave_id: UUID) -> StoredRelease | None:
    """The newest release of a wave, or None while there is none."""
    statement = (
        select(ReleaseRecord)
        .where(ReleaseRecord.organisation_id == organisation_id, ReleaseRecord.wave_id == wave_id)
        .order_by(col(ReleaseRecord.number).desc())
        .limit(1)
    )
    return _stored(session.exec(statement).first())


def with_ledgers(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[tuple[Release, Ledger | None], ...]:
    """All releases of a wave with what they told of, the oldest first. For the worker alone."""
    statement = select(LedgerRecord.release_id, LedgerRecord.entries).where(
        LedgerRecord.organisation_id == organisation_id, LedgerRecord.wave_id == wave_id
    )
    kept = {release_id: ledger.load(entries) for release_id, entries in session.exec(statement)}
    every = of_wave(session, organisation_id, wave_id)
    return tuple((one.document, kept.get(one.id)) for one in reversed(every))


def comparisons(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[Ledger, ...]:
    """What releases of later waves told of a wave by comparing with it. For the worker alone."""
    statement = select(ComparisonRecord.entries).where(
        ComparisonRecord.organisation_id == organisation_id, ComparisonRecord.wave_id == wave_id
    )
    return tuple(ledger.load(entries) for entries in session.exec(statement))


def of_wave(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[StoredRelease, ...]:
    """All releases of a wave, the newest first."""
    statement = (
        select(ReleaseRecord)
        .where(ReleaseRecord.organisation_id == organisation_id, ReleaseRecord.wave_id == wave_id)
        .order_by(col(ReleaseRecord.number).desc())
    )
    return tuple(found for record in session.exec(statement) if (found := _stored(record)) is not None)


def newest_of(session: Session, organisation_id: UUID, wave_ids: Sequence[UUID]) -> dict[UUID, StoredRelease]:
    """The newest release of each of these waves, in one statement; no entry for a wave without any."""
    record = ReleaseRecord
    last = (
        select(col(record.wave_id), func.max(col(record.number)).label("number"))
        .where(col(record.organisation_id) == organisation_id, col(record.wave_id).in_(wave_ids))
        .group_by(col(record.wave_id))
        .subquery()
    )
    statement = (
        select(record)
        .join(last, and_(col(record.wave_id) == last.c.wave_id, col(record.number) == last.c.number))
        .where(col(record.organisation_id) == organisation_id)
    )
    return {one.wave_id: found for one in session.exec(statement) if (found := _stored(one)) is not None}


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
        document=KEPT.document(record.sha256, record.document),
    )
