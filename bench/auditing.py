"""How long the audit of a release takes, beside computing the same release in the same run: processor seconds."""

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.releases import evidence
from app.releases.audit.auditor import Statement, audit
from app.releases.audit.membership import joined
from app.releases.compute import Made, build
from app.releases.document.release import Policy, WaveFacts
from app.releases.plan.coarsening import Department
from app.releases.plan.ledger import Ledger
from app.releases.statistics import planning
from app.releases.statistics.columns import DepartmentAnswers
from app.releases.statistics.margins import ROLE_SCALE
from surveys.load import INSTRUMENTS, load_file
from surveys.model import Dimension, Instrument, Item

COLUMNS = 60
SIZES = (
    (12, 240, False), (100, 10_000, False), (500, 5_000, False), (500, 25_000, False), (500, 100_000, False),
    (500, 25_000, True),
)  # fmt: skip
"""Departments, people, and whether these say their role level. The third has ten people a department: most of them are
pooled for intervals. Role levels, told of the whole organisation, cross all departments."""


LIMIT = 3.0
"""Processor seconds for counting and audit together, of 500 departments and 60 columns."""


@dataclass(frozen=True)
class Measured:
    """One size: processor seconds to compute the release and to audit it."""

    departments: int
    people: int
    roles: bool
    columns: int
    statistics: int
    compute: float
    count: float
    audit: float
    verdict: str


def instrument() -> Instrument:
    """A questionnaire of 30 dimensions with 4 questions, 2 of them anchors: 60 columns."""
    real = load_file(INSTRUMENTS / "atr" / "1.0.0")
    return replace(
        real, dimensions=tuple(_dimension(number) for number in range(COLUMNS // 2)), modules={}, functions={}
    )


def _dimension(number: int) -> Dimension:
    items = tuple(Item(id=f"D{number}{letter}", text="", scale="true5", anchor=letter in "ab") for letter in "abcd")
    return Dimension(id=f"D{number}", name="", short="", definition="", block="trust", items=items)


def organisation(departments: int, people: int, rng: random.Random) -> tuple[Department, ...]:
    """Departments in divisions of ten, of very different sizes, a few of them too small to be shown."""
    shares = [rng.lognormvariate(0, 0.8) for _ in range(departments)]
    heads = [max(1, round(people * share / sum(shares))) for share in shares]
    return tuple(
        Department(
            id=f"d{number}",
            name=f"Department {number}",
            parent=None if number % 10 == 0 else f"d{number - number % 10}",
            function="other",
            headcount=head,
        )
        for number, head in enumerate(heads)
    )


def answers(
    one: Instrument, all_departments: tuple[Department, ...], *, roles: bool
) -> Mapping[str, DepartmentAnswers]:
    """Everybody answers; one answer in ten is left out, so that patterns of valid answers are many."""
    rng = np.random.default_rng(1)
    items = tuple(item.id for dimension in one.dimensions for item in dimension.items)
    asked = (*items, *(item.id for item in one.context if roles and item.scale == ROLE_SCALE))
    found = {}
    for department in all_departments:
        codes = rng.integers(ord("1"), ord("6"), size=(department.headcount, len(items)), dtype=np.uint8)
        codes[rng.random(codes.shape) < 0.1] = ord("S")
        levels = rng.choice(
            np.frombuffer(b"111111223S", dtype=np.uint8), size=(department.headcount, len(asked) - len(items))
        )
        found[department.id] = DepartmentAnswers(asked, np.hstack([codes, levels]))
    return found


def measured(departments: int, people: int, *, roles: bool = False) -> Measured:
    """Compute and audit one release of that size."""
    one, rng = instrument(), random.Random(7)
    all_departments = organisation(departments, people, rng)
    given = answers(one, all_departments, roles=roles)
    facts = WaveFacts(
        organisation="Bench", assessment="", label="", form="full", opened_on="", closed_on="", instrument="",
        instrument_version="", instrument_sha256="", roster_sha256="", previous_label=None,
    )  # fmt: skip
    start = time.process_time()
    made = build(
        facts=facts, policy=Policy(), number=1, instrument=one, form="full", departments=all_departments, answers=given,
        corrected=frozenset(), previous=None,
    )  # fmt: skip
    ledger = planning.ledger(made.wave)
    computed = time.process_time()
    counted = joined([evidence.people(given, one, "full")])
    ready = time.process_time()
    found = audit([made.release], counted, told=list(_told(made, ledger, one)))
    end = time.process_time()
    return Measured(
        departments=departments,
        people=sum(department.headcount for department in all_departments),
        roles=any(margin.groups for margin in made.release.margins),
        columns=2 * len(one.dimensions),
        statistics=found.statistics,
        compute=computed - start,
        count=ready - computed,
        audit=end - ready,
        verdict="passed" if found.passed else f"refused: {found.offending[0]}",
    )


def _told(made: Made, ledger: Ledger, one: Instrument) -> Iterator[Statement]:
    yield from evidence.told_in(ledger, one, "full")
    yield from evidence.beside_rows(made.release, one, "full")


def report() -> None:
    """Print a line for each size."""
    print("departments  people  roles  columns  statistics  compute s  count s  audit s  ratio  of the limit  verdict")
    for departments, people, roles in SIZES:
        one = measured(departments, people, roles=roles)
        audited, roles_told = one.count + one.audit, "told" if one.roles else "-"
        ratio, share = audited / one.compute, audited / LIMIT
        print(
            f"{one.departments:11d} {one.people:7d} {roles_told:>6} {one.columns:8d} {one.statistics:11d}"
            f" {one.compute:10.2f} {one.count:8.2f} {one.audit:8.2f} {ratio:6.2f} {share:13.2f}  {one.verdict}"
        )
        if share > 1:
            print(f"ABOVE THE LIMIT of {LIMIT:.0f} s: counting and audit took {share:.2f} times as long")
