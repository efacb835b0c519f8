"""A change beside those of comparable groups in which nothing was done (measurement design, 3.10 and 6.1; ADR 0045).

Groups are chosen because they are low, and what is low by chance lies higher the next time without anybody's doing
(regression to the mean, Galton 1886). So a change says little by itself. Here it is held against the changes of groups
that began at about the same height, as one more draw from where theirs come from: groups differ in how they move also
where nobody acts, and that counts as uncertainty beside the sampling error of each.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.change import Confirmation, Direction, benjamini_hochberg, claim, holm
from scoring.errors import NotCountsError, NotFiniteError
from scoring.student import quantile, two_sided

LEAST_COMPARABLE: Final = 3
"""With fewer comparable groups nothing is told of how far they lie apart by themselves."""
SIMILAR: Final = 10.0
"""Groups are comparable whose scores before lie at most so many points apart."""
_CONFIDENCE: Final = 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A group's change between two waves: its score `before` and `delta`, later minus earlier, in points; `se` is the
    standard error of the change."""

    before: float
    delta: float
    se: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A change beside those of `others` comparable groups, whose mean is `centre`.

    `distance` = the change minus that mean; 95 % of it lie within `half_width`. `among` is the variance of true changes
    between the comparable groups, `df` are the degrees of freedom, `p` is two-sided.
    """

    others: int
    centre: float
    distance: float
    half_width: float
    among: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be said of a distance, among all that are told together."""

    direction: Direction
    confirmation: Confirmation


def comparable(one: Moved, others: Iterable[Moved], *, within: float = SIMILAR) -> tuple[Moved, ...]:
    """Those of the other groups that began at most `within` points from this one."""
    return tuple(other for other in others if abs(other.before - one.before) <= within)


def beside(one: Moved, others: Sequence[Moved]) -> Beside | None:
    """A change beside those of comparable groups of other people; None for fewer than 3 of them.

    With m others, e the mean of their squared errors and v the variance of their changes: tau^2 = max(0, v - e)
    (Hedges and Olkin 1985), Var(distance) = se^2 + tau^2 + (tau^2 + e) / m, and t with m - 1 degrees of freedom. Where
    all errors are equal and v >= e, that is the prediction interval of one more observation. NotFiniteError for numbers
    that are not finite, NotCountsError for a negative error.
    """
    for each in (one, *others):
        _refuse_no_change(each)
    m = len(others)
    if m < LEAST_COMPARABLE:
        return None
    centre = math.fsum(each.delta for each in others) / m
    error = math.fsum(each.se**2 for each in others) / m
    spread = math.fsum((each.delta - centre) ** 2 for each in others) / (m - 1)
    among = max(0.0, spread - error)
    se, df = math.sqrt(one.se**2 + among + (among + error) / m), m - 1
    distance = one.delta - centre
    return Beside(
        others=m,
        centre=centre,
        distance=distance,
        half_width=quantile(_CONFIDENCE, df) * se,
        among=among,
        df=df,
        p=two_sided(distance / se, df) if se > 0 else 1.0,
    )


def verdicts(found: Sequence[Beside]) -> tuple[Verdict, ...]:
    """What may be said of each distance when all of these are told together: as of changes (`scoring.change.claim`)."""
    p = [one.p for one in found]
    adjusted, strict = benjamini_hochberg(p), holm(p)
    told = zip(found, adjusted, strict, strict=True)
    return tuple(Verdict(*claim(one.distance, adjusted=each, strict=hard)) for one, each, hard in told)


def _refuse_no_change(one: Moved) -> None:
    if not all(map(math.isfinite, (one.before, one.delta, one.se))):
        raise NotFiniteError(f"change: {one.before}, {one.delta}, error {one.se} are not all finite")
    if one.se < 0:
        raise NotCountsError(f"change: an error of {one.se}")
