"""Whether something became of a wave between reading and storing: what was proven without it is proven once more."""

from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError
from app.releases import refusals, store
from app.releases.proof import Dossier
from app.waves import queries as waves


def require_as_read(session: Session, organisation_id: UUID, wave_id: UUID, read: Dossier) -> None:
    """Holds a wave; ConflictError where more has been told of it than when it was read, or its answers were deleted."""
    waves.hold(session, organisation_id, wave_id)
    wave = waves.wave(session, organisation_id, wave_id)
    newest = store.latest(session, organisation_id, wave_id)
    told = 0 if newest is None else newest.number, len(store.comparisons(session, organisation_id, wave_id))
    if wave.deleted_at is not None or told != (len(read.releases), len(read.compared)):
        raise ConflictError(refusals.MEANWHILE.filled({"label": wave.label}))
