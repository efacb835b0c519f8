"""The one pass over the answers against counting person by person, straight from the definitions."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import kernel
from scoring.errors import MisfitError, OutsideScaleError
from scoring.kernel import by_group, patterns, score_counts, scores_of_people
from scoring.people import person_scores
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


def counted(answers, sizes, reverse, points):
    found = patterns(list(answers), sizes, points=points)
    return score_counts(found, range(len(answers)), reverse=reverse)


def people_of(sizes, answers):
    """Each group's people as lists of answers."""
    ends = np.cumsum(sizes)
    return [answers[:, end - size : end].T.tolist() for size, end in zip(sizes, ends, strict=True)]


@given(waves())
def test_every_group_has_the_number_the_mean_and_the_squares_of_its_scores(wave):
    points, sizes, answers, reverse = wave
    found = counted(answers, sizes, reverse, points)
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
    found = counted(answers, sizes, reverse, points)
    assert found.people.sum(axis=1).tolist() == sizes.tolist()
    for group, people in enumerate(people_of(sizes, answers)):
        scores = [oracle.person_score(one, reverse.tolist(), points) for one in people]
        told = np.repeat(found.scores, found.people[group])
        assert sorted(told[~np.isnan(told)]) == pytest.approx(sorted(one for one in scores if one is not None))


@given(waves(most_items=9))
def test_answers_are_counted_by_item_and_group(wave):
    points, sizes, answers, _ = wave
    found = patterns(list(answers), sizes, points=points).answer_counts()
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
    one = counted(answers, sizes, reverse, points)
    other = counted(answers[:, place], sizes, reverse, points)
    assert (one.n.tolist(), one.mean.tolist(), one.m2.tolist()) == (
        other.n.tolist(),
        other.mean.tolist(),
        other.m2.tolist(),
    )


@given(waves(most_items=4))
def test_those_who_answered_all_items_are_counted_by_their_answers(wave):
    points, sizes, answers, _ = wave
    found = patterns(list(answers), sizes, points=points).complete()
    everybody = [one for people in people_of(sizes, answers) for one in people if all(one)]
    assert found.having(found.answers[:, 0] > 1).sum() == sum(one[0] > 1 for one in everybody)
    for group, people in enumerate(people_of(sizes, answers)):
        complete = [one for one in people if all(one)]
        for item in range(len(answers)):
            counts = [[one[item] for one in complete].count(value) for value in range(points + 1)]
            assert found.answer_counts()[item, group].tolist() == counts
    products = [[sum(one[a] * one[b] for one in everybody) for b in range(len(answers))] for a in range(len(answers))]
    assert found.products().tolist() == products


@given(waves(most_items=5))
def test_people_are_counted_by_the_items_that_they_answered(wave):
    points, sizes, answers, _ = wave
    found = patterns(list(answers), sizes, points=points).given
    for item in range(len(answers)):
        answered = [sum(one[item] > 0 for one in people) for people in people_of(sizes, answers)]
        assert found.having(found.answers[:, item] > 0).tolist() == answered
    assert len({tuple(one) for one in found.answers.tolist()}) == len(found.answers)


def test_very_many_items_are_counted_by_whether_they_were_answered_too():
    answers = np.zeros((70, 3), dtype=np.uint8)
    answers[69, 1:] = 4
    found = patterns(list(answers), np.array([2, 1]), points=5).given
    assert found.having(found.answers[:, 69] > 0).tolist() == [1, 1]


@given(waves(most_items=3))
def test_patterns_are_the_same_counted_in_a_table_or_sorted(wave):
    points, sizes, answers, _ = wave
    tables = []
    for places in (0, 10**9):
        with pytest.MonkeyPatch.context() as changed:
            changed.setattr(kernel, "_PLACES_FOR_EACH", places)
            found = patterns(list(answers), sizes, points=points)
        lines = zip(found.group, found.answers[found.pattern].tolist(), found.people, strict=True)
        tables.append(sorted((int(group), answered, int(people)) for group, answered, people in lines))
    assert tables[0] == tables[1]
    assert sum(people for *_, people in tables[0]) == sizes.sum()


