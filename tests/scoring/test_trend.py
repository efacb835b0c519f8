"""Slopes, detectable differences, measurement error and standardised change: R, slow second ways, edges."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import MisfitError, NotCountsError, NotFiniteError, OutsideScaleError, SingularError, TooFewError
from scoring.moments import Moments, merged
from scoring.trend import (
    minimum_detectable_change,
    minimum_detectable_difference,
    slope,
    standard_error_of_measurement,
    standardised,
)
from tests.scoring.fixture import REFERENCE
from tests.scoring.parity import R, moments_of, told

WAVES = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 40).map(lambda x: x / 4)), min_size=4, max_size=12)
GROUPS = st.lists(
    st.tuples(st.integers(3, 30), st.integers(0, 100), st.integers(3, 30), st.integers(0, 100)), min_size=1, max_size=5
)


def slow_line(times, means, errors):
    """Weighted least squares by the normal equations, solved by Cramer's rule."""
    w = [1 / max(se, 1) ** 2 for se in errors]
    s = math.fsum(w)
    sx, sy = (math.fsum(a * b for a, b in zip(w, one, strict=True)) for one in (times, means))
    sxx = math.fsum(a * x * x for a, x in zip(w, times, strict=True))
    sxy = math.fsum(a * x * y for a, x, y in zip(w, times, means, strict=True))
    return (s * sxy - sx * sy) / (s * sxx - sx**2), math.sqrt(s / (s * sxx - sx**2))


def two_waves(n):
    """Error and degrees of freedom of the difference of two waves of n people with a spread of 20 points."""
    return 20 * math.sqrt(2 / n), 2 * (n - 1)


def test_a_slope_is_that_of_lm_with_weights():
    case = R["trend"]
    found = slope(case["times"], case["means"], case["errors"])
    assert found.slope == pytest.approx(case["slope"], rel=1e-9)
    assert found.level - found.slope * found.centre == pytest.approx(case["intercept"], rel=1e-9)
    assert found.scatter == pytest.approx(case["sigma"] ** 2, rel=1e-9)
    assert found.se * math.sqrt(found.scatter) == pytest.approx(case["se_by_scatter"], rel=1e-9)
    assert found.waves == 5


@given(WAVES)
def test_a_slope_solves_the_normal_equations(waves):
    means, errors = zip(*waves, strict=True)
    times = [2.0 + 0.25 * place for place in range(len(waves))]
    found = slope(times, means, errors)
    assert (found.slope, found.se) == pytest.approx(slow_line(times, means, errors), abs=1e-8)
    residuals = [y - found.level - found.slope * (x - found.centre) for x, y in zip(times, means, strict=True)]
    chi = math.fsum((r / max(se, 1)) ** 2 for r, se in zip(residuals, errors, strict=True))
    assert found.scatter == pytest.approx(chi / (len(waves) - 2), abs=1e-8)


@given(WAVES, st.integers(-50, 50), st.randoms(use_true_random=False))
def test_order_and_a_constant_leave_the_slope(waves, constant, chance):
    numbered = [(place, mean, se) for place, (mean, se) in enumerate(waves)]
    found = slope(*zip(*numbered, strict=True))
    chance.shuffle(numbered)
    times, means, errors = zip(*numbered, strict=True)
    other = slope([x + 7 for x in times], [y + constant for y in means], errors)
    assert (other.slope, other.se) == pytest.approx((found.slope, found.se), abs=1e-9)
    assert other.level == pytest.approx(found.level + constant, abs=1e-8)


def test_the_worked_trend_rises_by_about_two_and_a_half_points_a_wave():
    # Worked by hand; the table of docs/scoring.md. The first wave is known half as well as the others.
    found = slope([1, 2, 3, 4], [50, 54, 55, 59], [4, 2, 2, 2])
    assert found.centre == pytest.approx(37 / 13)
    assert found.level == pytest.approx(722 / 13)
    assert found.slope == pytest.approx(101 / 38)
    assert found.se == pytest.approx(math.sqrt(26 / 19))


def test_an_error_below_one_point_counts_as_one():
    assert slope([1, 2, 3, 4], [1, 5, 2, 8], [0, 0.5, 1, 0.2]) == slope([1, 2, 3, 4], [1, 5, 2, 8], [1, 1, 1, 1])


@pytest.mark.parametrize("case", R["trend"]["detectable"], ids=lambda one: str(one["n"]))
def test_the_detectable_difference_is_that_of_power_t_test(case):
    assert minimum_detectable_difference(*two_waves(case["n"])) == pytest.approx(case["delta"], rel=1e-6)


@pytest.mark.parametrize(("n", "delta"), REFERENCE["intervals_and_bimodality"]["mdd"].items())
def test_the_detectable_difference_is_that_of_the_table(n, delta):
    # The table was made with power.t.test's default precision, which is coarser than ours.
    assert minimum_detectable_difference(*two_waves(int(n))) == pytest.approx(delta, rel=5e-6)


def test_with_a_spread_by_convention_the_difference_is_that_of_the_normal_distribution():
    assert minimum_detectable_difference(10.0, math.inf) == pytest.approx(10 * (1.959963985 + 0.8416212336))
    assert minimum_detectable_difference(10.0, 1e7) == pytest.approx(10 * (1.959963985 + 0.8416212336), rel=1e-5)


