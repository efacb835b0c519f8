"""Planners that get wrong what is told beside scores, each one thing; what the attacker finds, what the auditor says.

Means, numbers and intervals are planned as they should be. Each planner names the rows of which it tells something
more, as a document that the auditor reads, and as facts that follow from how its numbers are made.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

import numpy as np

from app.releases import evidence
from app.releases.audit.auditor import Told, audit
from app.releases.document.figures import Agreement, Camps, Share, Shares
from app.releases.document.release import Release, Row, Scored
from app.releases.plan.coarsening import Node, count, nodes, plan_column, plan_wave
from surveys.model import Instrument
from tests.attack import beside, broken
from tests.attack.beside import Divided, Division, Print, complete, sets_of, spread, tally
from tests.attack.broken import POLICY
from tests.attack.insider import Insider, Strata
from tests.attack.judging import Judged
from tests.attack.knowledge import Fact
from tests.attack.solve import Find, solved
from tests.attack.worlds import ATTACKED, DIMENSION, FUNCTION, ITEMS, MODULE, MODULE_ITEMS, World, answered

SHARE: Final = Share(percent=40)
SHARES: Final = Shares(favourable=SHARE, neutral=Share(percent=30), unfavourable=Share(percent=30))
K: Final = POLICY.k_intervals


@dataclass(frozen=True)
class Beside:
    """What a planner tells beside scores: facts, prints, figures by row for the document, and sets by name."""

    facts: list[Fact] = field(default_factory=list)
    prints: list[Print] = field(default_factory=list)
    method: Divided = beside.REAL
    rows: dict[str, dict[str, object]] = field(default_factory=dict)
    cells: dict[str, dict[str, object]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    instrument: Instrument = ATTACKED
    family: str = DIMENSION


Planner = Callable[[World], Beside]


def root_of(one: World) -> Node:
    """The rows as they should be."""
    return plan_wave(broken.whole(one), broken.people(one))


def by_department(one: World, people: list[int]) -> dict[str, int]:
    """How many of these people each department has."""
    return {
        department.id: sum(one.department[person] == department.id for person in people)
        for department in one.departments
    }


def intervals(one: World) -> list[Node]:
    """The sets that may have an interval, as they should be."""
    scored = by_department(one, one.insider.scored([department.id for department in one.departments], "cells"))
    found = plan_column(root_of(one), scored, k=K, used=broken.people(one))
    return [] if found is None else [node for node in nodes(found) if count(node, scored)]


def _everybody(one: World) -> frozenset[str]:
    return frozenset(department.id for department in one.departments)


def agreement_by_itself(one: World) -> Beside:
    """Agreement of at least 10 who answered everything, beside intervals of at least 10 who have a score."""
    found, everything = Beside(), complete(one.insider, _everybody(one))
    plan = plan_column(root_of(one), by_department(one, everything), k=K, used=broken.people(one))
    for node in intervals(one):
        found.facts.append(spread(node.name, one.insider.scored(node.departments, "cells")))
        found.cells.setdefault(node.id, {})["interval"] = (30, 60)
    for node in nodes(plan) if plan else ():
        found.facts.append(spread(f"agreement of {node.name}", complete(one.insider, node.departments)))
        found.cells.setdefault(node.id, {})["agreement"] = Agreement(r_wg=50, deviation=50)
    return found


def shares_on_three_steps(one: World) -> Beside:
    """Shares of questions on a scale of three steps, which give the question's mean, beside that of the dimension."""
    scale = ATTACKED.item(ITEMS[0]).scale
    three = replace(ATTACKED.scales[scale], points=ATTACKED.scales[scale].points[:3])
    found = Beside(instrument=replace(ATTACKED, scales={**ATTACKED.scales, scale: three}))
    for node in nodes(root_of(one)):
        for place, item in enumerate(ITEMS):
            those = [person for person in one.insider.within(node.departments) if one.insider.valid[person, place]]
            if len(those) >= K:
                weights = dict.fromkeys(those, Fraction(1, len(those)))
                found.facts.append(Fact(node.name, f"item{place}", "means", weights))
                found.rows.setdefault(node.id, {}).setdefault("items", {})[item] = SHARES  # type: ignore[index]
    return found


