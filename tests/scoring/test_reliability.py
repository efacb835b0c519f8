"""Reliability: R's numbers, the definitions once more, what must hold for any answers, and the edges."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scoring.errors import MisfitError, NotCountsError, NotFiniteError, OutsideScaleError, TooFewError
from scoring.reliability import (
    Coefficient,
    Refusal,
    alpha,
    cross_products,
    from_covariance,
    from_patterns,
    from_sums,
    item_rest,
    omega,
    reliability,
    spearman_brown,
)
from tests.scoring.fixture import REFERENCE, answers
from tests.scoring.sequences import MADE, SETS, made

# The worked table of docs/scoring.md: covariances of three items over 200 people.
WORKED = np.array([[1.2, 0.6, 0.5], [0.6, 1.0, 0.4], [0.5, 0.4, 0.9]])
PUBLISHED = MADE["reliability"]
STRAIGHT = np.array([False, False])


def products(rows, points=5, reverse=None, **more):
    rows = np.asarray(rows, dtype=np.uint8)
    reverse = np.zeros(rows.shape[1], dtype=np.bool_) if reverse is None else reverse
    return cross_products(rows, reverse=reverse, points=points, **more)


def told(found):
    """What was computed, which must not be a refusal or nothing."""
    assert found is not None
    assert not isinstance(found, Refusal)
    return found


def refused(found):
    """The refusal, which must be one."""
    assert isinstance(found, Refusal)
    return found


def slow(rows):
    """Alpha and the item-rest correlations of complete rows, straight from the definition."""
    rows = [row for row in rows if all(row)]
    items = list(zip(*rows, strict=True))
    j = len(items)
    variances = sum(statistics.variance(item) for item in items)
    value = j / (j - 1) * (1 - variances / statistics.variance([sum(row) for row in rows]))
    rests = [[sum(row) - row[place] for row in rows] for place in range(j)]
    return value, [statistics.correlation(item, rest) for item, rest in zip(items, rests, strict=True)]


def test_the_worked_table_is_as_printed():
    found = from_covariance(WORKED, n=200)
    one = told(alpha(found))
    assert one.value == pytest.approx(0.737705, abs=1e-6)
    assert one.interval == pytest.approx((0.667790, 0.794930), abs=1e-6)
    assert item_rest(found) == pytest.approx((0.611111, 0.567962, 0.514496), abs=1e-6)
    whole = told(omega(found))
    assert whole.loadings == pytest.approx((0.866025, 0.692820, 0.577350), abs=1e-5)
    assert whole.errors == pytest.approx((0.45, 0.52, 0.566667), abs=1e-5)
    assert whole.value == pytest.approx(0.748087, abs=1e-6)
    pair = told(spearman_brown(from_covariance(WORKED[:2, :2], n=200)))
    assert pair.value == pytest.approx(0.707779, abs=1e-6)


@pytest.mark.parametrize("name", PUBLISHED)
def test_covariances_of_published_data_have_the_alpha_and_omega_of_r(name):
    expected = PUBLISHED[name]
    found = from_covariance(np.array(expected["covariance"]), n=expected["n"])
    one, whole = told(alpha(found, least=2)), told(omega(found, least=2))
    assert one.value == pytest.approx(expected["alpha"], rel=1e-9)
    assert one.interval == pytest.approx(expected["feldt"], rel=1e-9)
    assert item_rest(found) == pytest.approx(expected["item_rest"], rel=1e-9)
    assert whole.value == pytest.approx(expected["omega"]["omega"], abs=1e-5)
    assert whole.loadings == pytest.approx(expected["omega"]["loadings"], rel=1e-3)
    assert whole.errors == pytest.approx(expected["omega"]["errors"], rel=1e-3)
    assert not whole.heywood


@pytest.mark.parametrize("name", REFERENCE["r_packages"]["bfi"])
def test_the_big_five_have_the_reliability_of_the_measurement_design(name):
    published = REFERENCE["r_packages"]["bfi"][name]
    found = from_covariance(np.array(PUBLISHED[name]["covariance"]), n=published["n_complete"])
    assert told(alpha(found)).value == pytest.approx(published["alpha_listwise"], rel=1e-6)
    assert told(alpha(found)).interval == pytest.approx(published["alpha_feldt"], rel=1e-6)
    assert item_rest(found) == pytest.approx(list(published["r_drop_listwise"].values()), rel=1e-6)
    assert told(omega(found)).value == pytest.approx(published["omega_total_1f_ML_listwise"], abs=1e-3)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("centred", [False, True])
def test_made_up_answers_have_the_reliability_of_r_raw_and_centred_within_departments(name, centred):
    rows, group = made(name)
    expected = SETS[name]["within" if centred else "raw"]
    more = {"group": group, "groups": int(group.max()) + 1} if centred else {}
    found = products(rows, SETS[name]["made"]["points"], **more)
    one = told(alpha(found))
    assert one.n == expected["n"]
    assert one.value == pytest.approx(expected["alpha"], rel=1e-9)
    assert one.interval == pytest.approx(expected["feldt"], rel=1e-9)
    assert item_rest(found) == pytest.approx(expected["item_rest"], rel=1e-9)
    if "omega" in expected:
        assert told(omega(found, least=100)).value == pytest.approx(expected["omega"]["omega"], abs=1e-5)


@pytest.mark.parametrize(("value", "low"), [(0.6949, True), (0.6951, False), (0.7, False), (-0.2, True)])
def test_a_coefficient_is_flagged_by_the_hundredths_that_are_printed(value, low):
    assert Coefficient(n=80, value=value).low == low


def test_items_without_anything_in_common_are_not_called_reliable():
    rows, _ = made("unrelated")
    found = reliability(products(rows))
    assert -0.05 < told(found.headline).value < 0.04
    assert told(found.headline).low
    assert told(found.omega).value < 0.70
    assert not found.reliable


def test_the_fixture_has_its_alpha_listwise():
    expected = REFERENCE["tiny"]["alpha_Q1_listwise"]
    rows = np.concatenate([answers("Q1", one) for one in ("Legal", "HR", "Finance")])
    found = products(rows)
    assert told(alpha(found, least=15)).value == pytest.approx(expected["alpha"], rel=1e-9)
    assert item_rest(found) == pytest.approx(list(expected["item_rest"].values()), rel=1e-9)
    assert alpha(found) == Refusal(why="too_few_people", need=50, have=15)


FULL = hnp.arrays(np.uint8, st.tuples(st.integers(4, 30), st.integers(2, 5)), elements=st.integers(1, 5))


def spread(rows):
    """Whether every item and every sum of the others differs between the people who answered all."""
    rows = rows[(rows > 0).all(axis=1)].astype(int)
    rests = rows.sum(axis=1, keepdims=True) - rows
    sums = rows.sum(axis=1, keepdims=True)
    return len(rows) > 1 and all(np.ptp(one, axis=0).all() for one in (rows, rests, sums))


@given(FULL, st.sets(st.integers(0, 29), max_size=6))
def test_alpha_and_item_rest_are_as_the_definitions_say_of_complete_rows(rows, incomplete):
    rows[[row for row in incomplete if row < len(rows)], -1] = 0
    assume(spread(rows))
    value, correlations = slow(rows.tolist())
    found = products(rows)
    assert told(alpha(found, least=2)).value == pytest.approx(value, abs=1e-9)
    assert item_rest(found) == pytest.approx(correlations, abs=1e-9)


@given(FULL, st.randoms(), st.lists(st.booleans(), min_size=5, max_size=5))
def test_order_doubling_of_items_by_turning_and_constants_change_no_alpha(rows, random, turned):
    assume(spread(rows))
    reverse = np.array(turned[: rows.shape[1]])
    one = told(alpha(products(rows), least=2))
    shuffled = np.array(random.sample(rows.tolist(), len(rows)), dtype=np.uint8)
    mirrored = np.where(reverse, 6 - rows, rows)
    others = (products(shuffled), products(mirrored, reverse=reverse), products(rows + 2, points=7))
    for other in others:
        assert told(alpha(other, least=2)).value == pytest.approx(one.value, abs=1e-9)
        assert told(alpha(other, least=2)).interval == pytest.approx(one.interval, abs=1e-9)


@given(FULL, st.integers(1, 4))
def test_centring_within_departments_is_taking_each_department_s_means_away(rows, departments):
    group = np.arange(len(rows)) % departments
    found = products(rows, group=group, groups=departments + 1)
    centred = rows - np.stack([rows[group == one].mean(axis=0) for one in group])
    assert found.products == pytest.approx(centred.T @ centred, abs=1e-8)
    assert (found.n, found.df) == (len(rows), len(rows) - len(set(group.tolist())))


def test_differences_between_departments_are_no_reliability():
    rows, group = made("five")
    raw = told(alpha(products(rows))).value
    shifted = np.where(rows > 0, np.minimum(9, rows + 2 * (group[:, None] % 3)), 0)
    inflated = products(shifted, points=9)
    within = products(shifted, points=9, group=group, groups=6)
    assert told(alpha(inflated)).value > raw + 0.05
    assert told(alpha(within)).value == pytest.approx(SETS["five"]["within"]["alpha"], abs=1e-9)


def test_sums_of_a_kernel_give_what_answers_give():
    rows, group = made("five")
    complete, reverse = (rows > 0).all(axis=1), np.array([True, False, False, True])
    kept, places = rows[complete].astype(np.int64), group[complete]
    sums = np.array([kept[places == one].sum(axis=0) for one in range(6)])
    n = np.bincount(places, minlength=6)
    found = from_sums(n=n, sums=sums, products=kept.T @ kept, reverse=reverse)
    expected = products(rows, reverse=reverse, group=group, groups=6)
    assert (found.n, found.df) == (expected.n, expected.df)
    assert found.products == pytest.approx(expected.products)


def test_numbers_of_people_by_pattern_give_what_answers_give():
    rows, group = made("five")
    reverse = np.array([True, False, False, True])
    patterns, place = np.unique(rows, axis=0, return_inverse=True)
    people = np.zeros((7, len(patterns)), dtype=np.intp)
    np.add.at(people, (group, place.reshape(-1)), 1)
    found = from_patterns(people, patterns, reverse=reverse)
    expected = products(rows, reverse=reverse, group=group, groups=7)
    assert (found.n, found.df) == (expected.n, expected.df)
    assert found.products == pytest.approx(expected.products)


@pytest.mark.parametrize(
    ("people", "patterns", "error", "sentence"),
    [
        ([[1, 2]], [[1, 2]], MisfitError, "do not fit"),
        ([[1, 2]], [1, 2], MisfitError, "do not fit"),
        ([1, 2], [[1, 2], [2, 1]], MisfitError, "is not the shape of frequencies"),
        ([[1, -2]], [[1, 2], [2, 1]], NotCountsError, "people: frequencies are whole numbers"),
        ([[1, 2]], [[1], [2]], MisfitError, "do not fit"),
    ],
)
def test_patterns_that_cannot_be_multiplied_are_refused(people, patterns, error, sentence):
    with pytest.raises(error, match=sentence):
        from_patterns(np.array(people), np.array(patterns, dtype=np.uint8), reverse=STRAIGHT)


def test_an_item_that_runs_against_the_others_raises_an_alarm():
    rows, _ = made("five")
    turned = rows.copy()
    turned[:, 2] = np.where(rows[:, 2] > 0, 6 - rows[:, 2], 0)
    found = reliability(products(turned))
    assert found.alarms == (2,)
    assert told(found.item_rest[2]) < 0
    assert not found.reliable
    mended = reliability(products(turned, reverse=np.array([False, False, True, False])))
    assert mended.alarms == ()
    assert mended.reliable


def test_a_coefficient_of_exactly_70_is_not_flagged():
    # Two items of r = 7 / 13 have a Spearman-Brown coefficient of .70.
    r = 7 / 13
    found = told(spearman_brown(from_covariance(np.array([[1, r], [r, 1]]), n=60)))
    assert found.value == pytest.approx(0.70)
    assert not found.low
    assert found.interval is None


def test_two_items_have_spearman_brown_as_their_headline_and_no_omega():
    rows, _ = made("even")
    found = reliability(products(rows[:, :2]))
    r = np.corrcoef(rows[:, :2].T)[0, 1]
    assert told(found.headline).value == pytest.approx(2 * r / (1 + r))
    assert found.omega == Refusal(why="too_few_items", need=3, have=2)
    assert found.item_rest == pytest.approx((r, r))


@pytest.mark.parametrize(
    ("found", "why", "sentence"),
    [
        (from_covariance(WORKED[:2, :2], n=49), "too_few_people", "49 people answered all items; 50 are needed"),
        (from_covariance(WORKED, n=60), "not_two_items", "3 items; the Spearman-Brown coefficient is for exactly 2"),
        (from_covariance(np.diag([1.0, 0.0]), n=60), "no_spread", "an item, or the sum of the items, is the same"),
        (from_covariance(np.eye(2), n=60), "not_positive", "the two items are not positively correlated"),
        (from_covariance(np.array([[1, -0.3], [-0.3, 1]]), n=60), "not_positive", "not positively correlated"),
    ],
)
def test_two_items_are_refused_a_coefficient_with_the_reason(found, why, sentence):
    reason = refused(spearman_brown(found))
    assert reason.why == why
    assert sentence in str(reason)


@pytest.mark.parametrize(
    ("found", "coefficient", "why", "sentence"),
    [
        (from_covariance(WORKED, n=49), alpha, "too_few_people", "49 people answered all items; 50 are needed"),
        (from_covariance(WORKED, n=149), omega, "too_few_people", "149 people answered all items; 150 are needed"),
        (from_covariance(np.array([[1.0]]), n=200), alpha, "too_few_items", "1 items; 2 are needed"),
        (from_covariance(WORKED[:2, :2], n=200), omega, "too_few_items", "2 items; 3 are needed"),
        (from_covariance(np.zeros((3, 3)), n=200), alpha, "no_spread", "the same for everybody"),
        (from_covariance(np.zeros((3, 3)), n=200), omega, "no_spread", "the same for everybody"),
        (from_covariance(np.diag([1.0, 1.0, 0.0]), n=200), omega, "no_spread", "the same for everybody"),
        (from_covariance(np.array([[1.0, -1], [-1, 1]]), n=200), alpha, "no_spread", "the same for everybody"),
        (from_covariance(np.ones((3, 3)), n=200), omega, "singular", "one of them follows from the others"),
    ],
)
def test_a_coefficient_is_refused_with_the_reason(found, coefficient, why, sentence):
    reason = refused(coefficient(found))
    assert reason.why == why
    assert sentence in str(reason)


@pytest.mark.parametrize("rows", [np.zeros((0, 3)), np.zeros((80, 3)), np.ones((1, 3)), np.ones((2, 3))])
def test_nobody_one_and_two_people_are_refused_everything(rows):
    found = reliability(products(rows))
    assert refused(found.headline).why == refused(found.omega).why == "too_few_people"
    assert (found.item_rest, found.alarms) == ((None,) * 3, ())
    assert not found.reliable


def test_people_who_answer_alike_are_refused_and_have_no_correlations():
    found = reliability(products(np.full((200, 3), 4)))
    assert found.headline == found.omega == Refusal(why="no_spread")
    assert found.item_rest == (None, None, None)


def test_an_item_answered_alike_has_no_correlation_and_leaves_the_others_theirs():
    rows, _ = made("five")
    rows[:, 1] = np.where(rows[:, 1] > 0, 3, 0)
    assert [r is None for r in item_rest(products(rows))] == [False, True, False, False]


def test_departments_of_one_person_each_leave_nothing_to_correlate():
    rows, _ = made("even")
    found = products(rows, group=np.arange(200), groups=200)
    assert found.df == 0
    assert alpha(found) == Refusal(why="no_spread")


@pytest.mark.parametrize(
    ("rows", "group", "error", "sentence"),
    [
        ([1, 2], None, MisfitError, "is not people x items"),
        (np.zeros((3, 0)), None, MisfitError, "is not people x items"),
        ([[1, 6]], None, OutsideScaleError, r"answers: 6 is outside 1\.\.5"),
        ([[1, 2]], [1], OutsideScaleError, r"outside 0\.\.0"),
        ([[1, 2]], [0, 0], MisfitError, "does not fit 1 people"),
        ([[1, 2, 3]], None, MisfitError, "do not fit"),
    ],
)
def test_answers_that_cannot_be_multiplied_are_refused(rows, group, error, sentence):
    place = None if group is None else np.array(group, dtype=np.intp)
    with pytest.raises(error, match=sentence):
        cross_products(np.array(rows, dtype=np.uint8), reverse=STRAIGHT, points=5, group=place)


N, SUMS, SQUARES = np.array([3]), np.array([[6.0, 6.0]]), np.array([[14.0, 13.0], [13.0, 14.0]])


@pytest.mark.parametrize(
    ("n", "sums", "squares", "error", "sentence"),
    [
        (np.array(3), SUMS, SQUARES, MisfitError, "do not fit"),
        (N, SUMS[:, :1], SQUARES, MisfitError, "do not fit"),
        (N, SUMS, SQUARES[:1], MisfitError, "do not fit"),
        (-N, SUMS, SQUARES, NotCountsError, "whole and not negative"),
        (N / 2, SUMS, SQUARES, NotCountsError, "whole and not negative"),
        (N, SUMS * math.nan, SQUARES, NotFiniteError, "sums: 2 of 2"),
        (N, SUMS, SQUARES * math.inf, NotFiniteError, "products: 4 of 4"),
        (N, SUMS, SQUARES - 9, NotCountsError, "they contradict the sums"),
    ],
)
def test_sums_that_contradict_each_other_are_refused(n, sums, squares, error, sentence):
    assert from_sums(n=N, sums=SUMS, products=SQUARES, reverse=STRAIGHT).n == 3
    with pytest.raises(error, match=sentence):
        from_sums(n=n, sums=sums, products=squares, reverse=STRAIGHT)


def test_sums_of_no_items_are_refused():
    with pytest.raises(MisfitError, match="do not fit"):
        from_sums(n=N, sums=np.zeros((1, 0)), products=np.zeros((0, 0)), reverse=np.zeros(0, dtype=np.bool_))


@pytest.mark.parametrize(
    ("covariance", "n", "error", "sentence"),
    [
        (np.array([1.0, 2.0]), 60, MisfitError, "is not items x items"),
        (np.ones((2, 3)), 60, MisfitError, "is not items x items"),
        (np.zeros((0, 0)), 60, MisfitError, "is not items x items"),
        (np.array([[1.0, 0.5], [0.1, 1.0]]), 60, MisfitError, "is not symmetric"),
        (np.array([[1.0, math.nan], [math.nan, 1.0]]), 60, NotFiniteError, "covariance: 2 of 4"),
        (-np.eye(2), 60, NotCountsError, "sum of squares is negative"),
        (np.eye(2), 1, TooFewError, "1 people have no covariance"),
    ],
)
def test_covariances_that_are_none_are_refused(covariance, n, error, sentence):
    with pytest.raises(error, match=sentence):
        from_covariance(covariance, n=n)
