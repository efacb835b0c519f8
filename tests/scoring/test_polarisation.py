"""Polarisation: published numbers, the definitions once more, what must hold for any answers, and the edges."""

import itertools
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scoring.errors import MisfitError, NotCountsError, NotFiniteError, OutsideScaleError, TooFewError
from scoring.polarisation import (
    BIMODAL,
    bimodality,
    bimodality_by_group,
    consensus,
    five_classes,
    five_classes_by_group,
    polarisation,
    split,
)
from tests.scoring.fixture import REFERENCE
from tests.scoring.sequences import SETS, made

COUNTS = st.integers(2, 8).flatmap(
    lambda classes: st.lists(st.integers(0, 12), min_size=classes, max_size=classes).filter(any)
)
SCORES = st.lists(st.sampled_from([0, 12.5, 25, 100 / 3, 37.5, 50, 62.5, 75, 87.5, 100]), max_size=25)


def slow_consensus(counts):
    """Layer by layer, all triples looked at one by one."""
    counts, total, found = list(counts), sum(counts), 0.0
    while any(counts):
        full = [count > 0 for count in counts]
        height = min(count for count in counts if count)
        found += height * sum(full) / total * slow_pattern(full)
        counts = [count - height if count else 0 for count in counts]
    return found


def slow_pattern(full):
    classes, s = len(full), sum(full)
    triples = list(itertools.combinations(full, 3))
    tu = sum(triple in {(True, True, False), (False, True, True)} for triple in triples)
    tdu = sum(triple == (True, False, True) for triple in triples)
    if s == 1:
        return 1.0
    if tu + tdu == 0:
        return 0.0
    u = ((classes - 2) * tu - (classes - 1) * tdu) / ((classes - 2) * (tu + tdu))
    return u * (1 - (s - 1) / (classes - 1))


def slow_bimodality(values):
    """From the sums of powers that textbooks give for skew and excess kurtosis corrected for bias."""
    n, mean, s = len(values), statistics.fmean(values), statistics.stdev(values)
    z = [(x - mean) / s for x in values]
    skew = n / ((n - 1) * (n - 2)) * sum(x**3 for x in z)
    kurtosis = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * sum(x**4 for x in z)
    kurtosis -= 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    return (skew**2 + 1) / (kurtosis + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))


def slow_split(scores):
    if len(scores) < 10:
        return False
    high, low = sum(x >= 62.5 for x in scores), sum(x <= 37.5 for x in scores)
    classes = [0] * 5
    for score in scores:
        steps = abs(score - 50) / 25
        classes[2 + int(math.copysign(int(steps + 0.5), score - 50))] += 1
    return min(high, low) / len(scores) >= 0.25 and (1 - slow_consensus(classes)) / 2 > 0.55


def of_one(scores):
    people = np.array(scores, dtype=np.float64)
    return five_classes_by_group(people, np.zeros(len(scores), dtype=np.intp), groups=1)[0]


@pytest.mark.parametrize("text", REFERENCE["careless_overlap_agreement"]["agreement_A"])
def test_consensus_is_that_of_agrmt(text):
    expected = REFERENCE["careless_overlap_agreement"]["agreement_A"][text]
    counts = np.array([int(count) for count in text.split(",")])
    assert consensus(counts) == pytest.approx(expected["A"], rel=1e-9, abs=1e-12)
    assert polarisation(counts) == pytest.approx(expected["polarization"], rel=1e-9, abs=1e-12)


def test_the_worked_layers_are_as_printed():
    assert slow_pattern([True, True, False, True, True]) == pytest.approx(-10 / 18 / 4)
    assert slow_pattern([True, False, False, False, True]) == pytest.approx(-1)
    assert consensus(np.array([40, 10, 0, 10, 40])) == pytest.approx(0.4 * -10 / 72 + 0.6 * -1)


@given(COUNTS)
def test_consensus_is_as_the_layers_say(counts):
    assert consensus(np.array(counts)) == pytest.approx(slow_consensus(counts), abs=1e-12)


@given(COUNTS, st.integers(2, 9))
def test_consensus_is_from_minus_1_to_1_and_mirrored_or_multiplied_the_same(counts, times):
    found = consensus(np.array(counts))
    assert -1 - 1e-12 <= found <= 1 + 1e-12
    assert consensus(np.array(counts[::-1])) == pytest.approx(found)
    assert consensus(np.array(counts) * times) == pytest.approx(found)


