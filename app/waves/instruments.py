"""What a wave asks: the questionnaire that it froze; until it opens the version that was chosen for it.

Where none was chosen, a wave asks what the one before it asked, so that the two can be compared, and the first one the
newest version.
"""

from uuid import UUID

from sqlmodel import Session

from app.errors import ConflictError
from app.questionnaires import loading
from app.sentences import say
from app.waves import queries
from app.waves.queries import WaveView
from surveys.model import Instrument


def asked(session: Session, wave: WaveView) -> Instrument:
    """The questionnaire of a wave, shipped or the client's own.

    At most two statements, none for an open wave whose questionnaire was asked for before. ConflictError when it is
    not the one that was frozen.
    """
    version = wave.instrument_version or _usual(session, wave)
    return loading.asked(session, wave.organisation_id, wave.instrument, version, wave.instrument_sha256)


def choose(session: Session, *, organisation_id: UUID, wave_id: UUID, key: str, version: str = "") -> None:
    """Chooses what a draft asks; without a version that of the wave before it, or the newest one.

    InvalidError, field `instrument`, for an unknown key or version; ConflictError once it opened.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state != "draft":
        raise ConflictError(say("{label} has opened, so its questionnaire can no longer be changed.", label=wave.label))
    wave.instrument, wave.instrument_version = loading.newest(session, organisation_id, key).key, None
    session.flush()
    if version:
        chosen = loading.of_version(session, organisation_id, key, version)
        usual = asked(session, queries.wave(session, organisation_id, wave_id))
        wave.instrument_version = None if chosen.version == usual.version else chosen.version
        session.flush()


def _usual(session: Session, wave: WaveView) -> str | None:
    """The version that the wave before asked of the same questionnaire, None where there was none."""
    if wave.previous_wave_id is None:
        return None
    before = queries.wave(session, wave.organisation_id, wave.previous_wave_id)
    return before.instrument_version if before.instrument == wave.instrument else None
