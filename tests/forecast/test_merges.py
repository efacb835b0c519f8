"""What is proposed to be shown together, also for awkward organisations."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.special import bdtrc

from scoring.merges import Merge, lowered, merges
from scoring.visibility import Tree, draw, plans
from tests.forecast.test_visibility import as_named


def proposed(
    headcounts: Sequence[int],
    *,
    parents: Sequence[int] = (),
    group: Sequence[int] = (),
    functions: Sequence[int] = (),
    turnout: float = 0.6,
    k: int = 5,
) -> tuple[Merge, ...]:
    size = len(headcounts)
    tree = Tree(parent=tuple(parents) or (-1,) * size, headcount=tuple(headcounts), group=tuple(group) or (-1,) * size)
    shares = [turnout] * size
    found = merges(
        tree, functions or [0] * size, draw(tree.headcount, shares), draw(tree.headcount, lowered(shares)), k=k
    )
    check(tree, found, turnout, k)
    return found


def check(tree: Tree, found: Sequence[Merge], turnout: float, k: int) -> None:
    """Every proposal has one parent and two departments or more, and is shown as it stands with 95 % and margin."""
    below = tree.children()

    def people(one: int) -> int:
        return tree.headcount[one] + sum(people(child) for child in below.get(one, []))

    for merge in found:
        assert len(merge.members) > 1
        assert {tree.parent[one] for one in merge.members} == {merge.parent if merge.parent < len(tree.parent) else -1}
        exact = bdtrc(k - 1, sum(people(one) for one in merge.members), max(0.05, turnout - 0.1))
        assert exact > 0.93
    chosen = [one for merge in found for one in merge.members]
    assert len(chosen) == len(set(chosen))


def members(found: Sequence[Merge]) -> list[tuple[int, ...]]:
    return [merge.members for merge in found]


def test_one_department_of_three_joins_the_smallest_other_one() -> None:
    assert members(proposed([40, 3, 18, 30])) == [(1, 2)]


def test_an_organisation_of_one_department_of_three_gets_no_proposal() -> None:
    assert proposed([3]) == ()


def test_where_everything_is_small_two_by_two_are_proposed_as_far_as_that_suffices() -> None:
    found = proposed([9, 9, 9, 9, 9, 9])
    assert members(found) == [(0, 1), (2, 3), (4, 5)]


def test_where_everything_together_is_needed_nothing_is_proposed() -> None:
    assert proposed([4, 4, 4]) == ()


def test_departments_that_are_sure_to_be_shown_are_left_alone() -> None:
    assert proposed([40, 18, 30]) == ()


def test_those_of_one_function_are_put_together_first() -> None:
    assert members(proposed([8, 8, 8, 8, 60], functions=[0, 1, 0, 1, 2])) == [(0, 2), (1, 3)]


def test_what_is_left_over_joins_the_last_group() -> None:
    assert members(proposed([9, 9, 9, 60])) == [(0, 1, 2)]


def test_people_at_inner_nodes_count_for_their_department_and_get_one_pool_to_join() -> None:
    # The organisation, in the order of the numbers: Finance (2 of its own) with four teams, and a large department.
    found = proposed([2, 9, 9, 9, 9, 40], parents=[-1, 0, 0, 0, 0, -1])
    assert found == ()
    found = proposed([2, 9, 9, 30, 30, 40], parents=[-1, 0, 0, 0, 0, -1])
    assert members(found) == [(1, 2)]
    assert found[0].parent == 0


def test_many_people_at_an_inner_node_do_not_keep_its_teams_from_two_pools() -> None:
    found = proposed([30, 9, 9, 9, 9, 40], parents=[-1, 0, 0, 0, 0, -1])
    assert members(found) == [(1, 2), (3, 4)]


def test_nothing_is_proposed_below_a_department_that_is_in_a_pool_or_may_not_be_shown() -> None:
    found = proposed([0, 3, 3, 3, 40, 30], parents=[-1, 0, 0, 0, -1, -1])
    assert members(found) == [(0, 5)]


def test_a_pool_that_became_too_small_takes_somebody_in_and_keeps_its_name() -> None:
    found = proposed([4, 3, 18, 60], group=[7, 7, -1, -1])
    assert found == (Merge(parent=4, members=(0, 1, 2), group=7),)


def test_a_pool_that_is_large_enough_is_left_as_it_is() -> None:
    assert proposed([9, 9, 18, 60], group=[7, 7, -1, -1]) == ()


def test_a_new_small_department_joins_the_pool_that_is_there() -> None:
    assert proposed([9, 9, 3, 60], group=[7, 7, -1, -1]) == (Merge(parent=4, members=(0, 1, 2), group=7),)


@pytest.mark.parametrize("turnout", [0.10, 0.35, 0.95])
def test_proposals_hold_at_every_turnout(turnout: float) -> None:
    dice = np.random.default_rng(4)
    for _ in range(15):
        size = int(dice.integers(2, 30))
        parents = [-1 if one == 0 else int(dice.integers(-1, one)) for one in range(size)]
        proposed([int(one) for one in dice.integers(0, 40, size)], parents=parents, turnout=turnout)


def test_a_department_without_people_is_never_asked_to_join() -> None:
    assert members(proposed([40, 3, 0, 18])) == [(1, 3)]


def test_an_accepted_proposal_stands_as_it_was_named() -> None:
    headcounts, turnout = [40, 3, 9, 6, 30], 0.6
    [merge] = proposed(headcounts, turnout=turnout)
    tree = Tree(
        parent=(-1,) * 5,
        headcount=tuple(headcounts),
        group=tuple(0 if one in merge.members else -1 for one in range(5)),
    )
    found = plans(tree, draw(headcounts, lowered([turnout] * 5)), k=5, k_intervals=10)
    assert as_named(found.levels[0], merge.members).mean() > 0.95
    assert proposed(headcounts, group=tree.group, turnout=turnout) == ()
