"""Favourable, neutral and unfavourable shares, and how many don't know (measurement design, 3.1, 3.3, P1, P7, P16)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.arrays import Flags, Floats, Integers
from scoring.errors import MisfitError, NotCountsError, OutsideScaleError, TooFewError
from scoring.student import quantile

LEVEL: Final = 0.95
MANY_DO_NOT_KNOW: Final = 0.30
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Three shares, 0 to 1, that add up to 1: answers above, at and below the middle of the scale."""

    favourable: float
    neutral: float
    unfavourable: float


def sided_counts(counts: Integers, *, reverse: Flags) -> Integers:
    """How many answers lie below, at and above the middle of the scale, shape (..., 3).

    `counts` has shape (..., P): the number of valid answers 1..P of an item; `reverse` has a flag for each item, shape
    (...). An answer x (P + 1 - x for a reversed item) is favourable where 2 x > P + 1, neutral where 2 x = P + 1 and
    unfavourable below: 4, 5 | 3 | 1, 2 on five steps; 3, 4 | none | 1, 2 on four; 5, 6, 7 | 4 | 1, 2, 3 on seven. On
    any scale, reversing an item exchanges favourable and unfavourable. MisfitError where the shapes do not fit,
    TooFewError for a scale of fewer than two steps, NotCountsError for a negative or broken count.
    """
    if counts.ndim < 1 or counts.shape[:-1] != reverse.shape:
        raise MisfitError(f"counts {counts.shape} and reverse {reverse.shape} do not fit")
    points = counts.shape[-1]
    if points < 2:
        raise TooFewError(f"counts: a scale of {points} steps, at least 2 are needed")
    if not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
        raise NotCountsError("counts: numbers of answers are whole and not negative")
    half = points // 2
    low, high = counts[..., :half].sum(axis=-1), counts[..., points - half :].sum(axis=-1)
    middle = counts[..., half : points - half].sum(axis=-1)
    sided: Integers = np.stack([np.where(reverse, high, low), middle, np.where(reverse, low, high)], axis=-1)
    return sided


def item_shares(counts: Integers, *, reverse: bool = False) -> Shares | None:
    """The shares of one item among its valid answers, from the counts of 1..P, shape (P,); None without an answer.

    F = number of favourable answers / number of valid answers. Takes and refuses what `sided_counts` does.
    """
    return shares_of(sided_counts(counts, reverse=np.asarray(reverse)).tolist())


def shares_of(sided: Sequence[int]) -> Shares | None:
    """The shares of three numbers of answers, below, at and above the middle; None where all of them are 0."""
    unfavourable, neutral, favourable = sided
    n = unfavourable + neutral + favourable
    if not n:
        return None
    return Shares(favourable=favourable / n, neutral=neutral / n, unfavourable=unfavourable / n)


def dimension_shares(released: Sequence[Shares], *, asked: int) -> Shares | None:
    """The shares of a dimension: the mean over its items released in the unit, each item counting once (3.3, P1 b).

    None where these are fewer than half of the `asked` items of the dimension, because the mean of some few items is
    not the dimension's. TooFewError where nothing was asked, NotCountsError for more items than were asked.
    """
    _refuse_items(released, asked)
    if 2 * len(released) < asked:
        return None
    return Shares(
        favourable=_mean([one.favourable for one in released]),
        neutral=_mean([one.neutral for one in released]),
        unfavourable=_mean([one.unfavourable for one in released]),
    )


def dont_know_rate(*, valid: int, dont_know: int, no_experience: int) -> float | None:
    """The share, 0 to 1, of "don't know" among the answers to an item: dk / (valid + dk + nx), skipped left out.

    None where nobody answered; NotCountsError for a negative number.
    """
    if min(valid, dont_know, no_experience) < 0:
        raise NotCountsError(f"valid {valid}, dont_know {dont_know}, no_experience {no_experience}: one is negative")
    base = valid + dont_know + no_experience
    return dont_know / base if base else None


def dimension_rate(released: Sequence[float], *, asked: int) -> float | None:
    """The don't-know rate of a dimension, 0 to 1, by the rule and with the errors of `dimension_shares` (P1 b).

    OutsideScaleError for a rate outside 0..1.
    """
    _refuse_items(released, asked)
    for rate in released:
        _refuse_share(rate)
    return _mean(released) if 2 * len(released) >= asked else None


def many_do_not_know(rate: float) -> bool:
    """Whether a don't-know rate, 0 to 1, is a finding of its own: 30 % or more (3.1)."""
    _refuse_share(rate)
    return rate >= MANY_DO_NOT_KNOW - _ROUNDING


def effective_n(n: int, *, headcount: int | None) -> float:
    """n* = n (N - 1) / (N - n), the answers that the n of N people are worth; infinite where everybody answered.

    Without a known headcount n* = n. More answers than the headcount count as everybody (P16). NotCountsError for a
    negative number.
    """
    if n < 0 or (headcount is not None and headcount < 0):
        raise NotCountsError(f"n {n}, headcount {headcount}: one is negative")
    if headcount is None:
        return float(n)
    return n * (headcount - 1) / (headcount - n) if headcount > n else math.inf


def wilson(share: float, *, n: int, headcount: int | None = None, level: float = LEVEL) -> tuple[float, float] | None:
    """The interval of a share of `n` valid answers by Wilson (1927) with n* of `effective_n`, ends within 0 to 1.

    centre = (p + z^2 / 2n*) / (1 + z^2 / n*), half = z / (1 + z^2 / n*) sqrt(p (1 - p) / n* + z^2 / 4n*^2).
    None without an answer, and where everybody answered: nothing is left to estimate (P16). OutsideScaleError for a
    share outside 0..1 or a level that is not between 0 and 1; errors of `effective_n`.
    """
    _refuse_share(share)
    if not 0 < level < 1:
        raise OutsideScaleError(f"level: {level} is not between 0 and 1")
    worth = effective_n(n, headcount=headcount)
    if worth == 0 or math.isinf(worth):
        return None
    z = quantile((1 + level) / 2, math.inf)
    spread = 1 + z**2 / worth
    centre = (share + z**2 / (2 * worth)) / spread
    half = z / spread * math.sqrt(share * (1 - share) / worth + z**2 / (4 * worth**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def wilsons(share: Floats, *, n: Integers, headcount: Integers) -> tuple[Floats, Floats]:
    """`wilson` at 95 % for many shares at once, shape (shares,), each of 1 to fewer than its headcount of answers.

    NotCountsError for another number of answers, OutsideScaleError for a share outside 0..1.
    """
    if not ((share >= 0) & (share <= 1)).all():
        raise OutsideScaleError("share: a value is outside 0..1")
    if (n < 1).any() or (n >= headcount).any():
        raise NotCountsError("n: an interval needs at least 1 answer, and somebody who gave none")
    worth = n * (headcount - 1) / (headcount - n)
    z = quantile((1 + LEVEL) / 2, math.inf)
    spread = 1 + z**2 / worth
    centre = (share + z**2 / (2 * worth)) / spread
    half = z / spread * np.sqrt(share * (1 - share) / worth + z**2 / (4 * worth**2))
    return np.maximum(0.0, centre - half), np.minimum(1.0, centre + half)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _refuse_items(released: Sequence[object], asked: int) -> None:
    if asked < 1:
        raise TooFewError(f"asked: {asked} items, at least 1 is needed")
    if len(released) > asked:
        raise NotCountsError(f"released: {len(released)} items, and only {asked} were asked")


def _refuse_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise OutsideScaleError(f"share: {share} is outside 0..1")
