"""What is planned, counted and audited at once is what would come of each by itself."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from app.releases.audit.families import Family, Smallest, Spans
from app.releases.audit.membership import joined
from app.releases.audit.statements import Sums, gathered
from app.releases.document.release import dump
from app.releases.evidence import beside_rows, people, told_in
from app.releases.plan.coarsening import Department, nodes, plan_column, plan_columns, tree
from app.releases.plan.ledger import Ledger
from app.releases.plan.ledger import dump as written
from app.releases.plan.tallies import Crossed, Planner, Sets, Wanted
from app.releases.statistics import columns, planning
from tests.attack.worlds import random_world
from tests.releases.waves import ATR, answers, department, made

ORGANISATION = (
    department("Legal", 14, function="legal"), department("Finance", 30, function="finance"),
    department("Tax", 4, parent="finance", function="finance"), department("Books", 11, parent="finance"),
    department("HR", 9, function="hr"), department("IT", 25, function="it"), department("Ethics", 2),
)  # fmt: skip


def organisation(rng: random.Random) -> tuple[tuple[Department, ...], dict[str, int]]:
    world = random_world(rng)
    used = {one: world.department.count(one) for one in set(world.department)}
    return world.departments, used


def test_columns_planned_at_once_are_planned_as_each_by_itself():
    rng = random.Random(4)
    for _ in range(60):
        departments, used = organisation(rng)
        root = tree("Acme", departments)
        names = tuple(sorted(used))
        valid = [{one: rng.randint(0, n) for one, n in used.items()} for _ in range(5)]
        told = [tuple(rng.sample([one.departments for one in nodes(root)], rng.choice([0, 0, 1]))) for _ in valid]
        sheets = rng.choice([None, used])
        given = np.array([[one[name] for one in valid] for name in names], dtype=np.intp).reshape(-1, 5)
        at_once = plan_columns(root, root.layout.placed(names, given), k=5, told=told, used=sheets)
        alone = [plan_column(root, one, k=5, told=cut, used=sheets) for one, cut in zip(valid, told, strict=True)]
        assert at_once == alone


def test_tallies_planned_at_once_are_planned_as_each_by_itself():
    rng = random.Random(5)
    for _ in range(40):
        departments, used = organisation(rng)
        roots = [tree("Acme", departments), *tree("Acme", departments).children]
        names, planner = tuple(sorted(used)), Planner(5, Ledger(()), used)
        wanted = [
            Wanted(f"t{number}", np.array([rng.randint(0, used[name]) for name in names], dtype=np.intp), [root])
            for number, root in enumerate([*roots, *roots])
        ]
        for one, found in zip(wanted, planner.plan_each(wanted, names), strict=True):
            (alone,) = planner.plan([one.id], names, one.people[:, np.newaxis], one.on)
            assert (found.trees, found.people) == (alone.trees, alone.people)
            assert [of.tolist() for of in found.counted] == [
                [sum(found.people.get(name, 0) for name in node.departments) for node in root.every]
                for root in found.trees
            ]


def test_sets_are_summed_and_crossed_as_one_by_one():
    rng = random.Random(6)
    for _ in range(60):
        names = [f"d{number}" for number in range(rng.randint(1, 9))]
        sets, finest = (divided(rng, [*names, "nobody"]) for _ in range(2))
        one, other = ({name: rng.randint(0, 9) for name in names} for _ in range(2))
        counts = [np.array([of[name] for name in names]) for of in (one, other)]
        assert Sets(sets, names).sums(counts[0]).tolist() == [sum(one.get(name, 0) for name in held) for held in sets]
        least = []
        for held in sets:
            parts = [held & part for part in finest] + [held.difference(*finest)]
            least.append(sum(min(sum(of.get(name, 0) for name in part) for of in (one, other)) for part in parts))
        assert Crossed(sets, finest, names).least(*counts).tolist() == least


def divided(rng: random.Random, names: list[str]) -> list[frozenset[str]]:
    """Some of the names in disjoint sets."""
    kept = rng.sample(names, rng.randint(1, len(names)))
    ends = sorted({0, len(kept), *(rng.randint(0, len(kept)) for _ in range(3))})
    return [frozenset(kept[start:end]) for start, end in pairwise(ends)]


@pytest.mark.parametrize("at_once", [1, 60, 200])
def test_how_many_columns_are_counted_at_once_changes_no_byte(at_once, monkeypatch):
    given = {one.id: answers(one, one.headcount, seed=2, missing=0.15) for one in ORGANISATION}
    usual = made(ORGANISATION, given)
    monkeypatch.setattr(columns, "ANSWERS_AT_ONCE", at_once)
    found = made(ORGANISATION, given)
    assert dump(found.release) == dump(usual.release)
    assert written(planning.ledger(found.wave)) == written(planning.ledger(usual.wave))


@pytest.mark.parametrize(("heads", "k"), [(1.0, 5), (1.0, 12), (0.5, 5), (0.3, 30)])
def test_families_audited_at_once_rest_on_as_many_people_as_each_by_itself(heads, k):
    departments = tuple(replace(one, headcount=max(1, int(one.headcount * heads))) for one in ORGANISATION)
    given = {one.id: answers(one, one.headcount, seed=3, missing=0.1) for one in departments}
    one = made(departments, given)
    told = (*told_in(planning.ledger(one.wave), ATR, "full"), *beside_rows(one.release, ATR, "full"))
    counted = joined([people(given, ATR, "full")])
    sums = Sums(counted)
    statements = gathered([one.release], counted, told, sums)
    spans = Spans(sums, counted)
    families = [Family(family, kind, of_kind, spans) for (family, kind), of_kind in statements.items()]
    for kinds in (("means", "responses"), ("spreads", "numbers", "tallies")):
        some = [family for family in families if family.kind in kinds]
        at_once = Smallest(k)
        at_once.look(some)
        alone = [(family, family.smallest(k, known=None)) for family in some]
        assert at_once.people == min((n for _, found in alone for n in found.people), default=None)
        few = {(family.family, family.kind): found.offending for family, found in alone if found.offending}
        assert {key: names for key, names in at_once.offending.items() if names} == few
