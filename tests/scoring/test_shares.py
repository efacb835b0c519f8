"""Shares and their intervals: the fixture, R, the definition counted one by one, and the edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.binomial import upper_bound
from scoring.errors import MisfitError, NotCountsError, OutsideScaleError, TooFewError
from scoring.shares import (
    Shares,
    dimension_rate,
    dimension_shares,
    dont_know_rate,
    effective_n,
    item_shares,
    many_do_not_know,
    shares_of,
    sided_counts,
    wilson,
)
from tests.scoring.fixture import EXPECTED, HEADCOUNTS, REFERENCE, answers
from tests.scoring.parity import R, told

CASES = [(wave, department) for wave in ("Q1", "Q2") for department in HEADCOUNTS]
POINTS = st.integers(2, 9)
COUNTS = POINTS.flatmap(lambda points: st.lists(st.integers(0, 40), min_size=points, max_size=points))
HALF = Shares(favourable=0.5, neutral=0.25, unfavourable=0.25)
NONE = Shares(favourable=0.0, neutral=0.0, unfavourable=1.0)


def counted(codes, points):
    return np.bincount(codes, minlength=points + 1)[1:]


def slow_shares(codes, points, *, reverse):
    """By the definition: turn each answer, compare it with the middle of the scale, count."""
    turned = [points + 1 - x if reverse else x for x in codes]
    middle = (points + 1) / 2
    n = len(turned)
    return (
        sum(x > middle for x in turned) / n,
        sum(x == middle for x in turned) / n,
        sum(x < middle for x in turned) / n,
    )


def wilson_by_its_equation(share, worth, z=1.9599639845400545):
    """The two shares that lie z standard errors of their own from the one found, by halving."""

    def distance(guess):
        return abs(share - guess) - z * math.sqrt(guess * (1 - guess) / worth)

    def edge(inside, outside):
        for _ in range(200):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if distance(middle) <= 0 else (inside, middle)
        return inside

    return edge(share, 0.0) if share > 0 else 0.0, edge(share, 1.0) if share < 1 else 1.0


@pytest.mark.parametrize(("wave", "department"), CASES)
def test_a_department_has_the_favourable_shares_and_dont_know_rate_of_the_fixture(wave, department):
    expected = EXPECTED[wave]["departments"][department]
    codes = answers(wave, department)
    shares = [told(item_shares(counted(item, 5))) for item in codes.T]
    assert [100 * one.favourable for one in shares] == pytest.approx(list(expected["fav_by_item"].values()))
    assert 100 * told(dimension_shares(shares, asked=4)).favourable == pytest.approx(expected["fav_dim"])
    rates = [
        told(dont_know_rate(valid=int((item > 0).sum()), dont_know=int((item == 0).sum()), no_experience=0))
        for item in codes.T
    ]
    assert dimension_rate(rates, asked=4) == pytest.approx(expected["dk_rate"])


@pytest.mark.parametrize(("case", "ends"), REFERENCE["r_packages"]["wilson"].items())
def test_an_interval_is_that_of_the_reference_values(case, ends):
    favourable, n = map(int, case.split("/"))
    assert wilson(favourable / n, n=n) == pytest.approx(ends, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("case", R["shares"]["wilson"], ids=lambda one: f"{one['x']}/{one['n']}/{one['headcount']}")
def test_an_interval_is_that_of_prop_test_with_the_effective_number(case):
    found = wilson(case["x"] / case["n"], n=case["n"], headcount=case["headcount"])
    assert found == pytest.approx(case["interval"], rel=1e-6, abs=1e-12)


def test_the_effective_number_gives_the_standard_error_of_the_survey_package():
    case = R["shares"]["apisrs"]
    n, headcount, share = case["n"], case["headcount"], case["share"]
    # The survey package divides by n - 1 and by N, where n* has n and N - 1.
    unbiased = math.sqrt(n * (headcount - 1) / ((n - 1) * headcount))
    se = math.sqrt(share * (1 - share) / effective_n(n, headcount=headcount))
    assert se * unbiased == pytest.approx(case["se"], rel=1e-9)


@pytest.mark.parametrize("case", R["shares"]["upper"], ids=lambda one: f"{one['errors']}/{one['cases']}")
def test_the_upper_bound_of_errors_is_that_of_binom_test(case):
    assert upper_bound(case["errors"], case["cases"]) == pytest.approx(case["bound"], rel=1e-6)


@pytest.mark.parametrize(
    ("points", "favourable", "neutral", "unfavourable"),
    [
        (2, {2}, set(), {1}),
        (4, {3, 4}, set(), {1, 2}),
        (5, {4, 5}, {3}, {1, 2}),
        (7, {5, 6, 7}, {4}, {1, 2, 3}),
    ],
)
def test_what_is_favourable_lies_above_the_middle_of_the_scale(points, favourable, neutral, unfavourable):
    for code in range(1, points + 1):
        found = told(item_shares(counted([code], points)))
        expected = (float(code in favourable), float(code in neutral), float(code in unfavourable))
        assert (found.favourable, found.neutral, found.unfavourable) == expected


@given(COUNTS, st.booleans())
def test_shares_are_those_of_the_answers_counted_one_by_one(counts, reverse):
    codes = [code for code, times in enumerate(counts, start=1) for _ in range(times)]
    found = item_shares(np.array(counts), reverse=reverse)
    if found is None:
        assert not codes
        return
    slow = slow_shares(codes, len(counts), reverse=reverse)
    assert (found.favourable, found.neutral, found.unfavourable) == pytest.approx(slow)
    assert found.favourable + found.neutral + found.unfavourable == pytest.approx(1)


@given(COUNTS)
def test_reversing_an_item_exchanges_favourable_and_unfavourable(counts):
    straight = sided_counts(np.array(counts), reverse=np.asarray(False))
    turned = sided_counts(np.array(counts[::-1]), reverse=np.asarray(True))
    mirrored = sided_counts(np.array(counts), reverse=np.asarray(True))
    assert straight.tolist() == turned.tolist() == mirrored[::-1].tolist()


@given(COUNTS, st.integers(2, 5))
def test_doubling_everybody_leaves_the_shares(counts, times):
    assert item_shares(np.array(counts)) == item_shares(times * np.array(counts))


def test_many_items_of_many_departments_are_counted_at_once():
    counts = np.arange(2 * 3 * 5).reshape(2, 3, 5)
    reverse = np.array([[False, True, False], [True, False, False]])
    found = sided_counts(counts, reverse=reverse)
    assert found.shape == (2, 3, 3)
    for place in np.ndindex(2, 3):
        assert found[place].tolist() == sided_counts(counts[place], reverse=reverse[place]).tolist()


def test_a_dimension_needs_half_of_its_items():
    assert dimension_shares([HALF], asked=4) is None
    assert dimension_shares([HALF, NONE], asked=4) == Shares(favourable=0.25, neutral=0.125, unfavourable=0.625)
    assert dimension_shares([HALF], asked=3) is None
    assert dimension_shares([HALF], asked=2) == HALF
    assert dimension_shares([], asked=1) is None
    assert dimension_rate([0.1], asked=4) is None
    assert dimension_rate([0.1, 0.3], asked=4) == pytest.approx(0.2)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(1, 4000))
def test_an_interval_solves_its_equation(favourable, n, more):
    share = min(favourable, n) / n
    for headcount in (None, n + more):
        worth = effective_n(n, headcount=headcount)
        expected = wilson_by_its_equation(share, worth)
        assert wilson(share, n=n, headcount=headcount) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 500))
def test_an_interval_holds_its_share_mirrors_and_shrinks_with_what_is_known(favourable, n, more):
    share = min(favourable, n) / n
    low, high = told(wilson(share, n=n))
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    assert wilson(1 - share, n=n) == pytest.approx((1 - high, 1 - low))
    finite = told(wilson(share, n=n, headcount=n + more))
    assert low <= finite[0] + 1e-12
    assert finite[1] <= high + 1e-12
    larger = told(wilson(share, n=n, headcount=n + 10 * more))
    assert larger[0] <= finite[0] + 1e-12


def test_where_everybody_or_nobody_answered_there_is_no_interval():
    assert wilson(0.5, n=10, headcount=10) is None
    assert wilson(0.5, n=12, headcount=10) is None
    assert wilson(1.0, n=1, headcount=1) is None
    assert wilson(0.0, n=0) is None
    assert wilson(0.0, n=0, headcount=5) is None
    assert effective_n(0, headcount=0) == math.inf


def test_one_and_two_answers_have_an_interval_and_all_alike_too():
    assert wilson(1.0, n=1) == pytest.approx((0.2065493144, 1.0))
    assert wilson(1.0, n=2, headcount=3) == pytest.approx((0.5101092, 1.0), abs=1e-6)
    assert wilson(0.0, n=2, headcount=3) == pytest.approx((0.0, 0.4898908), abs=1e-6)


def test_a_wider_level_gives_a_wider_interval():
    lowest = [told(wilson(0.5, n=20, level=level))[0] for level in (0.99, 0.95, 0.8)]
    assert lowest == sorted(lowest)
    assert told(wilson(0.5, n=20))[0] == lowest[1]


def test_a_dont_know_rate_counts_no_experience_and_leaves_out_who_skipped():
    assert dont_know_rate(valid=6, dont_know=3, no_experience=1) == 0.3
    assert dont_know_rate(valid=0, dont_know=4, no_experience=0) == 1.0
    assert dont_know_rate(valid=0, dont_know=0, no_experience=0) is None


def test_three_in_ten_who_do_not_know_are_many():
    assert many_do_not_know(3 / 10)
    assert many_do_not_know(0.1 + 0.2)
    assert not many_do_not_know(29 / 100)


def test_shares_of_nothing_are_none():
    assert shares_of([0, 0, 0]) is None
    assert item_shares(np.zeros(5, dtype=np.intp)) is None


@pytest.mark.parametrize(
    ("error", "match", "call"),
    [
        (MisfitError, "do not fit", lambda: sided_counts(np.ones((2, 5), dtype=int), reverse=np.array([True]))),
        (MisfitError, "do not fit", lambda: sided_counts(np.array(5), reverse=np.asarray(True))),
        (TooFewError, "a scale of 1 steps", lambda: item_shares(np.array([3]))),
        (NotCountsError, "whole and not negative", lambda: item_shares(np.array([3, -1, 2]))),
        (TooFewError, "asked: 0 items", lambda: dimension_shares([], asked=0)),
        (NotCountsError, "only 1 were asked", lambda: dimension_rate([0.1, 0.2], asked=1)),
        (NotCountsError, "one is negative", lambda: dont_know_rate(valid=3, dont_know=-1, no_experience=0)),
        (NotCountsError, "one is negative", lambda: effective_n(-1, headcount=None)),
        (NotCountsError, "one is negative", lambda: wilson(0.5, n=3, headcount=-1)),
        (OutsideScaleError, "share: 1.1 is outside", lambda: wilson(1.1, n=3)),
        (OutsideScaleError, "share: nan is outside", lambda: wilson(math.nan, n=3)),
        (OutsideScaleError, "level: 1 is not between", lambda: wilson(0.5, n=3, level=1)),
        (OutsideScaleError, "share: inf is outside", lambda: many_do_not_know(math.inf)),
    ],
)
def test_impossible_numbers_are_refused_by_name(error, match, call):
    with pytest.raises(error, match=match):
        call()
