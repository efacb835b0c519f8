"""The forms for many numbers at once give what the forms for one give."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.change import difference, p_values
from scoring.errors import NotFiniteError, OutsideScaleError
from scoring.estimates import Estimate, Spread, column_spread, column_spreads
from scoring.grades import grade, grades
from scoring.kernel import patterns
from scoring.moments import Moments
from scoring.printed import printed_score, printed_scores, up, up_all
from scoring.rollups import Lenders, Strata, roll_ups, side_by_side
from scoring.student import quantile, quantiles, two_sided, two_sideds

DEGREES = st.one_of(st.floats(1, 1e6), st.just(math.inf))
SIDES = {"<=": -1, "": 0, ">=": 1}


@given(st.lists(DEGREES, min_size=1, max_size=8), st.sampled_from([0.5, 0.9, 0.975]))
def test_quantiles_are_those_of_one_at_a_time(df, probability):
    assert quantiles(probability, np.array(df)).tolist() == [quantile(probability, one) for one in df]


def test_no_degrees_of_freedom_have_no_quantile():
    assert math.isnan(quantiles(0.975, np.array([math.nan]))[0])


@given(st.lists(st.tuples(st.floats(-50, 50), DEGREES), min_size=1, max_size=8))
def test_probabilities_are_those_of_one_at_a_time(pairs):
    t, df = (np.array(one) for one in zip(*pairs, strict=True))
    assert two_sideds(t, df).tolist() == [two_sided(*one) for one in pairs]


MEANS = st.one_of(st.floats(0, 100), st.integers(0, 200).map(lambda half: half / 2))


@given(st.lists(st.tuples(MEANS, st.integers(1, 30)), min_size=1, max_size=12))
def test_means_are_printed_like_one_at_a_time(pairs):
    mean, n = (np.array(one) for one in zip(*pairs, strict=True))
    scores, beyond = printed_scores(mean, n=n)
    alone = [printed_score(float(one), n=int(people)) for one, people in pairs]
    assert scores.tolist() == [one.score for one in alone]
    assert beyond.tolist() == [SIDES[one.bound] for one in alone]


ERRORS = st.one_of(st.just((0.0, None)), st.tuples(st.floats(0.01, 20), DEGREES))


@given(st.lists(st.tuples(st.integers(-100, 100), ERRORS, ERRORS), min_size=1, max_size=8))
def test_changes_are_tested_like_one_at_a_time(changes):
    before, now = (np.array([one[side] for one in changes], dtype=np.float64).T for side in (1, 2))  # None is NaN
    points = np.array([delta for delta, *_ in changes])
    found = p_values(points, se=(before[0], now[0]), df=(before[1], now[1]))
    for p, (delta, first, second) in zip(found.tolist(), changes, strict=True):
        earlier, later = (Estimate(n=9, mean=mean, se=one[0], df=one[1]) for mean, one in ((0, first), (delta, second)))
        assert p == pytest.approx(difference(before=earlier, now=later).p, rel=1e-9, abs=1e-300)


@given(st.lists(st.lists(st.tuples(st.integers(1, 30), st.floats(0, 1e5)), min_size=3, max_size=3), min_size=1))
def test_the_spreads_of_columns_are_those_of_one_at_a_time(columns):
    sets = [[Moments(n, 50.0, m2 if n > 1 and m2 > n else 0.0) for n, m2 in column] for column in columns]
    variance, df = (
        np.array([[of(one) for one in column] for column in sets])
        for of in (lambda one: (one.s or 0.0) ** 2, lambda one: one.n - 1.0)
    )
    for found, column in zip(column_spreads(variance, df), sets, strict=True):
        assert (found.s, found.df) == pytest.approx((column_spread(column).s, column_spread(column).df))


@given(st.lists(st.one_of(st.floats(0, 100), st.sampled_from([5.0, 10.0, 15.0])), min_size=1))
def test_half_widths_are_graded_and_rounded_up_like_one_at_a_time(widths):
    assert grades(np.array(widths)) == [grade(one) for one in widths]
    assert up_all(np.array(widths)).tolist() == [up(one) for one in widths]


@pytest.mark.parametrize(("width", "error"), [(math.nan, NotFiniteError), (-1.0, OutsideScaleError)])
def test_a_width_that_is_none_has_no_grade_among_many(width, error):
    with pytest.raises(error, match="half-widths: one is"):
        grades(np.array([3.0, width]))


def test_infinity_is_not_rounded_up():
    with pytest.raises(NotFiniteError, match="not finite"):
        up_all(np.array([1.0, math.inf]))


def test_roll_ups_side_by_side_are_those_of_each():
    strata = Strata(
        place=np.array([1, 2]), headcount=np.array([20, 9]), n=np.array([12, 8]), used=np.array([13, 9]),
        mean=np.array([40.0, 60.0]), lender=np.array([0, 0]),
    )  # fmt: skip
    lenders = Lenders(variance=np.array([225.0]), df=np.array([19.0]), top=np.array([0]))
    one = roll_ups(strata, lenders, np.array([3, 2, 3]), column=Spread(15.0, 19.0), finite=True)
    both = side_by_side([one, one.part(1, 3)])
    assert both.mean.tolist() == [*one.mean.tolist(), *one.mean.tolist()[1:]]
    assert both.own.tolist() == [*one.own.tolist(), *one.own.tolist()[1:]]


@given(st.data(), st.integers(1, 3), st.integers(1, 4))
def test_patterns_of_columns_behind_each_other_are_those_of_each(data, columns, groups):
    sizes = np.array(data.draw(st.lists(st.integers(0, 5), min_size=groups, max_size=groups)))
    people = columns * int(sizes.sum())
    sheet = st.lists(st.integers(0, 5), min_size=3, max_size=3)
    answers = data.draw(st.lists(sheet, min_size=people, max_size=people))
    every = np.array(answers, dtype=np.uint8).reshape(columns, -1, 3)
    found = patterns(list(every.reshape(-1, 3).T), np.tile(sizes, columns), points=5)
    alone = [patterns(list(one.T), sizes, points=5) for one in every]
    assert found.products_by(columns).tolist() == [one.products().tolist() for one in alone]
    counts = found.answer_counts().reshape(3, columns, groups, 6)
    assert all((counts[:, place] == one.answer_counts()).all() for place, one in enumerate(alone))
