"""Ninety days in three parts: when they begin, by when an action is to be done, in which part a day lies. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from app.playbooks.action import Action

DAYS: Final = 90
PARTS: Final = (30, 60, 90)
FARTHEST: Final = timedelta(days=3 * 365)
"""How far ahead a day may lie."""


def begin(begun: Iterable[date], today: date) -> date:
    """The first day of the ninety that run today; today where none do."""
    return max((one for one in begun if one <= today < one + timedelta(days=DAYS)), default=today)


def last_days(begins: date) -> tuple[date, ...]:
    """The last day of each part; the first of them is day 1, so that the ninety end where the next ones may begin."""
    return tuple(begins + timedelta(days=days - 1) for days in PARTS)


def part(begins: date, due: date) -> int:
    """The part in which a day lies, 0 to 2; 3 for what is later."""
    return next((number for number, last in enumerate(last_days(begins)) if due <= last), len(PARTS))


def due_days(actions: Sequence[Action], begins: date, today: date) -> Mapping[str, date]:
    """By when each action is proposed to be done, by its id.

    Each begins when what it needs is done, takes its weeks and ends on a working day within the ninety days, or within
    its own weeks from today where less is left of them.
    """
    by_id = {one.id: one for one in actions}
    found: dict[str, date] = {}

    def of(action: Action) -> date:
        if action.id not in found:
            start = max([max(begins, today), *(of(by_id[one]) for one in action.needs if one in by_id)])
            end = start + timedelta(weeks=action.weeks)
            last = last_days(begins)[-1]
            found[action.id] = working(min(end, last) if last > start else end)
        return found[action.id]

    return {one.id: of(one) for one in actions}


def working(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
