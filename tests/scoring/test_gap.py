"""Leaders and staff: R's t.test and Hedges' g, a slow second way, marks, and the edges."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.change import difference_of_means
from scoring.errors import NotFiniteError, TooFewError
from scoring.gap import gap, marked
from scoring.moments import Moments, moments
from tests.scoring import oracle
from tests.scoring.parity import R, moments_of, told

SCORES = st.lists(st.sampled_from([0.0, 12.5, 25.0, 50.0, 62.5, 100.0]), min_size=2, max_size=20)


def of(scores):
    return moments(np.array(scores, dtype=np.float64))


def slow_g(leaders, staff):
    n1, n2 = len(leaders), len(staff)
    deviations = [x - statistics.fmean(one) for one in (leaders, staff) for x in one]
    pooled = math.sqrt(sum(d * d for d in deviations) / (n1 + n2 - 2))
    return (statistics.fmean(leaders) - statistics.fmean(staff)) / pooled * (1 - 3 / (4 * (n1 + n2) - 9))


def clear(points, n=30):
    """A gap of so many points between two sets of n people with a spread of 10 points."""
    return gap(leaders=Moments(n, 40.0 + points, 100.0 * (n - 1)), staff=Moments(n, 40.0, 100.0 * (n - 1)))


@pytest.mark.parametrize("case", R["gaps"].values(), ids=R["gaps"])
def test_a_gap_is_that_of_the_t_test_of_r_and_of_psych(case):
    found = gap(leaders=moments_of(case["leaders"]), staff=moments_of(case["staff"]))
    test = found.difference
    assert (test.delta, test.se, test.t, test.df, test.p) == pytest.approx(
        tuple(case[name] for name in ("gap", "se", "t", "df", "p")), rel=1e-9
    )
    assert found.interval == pytest.approx(case["interval"], rel=1e-8)


@pytest.mark.parametrize("case", R["gaps"].values(), ids=R["gaps"])
def test_g_is_that_of_psych_made_smaller_for_small_samples(case):
    people = case["leaders"]["n"] + case["staff"]["n"]
    found = gap(leaders=moments_of(case["leaders"]), staff=moments_of(case["staff"]))
    assert found.g == pytest.approx(case["g_uncorrected"] * (1 - 3 / (4 * people - 9)), rel=1e-9)
    # The correction itself is a close approximation of Hedges' exact one by the gamma function.
    half = (people - 2) / 2
    exact = math.exp(math.lgamma(half) - math.lgamma(half - 0.5)) / math.sqrt(half)
    assert found.g == pytest.approx(case["g_uncorrected"] * exact, rel=1e-3)


@given(SCORES, SCORES)
def test_a_gap_is_that_of_the_definition(leaders, staff):
    found = gap(leaders=of(leaders), staff=of(staff))
    assert found.difference.delta == pytest.approx(statistics.fmean(leaders) - statistics.fmean(staff), abs=1e-9)
    if min(statistics.variance(leaders), statistics.variance(staff)) > 0:
        delta, se, _, df = oracle.welch(staff, leaders)
        assert (found.difference.delta, found.difference.se, found.difference.df) == pytest.approx((delta, se, df))
        assert sum(told(found.interval)) / 2 == pytest.approx(delta, abs=1e-9)
        assert found.g == pytest.approx(slow_g(leaders, staff), abs=1e-9)


@given(SCORES, SCORES)
def test_exchanging_leaders_and_staff_turns_the_sign(leaders, staff):
    one, other = gap(leaders=of(leaders), staff=of(staff)), gap(leaders=of(staff), staff=of(leaders))
    assert one.difference.delta == pytest.approx(-other.difference.delta, abs=1e-9)
    assert one.difference.p == pytest.approx(other.difference.p)
    if one.g is not None:
        assert one.g == pytest.approx(-told(other.g), abs=1e-9)
        low, high = told(other.interval)
        assert one.interval == pytest.approx((-high, -low), abs=1e-9)


def test_without_any_spread_a_gap_has_p_1_and_neither_interval_nor_g():
    found = gap(leaders=of([75.0] * 12), staff=of([25.0] * 12))
    assert (found.difference.delta, found.difference.p, found.interval, found.g) == (50.0, 1.0, None, None)


def test_two_people_on_either_side_are_enough():
    found = gap(leaders=of([50.0, 75.0]), staff=of([25.0, 50.0]))
    # By hand: difference 25, pooled variance 312.5, correction 1 - 3/7.
    assert found.g == pytest.approx(25 / math.sqrt(312.5) * 4 / 7)
    assert found.difference.df == pytest.approx(2)


def test_a_gap_is_marked_where_it_is_large_and_sure_among_all_of_the_report():
    assert marked([clear(10), clear(9.9), clear(-20)]) == [True, False, True]
    assert marked([clear(12, n=3)]) == [False]
    assert marked([]) == []


def test_more_dimensions_ask_for_surer_gaps():
    # One alone has p below .05; among three that are as sure Holm's p of each is above .05.
    one = clear(12, n=7)
    assert one.difference.p == pytest.approx(0.0447, abs=5e-4)
    assert marked([one]) == [True]
    assert marked([one, one, one]) == [False] * 3


def test_too_few_people_or_no_numbers_are_refused_by_name():
    with pytest.raises(TooFewError, match="now: 1 people"):
        gap(leaders=of([50.0]), staff=of([25.0, 50.0]))
    with pytest.raises(TooFewError, match="before: 0 people"):
        gap(leaders=of([25.0, 50.0]), staff=of([]))
    with pytest.raises(NotFiniteError, match="before: mean nan"):
        difference_of_means(before=Moments(3, math.nan, 1.0), now=of([25.0, 50.0]))
    with pytest.raises(NotFiniteError, match="squared deviations inf"):
        difference_of_means(before=of([25.0, 50.0]), now=Moments(3, 5.0, math.inf))
