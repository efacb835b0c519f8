"""Number, mean and spread of a set of people, and of unions of such sets (measurement design, section 3.2)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.errors import require_finite, require_groups

LEAST_SPREAD: Final = 1e-9
"""So much of squared deviations a person is no spread, but what rounding leaves."""


@dataclass(frozen=True, slots=True)
class Moments:
    """`n` people with a score, their mean (0 to 100) and the sum of squared deviations from it (`m2`)."""

    n: int = 0
    mean: float = 0.0
    m2: float = 0.0

    @property
    def s(self) -> float | None:
        """Standard deviation with n - 1; None below two people, exactly 0 where all scores are the same."""
        if self.n < 2:
            return None
        return math.sqrt(self.m2 / (self.n - 1)) if self.m2 > LEAST_SPREAD * self.n else 0.0


def moments(scores: Floats) -> Moments:
    """The moments of one set of scores; NaN is no score."""
    (one,) = moments_by_group(scores, np.zeros(scores.size, dtype=np.intp), groups=1)
    return one


def moments_by_group(scores: Floats, group: Integers, *, groups: int) -> list[Moments]:
    """The moments of each of `groups` groups; `group` has each person's 0..groups-1, NaN is no score.

    Two passes, first means and then deviations, so that large groups lose no digits. NotFiniteError for an infinite
    score; MisfitError, NotCountsError and OutsideScaleError for groups that are not that.
    """
    group = require_groups(group, people=scores.size, groups=groups)
    valid = ~np.isnan(scores)
    scores, group = scores[valid], group[valid]
    require_finite("scores", scores)
    n = np.bincount(group, minlength=groups)
    mean = np.bincount(group, weights=scores, minlength=groups) / np.maximum(n, 1)
    m2 = np.bincount(group, weights=(scores - mean[group]) ** 2, minlength=groups)
    return [Moments(*row) for row in zip(n.tolist(), mean.tolist(), m2.tolist(), strict=True)]


def merged(parts: Iterable[Moments]) -> Moments:
    """The moments of a union of disjoint sets; the mean is weighted by respondents."""
    present = [part for part in parts if part.n]
    if len(present) < 2:
        return present[0] if present else Moments()
    n = sum(part.n for part in present)
    mean = math.fsum(part.n * part.mean for part in present) / n
    return Moments(n, mean, math.fsum(part.m2 + part.n * (part.mean - mean) ** 2 for part in present))
