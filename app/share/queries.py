"""The statements about what is shared. Every function runs one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.share.models import SharedRelease


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """That a release of a wave is shared, by whom and since when."""

    wave_id: UUID
    release_id: UUID
    user_id: UUID
    shared_at: datetime


_COLUMNS = (
    col(SharedRelease.wave_id),
    col(SharedRelease.release_id),
    col(SharedRelease.user_id),
    col(SharedRelease.shared_at),
)


def shared(session: Session, organisation_id: UUID) -> tuple[SharedFacts, ...]:
    """What an organisation's sponsors and leads may see."""
    found = select(*_COLUMNS).where(col(SharedRelease.organisation_id) == organisation_id)
    return tuple(SharedFacts(*row) for row in session.connection().execute(found))


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