@pytest.mark.parametrize("points", [2, 4, 5, 7])
def test_one_class_is_consensus_all_alike_is_none_and_the_two_ends_are_polarised(points):
    assert consensus(np.eye(points, dtype=np.intp)) == pytest.approx(np.ones(points))
    assert consensus(np.full(points, 8)) == pytest.approx(0.0)
    ends = np.zeros(points, dtype=np.intp)
    ends[[0, -1]] = 6
    assert polarisation(ends) == pytest.approx(1.0 if points > 2 else 0.5)


def test_nobody_has_no_consensus():
    assert np.isnan(consensus(np.zeros(5, dtype=np.intp)))
    assert np.isnan(polarisation(np.array([[0, 0], [1, 0]]))).tolist() == [True, False]


def test_departments_at_once_have_the_consensus_of_each_alone():
    counts = np.random.default_rng(3).integers(0, 9, size=(6, 4, 5))
    assert consensus(counts).reshape(-1) == pytest.approx([slow_consensus(one) for one in counts.reshape(-1, 5)])


BC = REFERENCE["intervals_and_bimodality"]["bc"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([20, 0, 0, 0, 20], BC["split"]), ([8] * 5, BC["uniform"]), ([0, 4, 20, 12, 4], BC["unimodal"])],
)
def test_bimodality_is_that_of_r(counts, expected):
    assert bimodality(np.array(counts)) == pytest.approx(expected, rel=1e-8)
    values = np.repeat(np.arange(1.0, 6), counts)
    assert bimodality_by_group(values, np.zeros(40, dtype=np.intp), groups=1) == pytest.approx([expected], rel=1e-8)


@pytest.mark.parametrize("name", SETS)
def test_made_up_answers_have_the_bimodality_of_psych(name):
    rows, _ = made(name)
    points, expected = SETS[name]["made"]["points"], SETS[name]
    first = np.bincount(rows[:, 0], minlength=points + 1)[1:]
    assert bimodality(first) == pytest.approx(expected["bimodality_first_item"]["bc"], rel=1e-9)
    valid = (rows > 0).sum(axis=1)
    half = valid >= rows.shape[1] / 2
    scores = np.where(half, 100 * (rows.sum(axis=1) / np.maximum(valid, 1) - 1) / (points - 1), np.nan)
    found = bimodality_by_group(scores, np.zeros(len(scores), dtype=np.intp), groups=1)
    assert found == pytest.approx([expected["bimodality"]["bc"]], rel=1e-9)


@given(st.lists(st.integers(1, 5), min_size=10, max_size=40).filter(lambda values: len(set(values)) > 1))
def test_bimodality_is_as_the_definition_says_and_no_shift_or_turn_changes_it(values):
    found = float(bimodality(np.bincount(values, minlength=6)[1:]))
    assert found == pytest.approx(slow_bimodality(values))
    scores, group = np.array(values, dtype=np.float64), np.zeros(len(values), dtype=np.intp)
    for moved in (scores, 12.5 * scores + 30, 100 - scores):
        assert bimodality_by_group(moved, group, groups=1) == pytest.approx([found])


def test_fewer_than_ten_people_or_people_all_alike_have_no_bimodality():
    assert np.isnan(bimodality(np.array([[5, 0, 4], [0, 0, 0], [12, 0, 0]]))).all()
    scores = np.array([0.0] * 5 + [100.0] * 4 + [100 / 3] * 12 + [math.nan] * 11)
    group = np.repeat([0, 1, 2], [9, 12, 11])
    assert np.isnan(bimodality_by_group(scores, group, groups=4)).all()


def test_a_uniform_distribution_is_at_the_limit_of_bimodality():
    assert bimodality(np.full(1000, 1000)) == pytest.approx(BIMODAL, abs=1e-5)


def test_halves_go_away_from_the_middle_so_that_camps_are_classes():
    scores = [0, 12.4, 12.5, 37.4, 37.5, 37.6, 50, 62.4, 62.5, 62.6, 87.4, 87.5, 100]
    assert of_one(scores).tolist() == [3, 2, 3, 3, 2]
    assert of_one([37.5 - 1e-12, 37.5 + 1e-12]).tolist() == [0, 2, 0, 0, 0]


CAMPS = [0.0] * 4 + [12.5] * 2 + [50.0] + [87.5] * 3 + [100.0] * 2


