"""How many will have answered when a wave closes, from how many did on its last days. Pure; days are the client's.

Only what the whole organisation did on a day is used, which the live total tells anybody who watches (MEASUREMENT.md
P10). Nothing is assumed about how surveys usually go: each day that is left is as one of the last five that counted,
drawn at random, and whoever has not answered by then does so as often as people did on that day. That is repeated;
eight in ten of these courses end within the interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SATURDAY: Final = 5
ALIKE: Final = 5  # days that the days to come may be like
FEWEST: Final = 3  # days before anything is said
COURSES: Final = 2000
REMEMBERED: Final = 64
SHARES: Final = 600  # of the courses, for whoever goes on with each of them
LOW, HIGH = 10, 90  # per cent of the courses below
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The turnout at the close in whole per cent: eight in ten courses end from `low` to `high`; `days` it rests on."""

    low: int
    high: int
    days: int


def forecast(counts: Mapping[date, int], *, people: int, opened: date, today: date, closes: date) -> Outlook | None:
    """Where the turnout will end, from the responses of each day; None while too few days have passed, or none is left.

    Saturdays and Sundays count where somebody answered on one.
    """
    import numpy as np

    found = _courses(counts, people=people, opened=opened, today=today, closes=closes)
    if found is None:
        return None
    # Whatever has come today is there already.
    waiting = np.minimum(found.waiting, max(0, people - sum(counts.values())))
    low, high = np.percentile(people - waiting, [LOW, HIGH])
    return Outlook(round(100 * float(low) / people), min(100, round(100 * float(high) / people)), found.days)


def still_to_come(
    counts: Mapping[date, int], *, people: int, opened: date, today: date, closes: date
) -> tuple[float, ...]:
    """Which share of those who had not answered by last night will answer until the close, in each course.

    Nothing that came today counts, so it is the same all day long; empty where nothing can be said.
    """
    until_last_night = {day: n for day, n in counts.items() if day < today}
    found = _courses(until_last_night, people=people, opened=opened, today=today, closes=closes)
    if found is None or not found.before:
        return ()
    return tuple(float(1 - waiting / found.before) for waiting in found.waiting[:SHARES])


@dataclass(frozen=True, slots=True)
class _Courses:
    """How many will not have answered at the close, in each course; `before` have not by last night."""

    waiting: "npt.NDArray[np.int64]"
    before: int
    days: int


def _courses(counts: Mapping[date, int], *, people: int, opened: date, today: date, closes: date) -> _Courses | None:
    weekends = any(n for day, n in counts.items() if day.weekday() >= SATURDAY)
    past = [day for day in _days(opened, today - A_DAY) if weekends or day.weekday() < SATURDAY]
    left = [day for day in _days(today, closes) if weekends or day.weekday() < SATURDAY]
    if len(past) < FEWEST or not left or not people:
        return None
    alike = past[-ALIKE:]
    before = tuple(max(1, people - sum(n for day, n in counts.items() if day < one)) for one in alike)
    answered = tuple(min(counts.get(one, 0), most) for one, most in zip(alike, before, strict=True))
    missing = max(0, people - sum(n for day, n in counts.items() if day < today))
    return _drawn(answered, before, missing, len(left))


@lru_cache(maxsize=REMEMBERED)
def _drawn(answered: tuple[int, ...], before: tuple[int, ...], missing: int, left: int) -> _Courses:
    """The courses over `left` days, each like one on which so many `answered` of those `before`: as long as the figures
    are the same, which is a day, they are drawn once."""
    import numpy as np  # takes a tenth of a second to import, which only whoever watches a wave should pay for

    chance = np.random.default_rng(left)
    waiting = np.full(COURSES, missing)
    for _ in range(left):
        which = chance.integers(len(answered), size=COURSES)
        yes = np.array(answered)[which] + 0.5
        no = np.array(before)[which] - np.array(answered)[which] + 0.5
        waiting = waiting - chance.binomial(waiting, chance.beta(yes, no))
    return _Courses(waiting, missing, len(answered))


def _days(first: date, last: date) -> list[date]:
    return [first + n * A_DAY for n in range((last - first).days + 1)]
