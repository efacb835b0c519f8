"""The one pass over the answers against counting person by person, straight from the definitions."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import MisfitError, OutsideScaleError
from scoring.kernel import answer_counts, by_group, score_counts
from tests.scoring import oracle


@st.composite
def waves(draw, *, most_items=7):
    """Points, the sizes of groups (some empty), answers items x people, and which items are reversed."""
    points = draw(st.sampled_from([2, 4, 5, 7, 9]))
    sizes = draw(st.lists(st.integers(0, 6), min_size=1, max_size=5))
    items = draw(st.integers(1, most_items))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    answers = rng.integers(0, points + 1, size=(items, sum(sizes)), dtype=np.uint8)
    return points, np.array(sizes, dtype=np.intp), answers, rng.random(items) < 0.4


def people_of(sizes, answers):
    """Each group's people as lists of answers."""
    ends = np.cumsum(sizes)
    return [answers[:, end - size : end].T.tolist() for size, end in zip(sizes, ends, strict=True)]


@given(waves())
def test_every_group_has_the_number_the_mean_and_the_squares_of_its_scores(wave):
    points, sizes, answers, reverse = wave
    found = score_counts(list(answers), sizes, reverse=reverse, points=points)
    for group, people in enumerate(people_of(sizes, answers)):
        scores = [oracle.person_score(one, reverse.tolist(), points) for one in people]
        known = [one for one in scores if one is not None]
        assert found.n[group] == len(known)
        assert found.mean[group] == pytest.approx(statistics.fmean(known) if known else 0)
        squares = sum((one - statistics.fmean(known)) ** 2 for one in known)
        assert found.m2[group] == pytest.approx(squares, abs=1e-6)


@given(waves())
def test_scores_are_distributed_as_people_have_them(wave):
    points, sizes, answers, reverse = wave
    found = score_counts(list(answers), sizes, reverse=reverse, points=points)
    assert found.people.sum(axis=1).tolist() == sizes.tolist()
    for group, people in enumerate(people_of(sizes, answers)):
        scores = [oracle.person_score(one, reverse.tolist(), points) for one in people]
        counted = np.repeat(found.scores, found.people[group])
        assert sorted(counted[~np.isnan(counted)]) == pytest.approx(sorted(one for one in scores if one is not None))


@given(waves(most_items=9))
def test_answers_are_counted_by_item_and_group(wave):
    points, sizes, answers, _ = wave
    found = answer_counts(answers, sizes, points=points)
    for group, people in enumerate(people_of(sizes, answers)):
        for item in range(len(answers)):
            given_answers = [one[item] for one in people]
            assert found[item, group].tolist() == [given_answers.count(value) for value in range(points + 1)]


@given(waves())
def test_the_order_of_people_within_a_group_changes_no_digit(wave):
    points, sizes, answers, reverse = wave
    place: list[int] = []
    start = 0
    for size in sizes.tolist():
        place += range(start + size - 1, start - 1, -1)
        start += size
    one = score_counts(list(answers), sizes, reverse=reverse, points=points)
    other = score_counts(list(answers[:, place]), sizes, reverse=reverse, points=points)
    assert (one.n.tolist(), one.mean.tolist(), one.m2.tolist()) == (
        other.n.tolist(),
        other.mean.tolist(),
        other.m2.tolist(),
    )


@given(st.lists(st.lists(st.booleans(), max_size=4), max_size=6))
def test_people_are_counted_by_group_with_empty_groups_too(groups):
    flags = np.array([one for group in groups for one in group], dtype=np.bool_)
    sizes = np.array([len(group) for group in groups], dtype=np.intp)
    assert by_group(flags, sizes).tolist() == [sum(group) for group in groups]


def test_many_items_of_a_long_scale_do_not_run_over():
    answers = np.full((60, 3), 9, dtype=np.uint8)
    sizes = np.array([3], dtype=np.intp)
    found = score_counts(list(answers), sizes, reverse=np.zeros(60, dtype=np.bool_), points=9)
    assert (found.n.tolist(), found.mean.tolist(), found.m2.tolist()) == ([3], [100.0], [0.0])


def test_a_group_of_nobody_has_no_score():
    nobody = np.array([0, 0], dtype=np.intp)
    found = score_counts([np.empty(0, dtype=np.uint8)], nobody, reverse=np.array([False]), points=5)
    assert (found.n.tolist(), found.mean.tolist()) == ([0, 0], [0.0, 0.0])
    assert answer_counts(np.empty((2, 0), dtype=np.uint8), nobody, points=5).sum() == 0


def test_an_empty_group_without_any_groups_is_an_empty_table():
    none = np.array([], dtype=np.intp)
    assert by_group(np.array([], dtype=np.bool_), none).tolist() == []
    assert score_counts([np.empty(0, dtype=np.uint8)], none, reverse=np.array([False]), points=5).n.tolist() == []


def test_an_answer_beyond_the_scale_is_refused():
    one, sizes = np.array([[1, 6]], dtype=np.uint8), np.array([2], dtype=np.intp)
    with pytest.raises(OutsideScaleError, match=r"answer 6 is outside 1\.\.5"):
        score_counts(list(one), sizes, reverse=np.array([False]), points=5)
    with pytest.raises(OutsideScaleError, match=r"answer 6 is outside 1\.\.5"):
        answer_counts(one, sizes, points=5)


def test_shapes_that_do_not_fit_are_refused():
    one, sizes = np.array([[1, 2]], dtype=np.uint8), np.array([3], dtype=np.intp)
    with pytest.raises(MisfitError, match="do not fit 3 people"):
        score_counts(list(one), sizes, reverse=np.array([False]), points=5)
    with pytest.raises(MisfitError, match="0 items do not fit"):
        answer_counts(np.empty((0, 3), dtype=np.uint8), sizes, points=5)
    with pytest.raises(MisfitError, match="2 reverse flags"):
        score_counts([np.ones(3, dtype=np.uint8)], sizes, reverse=np.array([False, True]), points=5)


def test_a_mean_is_the_one_that_is_worked_out_by_hand():
    # Two people of a department: 4, 5, none, 2 and 3, none, none, none; the last item is reversed.
    answers = np.array([[4, 3], [5, 0], [0, 0], [2, 0]], dtype=np.uint8)
    reverse = np.array([False, False, False, True])
    found = score_counts(list(answers), np.array([2]), reverse=reverse, points=5)
    assert found.n.tolist() == [1]
    assert math.isclose(found.mean[0], 100 * (3 + 4 + 3) / (3 * 4))
