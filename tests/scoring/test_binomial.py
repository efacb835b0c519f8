"""Upper bounds of error rates, beside published numbers and beside the binomial distribution written out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.binomial import required_cases, upper_bound
from scoring.errors import NotCountsError, OutsideScaleError
from tests.scoring.autonomy_reference import R


def at_most(errors, cases, rate):
    """The probability of so many errors or fewer, term by term."""
    return math.fsum(math.comb(cases, x) * rate**x * (1 - rate) ** (cases - x) for x in range(errors + 1))


def slow_bound(errors, cases, level):
    """The rate at which `errors` or fewer still happen with 1 - level, by halving."""
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(errors, cases, middle) > 1 - level else (low, middle)
    return high


COUNTS = st.integers(1, 150).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("tolerance", "cases"), [(0.05, 59), (0.01, 299), (0.002, 1497)])
def test_without_an_error_the_required_cases_are_those_of_the_measurement_design(tolerance, cases):
    assert required_cases(tolerance) == cases
    assert upper_bound(0, cases) <= tolerance < upper_bound(0, cases - 1)


def test_without_an_error_the_bound_has_a_closed_form():
    for cases in (1, 10, 59, 1497):
        assert upper_bound(0, cases) == pytest.approx(1 - 0.05 ** (1 / cases), rel=1e-12)


@pytest.mark.parametrize("one", R["bounds"])
def test_the_bound_is_that_of_r(one):
    assert upper_bound(one["errors"], one["cases"]) == pytest.approx(one["bound"], rel=1e-9)


@pytest.mark.parametrize("one", R["required"])
def test_the_required_cases_are_those_that_r_finds_by_trying(one):
    assert required_cases(one["tolerance"], errors=one["errors"]) == one["cases"]


def test_nothing_checked_or_only_errors_excludes_no_rate():
    assert [upper_bound(x, n) for x, n in ((0, 0), (1, 1), (7, 7))] == [1.0, 1.0, 1.0]


@given(COUNTS, st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_the_bound_is_the_rate_that_the_distribution_still_allows(counts, level):
    errors, cases = counts
    expected = 1.0 if errors == cases else slow_bound(errors, cases, level)
    assert upper_bound(errors, cases, level=level) == pytest.approx(expected, abs=1e-9)


@given(COUNTS)
def test_the_bound_rises_with_errors_and_falls_with_cases(counts):
    errors, cases = counts
    assert upper_bound(errors, cases) >= errors / cases
    assert upper_bound(errors, cases + 1) <= upper_bound(errors, cases)
    assert upper_bound(errors + 1, cases + 1) >= upper_bound(errors, cases + 1)


@given(st.floats(0.002, 0.95), st.integers(0, 20), st.sampled_from([0.5, 0.95]))
def test_the_required_cases_are_the_fewest_that_prove_the_tolerance(tolerance, errors, level):
    cases = required_cases(tolerance, errors=errors, level=level)
    assert upper_bound(errors, cases, level=level) <= tolerance + 1e-12
    assert cases == errors + 1 or upper_bound(errors, cases - 1, level=level) > tolerance


@pytest.mark.parametrize(("errors", "cases"), [(-1, 10), (11, 10), (0, -1)])
def test_counts_that_can_not_be_are_refused(errors, cases):
    with pytest.raises(NotCountsError, match=f"{errors} errors in {cases} cases"):
        upper_bound(errors, cases)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, math.nan, math.inf])
def test_a_level_or_tolerance_outside_0_to_1_is_refused(share):
    with pytest.raises(OutsideScaleError, match="the level .* is not between 0 and 1"):
        upper_bound(0, 10, level=share)
    with pytest.raises(OutsideScaleError, match="the tolerance .* is not between 0 and 1"):
        required_cases(share)
    with pytest.raises(OutsideScaleError, match="the level .* is not between 0 and 1"):
        required_cases(0.05, level=share)


def test_required_cases_for_fewer_than_no_errors_are_refused():
    with pytest.raises(NotCountsError, match="-1 errors"):
        required_cases(0.05, errors=-1)
