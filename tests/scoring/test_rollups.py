"""All roll-ups of a tree at once, against the roll-up of one set after the other."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.estimates import Part, Spread, roll_up
from scoring.rollups import Lenders, Strata, beside, borrowed, roll_ups


@dataclass(frozen=True)
class Tree:
    """A random tree by the parents of its nodes, strata at nodes of it, and the sets that lend them a spread."""

    parents: tuple[int, ...]
    ends: np.ndarray
    strata: Strata
    lenders: Lenders
    groups: tuple[tuple[int, ...], ...]
    column: Spread

    def within(self, node: int) -> list[int]:
        return [one for one, place in enumerate(self.strata.place.tolist()) if node <= place < self.ends[node]]


@st.composite
def trees(draw):
    size = draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    # Parents first: each node lies below the last one or below one of those above it.
    parents, path = [-1], [0]
    for node in range(1, size):
        path = path[: int(rng.integers(1, len(path) + 1))]
        parents.append(path[-1])
        path.append(node)
    ends = [node + 1 for node in range(size)]
    for node in reversed(range(1, size)):
        ends[parents[node]] = max(ends[parents[node]], ends[node])
    strata = draw(st.integers(0, 10))
    place = np.sort(rng.integers(0, size, strata))
    n = rng.integers(1, 20, strata)
    lender = rng.integers(-1, max(1, strata // 2), strata)
    groups = tuple(tuple(np.flatnonzero(lender == one).tolist()) for one in range(strata))
    whole = [bool(held) and bool(rng.random() < 0.8) for held in groups]
    places = [[int(place[one]) for one in held] for held in groups]
    tops = [lowest(held, ends) if all_of else -1 for held, all_of in zip(places, whole, strict=True)]
    df = np.array([max(1, int(n[list(held)].sum()) - 1) for held in groups], dtype=np.float64)
    variance = np.where(rng.random(strata) < 0.2, 0.0, rng.uniform(1, 900, strata))
    column = Spread(20.0, math.inf) if rng.random() < 0.3 else Spread(float(rng.uniform(0, 30)), 12.0)
    return Tree(
        tuple(parents),
        np.array(ends),
        Strata(
            place=place,
            headcount=n + rng.integers(-2, 9, strata).clip(-n + 1),
            n=n,
            used=n + rng.integers(0, 3, strata),
            mean=rng.uniform(0, 100, strata),
            lender=lender,
        ),
        Lenders(variance=variance, df=df, top=np.array(tops, dtype=np.intp)),
        groups,
        column,
    )


def lowest(places, ends):
    return max(node for node in range(len(ends)) if all(node <= place < ends[node] for place in places))


def rests_on_its_own(tree, node):
    """Whether every set that lends a spread to a stratum of the node lies within it."""
    inside = tree.within(node)
    lenders = {int(tree.strata.lender[one]) for one in inside}
    return bool(inside) and all(
        lender >= 0 and tree.lenders.top[lender] >= 0 and set(tree.groups[lender]) <= set(inside) for lender in lenders
    )


def parts(tree, node, *, own):
    strata, found = tree.strata, []
    for one in tree.within(node):
        lender = int(strata.lender[one])
        found.append(
            Part(
                headcount=int(strata.headcount[one]),
                n=int(strata.n[one] if own else strata.used[one]),
                mean=float(strata.mean[one]),
                spread=Spread(math.sqrt(tree.lenders.variance[lender]), float(tree.lenders.df[lender]))
                if own
                else tree.column,
                group=lender if own else 0,
            )
        )
    return found


def check(found, node, expected):
    assert found.n[node] == expected.n
    assert found.mean[node] == pytest.approx(expected.mean)
    assert found.se[node] == pytest.approx(expected.se, abs=1e-9)
    assert (None if math.isnan(found.df[node]) else found.df[node]) == (
        None if expected.df is None else pytest.approx(expected.df)
    )


@given(trees(), st.booleans())
def test_every_node_has_the_roll_up_of_its_strata(tree, finite):
    found = roll_ups(tree.strata, tree.lenders, tree.ends, column=tree.column, finite=finite)
    for node in range(len(tree.parents)):
        inside = tree.within(node)
        assert found.strata[node] == len(inside)
        if not inside:
            assert (found.n[node], bool(found.own[node])) == (0, False)
            assert math.isnan(found.mean[node])
            continue
        own = rests_on_its_own(tree, node)
        assert bool(found.own[node]) == own
        check(found, node, roll_up(parts(tree, node, own=own), finite=finite))


@given(trees())
def test_a_node_says_for_how_many_people_its_strata_stand_and_whether_all_answered(tree):
    found = roll_ups(tree.strata, tree.lenders, tree.ends, column=tree.column, finite=True)
    for node in range(len(tree.parents)):
        inside = tree.within(node)
        assert found.headcount[node] == sum(int(tree.strata.headcount[one]) for one in inside)
        assert bool(found.everyone[node]) == all(tree.strata.n[one] >= tree.strata.headcount[one] for one in inside)


@given(trees())
def test_what_is_borrowed_rests_on_the_spread_of_the_column_alone(tree):
    found = borrowed(tree.strata, tree.ends, column=tree.column)
    for node in range(len(tree.parents)):
        if tree.within(node):
            check(found, node, roll_up(parts(tree, node, own=False), finite=False))


@given(st.lists(trees(), min_size=1, max_size=4), st.booleans())
def test_trees_side_by_side_have_the_roll_ups_of_each_by_itself(several, finite):
    all_of = beside([(one.strata, one.lenders, one.ends, one.column) for one in several])
    strata, ends, column = all_of.strata, all_of.ends, all_of.column
    both = roll_ups(strata, all_of.lenders, ends, column=column, finite=finite), borrowed(strata, ends, column=column)
    start = 0
    for one in several:
        alone = (
            roll_ups(one.strata, one.lenders, one.ends, column=one.column, finite=finite),
            borrowed(one.strata, one.ends, column=one.column),
        )
        for found, expected in zip(both, alone, strict=True):
            part = found.part(start, start + one.ends.size)
            for name in ("strata", "headcount", "everyone", "own", "n", "mean", "se", "df"):
                np.testing.assert_array_equal(getattr(part, name), getattr(expected, name), err_msg=name)
        start += one.ends.size
