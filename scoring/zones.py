"""Which work is wanted and possible: zones, their borders, and the agency gap (measurement design, 2.3, P2 and P16)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scoring.errors import NotCountsError, NotFiniteError, OutsideScaleError
from scoring.estimates import UNKNOWN_SPREAD, Spread
from scoring.student import two_sided

CUT: Final = 3.0
MIN_RATERS: Final = 5
MIN_EXPERTS: Final = 2
WIDE_GAP: Final = 1.0
UNKNOWN_RATING_SPREAD: Final = Spread(UNKNOWN_SPREAD * 4 / 100, math.inf)
"""The column's spread of a rating on 1 to 5 where no set may tell its own: 20 of 100 points are .8 steps."""

FAR_APART: Final = 2
"""Experts whose ratings are so many steps apart contradict each other."""

_UNSURE: Final = (0.20, 0.80)
_NEAR: Final = 0.25
_ROUNDING: Final = 1e-9

Zone = Literal["green", "red", "r_and_d", "low"]
Missing = Literal["wish", "capability"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """The released mean of a staff rating, 1 to 5, over `n` people, with the spread that may stand for it, in steps.

    `spread` is the raters' own from 10 of them on, where it may be told, and the column's otherwise (P2,
    `standing_spread`). OutsideScaleError for a mean outside 1..5, NotCountsError without raters or degrees of freedom,
    NotFiniteError for a spread that is negative or not finite.
    """

    mean: float
    n: int
    spread: Spread

    def __post_init__(self) -> None:
        _on_scale("mean of a rating", self.mean)
        if self.n < 1 or not self.spread.df > 0:
            raise NotCountsError(f"a rating by {self.n} people with {self.spread.df} degrees of freedom")
        if not 0 <= self.spread.s < math.inf:
            raise NotFiniteError(f"spread {self.spread.s} is no number of steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """How well agents can do the work today, 1 to 5; `proxy` says that fewer than two experts rated it.

    `divided` says that experts contradict each other with the cut between them: whether agents can do it is not sure
    then, however far their mean is from the cut.
    """

    value: float
    proxy: bool
    divided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """Where a workflow lies. Without a zone, `missing` says what is not known.

    `p_wanted` is the probability that the work is wanted, given the uncertainty of the mean; `borderline` that this or
    the capability is too near the cut to be sure: the point has a ring.
    """

    zone: Zone | None
    borderline: bool
    p_wanted: float | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyGap:
    """Staff's preferred minus the experts' feasible human part, in steps; `wide` from one step on."""

    steps: float
    wide: bool


def rating_of(score: float) -> float:
    """A printed score of 0 to 100 as a mean on 1 to 5. OutsideScaleError outside 0..100."""
    if not 0 <= score <= 100:
        raise OutsideScaleError(f"score {score} is outside 0..100")
    return 1 + score / 25


def suitability(*, rule_bound: float, data: float, undo: float) -> float:
    """S = 100 mean((RB - 1)/4, (DA - 1)/4, (DT - 1)/4), points of 0 to 100, from ratings on 1 to 5.

    RB is how far the work follows rules, DA whether its data are at hand, DT how easily an error is found and undone.
    OutsideScaleError for a rating outside 1..5.
    """
    for name, value in (("rule-boundness", rule_bound), ("data availability", data), ("ease of undoing", undo)):
        _on_scale(name, value)
    return 100 * ((rule_bound - 1) + (data - 1) + (undo - 1)) / 12


def capability(experts: Sequence[float], *, proxy: float | None) -> Capability | None:
    """The mean of at least 2 independent expert ratings, 1 to 5; else 1 + 4 S / 100 of the suitability; else None.

    One expert alone counts as none. OutsideScaleError for a rating outside 1..5 or a suitability outside 0..100.
    """
    for rating in experts:
        _on_scale("expert rating", rating)
    if len(experts) >= MIN_EXPERTS:
        divided = apart(experts) and min(experts) < CUT <= max(experts)
        return Capability(value=math.fsum(experts) / len(experts), proxy=False, divided=divided)
    return None if proxy is None else Capability(value=rating_of(proxy), proxy=True)


def apart(ratings: Sequence[float]) -> bool:
    """Whether the ratings of experts contradict each other: the highest and the lowest are 2 steps apart or more."""
    return len(ratings) >= MIN_EXPERTS and max(ratings) - min(ratings) >= FAR_APART


def p_wanted(wish: Rating) -> float:
    """pD = P(t_nu > (3 - D) / SE) with SE = s* / sqrt(n): whether the true wish lies above the cut.

    Without any spread it is 1 above the cut, .5 on it and 0 below (P16).
    """
    distance = wish.mean - CUT
    if abs(distance) < _ROUNDING:
        return 0.5
    if not wish.spread.s:
        return 1.0 if distance > 0 else 0.0
    beyond = two_sided(distance * math.sqrt(wish.n) / wish.spread.s, wish.spread.df) / 2
    return 1 - beyond if distance > 0 else beyond


def zone(*, wish: float, capability: float) -> Zone:
    """The zone of two means on 1 to 5; both cuts at 3.0 are inclusive."""
    wanted, possible = wish >= CUT - _ROUNDING, capability >= CUT - _ROUNDING
    if possible:
        return "green" if wanted else "red"
    return "r_and_d" if wanted else "low"


def opportunity(wish: Rating | None, capability: Capability | None) -> Opportunity:
    """The zone of a workflow; none with fewer than 5 staff raters, or without capability.

    It is borderline if .20 < pD < .80, if the capability is less than .25 from the cut, or if experts are divided.
    """
    known = wish is not None and wish.n >= MIN_RATERS
    if wish is None or not known or capability is None:
        missing: tuple[Missing, ...] = () if known else ("wish",)
        missing += () if capability is not None else ("capability",)
        return Opportunity(zone=None, borderline=False, p_wanted=None, missing=missing)
    probability = p_wanted(wish)
    near = abs(capability.value - CUT) < _NEAR - _ROUNDING
    return Opportunity(
        zone=zone(wish=wish.mean, capability=capability.value),
        borderline=_UNSURE[0] < probability < _UNSURE[1] or near or capability.divided,
        p_wanted=probability,
        missing=(),
    )


def agency_gap(*, preferred: float, feasible: Sequence[float]) -> AgencyGap | None:
    """G = mean HA - mean HX: positive where staff want more human part than experts think is needed.

    `preferred` is the released mean HA, `feasible` the ratings of at least 2 experts; None with fewer. From one step
    on: design for more human control than technically needed. OutsideScaleError for a rating outside 1..5.
    """
    for rating in (preferred, *feasible):
        _on_scale("human part", rating)
    if len(feasible) < MIN_EXPERTS:
        return None
    steps = preferred - math.fsum(feasible) / len(feasible)
    return AgencyGap(steps=steps, wide=steps >= WIDE_GAP - _ROUNDING)


def _on_scale(name: str, value: float) -> None:
    if not 1 <= value <= 5:
        raise OutsideScaleError(f"{name}: {value} is outside 1..5")
