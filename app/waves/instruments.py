"""What a wave asks: the questionnaire that it froze, or until it opens the newest version of the chosen one."""

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

    At most one statement, none for what was asked for before. ConflictError when it is not the one that was frozen.
    """
    return loading.asked(
        session, wave.organisation_id, wave.instrument, wave.instrument_version, wave.instrument_sha256
    )


def choose(session: Session, *, organisation_id: UUID, wave_id: UUID, key: str) -> None:
    """Chooses what a draft asks. InvalidError, field `instrument`, for an unknown key; ConflictError once it opened."""
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state != "draft":
        raise ConflictError(say("{label} has opened, so its questionnaire can no longer be changed.", label=wave.label))
    wave.instrument = loading.newest(session, organisation_id, key).key
    session.flush()
