"""Planners that are wrong on purpose, as other tools are or as ours could become: a document and a method of each.

They share one way of printing; each gets wrong one thing. An attacker who finds nothing in them would prove nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.releases.document.release import (
    Certificate,
    Hidden,
    Index,
    NoChange,
    Policy,
    Release,
    Row,
    Scored,
    WaveFacts,
)
from app.releases.plan.coarsening import Node, count, nodes, plan_wave, strata, tree
from scoring.grades import band
from scoring.printed import printed_score
from tests.attack.insider import Strata, mean
from tests.attack.worlds import DIMENSION, World
from tests.releases.waves import facts

POLICY = Policy()


@dataclass(frozen=True)
class Cell:
    """What is printed of a row in a column: by which weights its mean is made, and whether it has an interval."""

    strata: Strata
    interval: bool = False


@dataclass(frozen=True)
class Plan:
    """A broken planner's rows, its cells by row and column, and the sets whose spread something besides tells."""

    rows: Sequence[Node]
    cells: Mapping[tuple[str, str], Cell]
    spreads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unrounded: bool = False

    def method(self, row: str, column: str) -> Strata | None:
        """How the mean of a row is made, which an attacker knows."""
        found = self.cells.get((row, column))
        return None if found is None else found.strata


Planner = Callable[[World], Plan]


def people(one: World) -> dict[str, int]:
    """The responses by department."""
    return {department.id: one.department.count(department.id) for department in one.departments}


def alike(departments: frozenset[str]) -> Strata:
    """A mean over all people of a set."""
    return [(departments, Fraction(1))]


def by_headcount(sets: Sequence[frozenset[str]], one: World, column: str = "cells") -> Strata:
    """A mean of sets by headcount, without those in which nobody has a score."""
    there = [held for held in sets if one.insider.scored(held, column)]
    heads = [one.insider.headcount(held) for held in there]
    return [(held, Fraction(head, sum(heads))) for held, head in zip(there, heads, strict=True)]


def document(one: World, plan: Plan, policy: Policy = POLICY) -> Release:
    """The release that a broken planner would store."""
    parents = {child.id: node.id for node in plan.rows for child in node.children}
    rows = tuple(_row(one, plan, node, parents.get(node.id)) for node in plan.rows)
    k = policy.k_means
    certificate = Certificate(
        statement="", k_means=k, k_intervals=10, means_published=0, means_hidden=0, intervals_published=0,
        smallest_support=None,
    )  # fmt: skip
    wave: WaveFacts = facts("full", None)
    return Release(
        schema=1, number=1, method="1", wave=wave, policy=policy, dimensions=(), modules=(), rows=rows, small=(),
        comparable=(), not_comparable={}, certificate=certificate, notes=(),
    )  # fmt: skip


def _row(one: World, plan: Plan, node: Node, parent: str | None) -> Row:
    n = count(node, people(one))
    cells = {name: _cell(one, plan, node, name) for name in one.insider.columns}
    return Row(
        id=node.id,
        kind=node.kind,
        name=node.name,
        parent=parent,
        depth=0,
        headcount=one.insider.headcount(node.departments),
        n=n if n >= POLICY.k_means else None,
        rate=None,
        departments=tuple(sorted(node.departments)),
        members=node.members,
        function=None,
        headcount_corrected=False,
        trust=Index(score=None, band=None),
        readiness=Index(score=None, band=None),
        cells={DIMENSION if name == "cells" else name: cell for name, cell in cells.items() if name != "anchors"},
        anchors={DIMENSION: cells["anchors"]},
    )


def _cell(one: World, plan: Plan, node: Node, column: str) -> Scored | Hidden:
    told = plan.cells.get((node.id, column))
    if told is None or not _told_of_somebody(one, told, column):
        return Hidden(reason="small_group")
    n = sum(len(one.insider.scored(held, column)) for held, _ in told.strata)
    printed = printed_score(mean(one.points, one.insider, told.strata, column), n=n)
    return Scored(
        score=printed.score,
        bound=printed.bound,
        band=band(printed.score),
        grade="C",
        change=NoChange(reason="first_wave"),
        n=n if told.interval else None,
        interval=(max(0, printed.score - 9), min(100, printed.score + 9)) if told.interval else None,
    )


def _told_of_somebody(one: World, cell: Cell, column: str) -> bool:
    return bool(cell.strata) and all(one.insider.scored(held, column) for held, _ in cell.strata)


def text_of(one: World, plan: Plan) -> str:
    """The file in which a planner forgot to round: one line a cell."""
    lines = []
    for node in plan.rows:
        for column in one.insider.columns:
            told = plan.cells.get((node.id, column))
            if told and _told_of_somebody(one, told, column):
                lines.append(f"{node.name}, {column}: {mean(one.points, one.insider, told.strata, column):.12f}")
    return "\n".join(lines)


def whole(one: World) -> Node:
    """The tree with all its departments as rows."""
    return tree("Acme", one.departments)


