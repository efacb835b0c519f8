"""Comparisons of two waves in the database: asked for by pages, written once by the worker, which is their only writer.

It is the queries of comparisons, as `store` is those of releases.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.errors import NotFoundError
from app.releases.document import comparison
from app.releases.document.comparison import Comparison
from app.releases.models import AskedComparison, ComparisonDocument, ComparisonRecord
from app.releases.plan import ledger
from app.releases.plan.ledger import Ledger
from app.releases.store import Place

JOB = "comparison"


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """A comparison that was asked for: of `wave_id`, the later wave, with an earlier one. `refused`: why it is not."""

    id: UUID
    organisation_id: UUID
    wave_id: UUID
    earlier_id: UUID
    asked_at: datetime
    refused: str | None


@dataclass(frozen=True, slots=True)
class StoredComparison:
    """A comparison as it lies in the database: `raw` are its canonical bytes, `sha256` their digest."""

    id: UUID
    wave_id: UUID
    number: int
    made_at: datetime
    sha256: str
    raw: bytes

    @property
    def document(self) -> Comparison:
        """The comparison, read from its canonical bytes."""
        return comparison.load(self.raw)


def id_of(later_id: UUID, earlier_id: UUID) -> UUID:
    """The id of the comparison of two waves, so that two who ask at once ask for the same."""
    return uuid5(later_id, earlier_id.hex)


def ask(session: Session, place: Place, *, earlier_id: UUID, now: datetime) -> UUID:
    """Notes that a comparison was asked for, once; gives its id. One that was refused may be tried again."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    found = id_of(place.wave_id, earlier_id)
    keys = {"organisation_id": place.organisation_id, "id": found}
    values = {**keys, "wave_id": place.wave_id, "earlier_id": earlier_id, "asked_at": now}
    session.connection().execute(insert(AskedComparison).values(**values).on_conflict_do_nothing())
    _note(session, place.organisation_id, found, None)
    return found


def asked(session: Session, organisation_id: UUID, comparison_id: UUID) -> AskedFacts | None:
    """What was asked for under this id, None for nothing."""
    columns = (col(getattr(AskedComparison, name)) for name in AskedFacts.__dataclass_fields__)
    statement = select(*columns).where(
        col(AskedComparison.organisation_id) == organisation_id, col(AskedComparison.id) == comparison_id
    )
    row = session.connection().execute(statement).one_or_none()
    return AskedFacts(**row._mapping) if row else None


def require_asked(session: Session, organisation_id: UUID, comparison_id: UUID) -> AskedFacts:
    """The same; NotFoundError for nothing."""
    found = asked(session, organisation_id, comparison_id)
    if found is None:
        raise NotFoundError
    return found


def refuse(session: Session, organisation_id: UUID, comparison_id: UUID, why: str) -> None:
    """Notes why a comparison is not made."""
    _note(session, organisation_id, comparison_id, why)


def _note(session: Session, organisation_id: UUID, comparison_id: UUID, why: str | None) -> None:
    session.connection().execute(
        update(AskedComparison)
        .where(col(AskedComparison.organisation_id) == organisation_id, col(AskedComparison.id) == comparison_id)
        .values(refused=why)
    )


def by_id(session: Session, organisation_id: UUID, comparison_id: UUID) -> StoredComparison | None:
    """The comparison of that id, or None while there is none; in one statement."""
    columns = (col(getattr(ComparisonDocument, name)) for name in ("id", "wave_id", "number", "made_at", "sha256"))
    statement = select(*columns, col(ComparisonDocument.document)).where(
        col(ComparisonDocument.organisation_id) == organisation_id, col(ComparisonDocument.id) == comparison_id
    )
    row = session.connection().execute(statement).one_or_none()
    return StoredComparison(*row[:5], raw=bytes(row[5])) if row else None


def made(session: Session, organisation_id: UUID, comparison_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these comparisons are made, in one statement."""
    found = select(col(ComparisonDocument.id)).where(
        col(ComparisonDocument.organisation_id) == organisation_id, col(ComparisonDocument.id).in_(comparison_ids)
    )
    return frozenset(session.connection().scalars(found))


def every(session: Session, organisation_id: UUID) -> tuple[StoredComparison, ...]:
    """All comparisons of an organisation, in one statement: for its export."""
    columns = (col(getattr(ComparisonDocument, name)) for name in ("id", "wave_id", "number", "made_at", "sha256"))
    statement = select(*columns, col(ComparisonDocument.document)).where(
        col(ComparisonDocument.organisation_id) == organisation_id
    )
    rows = session.connection().execute(statement.order_by(col(ComparisonDocument.made_at)))
    return tuple(StoredComparison(*row[:5], raw=bytes(row[5])) for row in rows)


def next_number(session: Session, place: Place) -> int:
    """The number that the next comparison of a wave with an earlier one gets."""
    statement = select(func.count()).where(
        col(ComparisonDocument.organisation_id) == place.organisation_id,
        col(ComparisonDocument.wave_id) == place.wave_id,
    )
    return int(session.connection().execute(statement).scalar_one()) + 1


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What a comparison tells of a wave: kept under the first release of the other one, with the wave's own ledger."""

    wave_id: UUID
    release_id: UUID
    ledger: Ledger


def add(
    session: Session, place: Place, made: Comparison, *, comparison_id: UUID, told: tuple[ToldOf, ...], now: datetime
) -> None:
    """Stores a comparison with what it tells of both waves, beside what was told there before: of a comparison that was
    made by a database that was brought back to an earlier version since, the ledgers stay."""
    raw = comparison.dump(made)
    session.add(
        ComparisonDocument(
            organisation_id=place.organisation_id,
            id=comparison_id,
            wave_id=place.wave_id,
            number=made.number,
            made_at=now,
            sha256=comparison.digest(raw),
            document=raw,
        )
    )
    for one in told:
        _note_told(session, place.organisation_id, one)
    session.flush()


def _note_told(session: Session, organisation_id: UUID, one: ToldOf) -> None:
    kept = session.get(ComparisonRecord, (organisation_id, one.release_id, one.wave_id), with_for_update=True)
    if kept is not None:
        before = ledger.load(kept.entries).entries
        there = frozenset(before)
        kept.entries = ledger.dump(Ledger((*before, *(new for new in one.ledger.entries if new not in there))))
        return
    session.add(
        ComparisonRecord(
            organisation_id=organisation_id,
            release_id=one.release_id,
            wave_id=one.wave_id,
            entries=ledger.dump(one.ledger),
        )
    )