def dimension_shares_of_all(one: World) -> Beside:
    """Shares of at least 10 valid answers; those of the dimension are the mean over all questions, told or not."""
    found = Beside()
    for node in nodes(root_of(one)):
        parts: dict[str, dict[int, Fraction]] = {}
        shown = 0
        for place, item in enumerate(ITEMS):
            those = [person for person in one.insider.within(node.departments) if one.insider.valid[person, place]]
            if those:
                parts[f"items:{item}"] = dict.fromkeys(those, Fraction(1, len(those)))
            if len(those) >= K:
                shown += 1
                found.facts.append(tally(node.name, f"items:{item}", [(those, 1)]))
                found.rows.setdefault(node.id, {}).setdefault("items", {})[item] = SHARES  # type: ignore[index]
        if 2 * shown >= len(ITEMS):
            everybody = dict.fromkeys(one.insider.within(node.departments), Fraction(1))
            found.facts.append(Fact(f"dimension in {node.name}", "cells", "tallies", everybody, parts=parts))
            found.cells.setdefault(node.id, {})["shares"] = SHARES
    return found


def unknown_of_five(one: World) -> Beside:
    """Don't-know rates wherever a mean could be told."""
    found = Beside(family=MODULE)
    said = one.said[MODULE]
    for node in nodes(root_of(one)):
        those = [person for person in one.insider.within(node.departments) if said[person, 0]]
        if len(those) >= POLICY.k_means:
            found.facts.append(tally(node.name, f"unknown:{MODULE_ITEMS[0]}", [(those, 1)]))
            found.rows[node.id] = {"unknown": {MODULE_ITEMS[0]: SHARE}}
    return found


def camps_of_five(one: World) -> Beside:
    """Whether a row is divided, wherever it has a mean."""
    found = Beside()
    for node in nodes(root_of(one)):
        those = one.insider.scored(node.departments, "cells")
        if len(those) >= POLICY.k_means:
            found.facts.append(spread(f"camps of {node.name}", those))
            found.cells[node.id] = {"camps": Camps(polarisation=50, split=True)}
    return found


def _within_all_departments(one: World, those: list[int], name: str, items: frozenset[str]) -> Beside:
    """A spread within all departments, beside the intervals of those that have 10 people."""
    found = Beside(facts=[spread(name, those)])
    for node in (node for node in nodes(root_of(one)) if not node.children):
        scored = one.insider.scored(node.departments, "cells")
        if len(scored) >= K:
            found.facts.append(spread(node.name, scored))
            found.cells[node.id] = {"interval": (30, 60), "n": len(scored)}
    held = frozenset({one.department[person] for person in those})
    found.told.append(Told(family=DIMENSION, kind="spreads", items=items, row=name, departments=held))
    return found


def icc_over_hidden_departments(one: World) -> Beside:
    """ICC with all departments as groups, those of pools too."""
    those = one.insider.scored(_everybody(one), "cells")
    return _within_all_departments(one, those, "ICC", frozenset(ITEMS))


def alpha_over_hidden_departments(one: World) -> Beside:
    """Reliability centred within all departments, those of pools too, where all answered everything."""
    those = complete(one.insider, _everybody(one))
    return _within_all_departments(one, those, "reliability", frozenset(ITEMS))


def _bounded_alone(division: Division) -> object:
    """Each share by itself, bounds begin beyond their number, others to the nearest 5 where one is bounded."""
    n = sum(division)
    low, high = (10, 90) if n < 20 else (5, 95)
    shares = [100 * side / n for side in division]
    beyond = [1 if share > high else -1 if share < low else 0 for share in shares]
    step = 5 if any(beyond) else 1
    shown = [
        (high if side > 0 else low) if side else step * int(share / step + 0.5)
        for share, side in zip(shares, beyond, strict=True)
    ]
    return tuple(zip(shown, beyond, strict=True))