def hides_small_cells_only(one: World) -> Plan:
    """Every cell with 5 answers or more, and nothing else considered."""
    return _means(one, [node for node in nodes(whole(one)) if count(node, people(one)) >= 5])


def glint_defaults(one: World) -> Plan:
    """Score threshold 5, suppression threshold 2: the next smallest group is hidden until those hidden make 2 (4.1)."""
    shown, responses = [], people(one)

    def walk(node: Node) -> None:
        shown.append(node)
        hidden = sum(n for child in node.children if (n := count(child, responses)) < 5)
        rest = sorted(
            (child for child in node.children if count(child, responses) >= 5), key=lambda c: count(c, responses)
        )
        while 0 < hidden < 2 and rest:
            hidden += count(rest.pop(0), responses)
        for child in rest:
            walk(child)

    walk(whole(one))
    return _means(one, shown)


def forgets_direct_people(one: World) -> Plan:
    """Pools small departments until they make 5, but not the people attached to their parent."""
    departments = whole(one)
    small = [child for child in departments.children[0].children if count(child, people(one)) < 5]
    held = frozenset[str]().union(*(child.departments for child in small))
    pool = replace(small[0], id="pool", kind="pool", name="Pool", departments=held, children=())
    kept = [child for child in departments.children[0].children if child not in small]
    return _means(one, [departments, departments.children[0], *kept, pool])


def forgets_the_pool_in_one_roll_up(one: World) -> Plan:
    """Those of small departments are left out of the totals, which would do, but one total counts them after all."""
    departments = whole(one)
    responses = people(one)
    shown = [child for child in departments.children if count(child, responses) >= 5]
    cells = {(node.id, "cells"): Cell(alike(node.departments)) for node in shown}
    everybody = by_headcount([child.departments for child in departments.children], one)
    return Plan([departments, *shown], {**cells, ("organisation", "cells"): Cell(everybody)})


def weighs_a_pool_twice(one: World) -> Plan:
    """Two small departments share a pool, but roll-ups weigh each by itself: by headcount, and the pool by people."""
    departments = whole(one)
    small = [child for child in departments.children if count(child, people(one)) < 5]
    held = frozenset[str]().union(*(child.departments for child in small))
    pool = replace(small[0], id="pool", kind="pool", name="Pool", departments=held, children=())
    kept = [child for child in departments.children if child not in small]
    cells = {(node.id, "cells"): Cell(alike(node.departments)) for node in (*kept, pool)}
    everybody = by_headcount([child.departments for child in departments.children], one)
    return Plan([departments, *kept, pool], {**cells, ("organisation", "cells"): Cell(everybody)})


def shows_anchors_beside(one: World) -> Plan:
    """Both scores of a dimension wherever 5 people have them, whoever left something out."""
    plan = right(one)
    return replace(plan, cells={**plan.cells, **{(row, "anchors"): cell for (row, _), cell in plan.cells.items()}})


def shows_intervals_from_10_answers(one: World) -> Plan:
    """Right means; intervals and numbers wherever a row has 10 answers, however few their difference leaves."""
    plan = right(one)
    cells = {
        (row, column): replace(
            cell, interval=sum(len(one.insider.scored(held, column)) for held, _ in cell.strata) >= 10
        )
        for (row, column), cell in plan.cells.items()
    }
    return replace(plan, cells=cells)


def shows_item_means(one: World) -> Plan:
    """The mean of every single question beside that of the dimension."""
    plan = right(one)
    items = [name for name in one.insider.columns if name.startswith("item")]
    cells = {(row, item): cell for (row, _), cell in plan.cells.items() for item in items}
    return replace(plan, cells={**plan.cells, **cells})


def grades_by_own_spread(one: World) -> Plan:
    """Right means, and a grade of precision from the spread of each row, however small it is."""
    plan = right(one)
    return replace(plan, spreads={f"grade of {node.name}": node.departments for node in plan.rows})


def pools_variance_over_hidden_departments(one: World) -> Plan:
    """Intervals of the rows that have 10 people, and one variance within all departments, those of the pool too."""
    plan = right(one)
    leaves = [node for node in plan.rows if not node.children and count(node, people(one)) >= 10]
    large = {(node.id, "cells"): Cell(alike(node.departments), interval=True) for node in leaves}
    return replace(plan, cells={**plan.cells, **large}, spreads={"ICC": plan.rows[0].departments})


def prints_a_file_unrounded(one: World) -> Plan:
    """Right rows, and a file with the means as they were before they were printed."""
    return replace(right(one), unrounded=True)


def right(one: World) -> Plan:
    """Rows as they should be, where nobody leaves out a whole dimension."""
    root = plan_wave(whole(one), people(one))
    cells = {
        (node.id, "cells"): Cell(by_headcount([leaf.departments for leaf in strata(node)], one)) for node in nodes(root)
    }
    return Plan(list(nodes(root)), cells)


def _means(one: World, shown: Sequence[Node]) -> Plan:
    return Plan(shown, {(node.id, "cells"): Cell(alike(node.departments)) for node in shown})
