"""What a person does to a wave while it runs: more time, a pause, the opening taken back, the end without a result."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError
from app.numerals import whole
from app.sentences import say
from app.waves import labels, queries, timers, turnout
from app.waves.models import Wave
from app.waves.planning import wrong_field

LIVE: Final = ("open", "paused")
LONGEST_REASON: Final = 300
NOT_LIVE: Final = say("{label} is not open, so this cannot be done now.")
FARTHEST: Final = timedelta(days=550)
PAST: Final = say("This lies in the past. Choose a later day or time.")
FAR: Final = say("This is more than a year and a half away. Choose an earlier day.")


def set_end(session: Session, *, organisation_id: UUID, wave_id: UUID, ends_at: datetime | None, now: datetime) -> None:
    """Sets when a wave that runs closes by itself, None for when somebody closes it.

    InvalidError, field `closes`, for a time that has passed or is far away; ConflictError for a wave that does not run.
    """
    wave = _live(session, organisation_id, wave_id)
    if ends_at is not None and ends_at <= now:
        raise wrong_field("closes", PAST)
    if ends_at is not None and ends_at > now + FARTHEST:
        raise wrong_field("closes", FAR)
    zone = clients.organisation(session, organisation_id).time_zone
    wave.ends_at = ends_at
    wave.planned_close = None if ends_at is None else labels.today(ends_at, zone)
    session.flush()
    if ends_at is not None:
        timers.at(session, wave, timers.CLOSE, due=ends_at, now=now)


def set_target(session: Session, *, organisation_id: UUID, wave_id: UUID, target: str) -> None:
    """Sets the turnout aimed at, in whole per cent, "" for none. InvalidError, field `target`."""
    wave = queries.locked_wave(session, organisation_id, wave_id)
    percent = whole(target, most=100)
    if target and not percent:
        raise wrong_field("target", say("Give a whole number from 1 to 100, or leave it empty."))
    wave.target = percent
    session.flush()


def pause(session: Session, *, organisation_id: UUID, wave_id: UUID, until: datetime | None, now: datetime) -> None:
    """Lets a wave take no answers until a time, or until somebody has it go on; asked again it changes the time.

    InvalidError, field `until`, for a time that has passed or at which the wave has closed.
    """
    wave = _live(session, organisation_id, wave_id)
    if until is not None and until <= now:
        raise wrong_field("until", PAST)
    if until is not None and wave.ends_at is not None and until >= wave.ends_at:
        raise wrong_field(
            "until", say("The wave has closed by then. Choose an earlier time, or give it more time first.")
        )
    wave.state, wave.paused_until = "paused", until
    session.flush()
    if until is not None:
        timers.at(session, wave, timers.RESUME, due=until, now=now)


def resume(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Lets a paused wave take answers again; nothing for one that does."""
    wave = _live(session, organisation_id, wave_id)
    wave.state, wave.paused_until = "open", None
    session.flush()


def resume_due(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> bool:
    """Lets a wave go on whose pause is over, also late, and says whether it did."""
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state != "paused" or wave.paused_until is None or wave.paused_until > now:
        return False
    resume(session, organisation_id=organisation_id, wave_id=wave_id)
    return True


def take_back_opening(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Makes a wave a draft again, with nothing of what its opening froze, as long as nobody has sent answers.

    Whoever calls it has deleted the links before. ConflictError once an answer is in.
    """
    wave = _live(session, organisation_id, wave_id)
    if queries.turnout_total(session, organisation_id, wave_id).responses:
        raise ConflictError(
            say(
                "Answers to {label} are in, so its opening cannot be taken back. Close it, or cancel it.",
                label=wave.label,
            )
        )
    turnout.forget(session, organisation_id, wave_id)
    wave.state, wave.opened_at, wave.papers_sha256, wave.promise = "draft", None, None, None
    wave.languages = None if wave.languages is None else dict.fromkeys(wave.languages, "")
    # What it asked stays chosen: it may have been looked through with care.
    wave.instrument_sha256, wave.paused_until = None, None
    wave.opens_at = wave.ends_at = wave.planned_close = None
    session.flush()


def cancel(session: Session, *, organisation_id: UUID, wave_id: UUID, reason: str, now: datetime) -> None:
    """Ends a wave without a result, before or while it runs; the worker then deletes its answers unread.

    Asked again it changes nothing. InvalidError, field `reason`, without a reason; ConflictError once it has closed.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state == "cancelled":
        return
    if wave.state not in (*LIVE, "draft"):
        raise ConflictError(say("{label} has closed, so it cannot be cancelled any more.", label=wave.label))
    told = " ".join(reason.split())
    if not told or len(told) > LONGEST_REASON:
        sentence = say("Say why in at most {most} characters; people with a link read it.", most=LONGEST_REASON)
        raise InvalidError(sentence, fields={"reason": sentence})
    wave.closed_at = None if wave.state == "draft" else now
    wave.state, wave.cancelled, wave.opens_at, wave.ends_at, wave.held_at = "cancelled", told, None, None, None
    session.flush()
    timers.at(session, wave, timers.CANCEL, due=now, now=now)


def _live(session: Session, organisation_id: UUID, wave_id: UUID) -> Wave:
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state not in LIVE:
        raise ConflictError(NOT_LIVE.filled({"label": wave.label}))
    return wave
