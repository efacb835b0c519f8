"""Whether departments differ: analysis of variance, ICC(1), ICC(2) and shrinkage (measurement design, 3.9, P16).

The groups are the strata of the column's k = 10 plan, never the departments behind a pool (P3): over hidden
departments these numbers would give their spread. All of it rests on each group's number, mean and sum of squared
deviations, so a wave of any size costs no more than its number of groups.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.errors import (
    MisfitError,
    NotCountsError,
    OutsideScaleError,
    require_finite,
    require_groups,
)
from scoring.printed import half_up

Decision = Literal["departments_differ_reliably", "differences_without_ranks", "no_difference_beyond_chance", "none"]

SIGNIFICANT: Final = 0.05
RELIABLE: Final = 70
SOME: Final = 50
"""ICC(2) in hundredths as it is printed."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupSums:
    """Number, mean and sum of squared deviations (from that mean) of each group's scores, three arrays of one shape."""

    n: Integers
    mean: Floats
    m2: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Variance:
    """One-way analysis of variance of `people` in `groups`, with a mean square of more than 0 between them.

    `grand` is the mean of all people; `msb` and `msw` are the mean squares between and within; `k0` is the group size
    that stands for unequal ones. Squares of points.
    """

    groups: int
    people: int
    grand: float
    msb: float
    msw: float
    k0: float

    @property
    def mean_size(self) -> float:
        """People in a group on average, N / k."""
        return self.people / self.groups

    @property
    def f(self) -> float:
        """MSB / MSW, infinite where nobody differs from the others of the group."""
        return self.msb / self.msw if self.msw else math.inf

    @property
    def p(self) -> float:
        """The probability of such an F, or a larger one, if the groups did not differ: F(k - 1, N - k)."""
        # scipy takes a second to import; the web process, which never computes, should not pay for it.
        from scipy.special import fdtrc

        return float(fdtrc(self.groups - 1, self.people - self.groups, self.f))

    @property
    def tau2(self) -> float:
        """The variance of the groups' true means, max(0, (MSB - MSW) / k0)."""
        return max(0.0, (self.msb - self.msw) / self.k0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Icc:
    """Intraclass correlations, negative where groups differ less than chance makes them; shown from 0.

    `icc1` with k0 is the one to show; `icc1_mean_size` has the mean group size, as R's `multilevel` has. `icc2` is the
    reliability of the groups' means. It is the same in both conventions: each ICC(1) stepped up by its own group size
    gives (MSB - MSW) / MSB.
    """

    icc1: float
    icc1_mean_size: float
    icc2: float

    @property
    def icc1_shown(self) -> float:
        """ICC(1) with k0, from 0."""
        return max(0.0, self.icc1)

    @property
    def icc2_shown(self) -> float:
        """ICC(2), from 0."""
        return max(0.0, self.icc2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shrunken:
    """Groups' means drawn towards the grand mean, for their order only; never printed as a score.

    `weight` is lambda, what is left of each group's own distance from the grand mean: 0 to 1.
    """

    weight: Floats
    mean: Floats


def group_sums(scores: Floats, group: Integers, *, groups: int) -> GroupSums:
    """The sums of people's scores (people,); `group` has each person's 0..groups-1, NaN is no score.

    Two passes, so that large groups lose no digits. MisfitError for shapes that do not fit, OutsideScaleError for a
    group out of range, NotFiniteError for an infinite score.
    """
    group = require_groups(group, people=scores.size, groups=groups)
    valid = ~np.isnan(scores)
    scores, group = scores[valid], group[valid]
    require_finite("scores", scores)
    n = np.bincount(group, minlength=groups)
    mean = np.bincount(group, weights=scores, minlength=groups) / np.maximum(n, 1)
    # NumPy's types don't know that weights make a sum of floats.
    m2 = np.bincount(group, weights=(scores - mean[group]) ** 2, minlength=groups).astype(np.float64, copy=False)
    return GroupSums(n=n, mean=mean, m2=m2)


def variance(sums: GroupSums) -> Variance | None:
    """The analysis of variance of groups, those without anybody left out.

        MSB = sum n_d (m_d - m)^2 / (k - 1)        MSW = sum m2_d / (N - k)        k0 = (N - sum n_d^2 / N) / (k - 1)

    None with fewer than 2 groups, with N <= k, or where MSB is 0 (P16): there is nothing to tell apart. MisfitError,
    NotCountsError and NotFiniteError for arrays that do not fit, negative numbers, NaN and infinity.
    """
    _check(sums)
    present = sums.n > 0
    n, mean, m2 = sums.n[present], sums.mean[present], sums.m2[present]
    groups, people = n.size, int(n.sum())
    if groups < 2 or people <= groups:
        return None
    grand = float(n @ mean) / people
    msb = float(n @ (mean - grand) ** 2) / (groups - 1)
    msw = float(m2.sum()) / (people - groups)
    # Means of equal scores in groups of different size differ in their last digits; that is no difference.
    nothing = people * (_ROUNDING * max(1.0, abs(grand))) ** 2
    if msb <= nothing:
        return None
    k0 = (people - float(n @ n) / people) / (groups - 1)
    return Variance(groups=groups, people=people, grand=grand, msb=msb, msw=msw if msw > nothing else 0.0, k0=k0)


def icc(found: Variance) -> Icc:
    """ICC(1) = (MSB - MSW) / (MSB + (g - 1) MSW) with group size g, and ICC(2) = (MSB - MSW) / MSB.

    Sources: Shrout and Fleiss 1979; Bliese 2000. At least .05 is small, .10 medium, .25 large for ICC(1).
    """
    excess = found.msb - found.msw
    return Icc(
        icc1=excess / (found.msb + (found.k0 - 1) * found.msw),
        icc1_mean_size=excess / (found.msb + (found.mean_size - 1) * found.msw),
        icc2=excess / found.msb,
    )


def decision(found: Variance | None) -> Decision:
    """The key of what may be said: significant (p < .05) and a printed ICC(2) of at least .70 or .50, or nothing.

    A low ICC forbids ranks, not the showing of a department's mean. "none" where nothing could be computed.
    """
    if found is None:
        return "none"
    reliability = half_up(100 * icc(found).icc2)
    if found.p >= SIGNIFICANT or reliability < SOME:
        return "no_difference_beyond_chance"
    return "departments_differ_reliably" if reliability >= RELIABLE else "differences_without_ranks"


def shrunken(found: Variance, *, mean: Floats, se0: Floats) -> Shrunken:
    """Means (groups,) drawn towards the grand mean: lambda mean + (1 - lambda) grand, lambda = tau^2 / (tau^2 + se0^2).

    `se0` are standard errors without the finite population correction; those of groups whose spread may not be told
    are from the column's spread (P2). Where tau^2 is 0 all means become the grand one. MisfitError, NotFiniteError, and
    OutsideScaleError for a negative error.
    """
    if mean.shape != se0.shape:
        raise MisfitError(f"mean {mean.shape} and se0 {se0.shape} do not fit")
    require_finite("mean", mean)
    require_finite("se0", se0)
    if se0.min(initial=0) < 0:
        raise OutsideScaleError("se0: a standard error is negative")
    tau2 = found.tau2
    weight = tau2 / (tau2 + se0**2) if tau2 > 0 else np.zeros(se0.shape)
    return Shrunken(weight=weight, mean=weight * mean + (1 - weight) * found.grand)


def _check(sums: GroupSums) -> None:
    if sums.n.ndim != 1 or not sums.n.shape == sums.mean.shape == sums.m2.shape:
        raise MisfitError(f"n {sums.n.shape}, mean {sums.mean.shape} and m2 {sums.m2.shape} do not fit")
    if not np.issubdtype(sums.n.dtype, np.integer) or sums.n.min(initial=0) < 0:
        raise NotCountsError("n: numbers of people are whole and not negative")
    require_finite("mean", sums.mean)
    require_finite("m2", sums.m2)
    if sums.m2.min(initial=0) < 0:
        raise NotCountsError("m2: a sum of squares is negative")
