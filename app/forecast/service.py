"""Takes proposals for pools, before a wave opens."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session

from app.clients import service as departments
from app.errors import ConflictError
from app.sentences import say
from app.waves import queries as waves


def accept(session: Session, *, organisation_id: UUID, wave_id: UUID, name: str, members: Collection[UUID]) -> None:
    """Shows the departments of a proposal together, under a name.

    ConflictError once the wave has opened, because it keeps the pools that it froze; InvalidError, field `pool`.
    """
    wave = waves.wave(session, organisation_id, wave_id)
    if wave.state != "draft":
        raise ConflictError(
            say("{wave} has opened and keeps its pools. What you change counts from the next wave on.", wave=wave.label)
        )
    departments.name_pool(session, organisation_id, name=name, members=members)
