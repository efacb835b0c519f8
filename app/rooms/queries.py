"""The statements about rooms."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.rooms.models import Room


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room; see `Room`."""

    organisation_id: UUID
    wave_id: UUID
    id: UUID
    departments: frozenset[UUID]
    before: int
    closes_at: datetime


def room(session: Session, organisation_id: UUID, wave_id: UUID) -> RoomFacts | None:
    """The room of a wave, open or over, in one statement."""
    found = session.exec(select(Room).where(Room.organisation_id == organisation_id, Room.wave_id == wave_id)).first()
    return None if found is None else _facts(found)


def by_mark(session: Session, mark: str) -> RoomFacts | None:
    """The room of a code's mark, in one statement."""
    found = session.exec(select(Room).where(Room.code_mark == mark)).first()
    return None if found is None else _facts(found)


def keep(session: Session, facts: RoomFacts, *, mark: str) -> None:
    """Stores a room in place of the one before."""
    drop(session, facts.organisation_id, facts.wave_id)
    session.add(
        Room(
            organisation_id=facts.organisation_id,
            wave_id=facts.wave_id,
            id=facts.id,
            departments=sorted(str(one) for one in facts.departments),
            code_mark=mark,
            before=facts.before,
            closes_at=facts.closes_at,
        )
    )
    session.flush()


def drop(session: Session, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes the room of a wave."""
    session.flush()
    here = col(Room.organisation_id) == organisation_id, col(Room.wave_id) == wave_id
    session.connection().execute(delete(Room).where(*here))
    session.expire_all()


def _facts(found: Room) -> RoomFacts:
    departments = frozenset(UUID(one) for one in found.departments)
    return RoomFacts(found.organisation_id, found.wave_id, found.id, departments, found.before, found.closes_at)
