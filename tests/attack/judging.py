"""Attack and audit what a broken planner publishes of an organisation, one of the tests or a random one."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from app.releases.audit.auditor import Audit, Told, audit
from app.releases.document.release import dump
from app.releases.plan.coarsening import Node, count
from tests.attack import broken
from tests.attack.broken import POLICY, Plan, Planner
from tests.attack.knowledge import Fact, collect, finer_numbers, sharpened
from tests.attack.solve import Find, attack
from tests.attack.worlds import DIMENSION, ITEMS, World, answered


@dataclass(frozen=True)
class Judged:
    """Whether the attacker found a few people, and whether the auditor refused."""

    found: bool
    refused: bool


@dataclass(frozen=True)
class Case:
    """A broken planner, where it can go wrong at all, and how many people leave how many questions out."""

    planner: Planner
    applies: Callable[[World], bool]
    leave_out: int = 0
    questions: int = 1
    item_columns: bool = False


def facts_of(one: World, plan: Plan) -> list[Fact]:
    """Everything that a broken planner's outputs tell."""
    told = json.loads(dump(broken.document(one, plan)))
    found = collect(told, one.insider, family=DIMENSION, method=plan.method)
    for row, held in plan.spreads.items():
        those = one.insider.scored(held, "cells")
        found.append(Fact(row, "cells", "spreads", dict.fromkeys(those, Fraction(1))))
    if plan.unrounded:
        text = broken.text_of(one, plan)
        # What a text says with more digits than the document is believed.
        found = sharpened(found, text) if finer_numbers(text, told) else found
    return found


def found_in(one: World, plan: Plan) -> Mapping[str, Find]:
    """What the attacker finds in it."""
    facts = facts_of(one, plan)
    return attack(facts, one.insider, one.points, k_means=POLICY.k_means, k_intervals=POLICY.k_intervals).finds


def audited(one: World, plan: Plan) -> Audit:
    """The auditor's verdict, which knows the weights of roll-ups and the sets whose spread is told."""
    items = frozenset(ITEMS)
    told = [
        Told(family=DIMENSION, kind="spreads", items=items, row=row, departments=held)
        for row, held in plan.spreads.items()
    ]
    told += [_weighted(one, row, plan) for row in plan.rows if (row.id, "cells") in plan.cells]
    return audit([broken.document(one, plan)], one.members, told=told)


def _weighted(one: World, row: Node, plan: Plan) -> Told:
    weights: dict[str, Fraction] = {}
    for held, weight in plan.cells[row.id, "cells"].strata:
        those = one.insider.scored(held, "cells")
        weights |= {one.department[person]: weight / len(those) for person in those}
    return Told(
        family=DIMENSION,
        kind="means",
        items=frozenset(ITEMS),
        row=row.name,
        departments=frozenset(weights),
        weights=weights,
    )


def judged(one: World, case: Case, rng: random.Random) -> Judged | None:
    """Attack and audit a broken planner on an organisation in which all others answer everything; None if it has
    nothing to go wrong there."""
    codes = answered(rng, len(one.department), 0.0)
    people = rng.sample(range(len(codes)), min(case.leave_out, len(codes)))
    codes[people, len(ITEMS) - case.questions :] = ord("S")
    world = replace(one, codes=codes, item_columns=case.item_columns)
    if not case.applies(world):
        return None
    plan = case.planner(world)
    return Judged(found=bool(found_in(world, plan)), refused=not audited(world, plan).passed)


def _small(one: World) -> list[int]:
    found = (count(child, broken.people(one)) for child in broken.whole(one).children)
    return [size for size in found if 0 < size < POLICY.k_means]


def _small_below_the_first(one: World) -> bool:
    first = broken.whole(one).children[0]
    sizes = [count(child, broken.people(one)) for child in first.children]
    own = broken.people(one)[first.id]
    return 0 < own < POLICY.k_means and any(0 < size < POLICY.k_means for size in sizes)


def _middle_sized(one: World) -> bool:
    sizes = [count(node, broken.people(one)) for node in broken.right(one).rows if not node.children]
    return any(POLICY.k_means <= size < POLICY.k_intervals for size in sizes)


def _shown(one: World) -> bool:
    return bool(np.any([count(node, broken.people(one)) >= POLICY.k_means for node in broken.right(one).rows]))


CASES: Final[Mapping[str, Case]] = {
    "hides cells below 5 only": Case(broken.hides_small_cells_only, lambda one: bool(_small(one))),
    "Glint's documented defaults": Case(broken.glint_defaults, lambda one: bool(_small(one))),
    "a pool is left out of all but one roll-up": Case(
        broken.forgets_the_pool_in_one_roll_up, lambda one: 0 < sum(_small(one)) < POLICY.k_means
    ),
    "a pool's members have two weights": Case(broken.weighs_a_pool_twice, lambda one: len(_small(one)) > 1),
    "people attached to a department are forgotten": Case(broken.forgets_direct_people, _small_below_the_first),
    "item means, one person left one out": Case(broken.shows_item_means, _shown, leave_out=1, item_columns=True),
    "anchors beside, some answered these only": Case(broken.shows_anchors_beside, _shown, leave_out=6, questions=2),
    "intervals wherever 10 answered": Case(broken.shows_intervals_from_10_answers, _middle_sized),
    "one variance over hidden departments": Case(broken.pools_variance_over_hidden_departments, _middle_sized),
    "grades by the own spread of 5 to 9": Case(broken.grades_by_own_spread, _middle_sized),
    "one file unrounded, one person left one out": Case(broken.prints_a_file_unrounded, _shown, leave_out=1),
    "as it should be, one person left one out": Case(broken.right, _shown, leave_out=1),
}
"""Where a planner that is wrong can go wrong; the last one is right and must not be found."""
