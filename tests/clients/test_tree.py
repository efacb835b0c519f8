"""The department tree: what can be added, changed, moved and closed, on both databases."""

from uuid import uuid4

import pytest

from app.clients.queries import departments, organisation, summaries
from app.clients.service import (
    add_department,
    change_department,
    close_department,
    create_organisation,
)
from app.errors import ConflictError, InvalidError, NotFoundError
from tests.places import START


def node(session, cast, name):
    return next(n for n in departments(session, cast.organisation) if n.name == name)


def change(session, cast, department, **changes):
    now = node(session, cast, department)
    values = {"name": now.name, "parent_id": now.parent_id, "function": now.function, "headcount": now.headcount}
    change_department(session, cast.organisation, now.id, **{"now": START, **values, **changes})


def test_departments_come_depth_first_with_totals(database, cast):
    with database.reading() as session:
        tree = departments(session, cast.organisation)
    assert [(n.name, n.depth, n.headcount, n.total_headcount) for n in tree][2:7] == [
        ("Finance", 0, 2, 21),
        ("Accounts payable", 1, 9, 9),
        ("Planning", 1, 6, 6),
        ("Tax", 1, 4, 4),
        ("Operations", 0, 30, 30),
    ]
    assert [n.position for n in tree] == list(range(len(tree)))


def test_the_tree_is_read_with_one_statement(database, cast, statements):
    with database.reading() as session:
        statements.clear()
        departments(session, cast.organisation)
    assert len([s for s in statements if s.startswith("SELECT")]) == 1


@pytest.mark.both
def test_a_department_can_be_renamed_and_moved(database, cast):
    with database.writing() as session:
        change(session, cast, "Tax", name="  Tax   and customs ", parent_id=cast.departments["Legal"], headcount=5)
    with database.reading() as session:
        moved = node(session, cast, "Tax and customs")
    assert (moved.id, moved.parent_id, moved.headcount) == (
        cast.departments["Tax"],
        cast.departments["Legal"],
        5,
    )


@pytest.mark.parametrize("parent", ["Finance", "Tax"])
def test_a_department_cannot_lie_below_itself(database, cast, parent):
    with database.writing() as session, pytest.raises(InvalidError, match="lies below this department") as refusal:
        change(session, cast, "Finance", parent_id=cast.departments[parent])
    assert list(refusal.value.fields) == ["parent"]


def test_all_wrong_fields_are_named_at_once(database, cast, clock):
    with database.writing() as session, pytest.raises(InvalidError) as refusal:
        add_department(
            session,
            cast.organisation,
            name=" finance ",
            parent_id=None,
            function="astrology",
            headcount=-1,
            now=clock(),
        )
    assert set(refusal.value.fields) == {"name", "function", "headcount"}


def test_a_tree_has_at_most_twelve_levels(database, cast, clock):
    with database.writing() as session:
        parent = cast.departments["Legal"]
        for level in range(11):
            parent = add_department(
                session,
                cast.organisation,
                name=f"Level {level}",
                parent_id=parent,
                function="other",
                headcount=1,
                now=clock(),
            )
        with pytest.raises(InvalidError, match="12 levels"):
            change(session, cast, "HR", parent_id=parent)
        with pytest.raises(InvalidError, match="12 levels"):
            change(session, cast, "Finance", parent_id=node(session, cast, "Level 9").id)


def test_a_department_with_open_ones_below_it_cannot_be_closed(database, cast, clock):
    with database.writing() as session, pytest.raises(ConflictError, match="Accounts payable, Planning, Tax"):
        close_department(session, cast.organisation, cast.departments["Finance"], now=clock())


def test_a_closed_department_leaves_the_tree_and_takes_no_changes(database, cast, clock):
    with database.writing() as session:
        close_department(session, cast.organisation, cast.departments["Ethics"], now=clock())
        close_department(session, cast.organisation, cast.departments["Ethics"], now=clock())
        assert "Ethics" not in [n.name for n in departments(session, cast.organisation)]
        with pytest.raises(ConflictError, match="Ethics has been closed"):
            change_department(
                session,
                cast.organisation,
                cast.departments["Ethics"],
                name="Ethics",
                parent_id=None,
                function="other",
                headcount=3,
                now=START,
            )
        again = {"name": "Ethics", "parent_id": None, "function": "other", "headcount": 3, "now": clock()}
        assert add_department(session, cast.organisation, **again) != cast.departments["Ethics"]


def test_a_department_of_another_client_is_out_of_reach(database, cast, clock):
    with database.writing() as session:
        with pytest.raises(NotFoundError):
            close_department(session, cast.other, cast.departments["Ethics"], now=clock())
        with pytest.raises(InvalidError, match="parent is not there"):
            add_department(
                session,
                cast.other,
                name="Spies",
                parent_id=cast.departments["Legal"],
                function="other",
                headcount=1,
                now=clock(),
            )


def test_a_form_sent_twice_makes_one_organisation(database, cast, clock):
    form = uuid4()
    values = {"name": "Millbrook", "time_zone": "UTC", "user_id": cast.cleo, "now": clock(), "organisation_id": form}
    for _ in range(2):
        with database.writing() as session:
            assert create_organisation(session, **values) == form
    with database.writing() as session, pytest.raises(ConflictError):
        create_organisation(session, **{**values, "user_id": cast.ben})
    with database.reading() as session:
        assert organisation(session, form).name == "Millbrook"


@pytest.mark.both
def test_the_list_of_clients_counts_open_departments_and_people(database, cast, clock):
    with database.writing() as session:
        close_department(session, cast.organisation, cast.departments["Ethics"], now=clock())
    with database.reading() as session:
        fernhill, quarry = summaries(session, [cast.other, cast.organisation])
    assert (fernhill.departments, fernhill.headcount) == (9, 102)
    assert (quarry.departments, quarry.headcount) == (0, 0)


@pytest.mark.parametrize(("name", "zone", "field"), [("", "UTC", "name"), ("A", "Mars/Olympus", "time_zone")])
def test_an_organisation_needs_a_name_and_a_time_zone(database, cast, clock, name, zone, field):
    with database.writing() as session, pytest.raises(InvalidError) as refusal:
        create_organisation(session, name=name, time_zone=zone, user_id=cast.ada, now=clock())
    assert list(refusal.value.fields) == [field]