def test_the_test_finds_the_detectable_difference_as_often_as_promised():
    rng = np.random.default_rng(5)
    n, (se, df) = 12, two_waves(12)
    delta = minimum_detectable_difference(se, df)
    one, other = rng.normal(0, 20, (40_000, n)), rng.normal(delta, 20, (40_000, n))
    t = (other.mean(1) - one.mean(1)) / np.sqrt((one.var(1, ddof=1) + other.var(1, ddof=1)) / n)
    assert np.mean(t > 2.0738730679) == pytest.approx(0.8, abs=0.008)


def test_without_error_any_difference_is_found():
    assert minimum_detectable_difference(0.0, 8) == 0.0


def test_measurement_error_and_detectable_change_are_those_of_the_worked_table():
    # Worked by hand; the table of docs/scoring.md.
    assert standard_error_of_measurement(20, reliability=0.84) == pytest.approx(8.0)
    assert minimum_detectable_change(8.0) == pytest.approx(22.174868658)
    assert minimum_detectable_change(8.0, n=25) == pytest.approx(4.4349737316)
    assert standard_error_of_measurement(20, reliability=1.0) == 0.0
    assert standard_error_of_measurement(20, reliability=-0.04) == 20.0
    assert standard_error_of_measurement(0, reliability=0.5) == 0.0


def test_the_standardised_change_is_that_of_weighted_mean():
    case = R["standardised"]
    found = told(standardised([moments_of(x) for x in case["before"]], [moments_of(x) for x in case["now"]], k=2))
    assert (found.plain, found.standardised) == pytest.approx((case["plain"], case["standardised"]))


@given(GROUPS)
def test_a_standardised_change_is_that_of_the_earlier_people(groups):
    """Everybody of the earlier wave gets the change of the group they are in."""
    before, now = [Moments(a, b, 0.0) for a, b, _, _ in groups], [Moments(c, d, 0.0) for _, _, c, d in groups]
    found = told(standardised(before, now, k=3))
    changes = [d - b for a, b, _, d in groups for _ in range(a)]
    assert found.standardised == pytest.approx(statistics.fmean(changes), abs=1e-9)
    assert found.plain == pytest.approx(merged(now).mean - merged(before).mean, abs=1e-9)


def test_with_the_same_mix_the_standardised_change_is_the_plain_one():
    found = told(standardised([Moments(10, 40, 0), Moments(30, 60, 0)], [Moments(20, 44, 0), Moments(60, 61, 0)], k=10))
    assert found.standardised == pytest.approx(found.plain)
    assert found.plain == pytest.approx(1.75)


def test_a_small_group_leaves_no_standardised_change():
    assert standardised([Moments(10, 40, 0)], [Moments(9, 44, 0)], k=10) is None
    assert standardised([Moments(9, 40, 0)], [Moments(10, 44, 0)], k=10) is None


FOUR = [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("error", "match", "call"),
    [
        (MisfitError, "4 times, 3 means", lambda: slope(FOUR, FOUR[:3], FOUR)),
        (TooFewError, "waves: 3", lambda: slope(FOUR[:3], FOUR[:3], FOUR[:3])),
        (TooFewError, "waves: 0", lambda: slope([], [], [])),
        (NotFiniteError, "means", lambda: slope(FOUR, [1, 2, math.nan, 4], FOUR)),
        (NotFiniteError, "times", lambda: slope([1, 2, math.inf, 4], FOUR, FOUR)),
        (NotFiniteError, "errors", lambda: slope(FOUR, FOUR, [1, 2, math.inf, 4])),
        (NotCountsError, "errors: a standard error", lambda: slope(FOUR, FOUR, [1, -2, 3, 4])),
        (SingularError, "the same time", lambda: slope([2, 2, 2, 2], FOUR, FOUR)),
        (NotFiniteError, "se: nan", lambda: minimum_detectable_difference(math.nan, 3)),
        (NotCountsError, "se: -1", lambda: minimum_detectable_difference(-1, 3)),
        (TooFewError, "df: 0", lambda: minimum_detectable_difference(1, 0)),
        (TooFewError, "df: nan", lambda: minimum_detectable_difference(1, math.nan)),
        (OutsideScaleError, "out of place", lambda: minimum_detectable_difference(1, 3, power=0.02)),
        (OutsideScaleError, "out of place", lambda: minimum_detectable_difference(1, 3, alpha=0)),
        (OutsideScaleError, "reliability 1.1", lambda: standard_error_of_measurement(3, reliability=1.1)),
        (OutsideScaleError, "s nan", lambda: standard_error_of_measurement(math.nan, reliability=0.5)),
        (NotCountsError, "s: -1", lambda: standard_error_of_measurement(-1, reliability=0.5)),
        (TooFewError, "n: 0", lambda: minimum_detectable_change(3, n=0)),
        (NotCountsError, "sem: nan", lambda: minimum_detectable_change(math.nan)),
        (MisfitError, "1 groups before and 0 now", lambda: standardised([Moments(3, 5, 0)], [], k=1)),
        (TooFewError, "0 groups", lambda: standardised([], [], k=1)),
        (TooFewError, "k 0", lambda: standardised([Moments()], [Moments()], k=0)),
    ],
)
def test_impossible_numbers_are_refused_by_name(error, match, call):
    with pytest.raises(error, match=match):
        call()
