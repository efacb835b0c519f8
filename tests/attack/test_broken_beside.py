"""The attacker succeeds against planners that get wrong what is told beside scores; right prints leave it nothing."""

import random

import pytest

from tests.attack import beside, broken_beside
from tests.attack.broken_beside import CASES, Beside
from tests.attack.judging import Judged
from tests.attack.worlds import random_world, world
from tests.thorough import tried


def slice_of(name, organisations=5):
    rng, found = random.Random(7), list[Judged]()
    while len(found) < organisations:
        judged = broken_beside.judged(rng, CASES[name], random_world)
        found += [] if judged is None else [judged]
    return found


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.planner is not broken_beside.right])
def test_a_planner_that_is_wrong_beside_scores_gives_people_away(name):
    found = slice_of(name)
    assert any(one.found for one in found)
    if CASES[name].seen:
        assert all(one.refused for one in found if one.found), "the auditor refuses what the attacker breaks"


def test_prints_as_they_should_be_do_not_say_that_a_row_is_of_one_mind():
    name = next(name for name, case in CASES.items() if case.planner is broken_beside.right)
    assert not any(one.found for one in slice_of(name, tried(12, sample=4)))


def test_the_auditor_refuses_for_what_is_wrong_and_not_for_the_document_around_it():
    one = world({"Legal": (None, 14, 12), "HR": (None, 20, 15), "IT": (None, 30, 22)}, seed=3)
    assert not broken_beside.refused(one, Beside())
    assert broken_beside.found_in(one, Beside()) == {}


def test_agreement_by_itself_beside_an_interval_tells_of_the_one_who_left_a_question_out():
    one = world({"Legal": (None, 24, 14), "IT": (None, 60, 30)}, seed=5)
    one.codes[13, 3] = ord("S")
    told = broken_beside.agreement_by_itself(one)
    assert broken_beside.found_in(one, told)["spreads"].people == (13,)
    assert broken_beside.refused(one, told)


def test_bounds_that_begin_beyond_their_number_say_that_all_ten_answered_alike():
    one = world({"Legal": (None, 24, 10), "IT": (None, 60, 30)}, seed=5)
    one.codes[:10, 0] = ord("5")
    assert broken_beside.found_in(one, broken_beside.exact_below_the_bound(one))["alike"].way.startswith("all of Legal")
    assert broken_beside.found_in(one, broken_beside.right(one)) == {}


def test_roll_ups_of_shares_that_were_clipped_say_it_by_subtraction():
    one = world({"Legal": (None, 24, 10), "IT": (None, 24, 20)}, seed=5)
    one.codes[:10, 0] = ord("5")
    assert broken_beside.found_in(one, broken_beside.unclipped_roll_ups(one))["alike"].way.startswith("all of Legal")
    assert broken_beside.found_in(one, broken_beside.right(one)) == {}


def test_what_the_attacker_takes_for_a_print_is_one_of_the_method():
    assert beside.REAL.behind(((10, -1), (10, -1), (90, 1)), 10) == [(0, 0, 10), (0, 1, 9), (1, 0, 9)]
