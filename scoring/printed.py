"""What is printed of a number: whole points, clipped before anything is derived (measurement design, P7 and P12)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.errors import NotCountsError, NotFiniteError
from scoring.shares import wilson, wilsons

Bound = Literal["", "<=", ">="]
Shift = Literal["< 1", "1-2", "2-5", "> 5"]

EXACT_FROM = 10
"""Below this many answers a mean is clipped earlier and printed to the nearest 5."""

WIDE_FROM = 20
"""Below this many answers a share is clipped to 10..90 %, from there on to 5..95 %."""

_SHIFTS: tuple[tuple[Shift, float], ...] = (("1-2", 2), ("2-5", 5))

# Sums of floats in another order differ in their last digits; that must not turn a printed value.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class PrintedScore:
    """Whole points of 0 to 100; `bound` says that the mean lies beyond them."""

    score: int
    bound: Bound


@dataclass(frozen=True, slots=True)
class PrintedShare:
    """Whole per cent, 0 to 100; `bound` says that the share lies beyond them."""

    percent: int
    bound: Bound


def half_up(value: float) -> int:
    """The nearest whole number, halves upwards. NotFiniteError for NaN and infinity."""
    _refuse_no_number(value)
    return math.floor(value + 0.5 + _ROUNDING)


def up(value: float) -> int:
    """The next whole number that is not below the value. NotFiniteError for NaN and infinity."""
    _refuse_no_number(value)
    return math.ceil(value - _ROUNDING)


def down(value: float) -> int:
    """The next whole number that is not above the value. NotFiniteError for NaN and infinity."""
    _refuse_no_number(value)
    return math.floor(value + _ROUNDING)


def _refuse_no_number(value: float) -> None:
    if not math.isfinite(value):
        raise NotFiniteError(f"{value} is no number that can be printed")


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


def printed_scores(mean: Floats, *, n: Integers) -> tuple[Integers, Integers]:
    """`printed_score` of each of the means: points, and -1 or 1 where they lie below or above."""
    exact = n >= EXACT_FROM
    lowest, highest, step = np.where(exact, 5, 10), np.where(exact, 95, 90), np.where(exact, 1, 5)
    above, below = mean > highest + _ROUNDING, mean < lowest - _ROUNDING
    told = np.where(above, highest, np.where(below, lowest, step * half_up_all(mean / step)))
    return told, above.astype(np.intp) - below


def printed_interval(score: PrintedScore, half_width: float | None) -> tuple[int, int] | None:
    """The interval round a printed score: its half-width rounded up, at least 1, kept inside 0..100.

    None for a clipped score, or where there is no half-width.
    """
    if score.bound or half_width is None:
        return None
    half = max(1, up(half_width))
    return max(0, score.score - half), min(100, score.score + half)


def printed_share(share: float, *, n: int) -> PrintedShare:
    """A share, 0 to 1, of `n` valid answers as it is printed: clipped to 10..90 % below 20 answers, to 5..95 % from 20.

    The ends are clipped too: of 10 people one would else be told apart from none. Don't-know rates and roll-ups are
    printed so; the three shares of a question are told jointly (`scoring.sides`).
    """
    percent = 100 * share
    lowest, highest = (5, 95) if n >= WIDE_FROM else (10, 90)
    if percent >= highest - _ROUNDING:
        return PrintedShare(highest, ">=")
    if percent <= lowest + _ROUNDING:
        return PrintedShare(lowest, "<=")
    return PrintedShare(half_up(percent), "")


def printed_share_interval(share: PrintedShare, *, n: int, headcount: int | None) -> tuple[int, int] | None:
    """Wilson's interval of the printed share in whole per cent, rounded outwards, so at least 1 to either side.

    It is computed from what is printed (share, n, headcount), so it tells nothing finer. None for a clipped share, or
    where everybody answered.
    """
    ends = None if share.bound else wilson(share.percent / 100, n=n, headcount=headcount)
    if ends is None:
        return None
    return math.floor(100 * ends[0] + _ROUNDING), up(100 * ends[1])


def half_up_all(values: Floats) -> Integers:
    """`half_up` of each. NotFiniteError where one is NaN or infinite: as a whole number it would be any."""
    if not np.isfinite(values).all():
        raise NotFiniteError("values: one is not finite")
    found: Integers = np.floor(values + 0.5 + _ROUNDING).astype(np.intp)
    return found


def up_all(values: Floats) -> Integers:
    """`up` of each. NotFiniteError where one is NaN or infinite."""
    if not np.isfinite(values).all():
        raise NotFiniteError("values: one is not finite")
    found: Integers = np.ceil(values - _ROUNDING).astype(np.intp)
    return found


def printed_shares(shares: Floats, *, n: Integers) -> tuple[Integers, Integers]:
    """`printed_share` of each of the shares: whole per cent, and -1 or 1 where they lie below or above. Any shapes."""
    percent, wide = 100 * shares, n >= WIDE_FROM
    lowest, highest = np.where(wide, 5, 10), np.where(wide, 95, 90)
    above, below = percent >= highest - _ROUNDING, percent <= lowest + _ROUNDING
    told = np.where(above, highest, np.where(below, lowest, half_up_all(percent)))
    return told, above.astype(np.intp) - below


def printed_share_intervals(
    percent: Integers, beyond: Integers, *, n: Integers, headcount: Integers
) -> list[tuple[int, int] | None]:
    """`printed_share_interval` of each of the shares as `printed_shares` gives them, shape (shares,) each."""
    told = np.flatnonzero((beyond == 0) & (n > 0) & (headcount > n))
    low, high = wilsons(percent[told] / 100, n=n[told], headcount=headcount[told])
    found: list[tuple[int, int] | None] = [None] * percent.size
    lows, highs = np.floor(100 * low + _ROUNDING).astype(np.intp), np.ceil(100 * high - _ROUNDING).astype(np.intp)
    for place, one, other in zip(told.tolist(), lows.tolist(), highs.tolist(), strict=True):
        found[place] = one, other
    return found


def printed_shift(points: float) -> Shift:
    """The largest difference between scores with and without the answers left out, as a class (P10)."""
    if points < 1 - _ROUNDING:
        return "< 1"
    return next((name for name, most in _SHIFTS if points <= most + _ROUNDING), "> 5")


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


def index_interval(score: int, halves: Sequence[int], *, of: int) -> tuple[int, int] | None:
    """A 95 % interval of a printed index, inside 0 to 100, from the printed half-widths of its `of` scores.

    Its half is their mean, rounded up, at least 1, and never too narrow: the error of a mean of scores is at most the
    mean of their errors, whoever of the people answered what (Cauchy and Schwarz). A half is 0 where everybody
    answered; None where all are, and where a score has none (3.4). NotCountsError for a negative half, or for more of
    them than scores.
    """
    if len(halves) > of or min(halves, default=0) < 0:
        raise NotCountsError(f"halves: {list(halves)} of {of} scores")
    if len(halves) < of or not any(halves):
        return None
    half = max(1, up(sum(halves) / of))
    return max(0, score - half), min(100, score + half)
