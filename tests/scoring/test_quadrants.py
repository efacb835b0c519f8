"""The four quadrants and their borders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import OutsideScaleError
from scoring.quadrants import IndexRange, position


def index(score, half=2):
    return IndexRange(score=score, interval=(max(0, score - half), min(100, score + half)))


@pytest.mark.parametrize(
    ("trust", "readiness", "quadrant"),
    [(60, 60, "proceed"), (60, 57, "enable_first"), (57, 60, "win_trust"), (59, 59, "prepare")],
)
def test_the_cut_counts_as_high(trust, readiness, quadrant):
    assert position(trust=index(trust), readiness=index(readiness)).quadrant == quadrant


@pytest.mark.parametrize(
    ("trust", "readiness", "border"),
    [
        (index(70), index(40), "clear"),
        (index(61), index(40), "near"),
        (index(70), index(58), "near"),
        (index(62), index(40), "clear"),
        (index(57), index(40), "clear"),
        (IndexRange(score=70, interval=None), index(40), "not_told"),
        (IndexRange(score=70, interval=None), index(59), "near"),
    ],
)
def test_a_department_is_near_the_border_where_an_interval_reaches_over_a_cut(trust, readiness, border):
    assert position(trust=trust, readiness=readiness).border == border


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 40))
def test_near_the_border_means_that_another_quadrant_is_inside_the_interval(trust, readiness, half):
    inside = {
        (x >= 60, y >= 60)
        for x in range(max(0, trust - half), min(100, trust + half) + 1)
        for y in range(max(0, readiness - half), min(100, readiness + half) + 1)
    }
    found = position(trust=index(trust, half), readiness=index(readiness, half))
    assert (found.border == "near") == (len(inside) > 1)


def test_the_cut_is_a_choice():
    assert position(trust=index(55), readiness=index(70), cut=50).quadrant == "proceed"


@pytest.mark.parametrize(("score", "interval"), [(101, None), (50, (51, 60)), (50, (40, 49)), (50, (-1, 60))])
def test_an_index_outside_its_interval_or_the_scale_is_refused(score, interval):
    with pytest.raises(OutsideScaleError, match="is not inside"):
        IndexRange(score=score, interval=interval)
