"""What must hold for any answers: order, mirror, shift, doubling, merging; and agreement with the slow oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scoring.change import benjamini_hochberg, difference, holm
from scoring.estimates import Part, column_spread, of_one_stratum, own_spread, roll_up
from scoring.moments import Moments, merged, moments, moments_by_group
from scoring.people import half_rule, item_scores, person_scores
from scoring.student import quantile
from tests.scoring import oracle

POINTS = 5
SHAPES = st.tuples(st.integers(1, 25), st.integers(1, 6))
ANSWERS = hnp.arrays(np.uint8, SHAPES, elements=st.integers(0, POINTS))
SCORES = st.lists(st.sampled_from([0.0, 12.5, 25.0, 37.5, 50.0, 62.5, 75.0, 100.0]), min_size=2, max_size=15)
PROBABILITIES = st.lists(st.integers(0, 50).map(lambda x: x / 50), min_size=1, max_size=12)


def reverse_of(answers, seed=0):
    return np.random.default_rng(seed).random(answers.shape[1]) < 0.5


def mirrored(answers):
    return np.where(answers, POINTS + 1 - answers, 0).astype(np.uint8)


@given(ANSWERS)
def test_a_person_is_scored_as_the_definition_says(answers):
    reverse = reverse_of(answers)
    found = person_scores(answers, reverse=reverse, points=POINTS)
    slow = [oracle.person_score(row, reverse.tolist(), POINTS) for row in answers.tolist()]
    assert [None if np.isnan(x) else x for x in found] == [None if x is None else pytest.approx(x) for x in slow]


@given(ANSWERS)
def test_a_score_is_the_mean_of_the_item_scores_of_those_who_pass_the_half_rule(answers):
    items = item_scores(answers, reverse=reverse_of(answers), points=POINTS)
    scored = half_rule(answers)
    found = person_scores(answers, reverse=reverse_of(answers), points=POINTS)
    assert np.isnan(found[~scored]).all()
    assert found[scored] == pytest.approx([np.nanmean(person) for person in items[scored]])


@given(ANSWERS)
def test_reversing_every_answer_mirrors_the_score(answers):
    reverse = reverse_of(answers)
    one = person_scores(answers, reverse=reverse, points=POINTS)
    other = person_scores(mirrored(answers), reverse=reverse, points=POINTS)
    np.testing.assert_allclose(one + other, np.where(half_rule(answers), 100, np.nan))


@given(ANSWERS)
def test_a_reversed_item_scores_like_the_turned_answer(answers):
    straight = np.zeros(answers.shape[1], dtype=np.bool_)
    one = person_scores(answers, reverse=~straight, points=POINTS)
    other = person_scores(mirrored(answers), reverse=straight, points=POINTS)
    np.testing.assert_allclose(one, other)


@given(SCORES, st.randoms())
def test_the_order_of_people_changes_nothing(scores, random):
    shuffled = random.sample(scores, len(scores))
    one, other = moments(np.array(scores)), moments(np.array(shuffled))
    assert (one.n, one.mean, one.s) == pytest.approx((other.n, other.mean, other.s))


@given(SCORES, st.floats(-40, 40))
def test_adding_a_constant_moves_the_mean_and_leaves_the_spread(scores, constant):
    one, other = moments(np.array(scores)), moments(np.array(scores) + constant)
    assert other.mean == pytest.approx(one.mean + constant)
    assert other.s == pytest.approx(one.s)


@given(SCORES)
def test_doubling_every_respondent_leaves_the_mean(scores):
    assert moments(np.array(scores * 2)).mean == pytest.approx(moments(np.array(scores)).mean)


@given(SCORES, SCORES)
def test_merging_departments_equals_the_respondent_weighted_mean(one, other):
    found = merged([moments(np.array(one)), moments(np.array(other))])
    together = moments(np.array(one + other))
    assert (found.n, found.mean, found.s) == pytest.approx((together.n, together.mean, together.s))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 50.0, 75.0, float("nan")])), max_size=30))
def test_groups_have_the_moments_of_their_people(people):
    group = np.array([place for place, _ in people], dtype=np.intp)
    scores = np.array([score for _, score in people], dtype=np.float64)
    found = moments_by_group(scores, group, groups=4)
    for place in range(4):
        alone = moments(scores[group == place])
        assert (found[place].n, found[place].mean, found[place].m2) == pytest.approx((alone.n, alone.mean, alone.m2))


@given(SCORES, st.integers(1, 30))
def test_a_stratum_is_estimated_as_the_definition_says(scores, absent):
    headcount = len(scores) + absent
    mean, s, _, se, interval = oracle.of_one_stratum(scores, headcount, quantile(0.975, len(scores) - 1))
    found = of_one_stratum(moments(np.array(scores)), headcount=headcount)
    assert (found.mean, found.se) == pytest.approx((mean, se), abs=1e-6)
    assert found.interval() == (pytest.approx(interval, abs=1e-6) if s else None)


STRATA = st.lists(st.tuples(st.integers(0, 20), SCORES, st.integers(0, 2)), min_size=1, max_size=6)


@given(STRATA)
def test_a_roll_up_is_estimated_as_the_definition_says(strata):
    strata = [(len(scores) + absent, scores, lender) for absent, scores, lender in strata]
    mean, se, df = oracle.roll_up(strata)
    found = roll_up([as_part(one, strata) for one in strata], finite=True)
    assert (found.mean, found.se) == pytest.approx((mean, se), abs=1e-6)
    assert found.df == (None if df is None else pytest.approx(df, rel=1e-6))


def as_part(stratum, strata):
    headcount, scores, lender = stratum
    everyone = moments(np.array([x for _, others, of in strata if of == lender for x in others]))
    own = moments(np.array(scores))
    return Part(headcount=headcount, n=own.n, mean=own.mean, spread=own_spread(everyone), group=lender)


@given(SCORES.filter(lambda x: len(set(x)) > 1), SCORES.filter(lambda x: len(set(x)) > 1))
def test_a_change_is_tested_as_welch_does(one, other):
    delta, se, t, df = oracle.welch(one, other)
    before, now = (as_sample(moments(np.array(scores))) for scores in (one, other))
    found = difference(before=before, now=now)
    assert (found.delta, found.se, found.t, found.df) == pytest.approx((delta, se, t, df), rel=1e-6, abs=1e-9)
    turned = difference(before=now, now=before)
    assert (turned.delta, turned.p) == pytest.approx((-found.delta, found.p))


def as_sample(one: Moments):
    part = Part(headcount=one.n, n=one.n, mean=one.mean, spread=own_spread(one))
    return roll_up([part], finite=False)


@given(PROBABILITIES)
def test_probabilities_are_adjusted_as_the_definitions_say(p):
    assert benjamini_hochberg(p) == pytest.approx(oracle.benjamini_hochberg(p))
    assert holm(p) == pytest.approx(oracle.holm(p))


@given(PROBABILITIES)
def test_an_adjusted_probability_is_never_smaller_and_holm_is_stricter(p):
    for own, bh, strict in zip(p, benjamini_hochberg(p), holm(p), strict=True):
        assert own <= bh + 1e-12
        assert bh <= strict + 1e-12 <= 1 + 1e-11


@given(st.lists(SCORES, min_size=1, max_size=5))
def test_the_spread_of_a_column_is_pooled_as_the_definition_says(samples):
    s, df = oracle.pooled_spread(samples)
    found = column_spread([moments(np.array(sample)) for sample in samples])
    assert (found.s, found.df) == pytest.approx((s, df), abs=1e-6)
