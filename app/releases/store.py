"""Releases in the database: everybody who shows a number reads here; the worker alone adds one, with its ledger."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, Select, delete, select
from sqlmodel import Session, col

from app.releases.document.release import Release, digest, load
from app.releases.kept import Document, Kept
from app.releases.models import ComparisonRecord, LedgerRecord, ReleaseRecord, SupplementRecord
from app.releases.plan import ledger
from app.releases.plan.ledger import Ledger
from app.waves.queries import WaveView

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
    kept: Document

    @property
    def document(self) -> Release:
        """The release; its rows are read when they are asked for."""
        return self.kept.release

    @property
    def raw(self) -> bytes:
        """Its canonical bytes."""
        return self.kept.bytes.raw()


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
    """The newest release of a wave, or None while there is none; one statement, two where it was not read lately."""
    statement = _FACTS.where(
        col(ReleaseRecord.organisation_id) == organisation_id, col(ReleaseRecord.wave_id) == wave_id
    )
    return next(iter(_stored(session, statement.order_by(col(ReleaseRecord.number).desc()).limit(1))), None)


def with_ledgers(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[tuple[Release, Ledger | None], ...]:
    """All releases of a wave with what they told of, the oldest first. For the worker alone."""
    statement = select(col(LedgerRecord.release_id), col(LedgerRecord.entries)).where(
        col(LedgerRecord.organisation_id) == organisation_id, col(LedgerRecord.wave_id) == wave_id
    )
    kept = {release_id: ledger.load(entries) for release_id, entries in session.connection().execute(statement)}
    every = of_wave(session, organisation_id, wave_id)
    # Read at once: the auditor goes through all rows again for each column, which would read rows over and over.
    return tuple((load(one.raw), kept.get(one.id)) for one in reversed(every))


def comparisons(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[Ledger, ...]:
    """What releases of later waves told of a wave by comparing with it. For the worker alone."""
    statement = select(col(ComparisonRecord.entries)).where(
        col(ComparisonRecord.organisation_id) == organisation_id, col(ComparisonRecord.wave_id) == wave_id
    )
    return tuple(ledger.load(entries) for entries in session.connection().scalars(statement))


def of_wave(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[StoredRelease, ...]:
    """All releases of a wave, the newest first; one statement, two where one of them was not read lately."""
    statement = _FACTS.where(
        col(ReleaseRecord.organisation_id) == organisation_id, col(ReleaseRecord.wave_id) == wave_id
    )
    return _stored(session, statement.order_by(col(ReleaseRecord.number).desc()))


def of_waves(
    session: Session, organisation_id: UUID, wave_ids: Sequence[UUID]
) -> dict[UUID, tuple[StoredRelease, ...]]:
    """All releases of each of these waves, the newest first, in at most two statements; none for one without any."""
    record = ReleaseRecord
    of_these = _FACTS.where(col(record.organisation_id) == organisation_id, col(record.wave_id).in_(wave_ids))
    every = tuple(_stored(session, of_these.order_by(col(record.number).desc())))
    return {id: tuple(one for one in every if one.wave_id == id) for id in {one.wave_id for one in every}}


def newest(session: Session, waves: Collection[WaveView]) -> dict[UUID, StoredRelease]:
    """The newest release of each of these waves that has one, by the wave's id.

    One statement, two where one of them was not read lately; documents of older releases are not read.
    """
    record = ReleaseRecord
    of_these = _FACTS.where(
        col(record.organisation_id).in_({one.organisation_id for one in waves}),
        col(record.wave_id).in_([one.id for one in waves]),
    )
    every = session.connection().execute(of_these.order_by(col(record.number)))
    return {one.wave_id: one for one in _opened(session, tuple({row.wave_id: row for row in every}.values()))}


def by_id(session: Session, organisation_id: UUID, release_id: UUID) -> StoredRelease | None:
    """The release of that id, or None."""
    statement = _FACTS.where(col(ReleaseRecord.organisation_id) == organisation_id, col(ReleaseRecord.id) == release_id)
    return next(iter(_stored(session, statement)), None)


def by_ids(session: Session, organisation_id: UUID, release_ids: Collection[UUID]) -> tuple[StoredRelease, ...]:
    """The releases with these ids, in at most two statements."""
    return _stored(
        session,
        _FACTS.where(col(ReleaseRecord.organisation_id) == organisation_id, col(ReleaseRecord.id).in_(release_ids)),
    )


def by_digests(session: Session, digests: Collection[str]) -> tuple[StoredRelease, ...]:
    """The releases with these SHA-256, of whatever organisation: for the operator, who asks what a file shows."""
    return _stored(session, _FACTS.where(col(ReleaseRecord.sha256).in_(digests)).order_by(col(ReleaseRecord.made_at)))


_FACTS = select(
    *(col(getattr(ReleaseRecord, name)) for name in ("id", "organisation_id", "wave_id", "number", "made_at", "sha256"))
)


# Any: the columns of `_FACTS`.
def _stored(session: Session, statement: Select[*tuple[Any, ...]]) -> tuple[StoredRelease, ...]:
    return _opened(session, session.connection().execute(statement).all())


# Any: the columns of `_FACTS`.
def _opened(session: Session, found: Sequence[Row[Any]]) -> tuple[StoredRelease, ...]:
    """These releases. Documents that were not read lately are fetched together, all others not at all."""
    kept = {one.sha256: KEPT.find(one.sha256) for one in found}
    missing = {one.id: one.sha256 for one in found if kept[one.sha256] is None}
    if missing:
        documents = select(col(ReleaseRecord.id), col(ReleaseRecord.document)).where(
            col(ReleaseRecord.organisation_id).in_({one.organisation_id for one in found}),
            col(ReleaseRecord.id).in_(missing),
        )
        for id, raw in session.connection().execute(documents):
            kept[missing[id]] = KEPT.document(missing[id], bytes(raw))
    return tuple(
        StoredRelease(**one._mapping, kept=document) for one in found if (document := kept[one.sha256]) is not None
    )
