"""The auditor against brute force, on margins, over several releases, and on what nobody explained."""

import ast
import itertools
import random
from pathlib import Path

import numpy as np
import pytest

from app.errors import ConflictError
from app.releases import evidence
from app.releases.audit.auditor import Told, audit, refuse
from app.releases.audit.membership import Family, joined, membership
from app.releases.audit.support import Rows, UnprovenError, _Search, basis, scaled, smallest_support
from app.releases.compute import build
from app.releases.document.release import Policy
from app.releases.plan.coarsening import nodes
from app.releases.statistics import planning
from app.releases.statistics.margins import is_safe
from tests.attack import broken
from tests.attack.broken import Cell, Plan, alike
from tests.attack.worlds import ANCHORS, DIMENSION, ITEMS, World, random_world, world
from tests.releases.brute_force import smallest_leak
from tests.releases.test_margins import DEPARTMENTS, with_leaders
from tests.releases.waves import ATR, facts
from tests.thorough import tried

ROOT = Path(__file__).parent.parent.parent
AUDIT = ROOT / "app" / "releases" / "audit"


def test_the_auditor_imports_the_document_and_the_words_of_refusals_and_nothing_else_of_the_releases():
    inside = {one for file in sorted(AUDIT.glob("*.py")) for one in imported(file) if one.startswith("app.")}
    assert len(inside) > 5, "the modules of the auditor are looked for in the wrong place"
    assert {one for one in inside if not one.startswith("app.releases.audit.")} == {
        "app.errors", "app.releases.document.figures", "app.releases.document.release", "app.releases.refusals",
    }  # fmt: skip
    assert {one for one in imported(AUDIT.parent / "refusals.py") if one.startswith("app.")} == {"app.sentences.say"}


def imported(file):
    """The modules that one imports; of the releases themselves and of sentences, what of them."""
    whole = {"app.releases", "app.sentences"}
    froms = [one for one in ast.walk(ast.parse(file.read_text())) if isinstance(one, ast.ImportFrom)]
    return {f"{one.module}.{alias.name}" if one.module in whole else one.module for one in froms for alias in one.names}


def fewest_by_brute_force(groups):
    """The smallest number above 0 over all ways to set some groups' forms to 0 and rest on the others."""
    best = None
    for size in range(len(groups) + 1):
        for chosen in itertools.combinations(groups, size):
            zero = basis(row for rows in chosen for row in rows)
            touched = (rows for rows in groups if len(basis([*zero, *rows])) > len(zero))
            people = sum(groups[rows] for rows in touched)
            if people and (best is None or people < best):
                best = people
    return best


def random_groups(rng, *, differences):
    groups: dict[Rows, int] = {}
    variables = rng.randint(1, 4)
    for _ in range(rng.randint(1, 7)):
        x, y = rng.randrange(variables), rng.randrange(variables)
        if differences:
            rows = rng.choice([[{x: 1}], [{x: 1, y: -1}], [{x: 1}, {y: 1}]])
        else:
            rows = [{one: rng.randint(-2, 2) for one in range(variables)} for _ in range(rng.randint(1, 2))]
        found = basis(scaled(row) for row in rows)
        if found:
            groups[found] = groups.get(found, 0) + rng.randint(1, 6)
    return groups


@pytest.mark.parametrize("differences", [True, False])
def test_the_smallest_support_is_that_of_brute_force_and_its_combination_rests_on_as_many(differences):
    rng, compared = random.Random(3), 0
    for _ in range(100):
        groups = random_groups(rng, differences=differences)
        k = rng.choice([3, 5, 10])
        found = smallest_support(groups, k=k)
        true = fewest_by_brute_force(groups)
        if found is None:
            assert true is None
            continue
        compared += 1
        touched = (rows for rows in groups if any(value(row, found.combination) for row in rows))
        assert found.people == sum(groups[rows] for rows in touched)
        # Forms that are no differences are searched below k only; from there on the number may be larger.
        assert found.people == true if differences else (found.people == true or min(true, found.people) >= k)
    assert compared > 70


def value(form, combination):
    return sum(factor * combination.get(variable, 0) for variable, factor in form)


def test_what_cannot_be_proven_is_said(monkeypatch):
    monkeypatch.setattr("app.releases.audit.support._MOST_STEPS", 2)
    groups = {basis([((0, 1), (1, one), (2, one * one))]): 2 for one in range(1, 7)}
    with pytest.raises(UnprovenError):
        _Search(5).run(groups)