def _unclipped(division: Division) -> tuple[float, float, float]:
    n = sum(division)
    return division[0] / n, division[1] / n, division[2] / n


def _prints(one: World, method: Divided) -> Beside:
    """The shares of the first question, of which some row with 10 answers is of one mind."""
    found = Beside(method=method)
    codes, root = one.codes[:, 0], root_of(one)
    leaves = [leaf for leaf in root.leaves if count(leaf, broken.people(one))]
    divided = {leaf.id: _division(one.insider, codes, leaf.departments) for leaf in leaves}
    for leaf in leaves:
        found.prints.append(Print(leaf.name, 0, method.printing(divided[leaf.id]), sets_of(leaf)))
    heads = sum(leaf.headcount for leaf in leaves)
    rolled = np.sum([np.array(method.rolling(divided[leaf.id])) * leaf.headcount / heads for leaf in leaves], axis=0)
    shown = tuple((int(100 * share + 0.5), 0) if 0.05 < share < 0.95 else (5, -1) for share in rolled)
    if len(leaves) > 1:
        sets = [(leaf.departments, leaf.headcount) for leaf in leaves]
        found.prints.append(Print(root.name, 0, shown, sets))
    return found


def _division(insider: Insider, codes: np.ndarray, departments: frozenset[str]) -> Division:
    given = [int(codes[one]) - ord("0") for one in insider.within(departments) if insider.valid[one, 0]]
    return sum(one < 3 for one in given), sum(one == 3 for one in given), sum(one > 3 for one in given)


def exact_below_the_bound(one: World) -> Beside:
    """Bounds that begin beyond their number, the other shares to the nearest 5."""
    return _prints(one, Divided(_bounded_alone, _unclipped))


def unclipped_roll_ups(one: World) -> Beside:
    """Shares told jointly, beside roll-ups of the unclipped ones."""
    return _prints(one, Divided(beside.told_sides, _unclipped))


def right(one: World) -> Beside:
    """The same prints as they should be."""
    return _prints(one, beside.REAL)


def found_in(one: World, told: Beside) -> Mapping[str, Find]:
    """What the attacker finds."""
    plan = broken.right(one)
    means = [
        Fact(node.name, "cells", "means", _alike(one, plan.cells[node.id, "cells"].strata)) for node in plan.rows
    ] if told.family == DIMENSION else []  # fmt: skip
    insider = replace(one, item_columns=True).insider if told.family == DIMENSION else one.families[told.family][0]
    every = [*means, *told.facts]
    found: dict[str, Find] = {}
    for kind, k in (("means", POLICY.k_means), ("spreads", K), ("tallies", K)):
        if few := solved([fact for fact in every if fact.kind == kind], insider, k=k):
            found[kind] = few
    if alike := told.method.alike(told.prints, one.insider):
        found["alike"] = Find(f"all of {alike} answered alike", ())
    if fixed := told.method.fixed(told.prints, one.insider):
        found["fixed"] = Find(f"a bound gives the numbers of {fixed}", ())
    return found


def _alike(one: World, strata: Strata) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for held, weight in strata:
        those = one.insider.scored(held, "cells")
        found |= {person: weight / len(those) for person in those}
    return found


def refused(one: World, told: Beside) -> bool:
    """Whether the auditor refuses a document with these figures."""
    release = _with_figures(one, told)
    people = evidence.people(one.answers, told.instrument, one.form)
    return not audit([release], people, told=told.told).passed


def _with_figures(one: World, told: Beside) -> Release:
    plan = broken.right(one)
    if told.family != DIMENSION:
        plan = replace(plan, cells={})
    release = broken.document(one, plan)
    return replace(release, rows=tuple(_row(row, told) for row in release.rows))


