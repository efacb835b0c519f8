"""Sharing a release with the client, and which of its rows somebody of the client sees."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError
from app.releases import store
from app.releases.document.release import Release, Row
from app.releases.store import StoredRelease
from app.sentences import say
from app.share import queries
from app.share.models import SharedRelease
from app.waves import queries as waves


def share(session: Session, *, organisation_id: UUID, wave_id: UUID, user_id: UUID, now: datetime) -> None:
    """Shows a wave's newest release to the client, in place of an earlier one. ConflictError while there is none."""
    wave = waves.wave(session, organisation_id, wave_id)
    waves.hold(session, organisation_id, wave_id)
    newest = store.latest(session, organisation_id, wave_id)
    if newest is None:
        raise ConflictError(say("There is no result of {wave} yet, so there is nothing to share.", wave=wave.label))
    there = queries.of_wave(session, organisation_id, wave_id)
    if there is not None and there.release_id == newest.id:
        return
    queries.stop(session, organisation_id, wave_id)
    session.add(
        SharedRelease(
            organisation_id=organisation_id, wave_id=wave_id, release_id=newest.id, user_id=user_id, shared_at=now
        )
    )
    session.flush()


def stop(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Shows nothing of a wave to the client any more. What was seen or downloaded before can't be taken back."""
    waves.wave(session, organisation_id, wave_id)
    queries.stop(session, organisation_id, wave_id)


def shared_release(session: Session, organisation_id: UUID, wave_id: UUID) -> StoredRelease | None:
    """The release of a wave that is shared, None while none is."""
    there = queries.of_wave(session, organisation_id, wave_id)
    return store.by_id(session, organisation_id, there.release_id) if there else None


def rows_for(release: Release, department_id: UUID | None) -> tuple[Row, ...]:
    """The rows that somebody sees: all, or for a lead the organisation and what is printed of their own department.

    Their department's row with everything below it; where it has none of its own, the pool that holds it. Only rows
    that the release prints, so nothing is told that the whole release does not tell.
    """
    if department_id is None:
        return release.rows
    own = str(department_id)
    top = release.row(own) or next((row for row in release.rows if row.kind == "pool" and own in row.departments), None)
    if top is None:
        return (release.organisation,)
    inside, found = {top.id}, [release.organisation, top]
    for row in release.rows:
        if row.parent in inside:
            inside.add(row.id)
            found.append(row)
    return tuple(found)
