"""The statements of the audit log. Every function runs one statement."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlmodel import Session, col

from app.accounts.models import User
from app.acts.kinds import ENDINGS, group_of
from app.acts.models import Act

_COLUMNS = (
    col(Act.id),
    col(Act.at),
    col(Act.user_id),
    col(User.name),
    col(Act.kind),
    col(Act.wave_id),
    col(Act.subject_id),
    col(Act.detail),
)


@dataclass(frozen=True, slots=True)
class ActFacts:
    """One act. `user_id` and `user_name` are None for what the service did by itself."""

    id: UUID
    at: datetime
    user_id: UUID | None
    user_name: str | None
    kind: str
    wave_id: UUID | None
    subject_id: UUID | None
    detail: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are asked for: by whom (None for anybody), of which kinds (None for all), from and before when."""

    user_id: UUID | None = None
    kinds: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


def acts(
    session: Session, organisation_id: UUID, wanted: Wanted, *, most: int, after: tuple[datetime, UUID] | None = None
) -> tuple[ActFacts, ...]:
    """The newest acts that are asked for, at most so many; `after`: those that come after this one in the list."""
    found = _of(organisation_id, wanted).limit(most)
    if after is not None:
        at, id = after
        found = found.where(or_(col(Act.at) < at, and_(col(Act.at) == at, col(Act.id) < id)))
    return tuple(ActFacts(*row) for row in session.connection().execute(found))


def newest(session: Session, organisation_id: UUID, *, kind: str, wave_id: UUID) -> ActFacts | None:
    """The newest act of a kind about a wave, None where there is none."""
    found = _of(organisation_id, Wanted(kinds=(kind,))).where(col(Act.wave_id) == wave_id).limit(1)
    row = session.connection().execute(found).first()
    return None if row is None else ActFacts(*row)


def every(session: Session, organisation_id: UUID, wanted: Wanted) -> Iterator[ActFacts]:
    """All acts that are asked for, the newest first, read as they are needed."""
    rows = session.connection().execution_options(yield_per=1000).execute(_of(organisation_id, wanted))
    return (ActFacts(*row) for row in rows)


def doers(session: Session, organisation_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Everybody who has done something at a client, by name, also those who may see it no longer."""
    found = (
        select(col(User.id), col(User.name))
        .distinct()
        .join(Act, col(Act.user_id) == col(User.id))
        .where(col(Act.organisation_id) == organisation_id)
        .order_by(col(User.name), col(User.id))
    )
    return tuple((id, name) for id, name in session.connection().execute(found))


def ended(session: Session, user_id: UUID, *, since: datetime) -> dict[UUID, datetime]:
    """The organisations in which a role of this user was ended since a time, and when that was last."""
    found = (
        select(col(Act.organisation_id), func.max(col(Act.at)))
        .where(col(Act.at) >= since, col(Act.subject_id) == user_id, col(Act.kind).in_(ENDINGS))
        .group_by(col(Act.organisation_id))
    )
    return {id: at for id, at in session.connection().execute(found)}


def old(session: Session, *, before: datetime) -> tuple[UUID, ...]:
    """The organisations with acts from before a time."""
    found = select(col(Act.organisation_id)).where(col(Act.at) < before).distinct()
    return tuple(session.connection().scalars(found))


def count_old(session: Session, organisation_id: UUID, *, before: datetime) -> int:
    """How many acts of an organisation are from before a time."""
    found = select(func.count()).where(col(Act.organisation_id) == organisation_id, col(Act.at) < before)
    return int(session.connection().scalar(found) or 0)


def delete_old(session: Session, organisation_id: UUID, *, before: datetime) -> int:
    """Deletes the acts of an organisation from before a time; the database wants a record of it to be there."""
    gone = delete(Act).where(col(Act.organisation_id) == organisation_id, col(Act.at) < before)
    return session.connection().execute(gone).rowcount


def kinds_of(group: str, kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds of a group."""
    return tuple(kind for kind in kinds if group_of(kind) == group)


def _of(organisation_id: UUID, wanted: Wanted) -> Select[*tuple[Any, ...]]:  # Any: the columns have no common type
    conditions: Sequence[ColumnElement[bool]] = [
        col(Act.organisation_id) == organisation_id,
        *([col(Act.user_id) == wanted.user_id] if wanted.user_id is not None else ()),
        *([col(Act.kind).in_(wanted.kinds)] if wanted.kinds is not None else ()),
        *([col(Act.at) >= wanted.since] if wanted.since is not None else ()),
        *([col(Act.at) < wanted.until] if wanted.until is not None else ()),
    ]
    order = col(Act.at).desc(), col(Act.id).desc()
    return select(*_COLUMNS).outerjoin(User, col(User.id) == col(Act.user_id)).where(*conditions).order_by(*order)