def random_plan(rng: random.Random, one: World) -> Plan:
    """Any rows of the tree, with any of both scores: leaks more often than not."""
    rows = list(nodes(broken.whole(one)))
    cells = {
        (node.id, column): Cell(alike(node.departments))
        for node in rows
        for column in ("cells", "anchors")
        if rng.random() < 0.6 and one.insider.scored(node.departments, column)
    }
    return Plan(rows, cells)


def totals(one: World, plan: Plan) -> list[list[float]]:
    """Every mean as a row of weights on single answers."""
    found = []
    for (_, column), cell in plan.cells.items():
        ((held, _),) = cell.strata
        line = np.zeros((len(one.department), len(ITEMS)))
        for person in one.insider.scored(held, column):
            used = one.insider.used(person, column)
            line[person, list(used)] = 1 / len(used)
        found.append(line.ravel().tolist())
    return found


def test_the_auditor_agrees_with_the_rank_test_on_random_documents():
    rng, seen = random.Random(9), {True: 0, False: 0}
    policy = Policy(k_means=3, k_intervals=99)
    while min(seen.values()) < tried(15, sample=4):
        one = random_world(rng)
        if not 3 <= len(one.department) <= 11:
            continue
        plan = random_plan(rng, one)
        found = audit([broken.document(one, plan, policy)], one.members)
        means = [sentence for sentence in found.offending if ", means" in sentence]
        owner = [person for person in range(len(one.department)) for _ in ITEMS]
        leak = smallest_leak(totals(one, plan), owner, 3)
        assert bool(means) == (leak is not None), (found.offending, leak)
        seen[leak is not None] += 1


def made(departments, given, policy=Policy()):  # noqa: B008 - a frozen value
    return build(
        facts=facts("full", None), policy=policy, number=1, instrument=ATR, form="full",
        departments=departments, answers=given,
        corrected=frozenset(), previous=None,
    )  # fmt: skip


def told_of(one, *, place=0):
    return [
        *evidence.told_in(planning.ledger(one.wave), ATR, "full", release=place),
        *evidence.beside_rows(one.release, ATR, "full", place=place),
    ]


def test_a_release_with_role_levels_is_proven_together_with_its_departments():
    given = with_leaders((6, 10, 20), (5, 5, 5))
    one = made(DEPARTMENTS, given)
    found = audit([one.release], evidence.people(given, ATR, "full"), told=told_of(one))
    assert (found.passed, found.offending) == (True, ())
    assert found.smallest_support is not None
    assert found.smallest_support >= 5
    assert found.statistics > 100
    refuse(found)


def test_role_levels_that_nobody_explains_are_refused():
    given = with_leaders((6, 10, 20), (5, 5, 5))
    one = made(DEPARTMENTS, given)
    found = audit([one.release], evidence.people(given, ATR, "full"))
    assert "“I lead a team”: nothing says who is in this group" in found.offending
    with pytest.raises(ConflictError, match="“I lead a team”"):
        refuse(found)


def test_margins_are_judged_as_the_formula_judges_them():
    rng, seen = random.Random(4), {True: 0, False: 0}
    while min(seen.values()) < tried(15, sample=4):
        table = np.array([[rng.choice([0, 1, 2, 6, 9]) for _ in range(3)] for _ in range(3)])
        if table.sum(axis=0).min() < 5 or table.sum(axis=1).min() < 5:
            continue
        groups = {
            basis([((stratum, 1), (3 + category, 1))]): int(table[stratum, category])
            for stratum in range(3)
            for category in range(3)
        }
        found = smallest_support(groups, k=5)
        assert found is not None
        assert (found.people >= 5) == is_safe(table, 5)
        seen[found.people >= 5] += 1


FAMILY = Family(id=DIMENSION, items=ITEMS, columns={"cells": frozenset(ITEMS), "anchors": frozenset(ANCHORS)})


def counted(**departments):
    """People by department, all of whom answered everything."""
    names = list(departments)
    place = np.repeat(np.arange(len(names)), list(departments.values()))
    valid = np.ones((place.size, len(ITEMS)), dtype=np.bool_)
    return membership(departments=names, department=place, items=ITEMS, valid=valid, families=[FAMILY])


