"""Where each workflow lies: zone, hours and list, from a release and the facts of a date (2.3). Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from app.experts.judging import NOBODY, Judgement
from app.releases.document.release import Release, Row, Scored, WorkflowHead
from app.workflows.facts import NOTHING, Facts
from scoring.caps import RiskFacts, Severity, severity_of, zone_cap
from scoring.estimates import Spread
from scoring.legal import LEGAL, LegalCap, legal_cap
from scoring.levels import Level
from scoring.student import quantile
from scoring.value import (
    PLANNING_SHARES,
    Candidate,
    Contested,
    ExpectedHours,
    Ranked,
    expected_hours,
    priority_list,
    red_list,
)
from scoring.zones import (
    MIN_RATERS,
    UNKNOWN_RATING_SPREAD,
    AgencyGap,
    Capability,
    Opportunity,
    Rating,
    agency_gap,
    capability,
    opportunity,
    rating_of,
    suitability,
)

WISH: Final = "DS"
RULES: Final = "RB"
HARM: Final = "EC"
HUMAN: Final = "HA"
_STEPS: Final = 4 / 100
"""Steps of a rating in a point of a score."""
_FINE: Final = 0.5
_COARSE: Final = 2.5
"""What rounding takes from a printed score: at most half a point where the number is told, else half of five."""


class Known(Protocol):
    """A workflow as the inventory, or a decision, knows it."""

    @property
    def code(self) -> str:
        """Its id in releases."""

    @property
    def facts(self) -> Facts:
        """What is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A workflow on the map. `wish` and `capability` are on 1 to 5, `n` is told from ten raters on; `human_part` is
    what staff prefer, on 1 to 5.

    `level` is the highest that risk, law and zone allow, the chosen one at most, or what a decision allows; `expected`
    is what it would release.
    `experts` is what experts said of it, `gap` how much more of a person's part staff want than they. A `retired` one
    has its numbers and is on no list.
    """

    id: str
    name: str
    row: Row
    facts: Facts
    wish: Rating | None
    n: int | None
    capability: Capability | None
    found: Opportunity
    severity: Severity
    human_part: float | None
    level: Level
    expected: ExpectedHours | None
    experts: Judgement = NOBODY
    gap: AgencyGap | None = None
    retired: bool = False


def placed(
    release: Release,
    inventory: Iterable[Known],
    experts: Mapping[str, Judgement] | None = None,
    *,
    chosen: Level,
    allowed: Mapping[str, Level] | None = None,
) -> tuple[Placed, ...]:
    """Every workflow that the release tells of, in its order; one that the inventory does not have has no facts.

    `experts` is what experts say of workflows, by their codes. With `allowed`, the levels that a decision gives them,
    hours are those of these levels, and of a workflow that it does not know those of A0.
    """
    known = {one.code: one.facts for one in inventory}
    rows = {row.id: row for row in release.rows}
    said = experts or {}
    every = tuple(
        _placed(head, rows[head.row], known.get(head.id, NOTHING), said.get(head.id, NOBODY), chosen)
        for head in release.workflows
        if head.row in rows
    )
    return every if allowed is None else tuple(_at(one, allowed.get(one.id, Level.A0)) for one in every)


def without_retired(points: Iterable[Placed], retired: Iterable[str]) -> tuple[Placed, ...]:
    """The workflows with those marked that are done no more, by their codes."""
    gone = frozenset(retired)
    return tuple(replace(one, retired=one.id in gone) for one in points)


def shortlist(points: Sequence[Placed]) -> tuple[Ranked, ...]:
    """The green ones, those first that release most."""
    return priority_list(_candidate(point) for point in points if not point.retired)


def red(points: Sequence[Placed], release: Release) -> tuple[Contested, ...]:
    """The red ones of each row, with the dimensions that are low there; the least wanted first."""
    dimensions = [one.id for one in release.dimensions if one.block != "criterion"]
    found: list[Contested] = []
    wanted = [point for point in points if not point.retired]
    for row in {point.row.id: point.row for point in wanted}.values():
        cells = {one: row.anchor(one) or row.cells.get(one) for one in dimensions}
        scores = {one: cell.score for one, cell in cells.items() if isinstance(cell, Scored)}
        found += red_list((_candidate(point) for point in wanted if point.row.id == row.id), scores=scores)
    return tuple(sorted(found, key=lambda one: (one.wish or 0.0, one.id)))


def _at(one: Placed, level: Level) -> Placed:
    """A workflow with the hours of another level."""
    hours = one.facts.hours
    expected = None if hours is None else expected_hours(hours, level, shares=PLANNING_SHARES)
    return replace(one, level=level, expected=expected)


def _placed(head: WorkflowHead, row: Row, facts: Facts, experts: Judgement, chosen: Level) -> Placed:
    cell = row.cells.get(head.cell(WISH))
    wish = _rating(row, cell) if isinstance(cell, Scored) else None
    can = capability(experts.capability, proxy=_proxy(row, head, facts))
    found = opportunity(wish, can)
    severity, preferred = _severity(row, head, facts), row.cells.get(head.cell(HUMAN))
    level = min(chosen, severity.cap, law(facts, function=row.function or "other").level, zone_cap(found.zone))
    hours, human = facts.hours, rating_of(preferred.score) if isinstance(preferred, Scored) else None
    return Placed(
        id=head.id,
        name=head.name,
        row=row,
        facts=facts,
        wish=wish,
        n=cell.n if isinstance(cell, Scored) else None,
        capability=can,
        found=found,
        severity=severity,
        human_part=human,
        level=level,
        expected=None if hours is None else expected_hours(hours, level, shares=PLANNING_SHARES),
        experts=experts,
        gap=None if human is None else agency_gap(preferred=human, feasible=experts.human_part),
    )


def _candidate(one: Placed) -> Candidate:
    wish = None if one.wish is None else one.wish.mean
    return Candidate(id=one.id, zone=one.found.zone, hours=one.facts.hours, level=one.level, wish=wish)


def _rating(row: Row, cell: Scored) -> Rating:
    """A printed score as a rating. Where its number is not told it counts as five people, with the usual spread.

    From the printed interval follows the spread of the raters, a little larger for its rounding up.
    """
    mean = rating_of(cell.score)
    if cell.n is None or cell.interval is None:
        return Rating(mean=mean, n=cell.n or MIN_RATERS, spread=UNKNOWN_RATING_SPREAD)
    half = max(cell.interval[1] - cell.score, cell.score - cell.interval[0])
    rest = 1 - min(1.0, cell.n / max(row.headcount, 1))
    if not rest:
        return Rating(mean=mean, n=cell.n, spread=UNKNOWN_RATING_SPREAD)
    s = half * math.sqrt(cell.n) / (quantile(0.975, cell.n - 1) * math.sqrt(rest))
    return Rating(mean=mean, n=cell.n, spread=Spread(s * _STEPS, cell.n - 1))


def _proxy(row: Row, head: WorkflowHead, facts: Facts) -> float | None:
    """The suitability, from staff's rule-boundness and the owner's facts; None where one of the three is missing."""
    rules = row.cells.get(head.cell(RULES))
    if not isinstance(rules, Scored) or facts.data_ready is None or facts.undo is None:
        return None
    return suitability(rule_bound=rating_of(rules.score), data=facts.data_ready, undo=facts.undo)


def _severity(row: Row, head: WorkflowHead, facts: Facts) -> Severity:
    """Staff's consequence is the worst upper median that the printed mean allows (ADR 0032)."""
    cell = row.cells.get(head.cell(HARM))
    return severity(facts, told=worst_middle(cell) if isinstance(cell, Scored) else None)


def severity(facts: Facts, *, told: int | None = None) -> Severity:
    """How bad an unnoticed error is, from what staff `told` where enough of them did, and from the owner's facts."""
    raters = 0 if told is None else MIN_RATERS
    return severity_of(RiskFacts(consequence=told, raters=raters, owner_consequence=facts.consequence, undo=facts.undo))


def worst_middle(cell: Scored) -> int:
    """The highest upper median, 1 to 5, of people whose mean is printed so.

    As few as half of them have to say it while all others say 1: it is twice as far above 1 as their mean at most.
    """
    rounded = _FINE if cell.n is not None else _COARSE
    highest = 100.0 if cell.bound == ">=" else min(100.0, cell.score + rounded)
    return min(5, math.floor(1 + 2 * (rating_of(highest) - 1)))


def law(facts: Facts, *, function: str) -> LegalCap:
    """What the law allows work of a department with this function."""
    known = function if function in dict(LEGAL.functions) else "other"
    return legal_cap(dict(facts.law), function=known, policy=LEGAL, grounds=facts.grounds)
