"""Numbers that no statistic can be made of are refused by name before anything is computed: none gives NaN."""

import math
from dataclasses import replace

import numpy as np
import pytest

from scoring import errors
from scoring.change import benjamini_hochberg, claim, difference, difference_of_means, holm
from scoring.drivers import Correlations, johnson_weights, lmg, r_squared
from scoring.estimates import Estimate, Part, Spread, of_one_stratum, roll_up
from scoring.grades import band, border_band, grade, level
from scoring.kernel import patterns
from scoring.moments import Moments, moments, moments_by_group
from scoring.people import item_scores, person_scores
from scoring.printed import down, half_up, half_up_all, printed_score, up
from scoring.reliability import from_covariance
from scoring.rollups import Lenders, Strata, borrowed, roll_ups
from scoring.shares import dimension_rate, item_shares, wilsons
from scoring.trend import standardised

STRAIGHT = np.array([False, False])
PART = Part(headcount=8, n=5, mean=50.0, spread=Spread(20.0, 4))
TEN = Moments(10, 50.0, 90.0)


@pytest.mark.parametrize("score", [item_scores, person_scores])
@pytest.mark.parametrize(
    ("answers", "points", "error"),
    [
        (np.array([[6, 1]], dtype=np.uint8), 5, errors.OutsideScaleError),
        (np.array([[1, 1, 1]], dtype=np.uint8), 5, errors.MisfitError),
        (np.array([1, 1], dtype=np.uint8), 5, errors.MisfitError),
        (np.array([[1, 1]], dtype=np.uint8), 1, errors.TooFewError),
        (np.array([[math.nan, 1.0]]), 5, errors.NotCountsError),
        (np.array([[2.5, 1.0]]), 5, errors.NotCountsError),
        (np.array([[-1, 1]], dtype=np.int8), 5, errors.NotCountsError),
    ],
)
def test_answers_that_are_none_give_no_score(score, answers, points, error):
    with pytest.raises(error):
        score(answers, reverse=STRAIGHT, points=points)


def test_a_scale_of_one_step_is_not_counted():
    with pytest.raises(errors.TooFewError, match="a scale of 1 steps"):
        patterns([np.ones(2, dtype=np.uint8)], np.array([2]), points=1)


def test_scores_and_groups_that_are_none_give_no_moments():
    with pytest.raises(errors.NotFiniteError, match="scores"):
        moments(np.array([1.0, math.inf]))
    with pytest.raises(errors.OutsideScaleError, match=r"outside 0\.\.1"):
        moments_by_group(np.array([1.0, 2.0]), np.array([0, 5]), groups=2)
    with pytest.raises(errors.MisfitError, match="does not fit 2 people"):
        moments_by_group(np.array([1.0, 2.0]), np.array([0]), groups=2)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"n": 0}, errors.TooFewError),
        ({"n": -3}, errors.NotCountsError),
        ({"headcount": -8}, errors.NotCountsError),
        ({"mean": math.nan}, errors.NotFiniteError),
        ({"mean": math.inf}, errors.NotFiniteError),
        ({"spread": Spread(math.nan, 4)}, errors.NotFiniteError),
    ],
)
def test_a_stratum_that_is_none_has_no_mean(wrong, error):
    with pytest.raises(error):
        roll_up([PART, replace(PART, **wrong)], finite=True)


def test_nobody_has_no_mean():
    for nobody in ([], [replace(PART, n=0)]):
        with pytest.raises(errors.TooFewError, match="needs strata"):
            roll_up(nobody, finite=True)
    with pytest.raises(errors.TooFewError):
        of_one_stratum(Moments(), headcount=5)


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
@pytest.mark.parametrize("wrong", [math.nan, -0.01, 1.01, math.inf])
def test_a_p_that_is_none_spoils_no_family(adjust, wrong):
    with pytest.raises(errors.OutsideScaleError, match="1 of 3 values"):
        adjust([0.01, wrong, 0.5])


def test_nothing_is_claimed_of_what_is_no_number():
    with pytest.raises(errors.NotFiniteError, match="delta"):
        claim(math.nan, adjusted=0.01, strict=0.01)
    with pytest.raises(errors.OutsideScaleError):
        claim(10.0, adjusted=math.nan, strict=0.01)


def test_a_negative_sum_of_squares_is_no_spread():
    with pytest.raises(errors.NotCountsError, match="now: squared deviations"):
        difference_of_means(before=TEN, now=Moments(10, 50.0, -90.0))


def test_shares_of_what_is_no_count_are_refused():
    with pytest.raises(errors.NotCountsError, match="whole and not negative"):
        item_shares(np.array([1.0, math.nan]))
    with pytest.raises(errors.OutsideScaleError):
        dimension_rate([0.2, math.nan], asked=2)
    with pytest.raises(errors.OutsideScaleError):
        wilsons(np.array([0.5, math.nan]), n=np.array([3, 3]), headcount=np.array([9, 9]))


@pytest.mark.parametrize("rounded", [half_up, up, down])
@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_what_is_no_number_is_not_printed(rounded, wrong):
    with pytest.raises(errors.NotFiniteError, match="no number that can be printed"):
        rounded(wrong)


def test_of_many_numbers_none_is_printed_if_one_is_none():
    with pytest.raises(errors.NotFiniteError):
        half_up_all(np.array([50.0, math.nan]))
    with pytest.raises(errors.NotFiniteError):
        printed_score(math.nan, n=12)


