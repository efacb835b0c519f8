"""The statements about what is shared. Every function runs one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col

from app.share.models import FirstView, SharedLink, SharedRelease, SharedVisit

WHOLE = ""
"""The part of a release that somebody sees who sees all of it."""


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """That a release of a wave is shared, by whom and since when."""

    wave_id: UUID
    release_id: UUID
    user_id: UUID
    shared_at: datetime


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link to what is shared. `rows` are the ids of the rows that it shows beside the organisation, None for all."""

    organisation_id: UUID
    id: UUID
    wave_id: UUID
    label: str
    rows: tuple[str, ...] | None
    with_report: bool
    password_hash: str | None
    user_id: UUID
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    @property
    def whole(self) -> bool:
        """True for a link that shows all of the result."""
        return self.rows is None


@dataclass(frozen=True, slots=True)
class DayFacts:
    """How often a link was opened on a day, and its report downloaded."""

    day: date
    visits: int
    downloads: int


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """That somebody saw a part of a release, and since which day: `WHOLE`, or a lead's department by its id."""

    user_id: UUID
    part: str
    day: date


_COLUMNS = (
    col(SharedRelease.wave_id),
    col(SharedRelease.release_id),
    col(SharedRelease.user_id),
    col(SharedRelease.shared_at),
)
_LINK = tuple(col(getattr(SharedLink, name)) for name in LinkFacts.__dataclass_fields__)


def shared(session: Session, organisation_id: UUID) -> tuple[SharedFacts, ...]:
    """What an organisation's sponsors and leads may see."""
    found = select(*_COLUMNS).where(col(SharedRelease.organisation_id) == organisation_id)
    return tuple(SharedFacts(*row) for row in session.connection().execute(found))


def shared_releases(session: Session, organisation_id: UUID) -> frozenset[UUID]:
    """The releases that they may see."""
    return frozenset(one.release_id for one in shared(session, organisation_id))


def of_wave(session: Session, organisation_id: UUID, wave_id: UUID) -> SharedFacts | None:
    """What is shared of a wave."""
    found = select(*_COLUMNS).where(
        col(SharedRelease.organisation_id) == organisation_id, col(SharedRelease.wave_id) == wave_id
    )
    row = session.connection().execute(found).first()
    return SharedFacts(*row) if row else None


def stop(session: Session, organisation_id: UUID, wave_id: UUID) -> None:
    """Shares nothing of a wave any more."""
    session.connection().execute(
        delete(SharedRelease).where(
            col(SharedRelease.organisation_id) == organisation_id, col(SharedRelease.wave_id) == wave_id
        )
    )


def links(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[LinkFacts, ...]:
    """The links of a wave, the newest first, those that ended too."""
    found = (
        select(*_LINK)
        .where(col(SharedLink.organisation_id) == organisation_id, col(SharedLink.wave_id) == wave_id)
        .order_by(col(SharedLink.made_at).desc(), col(SharedLink.id))
    )
    return tuple(_link(row) for row in session.connection().execute(found))


def find(session: Session, fingerprint: str) -> LinkFacts | None:
    """The link of a token's fingerprint."""
    found = select(*_LINK).where(col(SharedLink.token_sha256) == fingerprint)
    row = session.connection().execute(found).one_or_none()
    return None if row is None else _link(row)


def revoke(session: Session, *, organisation_id: UUID, wave_id: UUID, link_id: UUID, now: datetime) -> bool:
    """Takes a link back; False when the wave has no such link that is in force."""
    here = (
        col(SharedLink.organisation_id) == organisation_id,
        col(SharedLink.wave_id) == wave_id,
        col(SharedLink.id) == link_id,
        col(SharedLink.revoked_at).is_(None),
    )
    return session.connection().execute(update(SharedLink).where(*here).values(revoked_at=now)).rowcount == 1


def visits(session: Session, organisation_id: UUID, wave_id: UUID) -> dict[UUID, tuple[DayFacts, ...]]:
    """On which days each link of a wave was opened, the newest day first; no entry for one that never was."""
    found = (
        select(col(SharedVisit.link_id), col(SharedVisit.day), col(SharedVisit.visits), col(SharedVisit.downloads))
        .join(
            SharedLink,
            (col(SharedLink.organisation_id) == col(SharedVisit.organisation_id))
            & (col(SharedLink.id) == col(SharedVisit.link_id)),
        )
        .where(col(SharedVisit.organisation_id) == organisation_id, col(SharedLink.wave_id) == wave_id)
        .order_by(col(SharedVisit.day).desc())
    )
    days: dict[UUID, tuple[DayFacts, ...]] = {}
    for link_id, day, visits, downloads in session.connection().execute(found):
        days[link_id] = (*days.get(link_id, ()), DayFacts(day, visits, downloads))
    return days


def count(session: Session, link: LinkFacts, *, day: date, visits: int = 0, downloads: int = 0) -> None:
    """Counts visits and downloads of a link on a day."""
    connection = session.connection()
    table = SQLModel.metadata.tables[SharedVisit.__tablename__]
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"organisation_id": link.organisation_id, "link_id": link.id, "day": day}
    made = insert(table).values(**values, visits=visits, downloads=downloads)
    more = {"visits": table.c.visits + visits, "downloads": table.c.downloads + downloads}
    connection.execute(made.on_conflict_do_update(index_elements=list(values), set_=more))


def first_views(session: Session, organisation_id: UUID, release_id: UUID) -> tuple[ViewFacts, ...]:
    """Who saw which part of a release, and since when; who saw it first comes first."""
    found = (
        select(col(FirstView.user_id), col(FirstView.part), col(FirstView.day))
        .where(col(FirstView.organisation_id) == organisation_id, col(FirstView.release_id) == release_id)
        .order_by(col(FirstView.day), col(FirstView.user_id))
    )
    return tuple(ViewFacts(*row) for row in session.connection().execute(found))


def note_view(
    session: Session, *, organisation_id: UUID, release_id: UUID, user_id: UUID, part: str, day: date
) -> None:
    """Notes that somebody sees a part of a release, unless they saw it before."""
    connection = session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"organisation_id": organisation_id, "release_id": release_id, "user_id": user_id, "part": part}
    table = SQLModel.metadata.tables[FirstView.__tablename__]
    connection.execute(insert(table).values(**values, day=day).on_conflict_do_nothing())


def _link(row: Row[Any]) -> LinkFacts:  # Any: columns of different types
    told = dict(zip(LinkFacts.__dataclass_fields__, row, strict=True))
    rows = told.pop("rows")
    return LinkFacts(**told, rows=None if rows is None else tuple(map(str, rows)))
