from dataclasses import replace
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.waves.visible import Department, Group, groups, still_large


def tree(*departments: tuple[str, str | None, int]) -> list[Department]:
    ids = {name: UUID(int=number) for number, (name, _, _) in enumerate(departments, start=1)}
    return [Department(ids[name], ids[above] if above else None, name, people) for name, above, people in departments]


def names(found: tuple[Group, ...]) -> list[str]:
    return [group.name for group in found]


def test_small_departments_are_shown_together():
    found = groups(tree(("Legal", None, 8), ("HR", None, 6), ("IT", None, 12), ("Ethics", None, 3)))
    assert names(found) == ["IT", "Legal, HR, Ethics"]
    assert found[1].pooled
    assert found[1].members == ("Legal", "HR", "Ethics")


def test_a_single_small_department_takes_the_smallest_other_with_it():
    found = groups(tree(("Operations", None, 30), ("Ethics", None, 3), ("IT", None, 12)))
    assert names(found) == ["Operations", "Ethics, IT"]


def test_a_department_is_split_only_where_every_part_is_large_enough():
    small = tree(("Finance", None, 2), ("Payables", "Finance", 9), ("Tax", "Finance", 4), ("IT", None, 12))
    assert names(groups(small)) == ["Finance", "IT"]
    large = tree(("Finance", None, 2), ("Payables", "Finance", 19), ("Tax", "Finance", 9), ("IT", None, 12))
    assert names(groups(large)) == ["Finance", "Payables", "Finance itself, Tax", "IT"]


def test_the_departments_of_a_named_pool_are_one_group_however_large_they_are():
    departments = tree(
        ("Legal", None, 18), ("HR", None, 13), ("Audit", None, 3), ("IT", None, 12), ("Vetting", "HR", 11)
    )
    found = groups(
        [
            replace(department, pool="Staff" if department.name in ("HR", "Audit") else None)
            for department in departments
        ]
    )
    assert names(found) == ["Legal", "HR, Audit", "IT"]
    assert found[1].pooled
    assert found[1].members == ("HR", "Audit")
    assert {department.id for department in departments if department.name in ("HR", "Audit", "Vetting")} == set(
        found[1].departments
    )


def test_a_named_pool_that_is_too_small_is_shown_with_others():
    departments = tree(("Legal", None, 18), ("HR", None, 4), ("Audit", None, 3), ("IT", None, 12))
    found = groups(
        [
            replace(department, pool="Staff" if department.name in ("HR", "Audit") else None)
            for department in departments
        ]
    )
    assert names(found) == ["Legal", "HR, Audit, IT"]
    assert found[1].members == ("HR", "Audit", "IT")


def test_an_organisation_of_nine_shows_nothing():
    assert groups(tree(("All", None, 9))) == ()
    assert groups([]) == ()


@st.composite
def trees(draw: st.DrawFn) -> list[Department]:
    sizes = draw(st.lists(st.integers(0, 14), min_size=1, max_size=9))
    departments: list[Department] = []
    for number, people in enumerate(sizes):
        above = draw(st.sampled_from([None, *(department.id for department in departments)]))
        departments.append(
            Department(UUID(int=number + 1), above, f"D{number}", people, draw(st.sampled_from([None, "one", "two"])))
        )
    return departments


@given(trees())
def test_no_two_groups_differ_by_fewer_than_ten_people(departments: list[Department]):
    """Two people are equivalent when the same groups hold them; every class of equivalent people is large enough."""
    people = {department.id: department.headcount for department in departments}
    shown = [set(group.departments) for group in groups(departments)]
    shown.append(set(people))  # the organisation's total is always shown
    classes: dict[tuple[bool, ...], int] = {}
    for department_id, count in people.items():
        key = tuple(department_id in group for group in shown)
        classes[key] = classes.get(key, 0) + count
    if sum(people.values()) >= 10:
        assert all(count == 0 or count >= 10 for count in classes.values())
    for one, other in combinations(shown, 2):
        assert one <= other or other <= one or not one & other


@given(trees())
def test_groups_depend_on_tree_and_headcounts_alone(departments: list[Department]):
    assert groups(departments) == groups(list(departments))
    assert all(
        not set(group.departments) - {department.id for department in departments} for group in groups(departments)
    )


def test_a_group_that_a_correction_leaves_too_small_goes_with_its_neighbours():
    departments = tree(("Finance", None, 2), ("Payables", "Finance", 19), ("Tax", "Finance", 12), ("IT", None, 12))
    ids = {department.name: department.id for department in departments}
    planned = {department.id: department.headcount for department in departments}
    found = groups(departments)
    assert names(still_large(found, planned)) == names(found)
    assert names(still_large(found, planned | {ids["Payables"]: 9})) == ["Finance", "IT"]
    assert still_large(found, planned | {ids["IT"]: 9}) == ()