@given(waves())
def test_a_column_of_some_of_the_items_has_the_scores_of_these(wave):
    points, sizes, answers, reverse = wave
    some = range(0, len(answers), 2)
    found = score_counts(patterns(list(answers), sizes, points=points), some, reverse=reverse[some])
    alone = counted(answers[some], sizes, reverse[some], points)
    assert (found.scores.tobytes(), found.people.tolist()) == (alone.scores.tobytes(), alone.people.tolist())


def test_many_items_of_a_long_scale_do_not_run_over():
    answers = np.full((60, 3), 9, dtype=np.uint8)
    answers[59, 1:] = 8
    found = counted(answers, np.array([1, 2], dtype=np.intp), np.zeros(60, dtype=np.bool_), 9)
    assert (found.n.tolist(), found.mean[0], found.m2.tolist()) == ([1, 2], 100.0, [0.0, 0.0])


def test_a_group_of_nobody_has_no_score():
    nobody = np.array([0, 0], dtype=np.intp)
    found = counted(np.empty((1, 0), dtype=np.uint8), nobody, np.array([False]), 5)
    assert (found.n.tolist(), found.mean.tolist()) == ([0, 0], [0.0, 0.0])
    assert patterns([np.empty(0, dtype=np.uint8)] * 2, nobody, points=5).answer_counts().sum() == 0


def test_a_wave_without_any_groups_is_an_empty_table():
    none = np.array([], dtype=np.intp)
    assert counted(np.empty((1, 0), dtype=np.uint8), none, np.array([False]), 5).n.tolist() == []
    found = patterns([np.empty(0, dtype=np.uint8)] * 3, none, points=5)
    assert found.answer_counts().shape == (3, 0, 6)
    assert found.given.having(found.given.answers[:, 0] > 0).tolist() == []


def test_an_answer_beyond_the_scale_is_refused():
    one, sizes = np.array([[1, 6]], dtype=np.uint8), np.array([2], dtype=np.intp)
    with pytest.raises(OutsideScaleError, match=r"answer 6 is outside 1\.\.5"):
        patterns(list(one), sizes, points=5)


def test_shapes_that_do_not_fit_are_refused():
    one, sizes = np.array([[1, 2]], dtype=np.uint8), np.array([3], dtype=np.intp)
    with pytest.raises(MisfitError, match="do not fit 3 people"):
        patterns(list(one), sizes, points=5)
    with pytest.raises(MisfitError, match="0 items do not fit"):
        patterns([], sizes, points=5)
    with pytest.raises(MisfitError, match="2 reverse flags"):
        counted(np.ones((1, 3), dtype=np.uint8), sizes, np.array([False, True]), 5)


def test_a_mean_is_the_one_that_is_worked_out_by_hand():
    # Two people of a department: 4, 5, none, 2 and 3, none, none, none; the last item is reversed.
    answers = np.array([[4, 3], [5, 0], [0, 0], [2, 0]], dtype=np.uint8)
    reverse = np.array([False, False, False, True])
    found = counted(answers, np.array([2]), reverse, 5)
    assert found.n.tolist() == [1]
    assert math.isclose(found.mean[0], 100 * (3 + 4 + 3) / (3 * 4))


def test_people_of_a_kind_are_counted_group_by_group_though_groups_be_empty():
    people = np.array([True, False, True, True, True])
    assert by_group(people, np.array([0, 2, 0, 3, 0])).tolist() == [0, 1, 0, 3, 0]
    assert by_group(people[:0], np.array([0, 0])).tolist() == [0, 0]


@pytest.mark.parametrize("people", [0, 20, 5_000])
def test_a_score_that_is_looked_up_is_the_same_to_the_last_digit(people):
    answers = np.random.default_rng(people).integers(0, 6, size=(4, people), dtype=np.uint8)
    reverse = np.array([True, False, False, True])
    found = scores_of_people(list(answers), reverse=reverse, points=5)
    assert found.tobytes() == person_scores(answers.T, reverse=reverse, points=5).tobytes()


def test_an_answer_beyond_the_scale_has_no_score():
    with pytest.raises(OutsideScaleError):
        scores_of_people([np.full(9_999, 6, dtype=np.uint8)], reverse=np.array([False]), points=5)
    with pytest.raises(MisfitError):
        scores_of_people([], reverse=np.array([], dtype=np.bool_), points=5)
