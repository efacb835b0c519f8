"""What somebody who sees a shared result sees of the waves before: those that are shared too, in the same rows."""

from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from app.releases import history
from app.releases.document.release import Release, Row
from app.releases.history import Arranged, Past
from app.releases.narrowing import narrowed
from app.releases.statistics.slopes import Told
from app.releases.store import StoredRelease
from app.share import queries


def past(session: Session, found: StoredRelease) -> Past:
    """The waves up to that of a shared release whose results are shared.

    Of this one that release alone; of each before it the one that is shared, and the one that was made again with the
    departments as they are now, where there is one. Five statements.
    """
    every = history.past(session, found)
    shared = {one.wave_id: one.release_id for one in queries.shared(session, found.organisation_id)}
    kept = {
        wave.id: tuple(
            one
            for one in every.releases[wave.id]
            if one.id == shared[wave.id] or (one.document.occasion == "departments" and wave.id != found.wave_id)
        )
        for wave in every.waves
        if wave.id in shared
    }
    return Past(tuple(one for one in every.waves if one.id in kept), kept, every.heirs)


def told(
    session: Session, found: Past, arranged: Arranged, rows: Callable[[Release], tuple[Row, ...]]
) -> tuple[Told, ...]:
    """What each wave told of the rows that somebody sees of it, oldest first."""
    every = history.told(session, found, arranged)
    return tuple(replace(one, release=narrowed(one.release, rows(one.release))) for one in every)
