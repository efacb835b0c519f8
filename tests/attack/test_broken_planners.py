"""The attacker succeeds against every planner that is wrong on purpose, and the auditor refuses what it can see."""

from collections.abc import Mapping

import numpy as np
import pytest

from app.errors import ConflictError
from app.releases.audit.auditor import refuse
from app.releases.plan.coarsening import tree
from tests.attack import broken
from tests.attack.broken import Plan, Planner
from tests.attack.decisions import as_built, given_away, named_by_valid_answers
from tests.attack.judging import audited, facts_of, found_in
from tests.attack.solve import Find
from tests.attack.worlds import World, world
from tests.releases.waves import department


def attacked(one: World, planner: Planner) -> Mapping[str, Find]:
    return found_in(one, planner(one))


def departments_of(one: World, found: Find) -> set[str]:
    return {one.department[person] for person in found.people}


def refused(one: World, plan: Plan) -> tuple[str, ...]:
    """What the auditor says; it must refuse."""
    found = audited(one, plan)
    assert not found.passed
    with pytest.raises(ConflictError, match="too few people"):
        refuse(found)
    return found.offending


FLAT = world({"Legal": (None, 3, 3), "HR": (None, 8, 6), "Finance": (None, 12, 9), "IT": (None, 14, 14)}, seed=1)
TWO_SMALL = world({"Legal": (None, 3, 2), "HR": (None, 9, 4), "Finance": (None, 20, 12), "IT": (None, 30, 15)}, seed=2)


def test_hiding_only_cells_below_5_gives_the_hidden_department_away():
    assert departments_of(FLAT, attacked(FLAT, broken.hides_small_cells_only)["means"]) == {"Legal"}
    assert refused(FLAT, broken.hides_small_cells_only(FLAT))[-1] == ("T1, means: Acme without Finance, HR, IT")


def test_the_documented_defaults_of_glint_give_a_pair_away():
    pair = world({"Legal": (None, 2, 2), "HR": (None, 8, 6), "IT": (None, 14, 14)}, seed=1)
    assert departments_of(pair, attacked(pair, broken.glint_defaults)["means"]) == {"Legal"}
    assert refused(pair, broken.glint_defaults(pair))
    one = world({"Legal": (None, 1, 1), "HR": (None, 8, 6), "IT": (None, 14, 14)}, seed=1)
    assert attacked(one, broken.glint_defaults) == {}, "a single person is hidden with the next group"


def test_a_pool_that_is_left_out_of_all_but_one_roll_up_is_found_by_subtraction():
    assert departments_of(FLAT, attacked(FLAT, broken.forgets_the_pool_in_one_roll_up)["means"]) == {"Legal"}
    assert refused(FLAT, broken.forgets_the_pool_in_one_roll_up(FLAT))


def test_a_pool_whose_members_have_two_weights_is_solved():
    assert departments_of(TWO_SMALL, attacked(TWO_SMALL, broken.weighs_a_pool_twice)["means"]) <= {"Legal", "HR"}
    assert refused(TWO_SMALL, broken.weighs_a_pool_twice(TWO_SMALL))


def test_people_attached_to_a_department_are_found_when_its_pool_forgets_them():
    one = world({"Finance": (None, 2, 2), "AP": ("Finance", 9, 8), "Tax": ("Finance", 4, 3), "Plan": ("Finance", 4, 3)})
    assert departments_of(one, attacked(one, broken.forgets_direct_people)["means"]) == {"Finance"}
    assert refused(one, broken.forgets_direct_people(one))


def test_item_means_give_the_answers_of_the_one_person_who_left_an_item_out():
    codes = FLAT.codes.copy()
    codes[4, 2] = ord("S")
    one = World(FLAT.departments, FLAT.department, codes, item_columns=True)
    assert attacked(one, broken.shows_item_means)["means"].people == (4,)
    assert "item0: nothing says on which answers this column rests" in refused(one, broken.shows_item_means(one))
    complete = World(FLAT.departments, FLAT.department, FLAT.codes, item_columns=True)
    assert "means" not in attacked(complete, broken.shows_item_means)


def test_an_anchor_score_beside_the_full_one_gives_those_away_who_answered_more():
    codes = FLAT.codes.copy()
    codes[4:9, 2:] = ord("S")  # of the pool of 9 all but four answered the anchors only
    one = World(FLAT.departments, FLAT.department, codes)
    assert len(attacked(one, broken.shows_anchors_beside)["means"].people) < 5
    assert any("T1, means" in sentence for sentence in refused(one, broken.shows_anchors_beside(one)))


def test_intervals_wherever_10_answered_give_the_spread_of_the_rest():
    one = world({"Legal": (None, 9, 7), "HR": (None, 20, 12), "IT": (None, 14, 14)}, seed=3)
    assert departments_of(one, attacked(one, broken.shows_intervals_from_10_answers)["spreads"]) == {"Legal"}
    assert departments_of(one, attacked(one, broken.shows_intervals_from_10_answers)["numbers"]) == {"Legal"}
    assert any("intervals" in sentence for sentence in refused(one, broken.shows_intervals_from_10_answers(one)))


def test_a_variance_within_all_departments_gives_the_spread_of_the_hidden_ones():
    found = attacked(TWO_SMALL, broken.pools_variance_over_hidden_departments)["spreads"]
    assert departments_of(TWO_SMALL, found) == {"Legal", "HR"}
    assert any(
        "intervals" in one for one in refused(TWO_SMALL, broken.pools_variance_over_hidden_departments(TWO_SMALL))
    )


def test_a_grade_by_the_own_spread_of_5_people_tells_their_spread():
    one = world({"Legal": (None, 8, 5), "IT": (None, 14, 14)}, seed=4)
    assert departments_of(one, attacked(one, broken.grades_by_own_spread)["spreads"]) == {"Legal"}
    assert "T1, intervals: grade of Legal" in refused(one, broken.grades_by_own_spread(one))


def test_pools_that_depend_on_dont_knows_tell_whether_the_head_of_a_department_answered():
    organisation = tree(
        "Acme", [department("Finance", 1), department("AP", 6, "finance"), department("Tax", 6, "finance")]
    )
    used = {"finance": 1, "ap": 6, "tax": 5}
    for answer in (0, 1):
        valid = {**used, "finance": answer}
        assert given_away(used, valid, named_by_valid_answers(organisation, k=5), k=5) == "finance"
        assert given_away(used, valid, as_built(organisation, used, k=5), k=5) is None


def test_unrounded_values_in_one_file_tell_a_remainder_of_the_one_person_who_left_a_question_out():
    codes = FLAT.codes.copy()
    codes[10, 2] = ord("S")
    one = World(FLAT.departments, FLAT.department, codes)
    assert attacked(one, broken.prints_a_file_unrounded)["remainders"].people == (10,)
    assert attacked(one, broken.right) == {}, "the same rows as they are printed"


def test_unrounded_values_undo_what_is_clipped():
    codes = np.full_like(FLAT.codes, ord("5"))
    codes[:3, 0] = ord("1")
    one = World(FLAT.departments, FLAT.department, codes)
    plan = broken.prints_a_file_unrounded(one)
    rows = {fact.row: fact for fact in facts_of(one, plan) if fact.kind == "means"}
    assert (rows["Finance"].low, rows["Finance"].high) == (100.0, 100.0)
    printed = {fact.row: fact for fact in facts_of(one, broken.right(one)) if fact.kind == "means"}
    assert (printed["Finance"].low, printed["Finance"].high) == (90.0, 100.0)
