"""Whether departments differ: R's numbers, the definition once more, what must hold for any scores, and the edges."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.aggregation import GroupSums, Variance, decision, group_sums, icc, shrunken, variance
from scoring.errors import MisfitError, NotCountsError, NotFiniteError, OutsideScaleError
from scoring.people import person_scores
from tests.scoring.fixture import EXPECTED, HEADCOUNTS, REFERENCE, answers
from tests.scoring.sequences import MADE, SETS, made

# The worked table of docs/scoring.md: three departments.
WORKED = [[40, 50, 60], [60, 70], [50, 60, 70, 80, 90]]
STEPS = st.sampled_from([0.0, 12.5, 25.0, 50.0, 62.5, 100.0])
GROUPS = st.lists(st.lists(STEPS, min_size=1, max_size=6), min_size=2, max_size=5)


def of(groups):
    scores = np.array([score for group in groups for score in group], dtype=np.float64)
    place = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return variance(group_sums(scores, place, groups=len(groups)))


def told(found):
    """The analysis, which must be there."""
    assert found is not None
    return found


def slow(groups):
    """MSB, MSW, ICC(1) with k0 and with the mean size, ICC(2); None where there is nothing to tell apart."""
    groups = [group for group in groups if group]
    everybody = [score for group in groups for score in group]
    k, n = len(groups), len(everybody)
    if k < 2 or n <= k:
        return None
    grand = statistics.fmean(everybody)
    msb = sum(len(group) * (statistics.fmean(group) - grand) ** 2 for group in groups) / (k - 1)
    msw = sum((score - statistics.fmean(group)) ** 2 for group in groups for score in group) / (n - k)
    if msb < 1e-9:
        return None
    k0 = (n - sum(len(group) ** 2 for group in groups) / n) / (k - 1)
    first, mean_size = ((msb - msw) / (msb + (size - 1) * msw) for size in (k0, n / k))
    return msb, msw, first, mean_size, (msb - msw) / msb


def numbers(found):
    one = icc(found)
    return found.msb, found.msw, one.icc1, one.icc1_mean_size, one.icc2


def check_against(found, expected):
    one = icc(found)
    assert (found.groups, found.people) == (expected["groups"], expected["people"])
    for name in ("k0", "msb", "msw", "f"):
        assert getattr(found, name) == pytest.approx(expected[name], rel=1e-9), name
    # A probability of 1e-176 is not exact in R either.
    assert found.p == pytest.approx(expected["p"], rel=1e-6)
    for name in ("icc1", "icc1_mean_size", "icc2"):
        assert getattr(one, name) == pytest.approx(expected[name], rel=1e-9), name


def test_the_worked_table_is_as_printed():
    found = of(WORKED)
    assert found.grand == pytest.approx(63)
    assert (found.msb, found.msw, found.k0) == pytest.approx((380, 1250 / 7, 3.1))
    assert (found.f, found.p) == pytest.approx((2.128, 0.189670), abs=1e-6)
    assert numbers(found)[2:] == pytest.approx((0.266793, 0.252839, 0.530075), abs=1e-6)
    assert decision(found) == "no_difference_beyond_chance"
    assert found.tau2 == pytest.approx(64.976959, abs=1e-6)
    drawn = shrunken(found, mean=np.array([50.0, 65, 70]), se0=np.sqrt([100 / 3, 25.0, 50.0]))
    assert drawn.weight == pytest.approx([0.660938, 0.722151, 0.565130], abs=1e-6)
    assert drawn.mean == pytest.approx([54.407813, 64.444302, 66.955912], abs=1e-6)


@pytest.mark.parametrize("name", SETS)
def test_made_up_scores_have_the_variance_and_icc_of_multilevel(name):
    rows, group = made(name)
    points = SETS[name]["made"]["points"]
    scores = person_scores(rows, reverse=np.zeros(rows.shape[1], dtype=np.bool_), points=points)
    check_against(variance(group_sums(scores, group, groups=int(group.max()) + 1)), SETS[name]["aggregation"])


@pytest.mark.parametrize("name", MADE["bh1996"])
def test_99_companies_have_the_icc_of_multilevel(name):
    expected = MADE["bh1996"][name]
    published = REFERENCE["r_packages"]["bh1996"][name]
    found = Variance(
        groups=published["groups"],
        people=published["N"],
        grand=0.0,
        msb=published["MSB"],
        msw=published["MSW"],
        k0=expected["k0"],
    )
    check_against(found, expected)
    assert icc(found).icc1_mean_size == pytest.approx(published["ICC1"], rel=1e-9)
    assert icc(found).icc2 == pytest.approx(published["ICC2"], rel=1e-9)
    assert decision(found) == "departments_differ_reliably"
    for other, k0 in REFERENCE["waves_and_icc"]["bh1996_k0"].items():
        if other == name:
            assert icc(found).icc1 == pytest.approx(k0["ICC1_k0"], rel=1e-6)


def test_eight_companies_of_univbct_have_differences_without_ranks():
    expected = MADE["univbct_jobsat1"]
    sizes = {name: expected[name] for name in ("groups", "people", "k0", "msb", "msw")}
    found = Variance(grand=0.0, **sizes)
    check_against(found, expected)
    assert decision(found) == "differences_without_ranks"


@pytest.mark.parametrize("wave", ["Q1", "Q2"])
def test_the_organisation_has_the_icc_of_the_fixture(wave):
    expected = EXPECTED[wave]["org"]
    straight = np.zeros(4, dtype=np.bool_)
    scores = [person_scores(answers(wave, one), reverse=straight, points=5) for one in HEADCOUNTS]
    group = np.repeat(np.arange(3), [len(one) for one in scores])
    found = icc(told(variance(group_sums(np.concatenate(scores), group, groups=3))))
    assert found.icc1_mean_size == pytest.approx(expected["ICC1_nbar"], rel=1e-6)
    if "ICC2" in expected:
        assert found.icc2 == pytest.approx(expected["ICC2"], rel=1e-6)


def test_shrunken_means_of_equal_groups_are_the_predictions_of_a_mixed_model():
    rows, group = made("even")
    expected = SETS["even"]["shrunken"]
    scores = person_scores(rows, reverse=np.zeros(4, dtype=np.bool_), points=5)
    sums = group_sums(scores, group, groups=5)
    found = told(variance(sums))
    assert found.tau2 == pytest.approx(expected["tau2"], rel=1e-5)
    assert sums.mean == pytest.approx(expected["means"])
    drawn = shrunken(found, mean=sums.mean, se0=np.full(5, math.sqrt(found.msw / 40)))
    assert drawn.mean == pytest.approx(expected["shrunken"], rel=1e-6)


@given(GROUPS)
def test_variance_and_icc_are_as_the_definition_says(groups):
    expected, found = slow(groups), of(groups)
    assert (found is None) == (expected is None)
    if found is not None:
        assert numbers(found) == pytest.approx(expected, abs=1e-9)


@given(GROUPS, st.floats(-40, 40), st.permutations(range(5)))
def test_a_constant_and_the_order_of_departments_and_people_change_no_icc(groups, constant, order):
    found = of(groups)
    moved = [[score + constant for score in groups[place][::-1]] for place in order if place < len(groups)]
    other = of(moved)
    assert (found is None) == (other is None)
    if found is not None:
        assert numbers(other) == pytest.approx(numbers(found), abs=1e-6)
        assert other.grand == pytest.approx(found.grand + constant)


@given(GROUPS)
def test_a_department_without_anybody_changes_nothing(groups):
    assert of([*groups, []]) == of(groups)


@given(GROUPS)
def test_icc2_is_each_icc1_stepped_up_by_its_own_group_size(groups):
    found = of(groups)
    if found is not None:
        one = icc(found)
        for first, size in ((one.icc1, found.k0), (one.icc1_mean_size, found.mean_size)):
            # Both sides are multiplied by what may be 0.
            assert size * first == pytest.approx(one.icc2 * (1 + (size - 1) * first), abs=1e-6)


@given(GROUPS, st.floats(0, 30))
def test_a_shrunken_mean_lies_between_the_mean_and_the_grand_mean(groups, se0):
    found = of(groups)
    if found is not None:
        means = np.array([statistics.fmean(group) for group in groups])
        drawn = shrunken(found, mean=means, se0=np.full(len(groups), se0))
        low, high = np.minimum(means, found.grand), np.maximum(means, found.grand)
        assert ((low - 1e-9 <= drawn.mean) & (drawn.mean <= high + 1e-9)).all()
        assert ((drawn.weight >= 0) & (drawn.weight <= 1)).all()


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [[]],
        [[50.0, 60.0, 70.0]],  # one department
        [[50.0], [60.0], [70.0]],  # as many people as departments
        [[50.0, 60.0], []],
        [[25.0, 75.0], [25.0, 75.0]],  # equal means
        [[100 / 3] * 4, [100 / 3] * 7],  # all alike
    ],
)
def test_where_nothing_can_be_told_apart_there_is_no_icc(groups):
    assert of(groups) is None
    assert decision(of(groups)) == "none"


def test_people_without_a_score_do_not_count():
    scores = np.array([math.nan, 40, 50, math.nan, 70, 90])
    group = np.array([0, 0, 0, 1, 1, 1])
    assert variance(group_sums(scores, group, groups=2)) == of([[40, 50], [70, 90]])
    assert variance(group_sums(np.full(4, math.nan), np.array([0, 0, 1, 1]), groups=2)) is None


def test_departments_that_agree_wholly_and_differ_have_an_icc_of_1():
    found = of([[100 / 3] * 3, [200 / 3] * 4])
    assert (found.f, found.p, found.msw) == (math.inf, 0.0, 0.0)
    assert (icc(found).icc1, icc(found).icc2) == (1.0, 1.0)
    assert decision(found) == "departments_differ_reliably"


def test_a_negative_icc_is_kept_and_shown_as_0():
    one = icc(of([[0, 100], [10, 100]]))
    assert one.icc1 < 0 > one.icc2
    assert (one.icc1_shown, one.icc2_shown) == (0.0, 0.0)


def made_of(icc2, groups=20, people=1000):
    """A variance with that ICC(2): MSW is 100."""
    return Variance(groups=groups, people=people, grand=50, msb=100 / (1 - icc2), msw=100, k0=people / groups)


@pytest.mark.parametrize(
    ("found", "key"),
    [
        (made_of(0.70), "departments_differ_reliably"),
        (made_of(0.69), "differences_without_ranks"),
        (made_of(0.6951), "departments_differ_reliably"),
        (made_of(0.6949), "differences_without_ranks"),
        (made_of(0.50), "differences_without_ranks"),
        (made_of(0.49), "no_difference_beyond_chance"),
        (made_of(0.70, groups=2, people=12), "no_difference_beyond_chance"),
    ],
)
def test_what_may_be_said_of_departments_rests_on_f_and_icc2(found, key):
    assert decision(found) == key


def test_without_true_differences_every_mean_is_drawn_to_the_grand_one():
    found = of([[0, 100], [10, 100]])
    assert found.tau2 == 0.0
    drawn = shrunken(found, mean=np.array([50.0, 55.0]), se0=np.array([0.0, 5.0]))
    assert drawn.mean == pytest.approx([found.grand] * 2)


def test_two_people_of_different_departments_and_nobody_are_no_analysis():
    assert of([[10], [90]]) is None
    assert of([[], []]) is None


ONE, TWO = np.array([1.0]), np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("n", "mean", "m2", "error", "sentence"),
    [
        (np.array([2, 3]), ONE, TWO, MisfitError, "do not fit"),
        (np.array(2), np.array(1.0), np.array(1.0), MisfitError, "do not fit"),
        (np.array([2, -3]), TWO, TWO, NotCountsError, "whole and not negative"),
        (np.array([2.5, 3]), TWO, TWO, NotCountsError, "whole and not negative"),
        (np.array([2, 3]), np.array([1, math.nan]), TWO, NotFiniteError, "mean: 1 of 2"),
        (np.array([2, 3]), TWO, np.array([1, math.inf]), NotFiniteError, "m2: 1 of 2"),
        (np.array([2, 3]), TWO, -TWO, NotCountsError, "a sum of squares is negative"),
    ],
)
def test_sums_that_are_none_are_refused(n, mean, m2, error, sentence):
    with pytest.raises(error, match=sentence):
        variance(GroupSums(n=n, mean=mean, m2=m2))


@pytest.mark.parametrize(
    ("scores", "group", "error", "sentence"),
    [
        ([1.0, math.inf], [0, 0], NotFiniteError, "scores: 1 of 2"),
        ([1.0, 2.0], [0, 2], OutsideScaleError, r"outside 0\.\.1"),
        ([1.0, 2.0], [0], MisfitError, "does not fit 2 people"),
    ],
)
def test_scores_that_cannot_be_summed_are_refused(scores, group, error, sentence):
    with pytest.raises(error, match=sentence):
        group_sums(np.array(scores), np.array(group), groups=2)


@pytest.mark.parametrize(
    ("mean", "se0", "error", "sentence"),
    [
        (TWO, ONE, MisfitError, "do not fit"),
        (np.array([math.nan]), ONE, NotFiniteError, "mean: 1 of 1"),
        (ONE, np.array([math.inf]), NotFiniteError, "se0: 1 of 1"),
        (ONE, -ONE, OutsideScaleError, "a standard error is negative"),
    ],
)
def test_means_that_cannot_be_drawn_are_refused(mean, se0, error, sentence):
    with pytest.raises(error, match=sentence):
        shrunken(of(WORKED), mean=mean, se0=se0)
