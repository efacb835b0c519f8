"""Gating scores, and the policy that they are held against (measurement design, 2.5, P2, P7, P13 and P14).

A gating score is what can be relied on: the lower one-sided 80 % bound of a score. A policy says, level by level, how
high it has to be and what else must be true. The thresholds are choices and no findings, so a policy is data with a
version, and `GATES` is the one that the product starts with.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from scoring.errors import NotCountsError, NotFiniteError, OutsideScaleError, ScoringError
from scoring.estimates import Spread
from scoring.levels import Level
from scoring.printed import EXACT_FROM, up
from scoring.student import quantile

CONFIDENCE: Final = 0.80
DK_LIMIT: Final = 30
"""From this rate of "don't know" on, in per cent, many people do not know, and gates on facts fail."""
SCORED_SHARE: Final = 70
"""Of fewer than 10 people, at least this many per cent must have a score."""

OverTrust = Literal["flagged", "clear", "unknown"]


class PolicyError(ScoringError):
    """A policy that contradicts itself. The message names the level and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """One-sided 80 % bounds of a score in points, inside 0 to 100: granted on the lower, withdrawn on the upper."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class GatingScore:
    """The bounds as a release holds them, whole points of 0 to 100. OutsideScaleError where they are not that."""

    lower: int
    upper: int

    def __post_init__(self) -> None:
        if not 0 <= self.lower <= self.upper <= 100:
            raise OutsideScaleError(f"gating score {self.lower}..{self.upper} is no range inside 0..100")


def standing_spread(*, n: int, own: Spread | None, column: Spread) -> Spread:
    """The spread that may be used for `n` people: their own from 10 people on, where it may be told, else the column's.

    `own` is None where the people's spread is not told separately (P2).
    """
    return own if own is not None and n >= EXACT_FROM else column


def bounds(mean: float, *, n: int, spread: Spread) -> Bounds:
    """The one-sided 80 % bounds of a mean of 0 to 100 over `n` people, without the finite population correction.

    g = mean - t(.80, nu) s / sqrt(n), floored at 0; the upper bound mean + ... keeps a level that was granted (P14).
    OutsideScaleError for a mean outside 0..100, NotCountsError without people or degrees of freedom, NotFiniteError
    for a spread that is negative or not finite.
    """
    half = _half_width(mean, n, spread)
    return Bounds(max(0.0, mean - half), min(100.0, mean + half))


def gating_score(score: int, *, n: int, spread: Spread) -> GatingScore:
    """The bounds of a printed score (clipped and in whole points), as printed: the half-width rounded up, at least 1.

    So nothing is granted by rounding, and the gating score of people who all answered alike does not say so. Where the
    number of valid answers of a small group is not told, `n` has to be the used responses. Errors as in `bounds`.
    """
    return printed_bounds(score, half_width=_half_width(score, n, spread))


def printed_bounds(score: int, *, half_width: float) -> GatingScore:
    """The bounds of a printed score, so many points to either side, as printed.

    That is t(.80, df) se without the finite population correction: for people of one set se is s / sqrt(n), for a
    roll-up it is that of the sum (`scoring.rollups`). OutsideScaleError for a score outside 0..100, NotFiniteError for
    a half-width that is negative or not finite.
    """
    if not 0 <= score <= 100:
        raise OutsideScaleError(f"mean {score} is outside 0..100")
    if not 0 <= half_width < math.inf:
        raise NotFiniteError(f"half-width {half_width} is no number of points")
    half = max(1, up(half_width))
    return GatingScore(max(0, score - half), min(100, score + half))


def _half_width(mean: float, n: int, spread: Spread) -> float:
    if not 0 <= mean <= 100:
        raise OutsideScaleError(f"mean {mean} is outside 0..100")
    if n < 1 or not spread.df > 0:
        raise NotCountsError(f"a bound of {n} people with {spread.df} degrees of freedom")
    if not 0 <= spread.s < math.inf:
        raise NotFiniteError(f"spread {spread.s} is no number of points")
    return quantile(CONFIDENCE, spread.df) * spread.s / math.sqrt(n)


def many_do_not_know(*, used: int, scored: int, dk_rate: float | None) -> bool:
    """Whether too many people do not know the facts that a dimension asks for, so that its gate fails (P13).

    From 10 scored people on: a rate of "don't know" (per cent) of 30 or more; without a rate, or below 10 people,
    fewer than 70 % of the `used` responses with a score. NotCountsError for more scored people than responses.
    """
    if not 0 <= scored <= used:
        raise NotCountsError(f"{scored} scored of {used} used responses")
    if scored >= EXACT_FROM and dk_rate is not None:
        return dk_rate >= DK_LIMIT
    return 100 * scored < SCORED_SHARE * used


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTrustRule:
    """Trust that runs ahead, in points: a trust index of at least `trust` while work is checked at most `checks`, or
    a trust index that is at least `lead` above the skills (R1).
    """

    trust: int = 70
    checks: int = 40
    lead: int = 25

    def judge(self, *, trust: int | None, checks: int | None, skills: int | None) -> OverTrust:
        """The flag for a printed trust index, mean of C1 among users, and R1, each 0 to 100 or None if not released.

        "unknown" where one is missing and the others raise no flag: autonomy by exception then lacks evidence (P14).
        """
        careless = trust is not None and checks is not None and trust >= self.trust and checks <= self.checks
        ahead = trust is not None and skills is not None and trust - skills >= self.lead
        if careless or ahead:
            return "flagged"
        return "unknown" if trust is None or checks is None or skills is None else "clear"


@dataclass(frozen=True, slots=True)
class Gate:
    """The least gating score of a dimension, whole points of 0 to 100."""

    dimension: str
    minimum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """What one level needs beside everything below it.

    `undivided` are dimensions that must not be split, `calibrated` says that over-trust stops it, `waves_at_a4` in how
    many consecutive waves before this one A4 must have been held.
    """

    level: Level
    gates: tuple[Gate, ...]
    controls: tuple[str, ...]
    undivided: tuple[str, ...] = ()
    calibrated: bool = False
    waves_at_a4: int = 0

    def minimum(self, dimension: str) -> int | None:
        """The gate of a dimension, None without one."""
        return next((gate.minimum for gate in self.gates if gate.dimension == dimension), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatesPolicy:
    """The rungs A1 to A5, how many days an attestation counts, and the other thresholds of the ceiling.

    `max_age` has the controls that count for another time than `usual_age`; `dated` those that need an expiry date.
    `dk_dimensions` ask for facts that a person may not know. Below `least_rate` per cent of answers nothing above A2
    is granted; a unit that takes the ceiling of its group gets at most `group_cap`.

    PolicyError where the rungs are not A1 to A5 in order, a gate is outside 0..100 or given twice, a gate falls with
    the level or ends below A5, a control is asked for twice, or an age is not positive.
    """

    version: str
    rungs: tuple[Rung, ...]
    max_age: tuple[tuple[str, int], ...] = ()
    usual_age: int = 365
    dated: tuple[str, ...] = ()
    dk_dimensions: tuple[str, ...] = ("R2", "R3", "R4", "R5")
    overtrust: OverTrustRule = OverTrustRule()
    least_rate: int = 30
    group_cap: Level = Level.A3

    def __post_init__(self) -> None:
        if [rung.level for rung in self.rungs] != list(Level)[1:]:
            raise PolicyError(f"policy {self.version}: its levels are not A1 to A5 in order")
        for rung in self.rungs:
            _check_gates(rung)
        for lower, higher in pairwise(self.rungs):
            _check_order(lower, higher)
        _check_controls(self)

    @property
    def controls(self) -> tuple[str, ...]:
        """All controls, from the lowest level up."""
        return tuple(control for rung in self.rungs for control in rung.controls)

    def age(self, control: str) -> int:
        """The number of days that an attestation of this control counts."""
        return dict(self.max_age).get(control, self.usual_age)


def _check_gates(rung: Rung) -> None:
    names = [gate.dimension for gate in rung.gates]
    for gate in rung.gates:
        if not 0 <= gate.minimum <= 100:
            raise PolicyError(f"{rung.level.name}, {gate.dimension}: the gate {gate.minimum} is outside 0..100")
        if names.count(gate.dimension) > 1:
            raise PolicyError(f"{rung.level.name}, {gate.dimension}: there are two gates")


def _check_order(lower: Rung, higher: Rung) -> None:
    for gate in lower.gates:
        above = higher.minimum(gate.dimension)
        if above is None or above < gate.minimum:
            then = "none" if above is None else above
            raise PolicyError(
                f"{gate.dimension}: the gate falls from {gate.minimum} at {lower.level.name}"
                f" to {then} at {higher.level.name}"
            )


def _check_controls(policy: GatesPolicy) -> None:
    for control in policy.controls:
        if policy.controls.count(control) > 1:
            raise PolicyError(f"{control} is asked for twice")
        if policy.age(control) < 1:
            raise PolicyError(f"{control}: an attestation has to count for at least a day")


def _gates(*groups: tuple[int, str]) -> tuple[Gate, ...]:
    """Gates from groups of dimensions with one minimum, trust before readiness."""
    gates = [Gate(dimension, minimum) for minimum, names in groups for dimension in names.split()]
    return tuple(sorted(gates, key=lambda gate: (not gate.dimension.startswith("T"), gate.dimension)))


GATES: Final = GatesPolicy(
    version="gates 1",
    rungs=(
        Rung(level=Level.A1, gates=_gates((25, "R1 R3")), controls=("C01", "C02")),
        Rung(level=Level.A2, gates=_gates((40, "R1 R3 T2 T4")), controls=("C03", "C04")),
        Rung(
            level=Level.A3,
            gates=_gates((50, "R1 R2 R3 R4 T1 T2 T4"), (40, "T3 T5 R5 R6")),
            controls=("C05", "C06", "C07", "C08", "C09"),
        ),
        Rung(
            level=Level.A4,
            gates=_gates((65, "R1 R2 R3 R4 T1 T2 T3 T4"), (55, "T5 R5 R6")),
            controls=("C10", "C11", "C12", "C13", "C14"),
            undivided=("T1", "T4", "R3"),
            calibrated=True,
        ),
        Rung(
            level=Level.A5,
            gates=_gates((75, "T1 T2 T3 T4 T5 R1 R2 R3 R4 R5 R6")),
            controls=("C15", "C16"),
            undivided=("T1", "T4", "R3"),
            calibrated=True,
            waves_at_a4=2,
        ),
    ),
    max_age=(("C07", 180), ("C12", 120)),
    dated=("C16",),
)
