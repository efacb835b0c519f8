"""The forms for many numbers at once give what the forms for one give."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.change import difference, p_values
from scoring.estimates import Estimate
from scoring.printed import printed_score, printed_scores
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
