"""Labels of waves: quarters of the client's calendar (`2026-Q4`) or a short text, and what to propose next."""

import re
from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.errors import InvalidError
from app.sentences import say

MAX_LABEL = 30
QUARTERS_A_YEAR = 4

_QUARTER = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])")
_ALMOST_QUARTER = re.compile(r"(?P<year>\d{4})\s*[-/ ]?\s*[qQ]\s*(?P<quarter>\d+)")
_TEXT = re.compile(r"[^\W_]([\w .,&/()'+–-]*[\w.)])?")


def today(now: datetime, zone: str) -> date:
    """The date in the client's time zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def quarter(day: date) -> str:
    """The quarter of a day: 2026-Q4."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def following(label: str) -> str | None:
    """The quarter after `label`, None when the label is not a quarter."""
    match = _QUARTER.fullmatch(label)
    if match is None:
        return None
    year, number = int(match["year"]), int(match["quarter"])
    return f"{year + 1:04d}-Q1" if number == QUARTERS_A_YEAR else f"{year:04d}-Q{number + 1}"


def proposed(day: date, *, after: str | None = None, taken: Collection[str] = ()) -> str:
    """The label to propose: the quarter of `day`, or that after the wave `after` where it is later; none of `taken`."""
    label = max(quarter(day), (following(after) if after else None) or "")
    while label in taken:
        later = following(label)
        assert later is not None  # it began as a quarter
        label = later
    return label


def checked(text: str) -> str:
    """The label as it is stored: a quarter in its usual writing, or the text; InvalidError names what is wrong."""
    label = " ".join(text.split())
    almost = _ALMOST_QUARTER.fullmatch(label)
    if almost is not None:
        label = f"{almost['year']}-Q{almost['quarter']}"
        if _QUARTER.fullmatch(label) is None:
            raise _invalid(
                say(
                    "A year has four quarters: {label} is not one of them. Write, for example, {year}-Q4.",
                    label=label,
                    year=label[:4],
                )
            )
        return label
    if not label:
        raise _invalid(say("Give the wave a label, for example 2026-Q4."))
    if len(label) > MAX_LABEL:
        raise _invalid(
            say(
                "The label has {count} characters. Use at most {most}, for example 2026-Q4.",
                count=len(label),
                most=MAX_LABEL,
            )
        )
    if _TEXT.fullmatch(label) is None:
        raise _invalid(say("Write the label with letters, digits and spaces, for example 2026-Q4 or Spring 2027."))
    return label


def _invalid(sentence: str) -> InvalidError:
    return InvalidError(sentence, fields={"label": sentence})
