"""What handing work over would release, and in which order to look at it (measurement design, 2.3)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.errors import NotCountsError, OutsideScaleError, ScoringError
from scoring.levels import Level
from scoring.zones import Zone

DEPRESSING_BELOW: Final = 55
"""Scores below this are in the bands Low and Emerging."""
DEPRESSING_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningShares:
    """Which share of the hours is released at A0 to A5: an assumption for planning, never a finding.

    `version` is printed next to every number that rests on it. ScoringError where there are not six shares of 0 to 1
    that never fall with the level, or where A0 releases anything.
    """

    version: str
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.shares) != len(Level):
            raise ScoringError(f"{self.version}: there are {len(self.shares)} shares for 6 levels")
        if self.shares[0] != 0 or not all(0 <= share <= 1 for share in self.shares):
            raise OutsideScaleError(f"{self.version}: shares are 0 at A0 and inside 0..1")
        if list(self.shares) != sorted(self.shares):
            raise ScoringError(f"{self.version}: a share falls with the level")

    def at(self, level: Level) -> float:
        """The share of a workflow's hours that a level is expected to release, 0 to 1."""
        return self.shares[level]


PLANNING_SHARES: Final = PlanningShares(version="planning shares 1", shares=(0.0, 0.15, 0.25, 0.40, 0.65, 0.80))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedHours:
    """Hours a month that a workflow takes, and those that a level is expected to release, with the assumption used."""

    hours: float
    level: Level
    share: float
    released: float
    assumption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A workflow to be ranked: its zone, hours a month (None where volume or minutes are not known), the level that
    it is allowed, and the released mean wish of staff (1 to 5).
    """

    id: str
    zone: Zone | None
    hours: float | None
    level: Level
    wish: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A workflow of the shortlist; `expected` is None where its hours are not known."""

    id: str
    expected: ExpectedHours | None
    wish: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """A workflow that is possible and not wanted, with its department's low dimensions, the lowest first."""

    id: str
    wish: float | None
    depressing: tuple[str, ...]


def hours_per_month(*, volume: float, minutes: float) -> float:
    """V = volume a month x minutes a case / 60. NotCountsError for numbers that are negative or not finite."""
    for name, value in (("volume a month", volume), ("minutes a case", minutes)):
        if not 0 <= value < math.inf:
            raise NotCountsError(f"{name}: {value} is no amount")
    return volume * minutes / 60


def expected_hours(hours: float, level: Level, *, shares: PlanningShares = PLANNING_SHARES) -> ExpectedHours:
    """What a level is expected to release of the hours a month. NotCountsError for hours that are no amount."""
    if not 0 <= hours < math.inf:
        raise NotCountsError(f"hours a month: {hours} is no amount")
    share = shares.at(level)
    return ExpectedHours(hours=hours, level=level, share=share, released=hours * share, assumption=shares.version)


def priority_list(candidates: Iterable[Candidate], *, shares: PlanningShares = PLANNING_SHARES) -> tuple[Ranked, ...]:
    """The green workflows, those first that release most at their allowed level, then the more wanted, then by id.

    Workflows whose hours are not known come last: a missing fact never moves anything up.
    """
    green = [
        Ranked(
            id=one.id,
            expected=None if one.hours is None else expected_hours(one.hours, one.level, shares=shares),
            wish=one.wish,
        )
        for one in candidates
        if one.zone == "green"
    ]
    return tuple(
        sorted(
            green,
            key=lambda one: (
                one.expected is None,
                -one.expected.released if one.expected else 0.0,
                -(one.wish or 0.0),
                one.id,
            ),
        )
    )


def red_list(candidates: Iterable[Candidate], *, scores: Mapping[str, int]) -> tuple[Contested, ...]:
    """The red workflows of a department, the least wanted first, with the dimensions that depress them.

    `scores` are the department's released scores, 0 to 100, in the order of the dimensions. Those below 55 (Low or
    Emerging) are named, the lowest first and three at most; none where nothing is low. They are where to ask, not
    proven causes.
    """
    low: Sequence[str] = sorted((one for one in scores if scores[one] < DEPRESSING_BELOW), key=scores.__getitem__)
    red = sorted((one for one in candidates if one.zone == "red"), key=lambda one: (one.wish or 0.0, one.id))
    return tuple(Contested(id=one.id, wish=one.wish, depressing=tuple(low[:DEPRESSING_AT_MOST])) for one in red)
