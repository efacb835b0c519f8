"""The statements about what is made and mailed by itself. Each function runs one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.delivery.models import ReportDelivery, ReportSchedule
from app.reports.options import Options, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What an assessment's schedule says; `version` is 0 where there never was one."""

    active: bool
    files: tuple[str, ...]
    language: str
    paper: Paper
    roles: tuple[str, ...]
    addresses: tuple[str, ...]
    days: int
    password_hash: str | None
    version: int
    user_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One release for one recipient, as `ReportDelivery` has it."""

    organisation_id: UUID
    id: UUID
    assessment_id: UUID
    wave_id: UUID
    release_id: UUID
    address: str
    name: str
    user_id: UUID | None
    role: str
    files: tuple[str, ...]
    language: str
    paper: Paper
    edition: str
    password_hash: str | None
    state: str
    error: str
    sent_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    opened_on: date | None
    visits: int
    downloads: int

    @property
    def options(self) -> tuple[Options, ...]:
        """Its files with all that changes their bytes."""
        return tuple(
            Options.read(paper=self.paper, language=self.language, kind=key, edition=self.edition) for key in self.files
        )

    def in_force(self, now: datetime) -> bool:
        """Whether its link leads anywhere at this moment."""
        return self.revoked_at is None and self.expires_at is not None and now < self.expires_at


def schedule(session: Session, organisation_id: UUID, assessment_id: UUID) -> Schedule | None:
    """The schedule of an assessment; None where nobody ever set one."""
    found = select(*_SCHEDULE).where(
        col(ReportSchedule.organisation_id) == organisation_id, col(ReportSchedule.assessment_id) == assessment_id
    )
    row = session.connection().execute(found).one_or_none()
    return None if row is None else Schedule(**_told(row))


def put(session: Session, made: ReportSchedule, *, seen: int) -> bool:
    """Stores a schedule in the place of the version that was seen; False where there is another by now."""
    values = made.model_dump()
    if seen == 0:
        added = _insert(session)(ReportSchedule).values(**values).on_conflict_do_nothing()
        stored = added.returning(col(ReportSchedule.assessment_id))
        return session.connection().execute(stored).first() is not None
    changed = update(ReportSchedule).where(
        col(ReportSchedule.organisation_id) == made.organisation_id,
        col(ReportSchedule.assessment_id) == made.assessment_id,
        col(ReportSchedule.version) == seen,
    )
    return session.connection().execute(changed.values(**{**values, "version": seen + 1})).rowcount == 1


def add(session: Session, delivery: ReportDelivery) -> None:
    """Stores a delivery unless it is there."""
    session.connection().execute(
        _insert(session)(ReportDelivery).values(**delivery.model_dump()).on_conflict_do_nothing()
    )


def deliveries(session: Session, organisation_id: UUID, assessment_id: UUID) -> tuple[Delivery, ...]:
    """All deliveries of an assessment, the newest first."""
    found = (
        select(*_DELIVERY)
        .where(
            col(ReportDelivery.organisation_id) == organisation_id, col(ReportDelivery.assessment_id) == assessment_id
        )
        .order_by(col(ReportDelivery.asked_at).desc(), col(ReportDelivery.address))
    )
    return tuple(Delivery(**_told(row)) for row in session.connection().execute(found))


def find(session: Session, fingerprint: str) -> Delivery | None:
    """The delivery of a token's fingerprint."""
    found = select(*_DELIVERY).where(col(ReportDelivery.token_sha256) == fingerprint)
    row = session.connection().execute(found).one_or_none()
    return None if row is None else Delivery(**_told(row))


def locked(session: Session, organisation_id: UUID, delivery_id: UUID) -> ReportDelivery | None:
    """A delivery for a change that has to be alone."""
    return session.get(ReportDelivery, (organisation_id, delivery_id), with_for_update=True, populate_existing=True)


def count(session: Session, delivery: Delivery, *, day: date, visits: int = 0, downloads: int = 0) -> None:
    """Counts visits and downloads, and keeps the day on which the link was first opened."""
    session.connection().execute(
        update(ReportDelivery)
        .where(col(ReportDelivery.organisation_id) == delivery.organisation_id, col(ReportDelivery.id) == delivery.id)
        .values(
            visits=col(ReportDelivery.visits) + visits,
            downloads=col(ReportDelivery.downloads) + downloads,
            opened_on=func.coalesce(col(ReportDelivery.opened_on), day),
        )
    )


_SCHEDULE = tuple(col(getattr(ReportSchedule, name)) for name in Schedule.__dataclass_fields__)
_DELIVERY = tuple(col(getattr(ReportDelivery, name)) for name in Delivery.__dataclass_fields__)


def _told(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:  # Any: columns of different types
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row._mapping.items()}


def _insert(session: Session) -> Any:  # Any: the two databases' inserts share no type
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
