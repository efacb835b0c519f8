"""How many will have answered when a wave closes, from how many did on its last days. Pure; days are the client's.

Only what the whole organisation did on a day is used, which the live total tells anybody who watches (MEASUREMENT.md
P10). Nothing is assumed about how surveys usually go: each day that is left is as one of the last five that counted,
drawn at random, and whoever has not answered by then does so as often as people did on that day. That is repeated;
eight in ten of these courses end within the interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

SATURDAY: Final = 5
ALIKE: Final = 5  # days that the days to come may be like
FEWEST: Final = 3  # days before anything is said
COURSES: Final = 2000
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
    import numpy as np  # takes a tenth of a second to import, which only whoever watches a wave should pay for

    weekends = any(n for day, n in counts.items() if day.weekday() >= SATURDAY)
    past = [day for day in _days(opened, today - A_DAY) if weekends or day.weekday() < SATURDAY]
    left = [day for day in _days(today, closes) if weekends or day.weekday() < SATURDAY]
    if len(past) < FEWEST or not left or not people:
        return None
    alike = past[-ALIKE:]
    before = [max(1, people - sum(n for day, n in counts.items() if day < one)) for one in alike]
    answered = [min(counts.get(one, 0), most) for one, most in zip(alike, before, strict=True)]
    chance = np.random.default_rng(len(left))
    waiting = np.full(COURSES, max(0, people - sum(n for day, n in counts.items() if day < today)))
    for _ in left:
        which = chance.integers(len(alike), size=COURSES)
        yes = np.array(answered)[which] + 0.5
        no = np.array(before)[which] - np.array(answered)[which] + 0.5
        waiting = waiting - chance.binomial(waiting, chance.beta(yes, no))
    # Whatever has come today is there already.
    waiting = np.minimum(waiting, max(0, people - sum(counts.values())))
    low, high = np.percentile(people - waiting, [LOW, HIGH])
    return Outlook(round(100 * float(low) / people), min(100, round(100 * float(high) / people)), len(alike))


def _days(first: date, last: date) -> list[date]:
    return [first + n * A_DAY for n in range((last - first).days + 1)]
