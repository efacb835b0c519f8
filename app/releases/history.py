"""The releases of a wave and of all waves before it, for slopes."""

from sqlmodel import Session

from app.releases import store
from app.releases.statistics.slopes import Told
from app.releases.store import StoredRelease
from app.waves import instruments
from app.waves import queries as waves
from scoring.trend import LEAST_WAVES
from surveys.model import Instrument


def history(session: Session, newest: StoredRelease) -> tuple[Told, ...]:
    """The same as `every_wave`; nothing for fewer than four, of which no slope is told."""
    found = every_wave(session, newest, least=LEAST_WAVES)
    return found if len(found) >= LEAST_WAVES else ()


def every_wave(session: Session, newest: StoredRelease, *, least: int = 1) -> tuple[Told, ...]:
    """The newest release of each wave of the assessment up to this one, oldest first; nothing for fewer than `least`.

    Three statements, and one for each of the client's own questionnaires that was not asked for before.
    """
    every = waves.waves(session, newest.organisation_id)
    this = next(one for one in every if one.id == newest.wave_id)
    earlier = [
        one for one in every if one.assessment_id == this.assessment_id and one.finished and one.number < this.number
    ]
    if len(earlier) + 1 < least:
        return ()
    found = store.newest_of(session, newest.organisation_id, [one.id for one in earlier])
    before = [
        Told(found[one.id].document, _anchors(instruments.asked(session, one)))
        for one in sorted(earlier, key=lambda one: one.number)
        if one.id in found
    ]
    return (*before, Told(newest.document, _anchors(instruments.asked(session, this))))


def _anchors(instrument: Instrument) -> dict[str, frozenset[str]]:
    """The anchors of each dimension. Another questionnaire, or a new first number of the version, has others (3.14)."""
    version = f"{instrument.key} {instrument.version.split('.')[0]}"
    return {
        one.id: frozenset(f"{version} {item.id}" for item in one.items if item.anchor) for one in instrument.dimensions
    }
