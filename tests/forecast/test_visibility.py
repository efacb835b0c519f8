"""The forecast's plans are those of the planner, draw by draw, and its probabilities are the exact ones."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.special import bdtr, bdtrc

from app.releases.plan import coarsening
from app.releases.plan.coarsening import Department, nodes, plan_column, plan_wave
from scoring.arrays import Flags
from scoring.visibility import Counts, Level, Plans, Tree, draw, plans, together
from tests.thorough import tried


def random_tree(dice: random.Random) -> Tree:
    """Up to 14 departments of any depth, with people at inner nodes, some named pools and empty departments."""
    size = dice.randint(1, 14)
    parent = tuple(dice.choice([-1, *range(one)]) for one in range(size))
    headcount = tuple(dice.choice([0, 1, 2, 3, 4, 5, 6, 8, 12]) for _ in range(size))
    names = {above: 100 * place for place, above in enumerate(sorted(set(parent)))}
    group = tuple(dice.choice([-1, -1, names[above], names[above] + 1]) for above in parent)
    return Tree(parent=parent, headcount=headcount, group=group)


def as_departments(tree: Tree) -> tuple[Department, ...]:
    return tuple(
        Department(
            id=str(one),
            name=f"D{one}",
            parent=None if above < 0 else str(above),
            function="other",
            headcount=tree.headcount[one],
            pool=None if tree.group[one] < 0 else f"pool {tree.group[one]}",
        )
        for one, above in enumerate(tree.parent)
    )


def as_sets(tree: Tree, found: Plans, place: int) -> set[frozenset[str]]:
    """The rows of one draw, each as the departments whose people it holds."""
    below = tree.children()

    def held(one: int) -> frozenset[str]:
        return frozenset({str(one)}).union(*(held(child) for child in below.get(one, [])))

    sets = {held(one) for one in range(len(tree.parent)) if found.row[place, one]}
    for level in found.levels:
        own = frozenset({str(level.parent)} if level.parent < len(tree.parent) else ())
        for number in np.flatnonzero(level.stands[place]):
            inside = [one for at, one in enumerate(level.children) if level.pool[place, at] == number]
            sets.add((own if level.own[place] == number else frozenset()).union(*map(held, inside)))
    return sets


@pytest.mark.parametrize("seed", range(tried(150, sample=30)))
@pytest.mark.parametrize("k", [3, 5])
def test_every_draw_gives_the_rows_of_the_planner(seed: int, k: int) -> None:
    tree = random_tree(random.Random(seed))
    departments = as_departments(tree)
    organisation = coarsening.tree("Acme", departments)
    rate = random.Random(-seed).choice([0.2, 0.5, 0.8])
    responses = draw(tree.headcount, [rate] * len(departments), draws=12)
    found = plans(tree, responses, k=k, k_intervals=2 * k)
    for place, own in enumerate(responses):
        people = {department.id: int(n) for department, n in zip(departments, own, strict=True)}
        planned = plan_wave(organisation, people, k=k)
        rows = {node.departments for node in nodes(planned) if node.kind != "organisation"}
        if sum(people.values()) < k:
            rows = set()
        assert as_sets(tree, found, place) == rows
        spread = plan_column(planned, people, k=2 * k)
        with_interval = {
            node.departments
            for node in (nodes(spread) if spread else ())
            if node.id in {one.id for one in nodes(planned)} and node.kind == "unit" and coarsening.count(node, people)
        }
        assert {node for node in rows if as_row(tree, found.interval[place], node)} == with_interval


def as_row(tree: Tree, flags: Sequence[bool], departments: frozenset[str]) -> bool:
    """Whether one of the departments that are told with an interval holds just these people."""
    below = tree.children()

    def held(one: int) -> frozenset[str]:
        return frozenset({str(one)}).union(*(held(child) for child in below.get(one, [])))

    return any(flag and held(one) == departments for one, flag in enumerate(flags))


def flat(*headcounts: int, group: Sequence[int] = ()) -> Tree:
    return Tree(parent=(-1,) * len(headcounts), headcount=headcounts, group=tuple(group) or (-1,) * len(headcounts))


def forecast(tree: Tree, turnout: float, *, draws: int = 20_000, k: int = 5) -> tuple[Counts, Plans]:
    responses = draw(tree.headcount, [turnout] * len(tree.headcount), draws=draws)
    return responses, plans(tree, responses, k=k, k_intervals=10)


def as_named(level: Level, members: Sequence[int], *, k: int = 5) -> Flags:
    """Where the first pool reaches k with just these children."""
    named = np.isin(np.arange(len(level.children)), members)
    exact: Flags = ((level.pool == 0) == named).all(axis=1)
    return exact & level.stands[:, 0] & (level.people[:, 0] >= k)


def test_a_department_beside_a_very_large_one_is_seen_with_the_exact_binomial_probability() -> None:
    _, found = forecast(flat(8, 5000), 0.6)
    assert found.row[:, 0].mean() == pytest.approx(bdtrc(4, 8, 0.6) + bdtr(0, 8, 0.6), abs=0.01)


def test_the_interval_of_a_department_has_the_exact_probability_too() -> None:
    _, found = forecast(flat(16, 5000), 0.6)
    assert found.interval[:, 0].mean() == pytest.approx(bdtrc(9, 16, 0.6), abs=0.01)


def test_a_small_department_takes_the_smaller_of_its_two_neighbours_in() -> None:
    _, found = forecast(flat(3, 9, 5000), 0.9)
    assert found.row[:, 0].mean() == 0
    assert found.row[:, 1].mean() < 0.001
    assert found.row[:, 2].mean() == pytest.approx(1)
    assert together(found.levels[0])[0, 1] > 0.999


def test_a_pool_that_was_named_reaches_k_with_the_exact_probability_of_its_people_together() -> None:
    _, found = forecast(flat(6, 4, 5000, group=(0, 0, -1)), 0.5)
    assert as_named(found.levels[0], (0, 1)).mean() == pytest.approx(bdtrc(4, 10, 0.5), abs=0.012)


def test_an_organisation_of_three_people_shows_nothing() -> None:
    _, found = forecast(flat(3), 1.0)
    assert not found.row.any()
    assert not found.levels[0].stands.any()


def test_the_same_question_gets_the_same_answer() -> None:
    first, second = (forecast(flat(8, 12), 0.6, draws=50)[0] for _ in range(2))
    assert (first == second).all()
