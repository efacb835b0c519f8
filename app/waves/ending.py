"""What people are told besides the promise, and the end of a wave: at once, or after a time that is announced."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.errors import InvalidError
from app.sentences import Sentence, say
from app.waves import headcounts, queries, service, timers

LONGEST: Final = 500  # characters
AT_ONCE: Final = 0
# Minutes that people have to finish what they began.
GRACES: Final[dict[int, Sentence]] = {
    AT_ONCE: say("At once"),
    15: say("In 15 minutes"),
    60: say("In an hour"),
    24 * 60: say("In a day"),
}


def tell(session: Session, *, organisation_id: UUID, wave_id: UUID, contact: str, results: str) -> None:
    """Keeps whom people can ask, and when and where they see the results; "" for what is not known.

    Both may be changed at any time: they are no promise. InvalidError has a sentence for a text that is too long.
    """
    typed = {"contact": contact, "results": results}
    wrong: dict[str, str] = {
        name: say("This has {length} characters, and {longest} fit.", length=len(text), longest=LONGEST)
        for name, text in typed.items()
        if len(text) > LONGEST
    }
    if wrong:
        raise InvalidError(next(iter(wrong.values())), fields=wrong)
    wave = queries.locked_wave(session, organisation_id, wave_id)
    wave.contact, wave.results = contact or None, results or None
    session.flush()


def end(session: Session, *, organisation_id: UUID, wave_id: UUID, grace: int, now: datetime) -> None:
    """Closes a wave at once, or has it close after so many minutes, of which its pages then tell.

    Asked again it keeps the end that comes first, also one that was planned; asked to close at once it does, and a
    paused one in any case. ConflictError for a draft, InvalidError for a time that is not offered.
    """
    if grace not in GRACES:
        raise InvalidError(say("Choose one of the times."))
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if grace == AT_ONCE or wave.state != "open":
        service.start_closing(session, **place, now=now)
        return
    end = now + timedelta(minutes=grace)
    if wave.ends_at is None or wave.ends_at > end:
        wave.ends_at = end
        session.flush()
        timers.at(session, wave, timers.CLOSE, due=end, now=now)


def close_due(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> bool:
    """Closes a wave whose time to close has come, also late, and says whether it did; one that was extended, or has
    closed, it leaves alone.

    Nobody may be watching: where a headcount has to be settled first, its consultants are told.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state not in ("open", "paused") or wave.ends_at is None or wave.ends_at > now:
        return False
    service.start_closing(session, organisation_id=organisation_id, wave_id=wave_id, now=now)
    if headcounts.blocking(session, organisation_id, wave_id):
        timers.at(session, wave, timers.TELL, due=now, now=now)
    return True
