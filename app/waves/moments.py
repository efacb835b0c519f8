"""Moments as people type them: a day and a time on the wall clock of the client's zone, stored as an instant in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.errors import InvalidError
from app.sentences import say

_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)")


@dataclass(frozen=True, slots=True)
class Typed:
    """A day and a time, still as text; both empty where nothing was typed."""

    day: str
    time: str

    @property
    def empty(self) -> bool:
        """True where no day was typed; a time without one says nothing."""
        return not self.day


def typed(moment: datetime | None, zone: str, *, otherwise: str = "") -> Typed:
    """An instant as the fields show it; no day, and the time `otherwise`, where there is none."""
    if moment is None:
        return Typed("", otherwise)
    local = moment.astimezone(ZoneInfo(zone))
    return Typed(local.date().isoformat(), f"{local:%H:%M}")


def read(given: Typed, zone: str, *, name: str) -> datetime | None:
    """The instant that was typed, None for an empty one; of a time that comes twice the first.

    InvalidError, field `name`, for what is no day or no time, and for a time that the clocks leave out on that day.
    """
    if given.empty:
        return None
    try:
        day = date.fromisoformat(given.day)
    except ValueError:
        raise _wrong(name, say("Give a day such as 2026-11-30.")) from None
    found = _TIME.fullmatch(given.time)
    if found is None:
        raise _wrong(name, say("Give a time such as 09:00."))
    try:
        return instant(day, time(int(found["hour"]), int(found["minute"])), zone)
    except InvalidError as error:
        raise _wrong(name, error.message) from None


def instant(day: date, at: time, zone: str) -> datetime:
    """The moment of a wall time on a day; InvalidError where the clocks are set forward over it."""
    try:
        local = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
        moment = local.astimezone(UTC)
        there = moment.astimezone(ZoneInfo(zone))
    except OverflowError:
        raise InvalidError(say("{day} is too far away.", day=day)) from None
    if there.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidError(
            say(
                "There is no {time} on {day} in {zone}: the clocks are set forward over it. Choose {later}, or another "
                "time.",
                time=f"{at:%H:%M}",
                day=day,
                zone=zone,
                later=f"{there:%H:%M}",
            )
        )
    return moment


def _wrong(name: str, sentence: str) -> InvalidError:
    return InvalidError(sentence, fields={name: sentence})
