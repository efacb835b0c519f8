"""Opportunity zones, their borders, the proxy and the agency gap."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import NotCountsError, NotFiniteError, OutsideScaleError
from scoring.estimates import Spread
from scoring.zones import (
    UNKNOWN_RATING_SPREAD,
    Capability,
    Opportunity,
    Rating,
    agency_gap,
    capability,
    opportunity,
    p_wanted,
    rating_of,
    suitability,
    zone,
)
from tests.scoring.autonomy_reference import R

ABLE = Capability(value=4.0, proxy=False)
MEANS = st.floats(1, 5)


def rating(mean, *, n=20, s=0.9, df=None):
    return Rating(mean=mean, n=n, spread=Spread(s, n - 1 if df is None else df))


def t_above(x, df, steps=4000):
    """P(t > x) by Simpson's rule over the density; the normal density for infinite df."""
    if math.isinf(df):
        return math.erfc(x / math.sqrt(2)) / 2
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    width = x / steps
    points = [scale * (1 + (width * i) ** 2 / df) ** (-(df + 1) / 2) for i in range(steps + 1)]
    inside = width / 3 * (points[0] + points[-1] + 4 * sum(points[1:-1:2]) + 2 * sum(points[2:-1:2]))
    return 0.5 - inside


@pytest.mark.parametrize(
    ("wish", "able", "found"),
    [
        (3.0, 3.0, "green"),
        (2.99, 3.0, "red"),
        (3.0, 2.99, "r_and_d"),
        (2.99, 2.99, "low"),
        (3.0 - 1e-12, 3.0 - 1e-12, "green"),
    ],
)
def test_both_cuts_are_inclusive(wish, able, found):
    assert zone(wish=wish, capability=able) == found


@pytest.mark.parametrize("one", R["wanted"], ids=lambda one: one["set"])
def test_the_probability_that_work_is_wanted_is_that_of_r(one):
    found = p_wanted(rating(one["mean"], n=one["n"], s=one["s"]))
    assert found == pytest.approx(one["p_wanted"], rel=1e-6)


@given(MEANS, st.integers(5, 60), st.floats(0.1, 2), st.sampled_from([4.0, 30.0, math.inf]))
def test_the_probability_is_the_area_above_the_cut(mean, n, s, df):
    distance = max(-60.0, min(60.0, (3 - mean) * math.sqrt(n) / s))
    assert p_wanted(rating(mean, n=n, s=s, df=df)) == pytest.approx(t_above(distance, df), abs=1e-6)


def test_without_spread_the_probability_is_1_or_a_half_or_0():
    assert [p_wanted(rating(mean, s=0.0)) for mean in (3.2, 3.0, 2.8)] == [1.0, 0.5, 0.0]


@given(MEANS, MEANS, st.integers(5, 40))
def test_a_higher_wish_never_lowers_the_probability(mean, other, n):
    lower, higher = sorted((mean, other))
    assert p_wanted(rating(lower, n=n)) <= p_wanted(rating(higher, n=n)) + 1e-12


@given(MEANS, st.integers(5, 40), st.floats(0.1, 2))
def test_a_wish_mirrored_at_the_cut_mirrors_the_probability(mean, n, s):
    assert p_wanted(rating(mean, n=n, s=s)) + p_wanted(rating(6 - mean, n=n, s=s)) == pytest.approx(1)


def test_an_unsure_wish_has_a_ring():
    assert opportunity(rating(3.2, n=12), ABLE) == Opportunity(
        zone="green", borderline=True, p_wanted=p_wanted(rating(3.2, n=12)), missing=()
    )
    assert not opportunity(rating(3.2, n=60), ABLE).borderline
    assert not opportunity(rating(2.6), ABLE).borderline


@pytest.mark.parametrize(("able", "ring"), [(2.75, False), (2.76, True), (3.24, True), (3.25, False)])
def test_a_capability_near_the_cut_has_a_ring(able, ring):
    assert opportunity(rating(4.5), Capability(value=able, proxy=True)).borderline is ring


def test_fewer_than_five_raters_give_no_zone():
    assert opportunity(rating(4.0, n=5, s=0.8, df=math.inf), ABLE).zone == "green"
    assert opportunity(rating(4.0, n=4, s=0.8, df=math.inf), ABLE) == Opportunity(
        zone=None, borderline=False, p_wanted=None, missing=("wish",)
    )


def test_what_is_missing_for_a_zone_is_named():
    assert opportunity(None, ABLE).missing == ("wish",)
    assert opportunity(rating(4.0), None).missing == ("capability",)
    assert opportunity(None, None).missing == ("wish", "capability")


def test_the_worked_suitability_is_as_printed():
    assert suitability(rule_bound=4.0, data=3, undo=5) == pytest.approx(75)
    assert capability([], proxy=75.0) == Capability(value=4.0, proxy=True)
    assert suitability(rule_bound=1, data=1, undo=1) == 0
    assert suitability(rule_bound=5, data=5, undo=5) == 100


def test_two_experts_replace_the_proxy_and_one_does_not():
    assert capability([3, 4], proxy=75.0) == Capability(value=3.5, proxy=False)
    assert capability([2], proxy=75.0) == Capability(value=4.0, proxy=True)
    assert capability([2], proxy=None) is None


def test_the_agency_gap_is_wide_from_one_step_on():
    found = agency_gap(preferred=3.2, feasible=[2, 2.4])
    assert found is not None
    assert found.steps == pytest.approx(1.0)
    assert found.wide
    narrow = agency_gap(preferred=2.0, feasible=[3, 3])
    assert narrow is not None
    assert (narrow.steps, narrow.wide) == (-1.0, False)
    assert agency_gap(preferred=3.2, feasible=[2]) is None


def test_printed_points_are_steps_of_a_rating():
    assert [rating_of(score) for score in (0, 50, 87.5, 100)] == [1.0, 3.0, 4.5, 5.0]
    assert UNKNOWN_RATING_SPREAD.s == pytest.approx(0.8)
    with pytest.raises(OutsideScaleError, match=r"score 101 is outside 0\.\.100"):
        rating_of(101)


@pytest.mark.parametrize("wrong", [0.9, 5.1, math.nan])
def test_ratings_outside_the_scale_are_refused(wrong):
    with pytest.raises(OutsideScaleError, match="mean of a rating"):
        rating(wrong)
    with pytest.raises(OutsideScaleError, match="expert rating"):
        capability([3, wrong], proxy=None)
    with pytest.raises(OutsideScaleError, match="human part"):
        agency_gap(preferred=wrong, feasible=[])
    with pytest.raises(OutsideScaleError, match="data availability"):
        suitability(rule_bound=1, data=wrong, undo=1)


def test_a_rating_without_people_or_with_an_impossible_spread_is_refused():
    good = rating(3.0)
    for parts in ({"n": 0}, {"spread": Spread(1.0, 0)}):
        with pytest.raises(NotCountsError, match="degrees of freedom"):
            replace(good, **parts)
    for s in (-1.0, math.nan, math.inf):
        with pytest.raises(NotFiniteError, match="no number of steps"):
            replace(good, spread=Spread(s, 5))