def test_the_worked_department_is_split():
    found = split(of_one(CAMPS))
    assert of_one(CAMPS).tolist() == [6, 0, 1, 0, 5]
    assert found.n == 12
    assert (found.favourable, found.unfavourable) == pytest.approx((5 / 12, 6 / 12))
    assert found.polarisation == pytest.approx(0.826389, abs=1e-6)
    assert found.split


@pytest.mark.parametrize(
    ("classes", "verdict"),
    [
        ([3, 0, 6, 0, 3], False),  # a quarter each, and half in the middle: .5
        ([4, 0, 4, 0, 4], True),
        ([0, 6, 0, 6, 0], False),  # two camps, yet near each other: .417
        ([2, 0, 0, 0, 10], False),
        ([10, 0, 0, 0, 2], False),
        ([5, 0, 0, 0, 4], False),
        ([5, 0, 0, 0, 5], True),
        ([2, 2, 2, 2, 2], False),
        ([0, 0, 0, 0, 0], False),
    ],
)
def test_split_needs_two_camps_of_a_quarter_ten_people_and_polarisation(classes, verdict):
    found = split(np.array(classes))
    assert found.split == verdict
    assert np.isnan(found.polarisation) == (sum(classes) == 0)


@given(SCORES)
def test_a_split_is_as_the_rule_says_and_turned_scores_are_split_alike(scores):
    found = split(of_one(scores)).split
    assert found == slow_split(scores)
    assert found == split(of_one([100 - score for score in scores])).split


@given(hnp.arrays(np.intp, (4, 5), elements=st.integers(0, 9)))
def test_departments_at_once_are_split_as_each_alone(classes):
    assert split(classes).split.tolist() == [bool(split(one).split) for one in classes]


VALUES = np.array([75, 0, math.nan, 100 / 3, 62.5])


@given(hnp.arrays(np.intp, (3, 5), elements=st.integers(0, 9)))
def test_a_table_of_scores_in_any_order_says_what_the_scores_themselves_say(table):
    scores = np.concatenate([np.repeat(VALUES, row) for row in table])
    group = np.repeat(np.arange(3), table.sum(axis=1))
    assert (five_classes(table, at=VALUES) == five_classes_by_group(scores, group, groups=3)).all()
    found, expected = bimodality(table, at=VALUES), bimodality_by_group(scores, group, groups=3)
    assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("at", "error", "sentence"),
    [
        (VALUES[:4], MisfitError, r"at: \(4,\) does not fit 5 classes"),
        (np.array([1, 2, 3, 4, math.inf]), NotFiniteError, "at: 1 of 5 values are not finite"),
    ],
)
@pytest.mark.parametrize("function", [bimodality, five_classes])
def test_values_of_classes_that_are_none_are_refused(function, at, error, sentence):
    with pytest.raises(error, match=sentence):
        function(np.ones(5, dtype=np.intp), at=at)


@pytest.mark.parametrize(
    ("scores", "group", "error", "sentence"),
    [
        ([50.0, math.inf], [0, 0], NotFiniteError, "scores: 1 of 2 values are not finite"),
        ([50.0, 101.0], [0, 0], OutsideScaleError, r"outside 0\.\.100"),
        ([50.0, -1.0], [0, 0], OutsideScaleError, r"outside 0\.\.100"),
        ([50.0, 1.0], [0, 1], OutsideScaleError, r"outside 0\.\.0"),
        ([50.0, 1.0], [0], MisfitError, "does not fit 2 people"),
    ],
)
def test_scores_that_cannot_be_classed_are_refused(scores, group, error, sentence):
    with pytest.raises(error, match=sentence):
        five_classes_by_group(np.array(scores), np.array(group, dtype=np.intp), groups=1)


@pytest.mark.parametrize(
    ("counts", "error", "sentence"),
    [
        (np.array(3), MisfitError, "is not the shape of frequencies"),
        (np.array([3]), TooFewError, "a scale of one step"),
        (np.array([3, -1]), NotCountsError, "whole numbers of 0 and more"),
        (np.array([3, math.inf]), NotCountsError, "whole numbers of 0 and more"),
    ],
)
@pytest.mark.parametrize("function", [consensus, bimodality, split])
def test_frequencies_that_are_none_are_refused_by_every_function(function, counts, error, sentence):
    with pytest.raises(error, match=sentence):
        function(counts)


def test_a_split_needs_five_classes():
    with pytest.raises(MisfitError, match="4 of them, 5 are needed"):
        split(np.array([1, 2, 3, 4]))
