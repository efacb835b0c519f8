"""Edges: nobody, one person, everybody, too many, all alike; and what is printed at the limits."""

import math

import numpy as np
import pytest

from scoring.change import claim, difference
from scoring.estimates import Estimate, Part, Spread, column_spread, of_one_stratum, roll_up
from scoring.grades import band, border_band, grade
from scoring.moments import Moments, merged, moments
from scoring.people import person_scores
from scoring.printed import (
    PrintedScore,
    half_up,
    index,
    printed_interval,
    printed_p,
    printed_rate,
    printed_score,
)


def test_nobody_is_no_cell():
    assert merged([]) == Moments()
    with pytest.raises(ValueError, match="needs strata"):
        of_one_stratum(Moments(), headcount=5)
    with pytest.raises(ValueError, match="needs strata"):
        roll_up([], finite=True)


def test_one_person_has_a_mean_and_no_interval():
    one = moments(np.array([75.0]))
    found = of_one_stratum(one, headcount=9)
    assert one.s is None
    assert (found.mean, found.interval()) == (75.0, None)


def test_people_who_answer_alike_have_no_interval():
    assert moments(np.full(11, 100 / 3)).s == 0.0
    assert of_one_stratum(moments(np.full(11, 62.5)), headcount=40).interval() is None


def test_everybody_answered_leaves_no_sampling_error():
    assert of_one_stratum(moments(np.array([0.0, 50.0, 100.0])), headcount=3).interval() is None


def test_more_people_than_the_headcount_count_as_a_headcount_of_as_many():
    scores = moments(np.array([0.0, 50.0, 100.0]))
    assert of_one_stratum(scores, headcount=2) == of_one_stratum(scores, headcount=3)


def test_a_stratum_without_sampling_error_is_left_out_of_the_degrees_of_freedom():
    complete = Part(headcount=12, n=12, mean=40.0, spread=Spread(10.0, 11), group=0)
    sampled = Part(headcount=30, n=10, mean=60.0, spread=Spread(20.0, 9), group=1)
    assert roll_up([complete, sampled], finite=True).df == pytest.approx(9)
    assert roll_up([complete], finite=True).df is None


def test_without_any_known_spread_it_is_20_points_by_convention():
    assert column_spread([]) == Spread(20.0, math.inf)
    assert column_spread([Moments(1, 50.0, 0.0)]) == Spread(20.0, math.inf)
    part = Part(headcount=8, n=4, mean=50.0, spread=column_spread([]))
    assert roll_up([part], finite=False).half_width() == pytest.approx(1.959963985 * 10)


def test_a_change_without_spread_in_either_wave_has_p_1():
    still = Estimate(n=12, mean=25.0, se=0.0, df=None)
    assert difference(before=still, now=Estimate(n=12, mean=75.0, se=0.0, df=None)).p == 1.0


def test_a_change_with_spread_in_one_wave_uses_its_degrees_of_freedom():
    still = Estimate(n=12, mean=50.0, se=0.0, df=None)
    assert difference(before=still, now=Estimate(n=9, mean=60.0, se=4.0, df=8.0)).df == pytest.approx(8)
    assert difference(before=still, now=Estimate(n=9, mean=60.0, se=4.0, df=math.inf)).df == math.inf


def test_an_answer_beyond_the_scale_is_refused():
    with pytest.raises(ValueError, match=r"answer 6 is outside 1\.\.5"):
        person_scores(np.array([[6]], dtype=np.uint8), reverse=np.array([False]), points=5)


def test_answers_that_do_not_fit_their_items_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        person_scores(np.ones((2, 3), dtype=np.uint8), reverse=np.array([False]), points=5)


@pytest.mark.parametrize(
    ("mean", "n", "printed"),
    [
        (62.5, 10, PrintedScore(63, "")),
        (62.4999, 10, PrintedScore(62, "")),
        (62.5 - 1e-12, 10, PrintedScore(63, "")),
        (95.0, 10, PrintedScore(95, "")),
        (95.1, 10, PrintedScore(95, ">=")),
        (4.9, 10, PrintedScore(5, "<=")),
        (62.5, 9, PrintedScore(65, "")),
        (62.4, 9, PrintedScore(60, "")),
        (88.0, 9, PrintedScore(90, "")),
        (90.5, 9, PrintedScore(90, ">=")),
        (0.0, 5, PrintedScore(10, "<=")),
        (100.0, 5000, PrintedScore(95, ">=")),
    ],
)
def test_a_mean_is_clipped_and_rounded_by_the_number_of_people(mean, n, printed):
    assert printed_score(mean, n=n) == printed


def test_an_interval_is_rounded_outwards_and_kept_on_the_scale():
    assert printed_interval(PrintedScore(63, ""), 7.01) == (55, 71)
    assert printed_interval(PrintedScore(63, ""), 7.0) == (56, 70)
    assert printed_interval(PrintedScore(63, ""), 0.2) == (62, 64)
    assert printed_interval(PrintedScore(6, ""), 30.0) == (0, 36)
    assert printed_interval(PrintedScore(93, ""), 30.0) == (63, 100)
    assert printed_interval(PrintedScore(95, ">="), 3.0) is None
    assert printed_interval(PrintedScore(63, ""), None) is None


def test_halves_go_up_and_probabilities_never_down():
    assert [half_up(x) for x in (0.5, 1.5, 2.4999, 2.5)] == [1, 2, 2, 3]
    assert [printed_p(p) for p in (0.0, 0.0001, 0.1, 0.1001, 1.0)] == [1, 1, 10, 11, 100]
    assert [printed_rate(n, 8) for n in (1, 5, 8)] == [13, 63, 100]
    assert printed_rate(0, 0) == 0


def test_an_index_needs_all_its_cells_but_one():
    assert index([60, 61, 62, 64, 65], of=5) == 62
    assert index([60, 61, 62, 63], of=5) == 62
    assert index([60, 61, 62], of=5) is None
    assert index([50, 51, 52, 53, 54], of=6) == 52
    assert index([], of=1) is None


def test_every_whole_score_has_its_band():
    names = [band(score) for score in range(101)]
    assert [names.index(name) for name in ("low", "emerging", "developing", "strong", "leading")] == [0, 40, 55, 70, 85]


@pytest.mark.parametrize(
    ("score", "half", "border"),
    [(55, 0.9, None), (55, 1, "emerging"), (69, 1, "strong"), (62, 8, "emerging"), (50, 30, "developing")],
)
def test_a_border_band_is_the_nearest_that_the_interval_reaches(score, half, border):
    assert border_band(score, half) == border


def test_the_ends_of_the_scale_have_one_neighbour():
    assert border_band(39, 1) == "emerging"
    assert border_band(85, 1) == "strong"
    assert border_band(2, 20) is None


def test_the_precision_grades_follow_the_half_width():
    assert [grade(half) for half in (0, 5, 5.1, 10, 10.1, 15, 15.1)] == ["A", "A", "B", "B", "C", "C", "D"]


@pytest.mark.parametrize(
    ("delta", "adjusted", "strict", "said"),
    [
        (5, 0.1, 0.2, ("up", "seems")),
        (-5, 0.05, 0.05, ("down", "confirmed")),
        (4, 0.001, 0.001, ("none", "none")),
        (30, 0.101, 0.2, ("none", "none")),
    ],
)
def test_a_change_is_claimed_only_where_it_is_large_and_sure(delta, adjusted, strict, said):
    assert claim(delta, adjusted=adjusted, strict=strict) == said
