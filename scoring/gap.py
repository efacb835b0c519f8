"""How differently leaders and staff see a dimension (measurement design, 3.12)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scoring.change import FAMILY_ERROR, Difference, difference_of_means, holm
from scoring.estimates import LEVEL
from scoring.moments import Moments
from scoring.student import quantile

SMALLEST_GAP: Final = 10.0
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """`difference` leaders minus staff in points; its 95 % `interval` and Hedges' `g` are None without any spread."""

    difference: Difference
    interval: tuple[float, float] | None
    g: float | None


def gap(*, leaders: Moments, staff: Moments, level: float = LEVEL) -> Gap:
    """Leaders (team leads and managers) minus staff (individual contributors), scores of 0 to 100.

    Welch's test and interval, t(.975, df) se on either side; g = (m1 - m2) / s_pooled (1 - 3 / (4 (n1 + n2) - 9)) with
    s_pooled^2 = ((n1 - 1) s1^2 + (n2 - 1) s2^2) / (n1 + n2 - 2) (Hedges 1981). A release gives the printed means, with
    the deviations of the unprinted ones. Without spread in either set p is 1. Errors of
    `scoring.change.difference_of_means`, which calls the staff `before` and the leaders `now`.
    """
    found = difference_of_means(now=leaders, before=staff)
    if found.df is None:
        return Gap(difference=found, interval=None, g=None)
    half = quantile((1 + level) / 2, found.df) * found.se
    people = leaders.n + staff.n
    pooled = math.sqrt((leaders.m2 + staff.m2) / (people - 2))
    g = found.delta / pooled * (1 - 3 / (4 * people - 9))
    return Gap(difference=found, interval=(found.delta - half, found.delta + half), g=g)


def marked(gaps: Sequence[Gap]) -> list[bool]:
    """Which gaps of one report, all dimensions together, are marked: at least 10 points and Holm's p at most .05."""
    strict = holm([one.difference.p for one in gaps])
    return [
        abs(one.difference.delta) >= SMALLEST_GAP - _ROUNDING and p <= FAMILY_ERROR + _ROUNDING
        for one, p in zip(gaps, strict, strict=True)
    ]
