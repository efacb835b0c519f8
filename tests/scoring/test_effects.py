"""A change beside comparable ones: worked by hand, as the prediction interval of one more observation, and in draws."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scoring.effects import LEAST_COMPARABLE, SIMILAR, Beside, Moved, beside, comparable, verdicts
from scoring.errors import NotCountsError, NotFiniteError

POINTS = st.integers(-40, 40)
ERRORS = st.integers(0, 60).map(lambda x: x / 4)
MOVED = st.builds(
    lambda before, delta, se: Moved(before=before, delta=delta, se=se), st.integers(0, 100), POINTS, ERRORS
)
OTHERS = st.lists(MOVED, min_size=3, max_size=9)


def moved(delta, se=4.0, before=50):
    return Moved(before=before, delta=delta, se=se)


def found_beside(one, others):
    """What is told where there are enough others, which all who call it have given."""
    found = beside(one, others)
    assert found is not None
    return found


def slow(one, others):
    """The same by numpy's variance and scipy's distribution, written from the formula of the decision record."""
    deltas, squares = np.array([each.delta for each in others], float), np.array([each.se**2 for each in others])
    among = max(0.0, np.var(deltas, ddof=1) - squares.mean())
    variance = one.se**2 + among + (among + squares.mean()) / len(others)
    apart = one.delta - deltas.mean()
    width = stats.t.ppf(0.975, len(others) - 1) * math.sqrt(variance)
    p = 2 * stats.t.sf(abs(apart) / math.sqrt(variance), len(others) - 1) if variance > 0 else 1.0
    return apart, width, p


def test_the_worked_change_lies_nine_points_above_three_comparable_ones():
    # Worked by hand; the numbers of docs/scoring.md. v = 7, e = 4, tau^2 = 3: Var = 4 + 3 + 7 / 3.
    found = found_beside(moved(12, 2), [moved(1, 2), moved(2, 2), moved(6, 2)])
    assert (found.others, found.df, found.centre, found.distance) == (3, 2, 3, 9)
    assert found.among == pytest.approx(3)
    assert found.half_width == pytest.approx(4.302653 * math.sqrt(28 / 3), rel=1e-6)
    assert found.p == pytest.approx(0.0986, abs=5e-4)


@given(MOVED, OTHERS)
def test_it_is_what_numpy_and_scipy_give(one, others):
    found = found_beside(one, others)
    assert (found.distance, found.half_width, found.p) == pytest.approx(slow(one, others), abs=1e-9)


@given(st.lists(POINTS, min_size=4, max_size=9), POINTS)
def test_with_equal_errors_it_is_the_prediction_interval_of_one_more_observation(deltas, delta):
    spread = statistics.variance(deltas)
    error = math.sqrt(spread) / 2  # no more than what they scatter
    found = found_beside(moved(delta, error), [moved(one, error) for one in deltas])
    width = stats.t.ppf(0.975, len(deltas) - 1) * math.sqrt(spread * (1 + 1 / len(deltas)))
    assert found.half_width == pytest.approx(width, abs=1e-9)


@given(MOVED, OTHERS, st.randoms(use_true_random=False), POINTS)
def test_order_and_a_constant_for_all_change_nothing(one, others, chance, constant):
    found = found_beside(one, others)
    mixed = [moved(each.delta + constant, each.se, each.before) for each in others]
    chance.shuffle(mixed)
    other = found_beside(moved(one.delta + constant, one.se, one.before), mixed)
    assert (other.distance, other.half_width, other.p) == pytest.approx(
        (found.distance, found.half_width, found.p), abs=1e-9
    )


@given(MOVED, OTHERS)
def test_mirrored_changes_are_mirrored(one, others):
    found = found_beside(one, others)
    other = found_beside(moved(-one.delta, one.se), [moved(-each.delta, each.se) for each in others])
    assert (other.distance, other.half_width, other.p) == pytest.approx(
        (-found.distance, found.half_width, found.p), abs=1e-9
    )


def test_fewer_than_three_comparable_groups_tell_nothing():
    assert beside(moved(30), [moved(0)] * (LEAST_COMPARABLE - 1)) is None
    assert beside(moved(30), []) is None
    assert beside(moved(30), [moved(0)] * LEAST_COMPARABLE) is not None


def test_comparable_are_those_that_began_at_about_the_same_height():
    others = [moved(1, before=50 - SIMILAR), moved(2, before=50 + SIMILAR), moved(3, before=50.5 + SIMILAR)]
    assert [one.delta for one in comparable(moved(0), others)] == [1, 2]
    assert comparable(moved(0), others, within=0) == ()


def test_where_nothing_scatters_and_nothing_errs_chance_is_not_ruled_out():
    found = found_beside(moved(5, 0), [moved(5, 0)] * 3)
    assert (found.half_width, found.p) == (0, 1)
    assert found_beside(moved(9, 0), [moved(5, 0)] * 3).p == 1


def test_numbers_that_are_none_are_refused():
    for one in (moved(math.nan), moved(1, math.inf), moved(1, before=math.nan)):
        with pytest.raises(NotFiniteError):
            beside(one, [moved(0)] * 3)
    with pytest.raises(NotCountsError):
        beside(moved(0), [moved(0), moved(0), moved(0, -1)])


def told(distance, p):
    return Beside(others=5, centre=0, distance=distance, half_width=1, among=0, df=4, p=p)


def test_a_distance_is_told_only_if_it_stands_among_all_that_are_told():
    assert [(one.direction, one.confirmation) for one in verdicts([told(9, 0.01), told(-9, 0.08), told(4, 0.001)])] == [
        ("up", "confirmed"),
        ("down", "seems"),
        ("none", "none"),
    ]
    many = verdicts([told(9, 0.04)] + [told(0, 1.0)] * 9)
    assert many[0].direction == "none"
    assert verdicts([]) == ()


def test_where_nothing_was_done_chance_claims_no_more_than_it_may():
    # One more group of the same kind: in how many of 2,000 draws does the interval miss 0?
    dice = np.random.default_rng(11)
    for groups, apart in ((3, 0.0), (3, 6.0), (6, 0.0), (6, 6.0)):
        missed = 0
        for _ in range(2000):
            drawn = dice.normal(2, apart, groups + 1) + dice.normal(0, 5, groups + 1)
            one, *others = [moved(float(delta), 5.0) for delta in drawn]
            found = found_beside(one, others)
            missed += abs(found.distance) > found.half_width
        assert missed <= 0.065 * 2000, (groups, apart, missed)


def test_groups_chosen_because_they_were_low_rise_by_chance_and_not_beside_those_that_were_as_low():
    # Every true score is 50 and nothing happens; the lowest of forty groups is acted on. 500 draws.
    dice = np.random.default_rng(12)
    rose, further = [], []
    for _ in range(500):
        before, now = dice.normal(50, 5, 40), dice.normal(50, 5, 40)
        groups = [
            Moved(before=float(one), delta=float(two - one), se=math.sqrt(50))
            for one, two in zip(before, now, strict=True)
        ]
        lowest = min(groups, key=lambda one: one.before)
        near = comparable(lowest, [one for one in groups if one is not lowest], within=5)
        found = beside(lowest, near)  # nothing is told where fewer than three began as low
        rose.append(lowest.delta)
        if found is not None:
            further.append(found.distance)
    assert len(further) > 300
    assert statistics.mean(rose) > 8
    assert abs(statistics.mean(further)) < 0.4 * statistics.mean(rose)