@pytest.mark.parametrize(
    ("more", "refused"),
    [(1, {"T1, means", "T1, intervals", "numbers of responses"}), (5, {"T1, intervals"}), (10, set())],
)
def test_a_second_release_may_count_nobody_more_or_as_many_as_the_kind_needs(more, refused):
    small, large = (world({"a": (None, 9 + extra, 9 + extra), "b": (None, 20, 20)}) for extra in (0, more))
    documents = [broken.document(one, broken.right(one)) for one in (small, large)]
    found = audit(documents, joined([small.members, large.members]))
    assert {sentence.split(": ")[0] for sentence in found.offending} == refused


def test_people_of_two_releases_are_counted_by_when_they_came():
    together = joined([counted(a=9, b=20), counted(a=10, b=20)])
    assert together.used == {"a": 9, "b": 20, "a, since release 2": 1, "b, since release 2": 0}
    assert together.departments["a, since release 2"] == (None, "a")


def test_a_release_in_which_somebody_is_missing_cannot_be_joined():
    with pytest.raises(ConflictError, match="missing from a later one"):
        joined([counted(a=9, b=20), counted(a=8, b=20)])
    with pytest.raises(ConflictError, match="missing from a later one"):
        joined([counted(a=9, b=20), counted(b=20)])


def test_a_department_that_moved_is_counted_where_it_is_now():
    together = joined([counted(a=9, b=20), counted(a=9, b=20)], moved=[{}, {"a": "b"}])
    assert together.places(["b"], release=0) >= {"b"}
    assert {"a", "b"} <= together.places(["b"], release=1)


def test_answers_that_do_not_fit_their_people_are_refused():
    with pytest.raises(ValueError, match="do not fit 3 people"):
        membership(
            departments=["a"],
            department=np.zeros(3, dtype=np.intp),
            items=ITEMS,
            valid=np.ones((2, 4), dtype=np.bool_),
            families=[],
        )


def test_two_different_spreads_of_overlapping_sets_are_combined():
    one = world({"a": (None, 20, 14), "b": (None, 20, 17)})
    sets = {"x": frozenset({"a"}), "y": frozenset({"a", "b"})}
    told = [
        Told(family=DIMENSION, kind="spreads", items=frozenset(ITEMS), row=n, departments=s) for n, s in sets.items()
    ]
    found = audit([broken.document(one, broken.right(one))], one.members, told=told)
    assert (found.passed, found.smallest_interval_support) == (True, 14)


def test_a_wave_that_nobody_answered_is_proven_in_any_number_of_releases():
    nobody = world({"a": (None, 9, 0), "b": (None, 20, 0)})
    documents = [broken.document(nobody, broken.Plan([broken.whole(nobody)], {}))] * 2
    found = audit(documents, joined([nobody.members] * 2))
    assert (found.passed, found.smallest_support, found.offending) == (True, None, ())


def test_what_is_told_of_no_known_family_or_release_is_an_error():
    one = world({"a": (None, 20, 14)})
    document = broken.document(one, broken.right(one))
    told = Told(family="T9", kind="means", row="x", departments=frozenset({"a"}), items=frozenset(ITEMS))
    with pytest.raises(ValueError, match="nothing says on which answers T9 rests"):
        audit([document], one.members, told=[told])
    with pytest.raises(ValueError, match="not for release 3"):
        audit([document], one.members, told=[told._replace(family=DIMENSION, release=2)])


def test_a_group_that_is_told_of_other_answers_than_it_names_is_refused():
    given = with_leaders((6, 10, 20), (5, 5, 5))
    one = made(DEPARTMENTS, given)
    told = [each._replace(answers=frozenset({1})) if each.answers == {2} else each for each in told_of(one)]
    found = audit([one.release], evidence.people(given, ATR, "full"), told=told)
    assert found.offending == ("“I lead a team”: nothing says who is in this group",)


def test_every_number_of_a_group_has_to_be_explained():
    given = with_leaders((6, 10, 20), (5, 5, 5))
    one = made(DEPARTMENTS, given)
    told = [each for each in told_of(one) if not (each.answers == {2} and each.family == "R4")]
    found = audit([one.release], evidence.people(given, ATR, "full"), told=told)
    assert found.offending == ("“I lead a team”: nothing says who is in this group",)
