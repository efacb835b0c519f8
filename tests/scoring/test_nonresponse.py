"""Response classes, bias, bounds and late answers: R's t.test, a slow second way, and the edges."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import MisfitError, NotCountsError, NotFiniteError, OutsideScaleError, TooFewError
from scoring.nonresponse import late_response, nonresponse, rate_class
from tests.scoring import oracle
from tests.scoring.parity import R, people_with, told

PEOPLE = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([0.0, 12.5, 37.5, 50.0, 87.5, 100.0, math.nan])), max_size=60
)


def slow_thirds(people):
    """Whole days from either end until a third of the scores is reached; None where they meet."""
    scored = [(day, score) for day, score in people if not math.isnan(score)]
    days = sorted({day for day, _ in scored})

    def taken(order):
        chosen: list[tuple[int, float]] = []
        for day in order:
            if 3 * len(chosen) >= len(scored):
                break
            chosen += [(day, score) for its, score in scored if its == day]
        return chosen

    early, late = taken(days), taken(reversed(days))
    if {day for day, _ in early} & {day for day, _ in late} or not early:
        return None
    return [score for _, score in early], [score for _, score in late]


def late_of(people, k=2):
    return late_response(
        np.array([score for _, score in people], dtype=np.float64),
        np.array([day for day, _ in people], dtype=np.intp),
        k=k,
    )


@pytest.mark.parametrize(
    ("used", "headcount", "found"),
    [
        (5, 10, "enough"),
        (10, 10, "enough"),
        (14, 10, "enough"),
        (49, 100, "low"),
        (3, 10, "low"),
        (29, 100, "indicative"),
        (0, 10, "indicative"),
        (1, 0, "enough"),
    ],
)
def test_below_half_is_low_and_below_three_tenths_indicative_only(used, headcount, found):
    assert rate_class(used, headcount=headcount) == found


@pytest.mark.parametrize(
    ("mean", "used", "headcount", "rate", "bias", "lowest", "highest"),
    # Worked by hand; the table of docs/scoring.md.
    [
        (60, 30, 40, 0.75, 2.5, 45.0, 70.0),
        (40, 8, 20, 0.4, 6.0, 16.0, 76.0),
        (58, 5, 50, 0.1, 9.0, 5.8, 95.8),
        (75, 12, 12, 1.0, 0.0, 75.0, 75.0),
        (75, 14, 12, 1.0, 0.0, 75.0, 75.0),
        (50, 0, 12, 0.0, 10.0, 0.0, 100.0),
    ],
)
def test_bias_and_bounds_are_those_of_the_worked_table(mean, used, headcount, rate, bias, lowest, highest):
    found = nonresponse(mean, used=used, headcount=headcount)
    assert (found.rate, found.bias, found.lowest, found.highest) == pytest.approx((rate, bias, lowest, highest))


@given(
    st.lists(st.integers(0, 4).map(lambda x: 25.0 * x), min_size=1, max_size=20),
    st.integers(0, 20),
    st.integers(-40, 40),
)
def test_the_bounds_and_the_bias_are_those_of_people_who_are_added(scores, silent, apart):
    mean = statistics.fmean(scores)
    found = nonresponse(mean, used=len(scores), headcount=len(scores) + silent, difference=apart)
    assert found.lowest == pytest.approx(statistics.fmean(scores + [0.0] * silent))
    assert found.highest == pytest.approx(statistics.fmean(scores + [100.0] * silent))
    assert found.bias == pytest.approx(statistics.fmean(scores + [mean + apart] * silent) - mean, abs=1e-9)


def test_late_answers_differ_from_early_ones_as_the_t_test_of_r_says():
    case = R["nonresponse"]
    months = [people_with(part) for part in case["months"]]
    days = np.repeat(np.arange(5, 10), [len(part) for part in months])
    found = told(late_response(np.concatenate(months), days, k=10))
    assert (found.early, found.late) == (case["early"], case["late"])
    late = found.difference
    assert (late.delta, late.se, late.t, late.df, late.p) == pytest.approx(
        tuple(case[name] for name in ("delta", "se", "t", "df", "p")), rel=1e-8
    )


@given(PEOPLE)
def test_the_thirds_are_whole_days_taken_from_either_end(people):
    thirds, found = slow_thirds(people), late_of(people)
    if thirds is None or min(map(len, thirds)) < 2:
        assert found is None
        return
    found = told(found)
    early, late = thirds
    assert (found.early, found.late) == (len(early), len(late))
    assert found.difference.delta == pytest.approx(statistics.fmean(late) - statistics.fmean(early), abs=1e-9)
    if statistics.variance(early) > 1e-9 and statistics.variance(late) > 1e-9:
        delta, se, t, df = oracle.welch(early, late)
        assert (found.difference.delta, found.difference.se, found.difference.df) == pytest.approx((delta, se, df))
        assert found.difference.t == pytest.approx(t)


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing_in_the_thirds(people, chance):
    mixed = list(people)
    chance.shuffle(mixed)
    one, other = late_of(people), late_of(mixed)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (one.early, one.late) == (other.early, other.late)
        assert one.difference.delta == pytest.approx(other.difference.delta, abs=1e-9)


def test_one_day_few_people_or_nobody_have_no_thirds():
    assert late_of([]) is None
    assert late_of([(1, math.nan)] * 5) is None
    assert late_of([(1, 50.0)] * 30) is None
    assert late_of([(day, 10.0 * day) for day in range(10)], k=5) is None
    assert told(late_of([(day, 10.0 * day) for day in range(10)], k=4)).early == 4


def test_a_middle_day_with_most_people_has_no_thirds():
    assert late_of([(1, 0.0)] * 3 + [(2, 50.0)] * 30 + [(3, 100.0)] * 3) is None


def test_late_answers_all_alike_are_no_sign():
    assert told(late_of([(day, 50.0) for day in range(12)])).difference.p == 1.0


@pytest.mark.parametrize(
    ("error", "match", "call"),
    [
        (NotCountsError, "one is negative", lambda: rate_class(-1, headcount=3)),
        (TooFewError, "0 people", lambda: rate_class(0, headcount=0)),
        (OutsideScaleError, "mean: 100.5", lambda: nonresponse(100.5, used=3, headcount=5)),
        (OutsideScaleError, "mean: nan", lambda: nonresponse(math.nan, used=3, headcount=5)),
        (NotFiniteError, "difference: inf", lambda: nonresponse(50, used=3, headcount=5, difference=math.inf)),
        (MisfitError, "do not fit", lambda: late_response(np.zeros(3), np.zeros(2, dtype=int), k=2)),
        (MisfitError, "do not fit", lambda: late_response(np.zeros((3, 1)), np.zeros((3, 1), dtype=int), k=2)),
        (NotFiniteError, "a value is infinite", lambda: late_of([(1, math.inf), (2, 3.0)])),
        (TooFewError, "k: 1, at least 2", lambda: late_of([(1, 2.0)], k=1)),
    ],
)
def test_impossible_numbers_are_refused_by_name(error, match, call):
    with pytest.raises(error, match=match):
        call()
