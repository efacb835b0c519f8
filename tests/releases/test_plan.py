import random

import pytest

from app.releases.plan.coarsening import Department, count, nodes, plan_column, plan_wave, strata, tree
from scoring.errors import TreeError
from tests.releases.brute_force import counts, leaks, naive, random_organisation, sets_of
from tests.thorough import tried


def listed(**departments):
    """Departments from `name=headcount`, `name=(parent, headcount)` or `name=(parent, headcount, pool)`."""
    given = {name: value if isinstance(value, tuple) else (None, value) for name, value in departments.items()}
    return tuple(
        Department(
            id=name, name=name, parent=parent, function="other", headcount=headcount, pool=pool[0] if pool else None
        )
        for name, (parent, headcount, *pool) in given.items()
    )


def rows(root):
    return [(node.id, tuple(sorted(node.departments))) for node in nodes(root)]


def test_two_small_departments_are_pooled_and_the_others_shown():
    people = {"Legal": 4, "HR": 6, "Finance": 9, "IT": 14, "Ops": 27}
    found = plan_wave(tree("Acme", listed(**people)), people)
    assert [(one.id, one.members) for one in found.children] == [
        ("Finance", ()),
        ("IT", ()),
        ("Ops", ()),
        ("pool:organisation", ("Legal", "HR")),
    ]
    assert found.children[-1].name == "Acme, small teams: Legal, HR"
    assert found.children[-1].headcount == 10


def test_a_pool_inside_a_department_takes_the_smallest_neighbour():
    departments = listed(
        Legal=3, HR=2, Finance=0, AP=("Finance", 9), Planning=("Finance", 5), Tax=("Finance", 4), IT=14
    )
    people = {"Legal": 3, "HR": 2, "AP": 9, "Planning": 5, "Tax": 4, "IT": 14}
    assert [one.id for one in nodes(plan_wave(tree("Acme", departments), people))] == [
        "organisation",
        "Finance",
        "AP",
        "pool:Finance",
        "IT",
        "pool:organisation",
    ]


def test_people_attached_to_the_parent_are_part_of_the_pool_and_of_its_name():
    departments = listed(Finance=3, AP=("Finance", 9), Tax=("Finance", 4))
    found = plan_wave(tree("Acme", departments), {"Finance": 2, "AP": 8, "Tax": 3})
    pool = list(nodes(found))[-1]
    assert pool.name == "Finance, central and small teams: Tax"
    assert pool.departments == {"Finance", "Tax"}
    assert pool.headcount == 7


def test_people_attached_to_the_parent_can_be_a_pool_by_themselves():
    departments = listed(Finance=8, AP=("Finance", 9), Tax=("Finance", 6))
    found = plan_wave(tree("Acme", departments), {"Finance": 7, "AP": 8, "Tax": 6})
    assert [one.name for one in strata(found)] == ["AP", "Tax", "Finance, central"]


def test_a_chosen_pool_is_one_row_whoever_answers():
    departments = listed(Legal=(None, 9, "Back office"), HR=(None, 8, "Back office"), IT=14, Ops=20)
    for answered in ({"Legal": 9, "HR": 8}, {"Legal": 5, "HR": 0}, {"Legal": 1, "HR": 4}, {}):
        found = plan_wave(tree("Acme", departments), {"IT": 14, "Ops": 20, **answered})
        assert [one.name for one in found.children] == ["IT", "Ops", "Back office"]
        assert found.children[-1].members == ("Legal", "HR")
        assert found.children[-1].kind == "pool"


def test_small_teams_join_a_chosen_pool_before_a_department_loses_its_row():
    departments = listed(Legal=(None, 9, "Back office"), HR=(None, 8, "Back office"), Ethics=3, IT=14)
    found = plan_wave(tree("Acme", departments), {"Legal": 9, "HR": 8, "Ethics": 3, "IT": 14})
    assert [one.name for one in found.children] == ["IT", "Back office and small teams: Ethics"]
    assert found.children[-1].members == ("Legal", "HR", "Ethics")


def test_a_chosen_pool_that_misses_k_joins_the_smallest_pool_of_its_parent():
    departments = listed(
        A=(None, 6, "One"), B=(None, 6, "One"), C=(None, 9, "Two"), D=(None, 9, "Two"),
        E=(None, 7, "Three"), F=(None, 7, "Three"), IT=14,
    )  # fmt: skip
    found = plan_wave(tree("Acme", departments), {"A": 1, "B": 2, "C": 9, "D": 9, "E": 7, "F": 4, "IT": 14})
    assert [one.name for one in found.children] == ["IT", "Two", "One and Three"]
    assert found.children[-1].members == ("A", "B", "E", "F")
    assert len({one.id for one in nodes(found)}) == 4


