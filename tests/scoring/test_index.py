"""An index: whoever has all its scores, its error, and the interval that is printed (3.4, P7, P16)."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import MisfitError, NotCountsError, OutsideScaleError
from scoring.estimates import of_one_stratum
from scoring.moments import moments
from scoring.people import index_scores
from scoring.printed import index_interval
from tests.scoring import worked

STEPS = st.sampled_from([0.0, 12.5, 37.5, 50.0, 75.0, 100.0])
PEOPLE = st.integers(1, 6).flatmap(
    lambda of: st.lists(st.lists(STEPS | st.just(math.nan), min_size=of, max_size=of), min_size=1, max_size=12)
)


def half_of(scores, headcount):
    return of_one_stratum(moments(scores), headcount=headcount).half_width() or 0.0


@given(PEOPLE)
def test_a_person_has_an_index_who_has_all_of_its_scores(people):
    found = index_scores(np.array(people))
    slow = [math.nan if any(map(math.isnan, one)) else statistics.fmean(one) for one in people]
    assert found == pytest.approx(slow, nan_ok=True)


@given(st.lists(st.lists(STEPS, min_size=5, max_size=5), min_size=2, max_size=15), st.integers(0, 30))
def test_the_mean_of_the_intervals_is_never_narrower_than_that_of_peoples_indices(people, silent):
    scores, headcount = np.array(people), len(people) + silent
    halves = [half_of(column, headcount) for column in scores.T]
    assert half_of(index_scores(scores), headcount) <= statistics.fmean(halves) + 1e-9


def test_scores_that_go_together_fully_leave_the_interval_as_wide_as_theirs():
    one = np.array([25.0, 50.0, 50.0, 75.0, 100.0])
    whole = half_of(index_scores(np.column_stack([one, one, one])), 12)
    assert whole == pytest.approx(half_of(one, 12))


@pytest.mark.parametrize("row", worked.rows("index-1"), ids=lambda row: row["halves"])
def test_the_worked_intervals_are_as_printed(row):
    halves = [int(half) for half in row["halves"].split(", ")]
    ends = f"{row['from']}..{row['to']}" if row["from"] else ""
    found = index_interval(int(row["index"]), halves, of=int(row["of"]))
    assert ("" if found is None else f"{found[0]}..{found[1]}") == ends


def test_the_interval_of_an_index_stays_inside_the_scale():
    assert index_interval(2, [9, 9], of=2) == (0, 11)
    assert index_interval(98, [9, 9], of=2) == (89, 100)
    assert index_interval(50, [1, 0], of=2) == (49, 51)


def test_what_is_no_index_is_refused():
    with pytest.raises(NotCountsError, match="of 2 scores"):
        index_interval(50, [1, 2, 3], of=2)
    with pytest.raises(NotCountsError):
        index_interval(50, [1, -2], of=2)
    with pytest.raises(MisfitError, match="people x dimensions"):
        index_scores(np.array([50.0, 60.0]))
    for wrong in (-1.0, 100.5, math.inf):
        with pytest.raises(OutsideScaleError, match="outside"):
            index_scores(np.array([[50.0, wrong]]))
