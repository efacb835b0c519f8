"""A workflow in a decision: the facts that its level rests on, and what follows for it (2.7, P14, P18)."""

from dataclasses import dataclass, field
from typing import Final

from app.workflows.facts import CHECKS, GROUNDED, Facts
from scoring.caps import Cap, CapName, Checked, Evidence, Severity
from scoring.legal import LegalCap
from scoring.levels import Level
from scoring.zones import Zone

PER: Final = 10_000
"""Rates of errors are kept as so many in ten thousand, rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is known of a workflow of a department, as of a day; None where nobody has said.

    `id` is that of the inventory, `code` the one in releases. `grounded` says that a ground of the law and safeguards
    are recorded. Tests count where it is written down where they can be looked up. `experts` are the ratings of what
    agents can do that count on that day, in the order in which they were given.
    """

    id: str
    code: str
    name: str
    department: str
    times: int | None = None
    per: str = "month"
    minutes: int | None = None
    data_ready: int | None = None
    undo: int | None = None
    consequence: int | None = None
    legal: tuple[tuple[str, bool], ...] = ()
    grounded: bool = False
    tests: Evidence = field(default_factory=Evidence)
    experts: tuple[int, ...] = ()

    @property
    def facts(self) -> Facts:
        """What of the inventory a level rests on."""
        return Facts(
            times=self.times,
            per=self.per,
            minutes=self.minutes,
            data_ready=self.data_ready,
            undo=self.undo,
            consequence=self.consequence,
            legal=dict(self.legal),
            ground=GROUNDED if self.grounded else "",
        )


def work_of(facts: Facts, *, id: str, code: str, name: str, department: str, experts: tuple[int, ...] = ()) -> Work:
    """What a decision takes from the facts of a workflow, and from experts: nothing of whoever answers for it."""
    return Work(
        id=id,
        code=code,
        name=name,
        department=department,
        times=facts.times,
        per=facts.per,
        minutes=facts.minutes,
        data_ready=facts.data_ready,
        undo=facts.undo,
        consequence=facts.consequence,
        legal=tuple(sorted(facts.law.items())),
        grounded=bool(facts.grounds),
        tests=_tests(facts) if facts.tests_shown else Evidence(),
        experts=experts,
    )


def _tests(facts: Facts) -> Evidence:
    checked, *quarters = (_checked(getattr(facts, cases), getattr(facts, errors)) for cases, errors in CHECKS)
    return Evidence(
        offline_passed=bool(facts.offline),
        pilot_weeks=facts.pilot_weeks or 0,
        pilot_cases=facts.pilot_cases or 0,
        checked=checked,
        quarters=tuple(one for one in quarters if one.cases),
    )


def _checked(cases: int | None, errors: int | None) -> Checked:
    """Cases of which nobody has said how many were wrong show nothing."""
    return Checked() if cases is None or errors is None else Checked(cases, errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedWork:
    """What follows for a workflow: its level, all caps, and those that bind.

    `row` is the row of the release that its ratings are told of, empty where none are. `wish` and `human_part` are
    means on 1 to 5 in hundredths. `error_bound` and `tolerance` are errors in ten thousand cases, `required` the cases
    that have to be checked with as many errors as there are. `hours` a month are whole, `released` those that the
    level is expected to release.
    """

    id: str
    code: str
    name: str
    row: str
    level: Level
    caps: tuple[Cap, ...]
    binding: tuple[CapName, ...]
    severity: Severity
    law: LegalCap
    tests: Evidence
    error_bound: int
    tolerance: int
    required: int
    zone: Zone | None
    borderline: bool
    proxy: bool
    wish: int | None
    human_part: int | None
    hours: int | None
    released: int | None