def test_several_pools_are_rows_side_by_side_and_the_parents_own_people_are_small_teams():
    departments = listed(
        Finance=6,
        AP=("Finance", 4, "Desk"),
        AR=("Finance", 4, "Desk"),
        Tax=("Finance", 3),
        Planning=("Finance", 9),
        IT=8,
    )
    people = {"Finance": 5, "AP": 4, "AR": 3, "Tax": 2, "Planning": 9, "IT": 8}
    found = plan_wave(tree("Acme", departments), people)
    assert [one.name for one in strata(found)] == [
        "Planning", "Desk", "Finance, central and small teams: Tax", "IT",
    ]  # fmt: skip


def test_a_pool_of_one_department_is_none():
    departments = listed(Legal=(None, 9, "Back office"), IT=14)
    found = plan_wave(tree("Acme", departments), {"Legal": 9, "IT": 14})
    assert [one.name for one in found.children] == ["Legal", "IT"]


@pytest.mark.parametrize("answered", [0, 1, 4])
def test_a_department_below_k_is_pooled_whatever_it_answered(answered):
    departments = listed(Legal=4, HR=6, IT=14)
    found = plan_wave(tree("Acme", departments), {"Legal": answered, "HR": 6, "IT": 14})
    assert [one.id for one in strata(found)] == ["IT", "pool:organisation"]


@pytest.mark.parametrize("answered", [0, 1])
def test_whether_the_head_of_a_department_answered_does_not_change_the_plan(answered):
    departments = listed(Finance=1, AP=("Finance", 9), Tax=("Finance", 6))
    found = plan_wave(tree("Acme", departments), {"Finance": answered, "AP": 9, "Tax": 6})
    assert [one.name for one in strata(found)] == ["AP", "Finance, central and small teams: Tax"]


def test_a_large_department_without_answers_keeps_its_row():
    found = plan_wave(tree("Acme", listed(Legal=8, HR=9, IT=9)), {"HR": 6, "IT": 7})
    assert [one.id for one in found.children] == ["Legal", "HR", "IT"]


def test_with_fewer_than_k_answers_there_is_the_organisation_alone():
    found = plan_wave(tree("Acme", listed(Legal=8, HR=9)), {"Legal": 2, "HR": 2})
    assert list(nodes(found)) == [found]
    assert plan_column(found, {"Legal": 2, "HR": 2}, k=5) is None


def test_a_department_whose_children_are_all_pooled_stands_for_them():
    departments = listed(Finance=0, AP=("Finance", 4), Tax=("Finance", 3), IT=9)
    found = plan_wave(tree("Acme", departments), {"AP": 4, "Tax": 3, "IT": 9})
    assert rows(found)[1:] == [("Finance", ("AP", "Finance", "Tax")), ("IT", ("IT",))]


def test_ties_go_by_the_order_of_the_organisation():
    for order in (("A", "B", "C", "D"), ("A", "C", "B", "D")):
        people = {"A": 3, order[1]: 6, order[2]: 6, "D": 9}
        found = plan_wave(tree("Acme", listed(**people)), people)
        assert found.children[-1].members == ("A", order[1])


def test_a_column_merges_what_has_too_few_valid_answers_and_leaves_out_what_has_none():
    people = {"Legal": 8, "HR": 9, "IT": 12, "Ops": 20}
    wave = plan_wave(tree("Acme", listed(**people)), people)
    column = plan_column(wave, {"Legal": 3, "HR": 0, "IT": 11, "Ops": 20}, k=5)
    assert column is not None
    assert [(one.id, sorted(one.departments)) for one in strata(column)] == [
        ("HR", ["HR"]),
        ("Ops", ["Ops"]),
        ("merged:organisation", ["IT", "Legal"]),
    ]


@pytest.mark.parametrize(
    ("departments", "message"),
    [
        (listed(A=("B", 3)), "lies below B"),
        (listed(A=("B", 3), B=("A", 3)), "below the organisation"),
        (listed(A=3) * 2, "ids of their own"),
    ],
)
def test_departments_that_form_no_tree_are_refused(departments, message):
    with pytest.raises(TreeError, match=message):
        tree("Acme", departments)