def _row(row: Row, told: Beside) -> Row:
    cell = row.cells[DIMENSION]
    if isinstance(cell, Scored) and row.id in told.cells:
        cell = replace(cell, **told.cells[row.id])  # type: ignore[arg-type]
    return replace(row, cells={DIMENSION: cell}, anchors={}, **told.rows.get(row.id, {}))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """A planner, a world in which it can go wrong (None where it can't), and whether the auditor can see it."""

    planner: Planner
    prepared: Callable[[World, random.Random], World | None]
    seen: bool = True


def _one_left_out(one: World, rng: random.Random) -> World | None:
    codes = answered(rng, len(one.department), 0.0)
    largest = max(root_of(one).leaves, key=lambda leaf: count(leaf, broken.people(one)))
    there = one.insider.within(largest.departments)
    if len(there) <= K:
        return None
    codes[rng.choice(there), -1] = ord("S")
    return replace(one, codes=codes)


def _few_answered(one: World, rng: random.Random) -> World | None:
    """One question was answered by some few of everybody."""
    if len(one.department) < K:
        return None
    codes = answered(rng, len(one.department), 0.0)
    codes[rng.randint(1, K - 1) :, -1] = ord("S")
    return replace(one, codes=codes)


def _middle_sized(one: World, rng: random.Random) -> World | None:
    sizes = [count(leaf, broken.people(one)) for leaf in root_of(one).leaves]
    return _everything(one, rng) if any(0 < size < K for size in sizes) and max(sizes) >= K else None


def _everything(one: World, rng: random.Random) -> World:
    return replace(one, codes=answered(rng, len(one.department), 0.0))


def _modules(one: World, rng: random.Random) -> World | None:
    made = _middle_sized(one, rng)
    if made is None:
        return None
    departments = tuple(replace(department, function=FUNCTION) for department in one.departments)
    codes = [[ord(rng.choice("123K")) for _ in MODULE_ITEMS] for _ in one.department]
    return replace(made, departments=departments, module=np.array(codes, dtype=np.uint8))


def _of_one_mind(one: World, rng: random.Random) -> World | None:
    root = root_of(one)
    sizes = {leaf.id: count(leaf, broken.people(one)) for leaf in root.leaves}
    if sum(map(bool, sizes.values())) < 2 or min(size or K for size in sizes.values()) < K:
        return None
    made = _everything(one, rng)
    codes = made.codes.copy()
    leaf = next(leaf for leaf in root.leaves if sizes[leaf.id])
    codes[one.insider.within(leaf.departments), 0] = ord("5")
    return replace(made, codes=codes)


CASES: Final[Mapping[str, Case]] = {
    "agreement planned by itself beside intervals": Case(agreement_by_itself, _one_left_out),
    "shares on a scale of three steps": Case(shares_on_three_steps, _one_left_out),
    "dimension shares over unreleased questions": Case(dimension_shares_of_all, _few_answered, seen=False),
    "don't-know rates of fewer than 10": Case(unknown_of_five, _modules),
    "camps of fewer than 10": Case(camps_of_five, _middle_sized),
    "ICC over hidden departments": Case(icc_over_hidden_departments, _middle_sized),
    "alpha over hidden departments": Case(alpha_over_hidden_departments, _middle_sized),
    "shares with exact numbers behind the bound": Case(exact_below_the_bound, _of_one_mind, seen=False),
    "roll-ups of shares that were clipped": Case(unclipped_roll_ups, _of_one_mind, seen=False),
    "shares as they should be, one row of one mind": Case(right, _of_one_mind, seen=False),
}
"""What the auditor can't see is how numbers are made and printed; the last planner is right and must not be found."""


def judged(rng: random.Random, case: Case, world: Callable[[random.Random], World]) -> Judged | None:
    """Attack and audit a broken planner on a random organisation; None where it has nothing to go wrong there."""
    one = world(rng)
    made = case.prepared(one, rng) if 10 <= len(one.department) <= 80 else None
    if made is None:
        return None
    told = case.planner(made)
    return Judged(found=bool(found_in(made, told)), refused=refused(made, told))
