"""Means with their uncertainty: a department or any roll-up, by one rule (measurement design, 3.2, 3.4, P2, P8)."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scoring.arrays import Floats
from scoring.errors import NotCountsError, NotFiniteError, TooFewError
from scoring.moments import Moments
from scoring.student import quantile

LEVEL = 0.95
UNKNOWN_SPREAD = 20.0


@dataclass(frozen=True, slots=True)
class Spread:
    """A standard deviation in points and its degrees of freedom, infinite where it is a convention."""

    s: float
    df: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stratum of a roll-up: `n` scored people of `headcount`, their mean, and the spread that stands for them.

    `group` names the set that the spread was computed over; parts with the same group share one spread.
    """

    headcount: int
    n: int
    mean: float
    spread: Spread
    group: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean in points of 0 to 100 with its standard error. `df` is None where the error is 0: then no interval."""

    n: int
    mean: float
    se: float
    df: float | None

    def half_width(self, level: float = LEVEL) -> float | None:
        """Half of the interval at that level, in points, or None where there is no interval."""
        return None if self.df is None else quantile((1 + level) / 2, self.df) * self.se

    def interval(self, level: float = LEVEL) -> tuple[float, float] | None:
        """The interval at that level, kept inside 0 to 100."""
        half = self.half_width(level)
        return None if half is None else (max(0.0, self.mean - half), min(100.0, self.mean + half))


def own_spread(moments: Moments) -> Spread:
    """The spread of one set of people, with n - 1 degrees of freedom; one person has none, which counts as 0."""
    return Spread(moments.s or 0.0, moments.n - 1)


def of_one_stratum(moments: Moments, *, headcount: int) -> Estimate:
    """The mean of one set of people with its own spread. Errors of `roll_up`.

    se = s / sqrt(n) * sqrt(1 - n / N), df = n - 1: the roll-up of one stratum. One person has a mean and no spread,
    hence no interval.
    """
    part = Part(headcount=headcount, n=moments.n, mean=moments.mean, spread=own_spread(moments))
    return roll_up([part], finite=True)


def roll_up(parts: Sequence[Part], *, finite: bool) -> Estimate:
    """The mean of several strata, weighted by headcount.

    mean = sum W m, W = N / sum N; var = sum g, g = W^2 (1 - f) s^2 / n, f = n / N; df = (sum G)^2 / sum (G^2 / df_c)
    with G the sum of g over the strata that share a spread (Satterthwaite; terms with G = 0 are left out).
    `finite` applies 1 - f, for what is said of today's staff; comparisons concern the process behind the answers and
    leave it out. More people than the headcount count as a headcount of as many (P16). TooFewError without strata, or
    for one without a score, NotCountsError for negative numbers of people, NotFiniteError for a mean or spread that is
    NaN or infinite.
    """
    _refuse_bad(parts)
    heads = [max(part.headcount, part.n) for part in parts]
    everyone = sum(heads)
    variances: dict[int, float] = defaultdict(float)
    degrees: dict[int, float] = {}
    for part, head in zip(parts, heads, strict=True):
        unseen = 1 - part.n / head if finite else 1.0
        variances[part.group] += (head / everyone) ** 2 * unseen * part.spread.s**2 / part.n
        degrees[part.group] = part.spread.df
    total = math.fsum(variances.values())
    return Estimate(
        n=sum(part.n for part in parts),
        mean=math.fsum(head * part.mean for part, head in zip(parts, heads, strict=True)) / everyone,
        se=math.sqrt(total),
        df=_satterthwaite([(variance, degrees[group]) for group, variance in variances.items()]),
    )


def _refuse_bad(parts: Sequence[Part]) -> None:
    if not parts or not all(part.n for part in parts):
        raise TooFewError("a mean needs strata, and each of them a score")
    if min(min(part.n, part.headcount) for part in parts) < 0:
        raise NotCountsError("a stratum has a negative number of people")
    if not all(math.isfinite(part.mean) and math.isfinite(part.spread.s) for part in parts):
        raise NotFiniteError("the mean or the spread of a stratum is not finite")


def _satterthwaite(terms: Sequence[tuple[float, float]]) -> float | None:
    """Degrees of freedom of a sum of variances, each with its own; None where all are 0."""
    terms = [(variance, df) for variance, df in terms if variance > 0]
    if not terms:
        return None
    below = math.fsum(variance**2 / df for variance, df in terms)
    return math.fsum(variance for variance, _ in terms) ** 2 / below if below > 0 else math.inf


def column_spread(sets: Iterable[Moments]) -> Spread:
    """The pooled spread of a column over the sets whose spread may be known (P2).

    s^2 = sum (n - 1) s^2 / sum (n - 1), df = sum (n - 1). Without any such set: 20 points by convention.
    """
    known = [one for one in sets if one.n > 1]
    df = sum(one.n - 1 for one in known)
    if not df:
        return Spread(UNKNOWN_SPREAD, math.inf)
    return Spread(math.sqrt(math.fsum((one.s or 0.0) ** 2 * (one.n - 1) for one in known) / df), df)


def column_spreads(variance: Floats, df: Floats) -> list[Spread]:
    """The same of several columns, from the squared spreads of their sets and the degrees of freedom of these, shape
    (columns, sets) each; 0 degrees are a set of one person, which has no spread."""
    total, squares = df.sum(axis=1), (variance * df).sum(axis=1)
    lines = zip(squares.tolist(), total.tolist(), strict=True)
    return [Spread(math.sqrt(one / n), n) if n else Spread(UNKNOWN_SPREAD, math.inf) for one, n in lines]