def random_cases(*, k_intervals=5):
    """Random organisations with at most 13 people and random don't-knows; the generator's seed is fixed."""
    rng, organisations = random.Random(5), tried(400, sample=80)
    while organisations:
        one = random_organisation(rng)
        valid = [place for place in range(len(one.people)) if rng.random() < 0.8]
        if 5 <= len(one.people) <= 13 and len(valid) >= k_intervals:
            organisations -= 1
            yield one, valid


def test_random_organisations_are_planned_without_a_leak():
    k, k_intervals, found = 3, 5, dict.fromkeys(("means", "intervals", "responses", "not nested", "naive"), 0)
    for one, valid in random_cases():
        everyone, people = list(range(len(one.people))), one.people
        answered = counts(people[place] for place in valid)
        wave = plan_wave(one.tree, counts(people), k=k)
        means = plan_column(wave, answered, k=k)
        assert means is not None
        intervals = plan_column(means, answered, k=k_intervals)
        assert intervals is not None
        found["means"] += leaks(sets_of(nodes(means), people, valid), valid, k)
        found["intervals"] += leaks(sets_of(nodes(intervals), people, valid), valid, k_intervals)
        found["responses"] += leaks(sets_of(nodes(wave), people), everyone, k)
        found["not nested"] += not all(nested(fine, coarse) for fine, coarse in ((wave, means), (means, intervals)))
        found["naive"] += leaks(sets_of(naive(one.tree, answered, k), people, valid), valid, k)
    assert found["naive"] > tried(150, sample=20), "the rank test must catch the rule that only hides small cells"
    assert found == {"means": 0, "intervals": 0, "responses": 0, "not nested": 0, "naive": found["naive"]}


def nested(fine, coarse):
    return all(
        one.departments <= other.departments or not one.departments & other.departments
        for one in strata(fine)
        for other in strata(coarse)
    )


def test_every_person_who_counts_is_in_exactly_one_stratum_of_0_or_k():
    for one, valid in random_cases():
        answered = counts(one.people[place] for place in valid)
        everyone = counts(one.people)
        column = plan_column(one.tree, answered, k=3)
        assert column is not None
        for people, plan in ((everyone, plan_wave(one.tree, everyone, k=3)), (answered, column)):
            leaves = [count(leaf, people) for leaf in strata(plan)]
            assert sum(leaves) == sum(people.values())
            assert all(size == 0 or size >= 3 for size in leaves)


def test_the_people_of_a_row_are_those_of_the_rows_below_it():
    for one, _ in random_cases():
        people = counts(one.people)
        for node in nodes(plan_wave(one.tree, people, k=3)):
            below = [child.departments for child in node.children]
            assert sum(len(each) for each in below) == len(frozenset().union(*below))
            assert not below or sum(count(child, people) for child in node.children) == count(node, people)


def test_the_plan_is_finer_than_nothing():
    shown = [len(list(nodes(plan_wave(one.tree, counts(one.people), k=3)))) for one, _ in random_cases()]
    assert sum(size > 1 for size in shown) > tried(200, sample=40)


def test_two_pools_of_one_parent_that_were_told_of_before_are_two_rows():
    departments = listed(A=9, B=9, C=9, D=9, E=9)
    told = [frozenset("AB"), frozenset("CD")]
    found = plan_wave(tree("Acme", departments), dict.fromkeys("ABCDE", 9), told=told)
    assert rows(found)[1:] == [
        ("E", ("E",)),
        ("pool:organisation", ("A", "B")),
        ("pool:organisation:3", ("C", "D")),
    ]


def test_what_a_later_step_merges_lies_beside_what_an_earlier_one_merged():
    departments = listed(A=9, B=9, C=9, D=9, E=9)
    means = plan_column(tree("Acme", departments), {"A": 3, "B": 3, "C": 9, "D": 9, "E": 9}, k=5)
    assert means is not None
    found = plan_column(means, {"A": 6, "B": 6, "C": 2, "D": 3, "E": 9}, k=5)
    assert found is not None
    assert rows(found)[1:] == [
        ("E", ("E",)),
        ("merged:organisation", ("A", "B")),
        ("merged:organisation:2", ("C", "D")),
    ]


def test_a_column_that_hides_nothing_leaves_the_tree_as_it_is():
    whole = tree("Acme", listed(A=9, B=("A", 9), C=("A", 9), D=9))
    rows_of_wave = plan_wave(whole, dict.fromkeys("BCD", 9))
    assert plan_column(rows_of_wave, dict.fromkeys("BCD", 7), k=5) is rows_of_wave
