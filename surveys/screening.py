"""Signs of careless answering, computed once from the draft when it is sent (MEASUREMENT.md 1.8, P16, P19).

The answer sheet keeps one byte of flags and neither times nor the order of items. Who is left out is decided for the
whole wave at closing, never here.
"""

from collections.abc import Mapping, Sequence
from enum import IntFlag
from itertools import groupby

from surveys.model import Instrument

FAST_SECONDS = 2.0
FAST_SHARE = 0.5
IRV_MIN_ANSWERS = 3

# Shares as whole per cents and squares as whole numbers, so that a value on the border is decided exactly.
LONGSTRING_PERCENT = 60
LONGSTRING_HIGH_PERCENT = 80


class Flag(IntFlag):
    """The bits of the screening byte."""

    ATTENTION = 1
    FAST = 2
    LONGSTRING = 4
    LONGSTRING_HIGH = 8
    LOW_VARIANCE = 16


def flags(presented: Sequence[str], *, attention_ok: bool | None, fast_share: float | None) -> int:
    """The screening byte of one person.

    `presented` has the answers to the core items in the order they were shown: "1".."9", "dk", "nx", "skip".
    `attention_ok` is None where there was no attention item (pulse) or no answer to it; `fast_share` is None where no
    page was timed. Skipped items are left out of the longest run and of its base; "dk" and "nx" are answers there, and
    are left out of the spread.
    """
    found = Flag(0)
    if attention_ok is False:
        found |= Flag.ATTENTION
    if fast_share is not None and fast_share >= FAST_SHARE:
        found |= Flag.FAST
    given = [code for code in presented if code not in {"skip", "not_asked"}]
    found |= _longstring(given)
    if _low_variance([int(code) for code in given if code.isdigit()]):
        found |= Flag.LOW_VARIANCE
    return int(found)


def attention_ok(instrument: Instrument, answers: Mapping[str, str]) -> bool | None:
    """Whether the attention item was answered as asked; None when it was not shown or left out."""
    answer = answers.get(instrument.attention.id)
    return None if answer in {None, "skip", "not_asked"} else answer == str(instrument.attention_answer)


def fast_share(pages: Sequence[tuple[float, int]]) -> float:
    """Share of (seconds, number of items) pages that took less than 2 seconds an item; 0 where there are none."""
    timed = [(seconds, items) for seconds, items in pages if items > 0]
    return sum(seconds < FAST_SECONDS * items for seconds, items in timed) / len(timed) if timed else 0.0


def _longstring(given: Sequence[str]) -> Flag:
    longest = max((len(list(run)) for _, run in groupby(given)), default=0)
    found = Flag(0)
    if given and 100 * longest >= LONGSTRING_PERCENT * len(given):
        found |= Flag.LONGSTRING
    if given and 100 * longest >= LONGSTRING_HIGH_PERCENT * len(given):
        found |= Flag.LONGSTRING_HIGH
    return found


def _low_variance(values: Sequence[int]) -> bool:
    """Sample standard deviation (n - 1) below 1/4; squared and multiplied out it is a comparison of whole numbers."""
    n = len(values)
    if n < IRV_MIN_ANSWERS:
        return False
    return 16 * (n * sum(value * value for value in values) - sum(values) ** 2) < n * (n - 1)
