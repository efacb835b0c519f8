"""What is printed of a number: whole points, clipped before anything is derived (measurement design, P7 and P12)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Bound = Literal["", "<=", ">="]

EXACT_FROM = 10
"""Below this many answers a mean is clipped earlier and printed to the nearest 5."""

# Sums of floats in another order differ in their last digits; that must not turn a printed value.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class PrintedScore:
    """Whole points of 0 to 100; `bound` says that the mean lies beyond them."""

    score: int
    bound: Bound


def half_up(value: float) -> int:
    """The nearest whole number, halves upwards."""
    return math.floor(value + 0.5 + _ROUNDING)


def up(value: float) -> int:
    """The next whole number that is not below the value."""
    return math.ceil(value - _ROUNDING)


def printed_score(mean: float, *, n: int) -> PrintedScore:
    """A mean over `n` people as it is printed.

    From 10 people on it is clipped to 5..95 and rounded to whole points, below to 10..90 and to the nearest 5.
    """
    lowest, highest, step = (5, 95, 1) if n >= EXACT_FROM else (10, 90, 5)
    if mean > highest + _ROUNDING:
        return PrintedScore(highest, ">=")
    if mean < lowest - _ROUNDING:
        return PrintedScore(lowest, "<=")
    return PrintedScore(step * half_up(mean / step), "")


def printed_interval(score: PrintedScore, half_width: float | None) -> tuple[int, int] | None:
    """The interval round a printed score: its half-width rounded up, at least 1, kept inside 0..100.

    None for a clipped score, or where there is no half-width.
    """
    if score.bound or half_width is None:
        return None
    half = max(1, up(half_width))
    return max(0, score.score - half), min(100, score.score + half)


def printed_p(p: float) -> int:
    """A probability in whole hundredths, rounded up, so that "at most .10" says the same before and after."""
    return min(100, max(1, up(100 * p)))


def printed_rate(n: int, headcount: int) -> int:
    """A response rate in whole per cent; 0 of 0 is 0."""
    return half_up(100 * n / headcount) if headcount else 0


def index(scores: Sequence[int], *, of: int) -> int | None:
    """The mean of a block's printed scores in whole points; None where more than one of its `of` cells is hidden.

    Section 3.4: at least 4 of 5 trust cells, 5 of 6 readiness cells.
    """
    if not scores or len(scores) < of - 1:
        return None
    return half_up(sum(scores) / len(scores))
