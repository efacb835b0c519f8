"""Slopes over waves, what a wave can detect, and change with the mix of people held (measurement design, 3.10, P16)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.errors import (
    MisfitError,
    NotCountsError,
    NotFiniteError,
    OutsideScaleError,
    SingularError,
    TooFewError,
    require_finite,
)
from scoring.moments import Moments
from scoring.student import quantile

LEAST_WAVES: Final = 4
SMALLEST_ERROR: Final = 1.0
POWER: Final = 0.80
ALPHA: Final = 0.05
_Z = 1.96
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A straight line through the waves: `slope` in points per unit of time, `level` its height at `centre`.

    `centre` is the weighted mean time and `se` the slope's standard error from the errors of the scores. `scatter` is
    the mean squared distance of the scores from the line in units of their errors: about 1 where a line is all there
    is. `se` times its root is the error by least squares with estimated scatter.
    """

    waves: int
    slope: float
    level: float
    centre: float
    se: float
    scatter: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """The change of everybody, later minus earlier, as it is (`plain`) and with the earlier mix of groups held."""

    plain: float
    standardised: float


def slope(times: Sequence[float], means: Sequence[float], errors: Sequence[float]) -> Slope:
    """The weighted least squares line through at least 4 waves of an anchor score.

    `times` in any unit, `means` in points of 0 to 100, `errors` their standard errors without the finite population
    correction. Weights w = 1 / max(se, 1)^2 (P16); slope = sum w (x - c) (y - m) / sum w (x - c)^2, c and m the
    weighted means, se = 1 / sqrt(sum w (x - c)^2), scatter = sum w (y - line)^2 / (waves - 2). Departments have a
    slope from 20 people in every wave on, which the caller sees to. TooFewError below 4 waves, SingularError where all
    times are the same, MisfitError, NotFiniteError, NotCountsError for a negative error.
    """
    if not len(times) == len(means) == len(errors):
        raise MisfitError(f"{len(times)} times, {len(means)} means and {len(errors)} errors do not fit")
    x, y, se = (np.asarray(one, dtype=np.float64) for one in (times, means, errors))
    for name, values in (("times", x), ("means", y), ("errors", se)):
        require_finite(name, values)
    if (se < 0).any():
        raise NotCountsError("errors: a standard error is negative")
    if x.size < LEAST_WAVES:
        raise TooFewError(f"waves: {x.size}, at least {LEAST_WAVES} are needed for a slope")
    w = 1 / np.maximum(se, SMALLEST_ERROR) ** 2
    centre, level = (float(np.average(one, weights=w)) for one in (x, y))
    across = float(np.sum(w * (x - centre) ** 2))
    if math.isclose(float(np.ptp(x)), 0.0, abs_tol=_ROUNDING):
        raise SingularError("times: all waves have the same time")
    steep = float(np.sum(w * (x - centre) * (y - level))) / across
    rest = float(np.sum(w * (y - level - steep * (x - centre)) ** 2))
    return Slope(
        waves=x.size,
        slope=steep,
        level=level,
        centre=centre,
        se=1 / math.sqrt(across),
        scatter=rest / (x.size - 2),
    )


def minimum_detectable_difference(se: float, df: float, *, power: float = POWER, alpha: float = ALPHA) -> float:
    """The smallest true difference, in points, that a two-sided t test finds with this power.

    `se` is the standard error of the difference, `df` its degrees of freedom, infinite where the spread is a
    convention: delta = se * ncp with P(t'(df, ncp) > t(1 - alpha / 2, df)) = power, as power.t.test of R does it. For
    two waves of n people with s = 20 each: se = 20 sqrt(2 / n), df = 2 (n - 1). NotFiniteError, TooFewError for df
    below 1, NotCountsError for a negative error, OutsideScaleError for a power or alpha that is not between 0 and 1 or
    a power that is not above alpha / 2.
    """
    if not math.isfinite(se):
        raise NotFiniteError(f"se: {se} is not finite")
    if se < 0:
        raise NotCountsError(f"se: {se} is negative")
    if not (0 < alpha < 1 and alpha / 2 < power < 1):
        raise OutsideScaleError(f"power {power}, alpha {alpha}: a probability is out of place")
    if not df >= 1:
        raise TooFewError(f"df: {df}, at least 1 is needed")
    border = quantile(1 - alpha / 2, df)
    if math.isinf(df):
        return se * (border + quantile(power, df))
    # scipy takes a second to import; who only reads releases should not pay for it.
    from scipy.special import nctdtrinc

    return se * float(nctdtrinc(df, 1 - power, border))


def standard_error_of_measurement(s: float, *, reliability: float) -> float:
    """SEM = s sqrt(1 - reliability), in points: how far a person's score lies from what the person would score again.

    A negative reliability counts as 0. NotCountsError for a negative spread, OutsideScaleError for a reliability above
    1 or either not finite.
    """
    if not (math.isfinite(s) and math.isfinite(reliability)) or reliability > 1:
        raise OutsideScaleError(f"s {s}, reliability {reliability}: a number is out of place")
    if s < 0:
        raise NotCountsError(f"s: {s} is negative")
    return s * math.sqrt(1 - max(0.0, reliability))


def minimum_detectable_change(sem: float, *, n: int = 1) -> float:
    """MDC95 = 1.96 sqrt(2) SEM / sqrt(n), in points: below it a change of a mean of n may be mere measurement error.

    For n = 1 a person's, which no report shows. A lower bound for groups. TooFewError below one person, NotCountsError
    for a negative error.
    """
    if n < 1:
        raise TooFewError(f"n: {n}, at least 1 person is needed")
    if not sem >= 0:
        raise NotCountsError(f"sem: {sem} is not 0 or more")
    return _Z * math.sqrt(2) * sem / math.sqrt(n)


def standardised(before: Sequence[Moments], now: Sequence[Moments], *, k: int) -> Standardised | None:
    """The change of the organisation with the earlier wave's mix of experience or role held fixed.

    `before` and `now` have the same groups in the same order: standardised = sum over groups of the group's share of
    the earlier people times its change. None where a group has fewer than `k` people in either wave. MisfitError where
    the groups do not fit, TooFewError without a group or for a `k` below 1, NotFiniteError for a mean that is NaN or
    infinite, NotCountsError for a negative number of people.
    """
    if len(before) != len(now):
        raise MisfitError(f"{len(before)} groups before and {len(now)} now do not fit")
    if not before or k < 1:
        raise TooFewError(f"{len(before)} groups, k {k}: at least 1 is needed")
    if wrong := sum(not math.isfinite(one.mean) for one in (*before, *now)):
        raise NotFiniteError(f"groups: {wrong} means are not finite")
    if min(one.n for one in (*before, *now)) < 0:
        raise NotCountsError("groups: a number of people is negative")
    if min(one.n for one in (*before, *now)) < k:
        return None
    everybody = sum(one.n for one in before)
    return Standardised(
        plain=_mean(now) - _mean(before),
        standardised=math.fsum(
            earlier.n / everybody * (later.mean - earlier.mean) for earlier, later in zip(before, now, strict=True)
        ),
    )


def _mean(groups: Sequence[Moments]) -> float:
    return math.fsum(one.n * one.mean for one in groups) / sum(one.n for one in groups)
