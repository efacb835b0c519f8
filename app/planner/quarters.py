"""Which waves to propose for the next year, from the client's financial year. Pure: days are those of its time zone."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from app.waves import labels

A_YEAR: Final = 4  # quarters
MONTHS: Final = 3
TUESDAY: Final = 1
RUNS: Final = timedelta(days=14)
OPENS: Final = time(9)
CLOSES: Final = time(18)
# A reminder once the first wave of answers is over, and one before the last days, each on a working day.
REMINDERS: Final = (timedelta(days=3), timedelta(days=9))


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the financial year: its first day and the first day after it."""

    begins: date
    ends: date


@dataclass(frozen=True, slots=True)
class Proposed:
    """A wave that might be planned: in which quarter, and on which days it opens and closes."""

    quarter: Quarter
    label: str
    opens: date
    closes: date


def quarters(day: date, *, year_starts: int) -> Iterator[Quarter]:
    """The quarter that holds a day, and those after it, without end."""
    months = 12 * day.year + day.month - 1
    first = months - (months - (year_starts - 1)) % MONTHS
    while True:
        yield Quarter(_day(first), _day(first + MONTHS))
        first += MONTHS


def proposed(today: date, *, year_starts: int, after: date, taken: Collection[str], most: int) -> tuple[Proposed, ...]:
    """Waves for the quarters after the day `after`, none in the past, none with a label that is taken.

    Each opens on the first Tuesday of its quarter's last month and runs for two weeks, so that its result is there when
    the quarter ends.
    """
    found: list[Proposed] = []
    for quarter in quarters(today, year_starts=year_starts):
        if len(found) >= most:
            break
        opens = _tuesday(quarter)
        label = labels.quarter(opens)
        if quarter.begins > after and opens > today and label not in taken:
            found.append(Proposed(quarter, label, opens, opens + RUNS))
    return tuple(found)


def _tuesday(quarter: Quarter) -> date:
    last = (quarter.ends - timedelta(days=1)).replace(day=1)
    return last + timedelta(days=(TUESDAY - last.weekday()) % 7)


def _day(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