def test_covariances_that_no_answers_have_give_no_coefficient():
    # Before, alpha was 1.33 here.
    with pytest.raises(errors.MisfitError, match="an eigenvalue is negative"):
        from_covariance(np.array([[1.0, 2.0], [2.0, 1.0]]), n=90)


@pytest.mark.parametrize(
    ("sizes", "answers", "error"),
    [
        (np.array([3, -1]), np.ones(2, dtype=np.uint8), errors.NotCountsError),
        (np.array([1.5, 0.5]), np.ones(2, dtype=np.uint8), errors.NotCountsError),
        (np.array([2]), np.array([1.0, math.nan]), errors.NotCountsError),
        (np.array([2]), np.array([-1, 1], dtype=np.int8), errors.NotCountsError),
    ],
)
def test_groups_and_answers_that_are_none_are_not_counted(sizes, answers, error):
    with pytest.raises(error):
        patterns([answers], sizes, points=5)


@pytest.mark.parametrize("word", [band, lambda score: border_band(score, 3.0)])
@pytest.mark.parametrize("wrong", [-1, 101])
def test_a_score_beyond_the_scale_has_no_band(word, wrong):
    with pytest.raises(errors.OutsideScaleError, match="outside 0..100"):
        word(wrong)


@pytest.mark.parametrize("word", [grade, lambda half: border_band(50, half)])
def test_half_of_no_interval_has_no_grade(word):
    with pytest.raises(errors.NotFiniteError, match="half-width"):
        word(math.nan)
    with pytest.raises(errors.OutsideScaleError, match="half-width"):
        word(-0.1)


def test_what_is_no_agreement_has_no_word():
    for wrong in (math.nan, -math.inf):
        with pytest.raises(errors.NotFiniteError, match="agreement"):
            level(wrong)
    with pytest.raises(errors.OutsideScaleError, match="above 1"):
        level(1.2)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"mean": math.nan}, errors.NotFiniteError),
        ({"se": math.inf}, errors.NotFiniteError),
        ({"se": -1.0}, errors.NotCountsError),
        ({"df": math.nan}, errors.NotCountsError),
        ({"df": 0.0}, errors.NotCountsError),
    ],
)
def test_an_estimate_that_is_none_is_not_compared(wrong, error):
    fine = Estimate(n=12, mean=50.0, se=4.0, df=11.0)
    with pytest.raises(error, match="before"):
        difference(before=replace(fine, **wrong), now=fine)
    with pytest.raises(error, match="now"):
        difference(before=fine, now=replace(fine, **wrong))


def test_groups_that_are_none_have_no_standardised_change():
    with pytest.raises(errors.NotFiniteError, match="1 means"):
        standardised([TEN, TEN], [TEN, Moments(10, math.nan, 1.0)], k=5)
    with pytest.raises(errors.NotCountsError, match="negative"):
        standardised([TEN, TEN], [TEN, Moments(-10, 50.0, 1.0)], k=5)


@pytest.mark.parametrize("weights", [johnson_weights, lmg, r_squared])
@pytest.mark.parametrize(
    ("among", "outcome", "why"),
    [
        ([[1.0, 0.5], [0.4, 1.0]], [0.3, 0.2], "symmetric"),
        ([[2.0, 0.5], [0.5, 1.0]], [0.3, 0.2], "1 of a predictor with itself"),
        ([[1.0, 1.5], [1.5, 1.0]], [0.3, 0.2], "no scores have these correlations"),
        ([[1.0, 0.0], [0.0, 1.0]], [0.9, 0.9], r"R\^2 would be 1.620"),
        ([[1.0]], [1.5], r"R\^2 would be 2.250"),
    ],
)
def test_correlations_that_no_scores_have_are_divided_by_nobody(weights, among, outcome, why):
    with pytest.raises(errors.OutsideScaleError, match=why):
        weights(Correlations(np.array(among), np.array(outcome)))


STRATA = Strata(
    place=np.array([0]), headcount=np.array([8]), n=np.array([5]), used=np.array([6]), mean=np.array([50.0]),
    lender=np.array([0]),
)  # fmt: skip
LENDERS = Lenders(variance=np.array([400.0]), df=np.array([4.0]), top=np.array([0]))


@pytest.mark.parametrize(
    ("strata", "lenders", "error"),
    [
        ({"n": np.array([0])}, {}, errors.TooFewError),
        ({"used": np.array([0])}, {}, errors.TooFewError),
        ({"headcount": np.array([-8])}, {}, errors.NotCountsError),
        ({"mean": np.array([math.nan])}, {}, errors.NotFiniteError),
        ({}, {"variance": np.array([math.inf])}, errors.NotFiniteError),
    ],
)
def test_strata_that_are_none_are_not_rolled_up(strata, lenders, error):
    with pytest.raises(error):
        roll_ups(
            replace(STRATA, **strata), replace(LENDERS, **lenders), np.array([1]), column=Spread(20.0, 4), finite=True
        )


def test_a_column_without_a_spread_that_is_a_number_is_lent_to_nobody():
    with pytest.raises(errors.NotFiniteError):
        borrowed(STRATA, np.array([1]), column=Spread(math.nan, 4))
