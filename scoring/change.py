"""Change between two waves, and what to claim when many changes are tested (measurement design, 3.10, P16)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.errors import NotCountsError, NotFiniteError, OutsideScaleError, TooFewError
from scoring.estimates import Estimate, Part, own_spread, roll_up
from scoring.moments import Moments
from scoring.student import two_sided, two_sideds

Direction = Literal["up", "down", "none"]
Confirmation = Literal["none", "seems", "confirmed"]

FALSE_DISCOVERY_RATE = 0.10
FAMILY_ERROR = 0.05
SMALLEST_CHANGE = 5.0
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`delta` = later minus earlier, in points; `t` and `df` are None where neither wave has any spread, then p = 1."""

    delta: float
    se: float
    t: float | None
    df: float | None
    p: float


def difference(*, before: Estimate, now: Estimate) -> Difference:
    """Welch's test of two waves as independent samples, whoever took part in both.

    The two estimates must be made without the finite population correction. People who answered twice make the true
    error smaller, so the test is conservative. With two simple samples df is Welch's; with roll-ups it is
    Satterthwaite's once more. NotFiniteError for a mean or an error that is NaN or infinite, NotCountsError for a
    negative error or degrees of freedom that are not above 0.
    """
    _refuse_no_estimate("before", before)
    _refuse_no_estimate("now", now)
    delta = now.mean - before.mean
    variance = before.se**2 + now.se**2
    if variance <= 0:
        return Difference(delta=delta, se=0.0, t=None, df=None, p=1.0)
    below = math.fsum(one.se**4 / one.df for one in (before, now) if one.df is not None)
    df = variance**2 / below if below > 0 else math.inf
    t = delta / math.sqrt(variance)
    return Difference(delta=delta, se=math.sqrt(variance), t=t, df=df, p=two_sided(t, df))


def p_values(points: Integers, *, se: tuple[Floats, Floats], df: tuple[Floats, Floats]) -> Floats:
    """The p of `difference` for many differences of so many points, from the errors before and now.

    A df is NaN where there is no error; infinite ones stand for a spread that is known.
    """
    variance = se[0] ** 2 + se[1] ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        below = sum(np.where(np.isnan(one), 0.0, error**4 / one) for error, one in zip(se, df, strict=True))
        found = two_sideds(points / np.sqrt(variance), np.where(below > 0, variance**2 / below, np.inf))
    return np.where(variance > 0, found, 1.0)


def difference_of_means(*, before: Moments, now: Moments) -> Difference:
    """Welch's test of two sets of people, each with its own spread (Welch 1947).

    TooFewError where a set has fewer than 2 people, NotFiniteError for moments that are no numbers, NotCountsError for
    a negative sum of squares.
    """
    return difference(before=_sample("before", before), now=_sample("now", now))


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p values in the order given: min over j >= i of min(1, m p(j) / j) (Benjamini and Hochberg 1995).

    OutsideScaleError for a p that is NaN or outside 0..1: one undefined p would spoil the whole family.
    """
    _refuse_no_probability(p)
    order = sorted(range(len(p)), key=p.__getitem__)
    adjusted, smallest = [1.0] * len(p), 1.0
    for rank in range(len(p), 0, -1):
        smallest = min(smallest, len(p) * p[order[rank - 1]] / rank)
        adjusted[order[rank - 1]] = smallest
    return adjusted


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p values in the order given: max over j <= i of min(1, (m - j + 1) p(j)) (Holm 1979).

    Errors of `benjamini_hochberg`.
    """
    _refuse_no_probability(p)
    order = sorted(range(len(p)), key=p.__getitem__)
    adjusted, largest = [1.0] * len(p), 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - rank) * p[index]))
        adjusted[index] = largest
    return adjusted


def claim(delta: float, *, adjusted: float, strict: float) -> tuple[Direction, Confirmation]:
    """What may be said of a change: `adjusted` is its p by Benjamini-Hochberg, `strict` by Holm.

    A direction needs adjusted <= .10 and at least 5 points; it is confirmed where strict <= .05 as well.
    NotFiniteError or OutsideScaleError for numbers that are not that.
    """
    _refuse_no_probability([adjusted, strict])
    if not math.isfinite(delta):
        raise NotFiniteError(f"delta: {delta} is not finite")
    if adjusted > FALSE_DISCOVERY_RATE + _ROUNDING or abs(delta) < SMALLEST_CHANGE - _ROUNDING:
        return "none", "none"
    return "up" if delta > 0 else "down", "confirmed" if strict <= FAMILY_ERROR + _ROUNDING else "seems"


def _refuse_no_estimate(name: str, one: Estimate) -> None:
    if not (math.isfinite(one.mean) and math.isfinite(one.se)):
        raise NotFiniteError(f"{name}: mean {one.mean}, error {one.se} are not both finite")
    if one.se < 0 or (one.df is not None and not one.df > 0):
        raise NotCountsError(f"{name}: an error of {one.se} with {one.df} degrees of freedom")


def _refuse_no_probability(p: Sequence[float]) -> None:
    if wrong := sum(not 0 <= one <= 1 for one in p):
        raise OutsideScaleError(f"p: {wrong} of {len(p)} values are outside 0..1")


def _sample(name: str, one: Moments) -> Estimate:
    if one.n < 2:
        raise TooFewError(f"{name}: {one.n} people, at least 2 are needed")
    if not (math.isfinite(one.mean) and math.isfinite(one.m2)):
        raise NotFiniteError(f"{name}: mean {one.mean}, squared deviations {one.m2} are not both finite")
    if one.m2 < 0:
        raise NotCountsError(f"{name}: squared deviations {one.m2} are negative")
    return roll_up([Part(headcount=one.n, n=one.n, mean=one.mean, spread=own_spread(one))], finite=False)
