"""How far one workflow may go: the strictest of its caps, and which it is (measurement design, 2.7 and P14).

A missing fact about risk or tests counts as the worst that it could be, so that nobody gains by leaving one out. Where
too few people do the work to be asked, zone and preference cap at A3: that is nobody's choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scoring.binomial import required_cases, upper_bound
from scoring.errors import NotCountsError, OutsideScaleError, TooFewError
from scoring.levels import Level
from scoring.printed import half_up
from scoring.zones import MIN_RATERS, Zone

RISK_CAPS: Final[tuple[Level, ...]] = (Level.A5, Level.A5, Level.A4, Level.A3, Level.A2)
"""By severity 1 to 5."""
TOLERANCES: Final[tuple[float, ...]] = (0.05, 0.05, 0.01, 0.002, 0.002)
"""The highest error rate that A4 allows, by severity 1 to 5."""

PILOT_WEEKS: Final = 4
PILOT_CASES: Final = 100
QUARTERS: Final = 2
UNRELEASED_PREFERENCE: Final = Level.A2
BY_HAND: Final = 4.5

_ROUNDING: Final = 1e-9

Assumed = Literal["consequence_by_owner", "consequence_worst", "undo_worst"]
CapName = Literal["department ceiling", "risk cap", "legal cap", "evidence cap", "staff preference", "opportunity zone"]


def upper_median(ratings: Sequence[int]) -> int:
    """The middle of the ratings on 1 to 5, the higher of two: for the consequence of errors. TooFewError for none."""
    return _sorted(ratings)[len(ratings) // 2]


def lower_median(ratings: Sequence[int]) -> int:
    """The middle of the ratings on 1 to 5, the lower of two: for the ease of undoing. TooFewError for none."""
    return _sorted(ratings)[(len(ratings) - 1) // 2]


def _sorted(ratings: Sequence[int]) -> list[int]:
    if not ratings:
        raise TooFewError("no rating has no middle")
    for rating in ratings:
        _refuse_rating("rating", rating)
    return sorted(ratings)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """What the severity of an unnoticed error rests on, each 1 to 5 or None.

    `consequence` is the upper median of EC that staff released, by so many `raters`; `owner_consequence` what the
    process owner says; `undo` the lower median of DT, how easily an error is found and undone.
    OutsideScaleError outside 1..5, NotCountsError for a negative number of raters.
    """

    consequence: int | None = None
    raters: int = 0
    owner_consequence: int | None = None
    undo: int | None = None

    def __post_init__(self) -> None:
        for name in ("consequence", "owner_consequence", "undo"):
            value = getattr(self, name)
            if value is not None:
                _refuse_rating(name, value)
        if self.raters < 0:
            raise NotCountsError(f"raters: {self.raters}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """1 to 5, from the consequence and the ease of undoing that were used, and what had to be assumed."""

    severity: int
    consequence: int
    undo: int
    assumed: tuple[Assumed, ...]

    @property
    def cap(self) -> Level:
        """The highest level that this severity allows, whatever was answered (RISK_CAPS)."""
        return RISK_CAPS[self.severity - 1]

    @property
    def tolerance(self) -> float:
        """The highest error rate that A4 allows, 0 to 1."""
        return TOLERANCES[self.severity - 1]


def severity_of(facts: RiskFacts) -> Severity:
    """s = EC - 1[DT >= 4] + 1[DT <= 2], kept inside 1 to 5.

    With fewer than 5 raters EC is the owner's, without one 5; without DT it is 1 (P14).
    """
    assumed: list[Assumed] = []
    consequence, undo = facts.consequence if facts.raters >= MIN_RATERS else None, facts.undo
    if consequence is None:
        assumed.append("consequence_worst" if facts.owner_consequence is None else "consequence_by_owner")
        consequence = facts.owner_consequence or 5
    if undo is None:
        assumed.append("undo_worst")
        undo = 1
    severity = max(1, min(5, consequence - (undo >= 4) + (undo <= 2)))
    return Severity(severity=severity, consequence=consequence, undo=undo, assumed=tuple(assumed))


@dataclass(frozen=True, slots=True)
class Checked:
    """Checked cases and the errors found in them. NotCountsError where they can't be counts."""

    cases: int = 0
    errors: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.errors <= self.cases:
            raise NotCountsError(f"{self.errors} errors in {self.cases} checked cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a workflow was tested with; what is left out was not done.

    `pilot_weeks` and `pilot_cases` are those of a supervised pilot, `checked` its checked cases; `quarters` the checks
    of the quarters at A4, in order of time. NotCountsError for a negative pilot.
    """

    offline_passed: bool = False
    pilot_weeks: int = 0
    pilot_cases: int = 0
    checked: Checked = Checked()
    quarters: tuple[Checked, ...] = ()

    def __post_init__(self) -> None:
        if self.pilot_weeks < 0 or self.pilot_cases < 0:
            raise NotCountsError(f"a pilot of {self.pilot_weeks} weeks and {self.pilot_cases} cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCap:
    """The level that the tests carry. `error_bound` is the one-sided 95 % upper bound of the error rate in the checked
    cases, `required` how many must be checked with as many errors for the tolerance to hold, 0 to 1.
    """

    level: Level
    error_bound: float
    tolerance: float
    required: int


def evidence_cap(evidence: Evidence, *, severity: Severity) -> EvidenceCap:
    """A1 without a test, A2 after an offline evaluation, A3 after a supervised pilot of at least 4 weeks and 100 cases,
    A4 with an error bound within the tolerance, A5 after two quarters at A4 within it, the last two that there are.

    Each step needs those before it.
    """
    tolerance, checked = severity.tolerance, evidence.checked
    bound = upper_bound(checked.errors, checked.cases)
    last = evidence.quarters[-QUARTERS:]
    steps = (
        evidence.offline_passed,
        evidence.pilot_weeks >= PILOT_WEEKS and evidence.pilot_cases >= PILOT_CASES,
        bound <= tolerance,
        len(last) == QUARTERS and all(upper_bound(one.errors, one.cases) <= tolerance for one in last),
    )
    done = next((place for place, passed in enumerate(steps) if not passed), len(steps))
    return EvidenceCap(
        level=Level(Level.A1 + done),
        error_bound=bound,
        tolerance=tolerance,
        required=required_cases(tolerance, errors=checked.errors),
    )


def preferred_level(human_part: float | None) -> Level:
    """A_pref = 6 - mean HA rounded half up; A2 where no HA is released. OutsideScaleError outside 1..5."""
    if human_part is None:
        return UNRELEASED_PREFERENCE
    if not 1 <= human_part <= 5:
        raise OutsideScaleError(f"human part: {human_part} is outside 1..5")
    return Level(6 - half_up(human_part))


def preference_cap(human_part: float | None) -> Level:
    """One level above what staff prefer, A5 at most; A1 where the mean HA is 4.5 or more (P14)."""
    preferred = preferred_level(human_part)
    if human_part is not None and human_part >= BY_HAND - _ROUNDING:
        return Level.A1
    return Level(min(Level.A5, preferred + 1))


def zone_cap(zone: Zone | None) -> Level:
    """A2 for work that is not wanted (red and low), A3 where no zone is known, else none: A5."""
    if zone is None:
        return Level.A3
    return Level.A2 if zone in ("red", "low") else Level.A5


@dataclass(frozen=True, slots=True)
class Cap:
    """One cap, with the name that is printed."""

    name: CapName
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowLevel:
    """The level of a workflow, all of its caps, and those that bind it, both in the order of the specification."""

    level: Level
    caps: tuple[Cap, ...]
    binding: tuple[CapName, ...]


def workflow_level(
    *, ceiling: Level, risk: Level, legal: Level, evidence: Level, preference: Level, zone: Level = Level.A5
) -> WorkflowLevel:
    """The minimum of the caps: department ceiling, risk, law, evidence, staff preference and opportunity zone."""
    caps = (
        Cap("department ceiling", ceiling),
        Cap("risk cap", risk),
        Cap("legal cap", legal),
        Cap("evidence cap", evidence),
        Cap("staff preference", preference),
        Cap("opportunity zone", zone),
    )
    level = min(cap.level for cap in caps)
    return WorkflowLevel(level=level, caps=caps, binding=tuple(cap.name for cap in caps if cap.level == level))


def _refuse_rating(name: str, value: int) -> None:
    if value not in range(1, 6):
        raise OutsideScaleError(f"{name}: {value} is outside 1..5")
