"""Rows beside the rows they are most alike."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.seriation import leaf_order

ROWS = st.lists(
    st.lists(st.one_of(st.integers(0, 100).map(float), st.just(float("nan"))), min_size=3, max_size=3),
    min_size=0,
    max_size=9,
)


def length(values, order):
    """How far one walks from row to row."""
    return sum(np.abs(values[one] - values[other]).mean() for one, other in pairwise(order))


@given(ROWS)
@settings(deadline=None)
def test_every_row_comes_once_whatever_is_not_told(rows):
    order = leaf_order(np.array(rows).reshape(-1, 3))
    assert sorted(order) == list(range(len(rows)))


def test_rows_on_a_line_are_laid_along_it_from_the_highest():
    values = np.array([[10.0], [50.0], [30.0], [20.0], [40.0]]).repeat(2, axis=1)
    assert leaf_order(values) == (1, 4, 2, 3, 0)


def test_two_kinds_of_rows_are_laid_apart():
    one, other = [80.0, 20.0, 80.0], [20.0, 80.0, 20.0]
    order = leaf_order(np.array([one, other, one, other, one, other]))
    assert {frozenset(order[:3]), frozenset(order[3:])} == {frozenset({0, 2, 4}), frozenset({1, 3, 5})}


@pytest.mark.parametrize("seed", range(5))
def test_the_walk_is_no_longer_than_in_the_order_in_which_rows_were_joined(seed):
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import pdist

    values = np.random.default_rng(seed).integers(0, 101, (12, 4)).astype(float)
    joined = leaves_list(linkage(pdist(values, "cityblock") / 4, "average"))
    assert length(values, leaf_order(values)) <= length(values, joined) + 1e-9


def test_rows_that_share_no_column_are_as_far_apart_as_the_scale():
    nan = float("nan")
    alike = [[60.0, nan], [62.0, nan]]
    order = leaf_order(np.array([alike[0], [nan, 61.0], alike[1]]))
    assert abs(order.index(0) - order.index(2)) == 1


def test_two_rows_and_a_row_without_a_value_keep_their_places():
    assert leaf_order(np.array([[1.0], [2.0]])) == (0, 1)
    assert set(leaf_order(np.full((3, 2), np.nan))) == {0, 1, 2}
