"""Agreement: R's numbers, the definition once more, what must hold for any answers, and the edges."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scoring.agreement import (
    ad_cutoff,
    agreement,
    complete_counts,
    counts_of_patterns,
    slightly_skewed_null,
    uniform_null,
)
from scoring.errors import MisfitError, NotCountsError, NotFiniteError, OutsideScaleError, TooFewError
from scoring.grades import level
from tests.scoring.fixture import EXPECTED, HEADCOUNTS, REFERENCE, answers
from tests.scoring.sequences import MADE, SETS, made

# Four people who answered both items, and one who left one out: the worked table of docs/scoring.md.
WORKED = np.array([[4, 5], [3, 4], [4, 4], [5, 3], [4, 0]], dtype=np.uint8)
FIELDS = ("r_wg_j", "lindell", "ad_mean", "ad_median")


def of_one(rows, points=5, **more):
    rows = np.asarray(rows, dtype=np.uint8)
    counts = complete_counts(rows, group=np.zeros(len(rows), dtype=np.intp), groups=1, points=points)
    return agreement(counts[0], **more)


def slow(rows, points, sigma2):
    """n, r_wg(J), r*_wg, AD from the mean and from the median, straight from the definition; None below two people."""
    rows = [row for row in rows if all(row)]
    if len(rows) < 2:
        return len(rows), None, None, None, None
    items = list(zip(*rows, strict=True))
    m = statistics.fmean(statistics.variance(item) for item in items)
    ratio = min(1, m / sigma2)
    j = len(items)
    deviations = [
        statistics.fmean(statistics.fmean(abs(x - middle(item)) for x in item) for item in items)
        for middle in (statistics.fmean, statistics.median)
    ]
    return len(rows), j * (1 - ratio) / (j * (1 - ratio) + ratio), 1 - m / sigma2, *deviations


def test_the_worked_table_is_as_printed():
    found = of_one(WORKED)
    assert found.n == 4
    assert found.r_wg == pytest.approx([2 / 3, 2 / 3])
    assert (found.r_wg_j, found.lindell, found.ad_mean, found.ad_median) == pytest.approx((0.8, 2 / 3, 0.5, 0.5))
    assert of_one(WORKED, null=slightly_skewed_null(5)).r_wg_j == pytest.approx(0.668874, abs=1e-6)


@pytest.mark.parametrize("name", SETS)
def test_made_up_answers_have_the_agreement_of_multilevel(name):
    rows, group = made(name)
    one, expected = SETS[name]["made"], SETS[name]["agreement"]
    counts = complete_counts(rows, group=group, groups=len(one["sizes"]), points=one["points"])
    found = agreement(counts)
    assert found.n.tolist() == expected["n"]
    assert found.r_wg[:, 0] == pytest.approx(as_floats(expected["r_wg_first"]), rel=1e-9, abs=1e-12, nan_ok=True)
    for field in FIELDS:
        values = as_floats(expected[field])
        assert getattr(found, field) == pytest.approx(values, rel=1e-9, abs=1e-12, nan_ok=True), field
    if one["points"] == 5:
        skewed = agreement(counts, null=slightly_skewed_null(5)).r_wg_j
        values = as_floats(expected["r_wg_j_skewed"])
        assert skewed == pytest.approx(values, rel=1e-9, abs=1e-12, nan_ok=True)


def as_floats(values):
    return np.array([np.nan if value is None else value for value in values])


def test_three_companies_of_lq2002_have_the_agreement_of_multilevel():
    expected = MADE["lq2002"]["first_values"]
    counts = np.array([list(company.values()) for company in MADE["lq2002"]["first"]])
    found, skewed = agreement(counts), agreement(counts, null=slightly_skewed_null(5))
    assert found.n.tolist() == expected["n"] == [24, 37, 45]
    for field in FIELDS:
        assert getattr(found, field) == pytest.approx(expected[field], rel=1e-9), field
    assert skewed.r_wg_j == pytest.approx(expected["r_wg_j_skewed"], rel=1e-9, abs=1e-12)
    published = REFERENCE["r_packages"]["lq2002"]
    assert found.r_wg_j == pytest.approx([one["rwg.j"] for one in published["rwgj_first6"][:3]], rel=1e-9)
    assert found.ad_mean == pytest.approx([one["AD.M"] for one in published["ad_first6"][:3]], rel=1e-9)


def test_two_platoons_of_cohesion_have_the_agreement_of_multilevel():
    published = REFERENCE["r_packages"]["cohesion"]
    for unit, rwgj, ad in zip(("1044B", "1044C"), published["rwgj"], published["adm"], strict=True):
        rows = [[one.get(f"COH0{j}", 0) for j in range(1, 6)] for one in published["data"] if one["UNIT"] == unit]
        found = of_one(rows)
        assert found.n == rwgj["gsize"]
        assert (found.r_wg_j, found.ad_mean) == pytest.approx((rwgj["rwg.j"], ad["AD.M"]), rel=1e-9)


@pytest.mark.parametrize("wave", ["Q1", "Q2"])
@pytest.mark.parametrize("department", HEADCOUNTS)
def test_a_department_has_the_agreement_of_the_fixture(wave, department):
    expected = EXPECTED[wave]["departments"][department]
    found = of_one(answers(wave, department))
    assert found.n == expected["n_complete"]
    values = (expected["rwgj_complete"], expected["adm_complete"])
    assert (found.r_wg_j, found.ad_mean) == pytest.approx(values, rel=1e-9, abs=1e-12)


def test_answers_that_spread_more_than_the_null_have_no_agreement_and_a_negative_lindell():
    found = of_one(answers("Q1", "Finance"))
    assert found.r_wg_j == 0.0
    assert found.lindell < 0
    assert found.lindell_shown == 0.0


@given(
    st.sampled_from([4, 5, 7]).flatmap(
        lambda points: st.tuples(
            st.just(points),
            hnp.arrays(np.uint8, st.tuples(st.integers(0, 9), st.integers(1, 4)), elements=st.integers(0, points)),
        )
    )
)
def test_agreement_is_as_the_definition_says(case):
    points, rows = case
    n, *values = slow(rows.tolist(), points, (points**2 - 1) / 12)
    found = of_one(rows, points)
    assert found.n == n
    for field, value in zip(FIELDS, values, strict=True):
        expected = math.nan if value is None else value
        assert float(getattr(found, field)) == pytest.approx(expected, abs=1e-12, nan_ok=True), field


ROWS = hnp.arrays(np.uint8, st.tuples(st.integers(2, 12), st.integers(1, 4)), elements=st.integers(1, 5))


@given(ROWS, st.randoms())
def test_the_order_of_people_changes_no_agreement(rows, random):
    same(of_one(rows), of_one(random.sample(rows.tolist(), len(rows))))


@given(ROWS)
def test_turned_answers_agree_as_much(rows):
    same(of_one(rows), of_one(6 - rows))


@given(ROWS)
def test_a_constant_added_to_all_answers_changes_no_agreement(rows):
    rows = np.minimum(rows, 4)
    same(of_one(rows), of_one(rows + 1))


def same(one, other):
    for field in FIELDS:
        assert getattr(one, field) == pytest.approx(getattr(other, field)), field


@given(ROWS)
def test_people_who_gave_one_answer_agree_wholly_and_r_wg_of_one_item_is_that_of_the_scale(rows):
    alike = of_one(np.full_like(rows, 3))
    assert (alike.r_wg_j, alike.lindell, alike.ad_mean, alike.ad_median) == (1.0, 1.0, 0.0, 0.0)
    single = of_one(rows[:, :1])
    assert single.r_wg_j == pytest.approx(single.r_wg[0])


def test_departments_at_once_are_each_as_alone():
    rows, group = made("five")
    together = agreement(complete_counts(rows, group=group, groups=7, points=5))
    for place in range(6):
        alone = of_one(rows[group == place])
        for field in ("n", "r_wg", *FIELDS):
            assert getattr(together, field)[place] == pytest.approx(getattr(alone, field), nan_ok=True)
    assert together.n[6] == 0
    assert math.isnan(together.r_wg_j[6])


def test_numbers_of_people_by_pattern_give_the_counts_of_their_answers():
    rows, group = made("four")
    patterns, place = np.unique(rows, axis=0, return_inverse=True)
    people = np.zeros((6, len(patterns)), dtype=np.intp)
    np.add.at(people, (group, place.reshape(-1)), 1)
    found = counts_of_patterns(people, patterns, points=4)
    assert (found == complete_counts(rows, group=group, groups=6, points=4)).all()
    assert (counts_of_patterns(people[2], patterns, points=4) == found[2]).all()


@pytest.mark.parametrize(
    ("people", "patterns", "error", "sentence"),
    [
        ([1, 2], [[1, 2]], MisfitError, "do not fit"),
        ([1, 2], [1, 2], MisfitError, "do not fit"),
        ([1, 2], np.zeros((2, 0)), MisfitError, "do not fit"),
        ([1, -2], [[1], [2]], NotCountsError, "people: frequencies are whole numbers"),
        ([1, 2], [[1], [6]], OutsideScaleError, r"6 is outside 1\.\.5"),
    ],
)
def test_patterns_that_cannot_be_counted_are_refused(people, patterns, error, sentence):
    with pytest.raises(error, match=sentence):
        counts_of_patterns(np.array(people), np.array(patterns, dtype=np.uint8), points=5)


@pytest.mark.parametrize("rows", [np.zeros((0, 2)), np.zeros((5, 2)), [[3, 4]], [[3, 4], [0, 1]]])
def test_fewer_than_two_complete_rows_have_no_agreement(rows):
    found = of_one(rows)
    assert found.n < 2
    assert all(math.isnan(getattr(found, field)) for field in FIELDS)
    assert np.isnan(found.r_wg).all()


def test_the_nulls_are_variances_of_the_answers_that_they_stand_for():
    assert [uniform_null(points) for points in (4, 5, 7)] == [1.25, 2.0, 4.0]
    shares = dict(zip(range(1, 6), (0.05, 0.15, 0.20, 0.35, 0.25), strict=True))
    mean = sum(x * share for x, share in shares.items())
    assert slightly_skewed_null(5) == pytest.approx(sum((x - mean) ** 2 * share for x, share in shares.items()))


def test_the_words_for_agreement_begin_above_their_limits():
    words = {0.5: "weak", 0.51: "moderate", 0.7: "moderate", 0.71: "strong", 0.9: "strong", 0.91: "very_strong"}
    assert {value: level(value) for value in words} == words
    assert ad_cutoff(5) == pytest.approx(0.8333333)


def test_a_scale_without_a_null_is_refused():
    with pytest.raises(OutsideScaleError, match="a scale of 1 has no spread"):
        uniform_null(1)
    with pytest.raises(OutsideScaleError, match="known for 5 points, not for 7"):
        slightly_skewed_null(7)
    with pytest.raises(OutsideScaleError, match=r"a variance of 0\.0 is not above 0"):
        of_one(WORKED, null=0.0)
    with pytest.raises(NotFiniteError, match="null: 1 of 1 values are not finite"):
        of_one(WORKED, null=math.nan)


@pytest.mark.parametrize(
    ("rows", "group", "error", "sentence"),
    [
        ([[1], [6]], [0, 0], OutsideScaleError, r"answers: 6 is outside 1\.\.5"),
        ([[1], [2]], [0, 1], OutsideScaleError, r"outside 0\.\.0"),
        ([[1], [2]], [-1, 0], OutsideScaleError, r"outside 0\.\.0"),
        ([[1], [2]], [0], MisfitError, "does not fit 2 people"),
        ([1, 2], [0, 0], MisfitError, "is not people x items"),
        (np.zeros((2, 0)), [0, 0], MisfitError, "is not people x items"),
    ],
)
def test_answers_that_cannot_be_counted_are_refused(rows, group, error, sentence):
    with pytest.raises(error, match=sentence):
        complete_counts(np.array(rows, dtype=np.uint8), group=np.array(group, dtype=np.intp), groups=1, points=5)


def test_groups_may_be_small_numbers_and_have_to_be_whole():
    rows, group = made("seven")
    group = group + 50
    counts = [
        complete_counts(rows, group=group.astype(kind), groups=60, points=7) for kind in (np.intp, np.uint8, np.int16)
    ]
    assert (counts[0] == counts[1]).all()
    assert (counts[0] == counts[2]).all()
    with pytest.raises(NotCountsError, match="group: whole numbers are needed"):
        complete_counts(rows, group=group / 2, groups=60, points=7)


@pytest.mark.parametrize(
    ("counts", "error", "sentence"),
    [
        (np.array([1, 2, 3]), MisfitError, "is not the shape of frequencies"),
        (np.zeros((0, 5), dtype=np.intp), MisfitError, "is not the shape of frequencies"),
        (np.array([[4]]), TooFewError, "a scale of one step"),
        (np.array([[1, -1]]), NotCountsError, "whole numbers of 0 and more"),
        (np.array([[1.5, 1]]), NotCountsError, "whole numbers of 0 and more"),
        (np.array([[1, np.nan]]), NotCountsError, "whole numbers of 0 and more"),
        (np.array([[1, 2], [1, 1]]), NotCountsError, "not complete rows"),
    ],
)
def test_frequencies_that_are_none_are_refused(counts, error, sentence):
    with pytest.raises(error, match=sentence):
        agreement(counts)
