"""What changes make of a tree, whatever they are: no ring, one tree for every day, and back again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients.queries import arranged
from app.clients.restructuring import require_sound, restructured
from app.errors import InvalidError
from app.lineage.days import beginning, today
from app.lineage.descent import concerning, heirs, steps, take_back
from app.lineage.snapshots import Change, Kind, Part, Snapshot, Wanted, snapshot, wanted

SPACE = UUID(int=7)
DAY = date(2026, 10, 5)
NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
FUNCTIONS = ("legal", "hr", "finance", "other")

Tree = dict[UUID, Snapshot]


def named(*places: tuple[str, str | None, int]) -> Tree:
    """A tree of departments given by name, parent and headcount."""
    ids = {name: uuid5(SPACE, name) for name, _, _ in places}
    return {
        ids[name]: Snapshot(ids[name], name, ids[parent] if parent else None, "other", headcount)
        for name, parent, headcount in places
    }


ACME = named(("Legal", None, 8), ("HR", None, 6), ("Finance", None, 2), ("Tax", "Finance", 4), ("VAT", "Tax", 3))


def opened(tree: Tree) -> tuple[Snapshot, ...]:
    return tuple(one for one in tree.values() if one.is_open)


def done(tree: Tree, kind: Kind, day: date, number: int, asked: Wanted) -> Change:
    """Makes a change in a tree and gives it."""
    id = uuid5(SPACE, f"{kind} {number}")
    found = restructured(arranged(opened(tree)), kind, asked, change_id=id)
    tree.update({one.id: one for one in found.after})
    return Change(
        id=id,
        kind=kind,
        day=day,
        state="done",
        number=number,
        wanted=asked,
        before=found.before,
        after=found.after,
        user_id=None,
        asked_at=NOW,
        done_at=NOW,
    )


def ids(*names: str) -> tuple[UUID, ...]:
    return tuple(uuid5(SPACE, name) for name in names)


PICK = st.integers(0, 40)
ASKED = st.lists(
    st.tuples(
        st.sampled_from(["open", "rename", "move", "merge", "split", "close"]),
        st.lists(PICK, min_size=2, max_size=4),
        PICK,
        st.sampled_from(["Legal", "Law", "People", "Money", "Tax", "Desk", "Quay"]),
        st.integers(0, 3),
    ),
    max_size=14,
)


@given(ASKED)
def test_whatever_is_changed_every_day_has_one_tree_without_a_ring_and_everything_can_be_taken_back(asked):
    tree: Tree = dict(ACME)
    trees, changes, day = {DAY - timedelta(days=1): dict(tree)}, [], DAY
    for number, (kind, picked, parent, name, later) in enumerate(asked):
        there = [*opened(tree)]
        day += timedelta(days=later)
        chosen = tuple({there[at % len(there)].id: None for at in picked}) if there else ()
        above = there[parent % len(there)].id if there and parent % 3 else None
        parts = (Part(name, "other", 2), Part(f"{name} too", "", 3))
        want = Wanted(
            departments=() if kind == "open" else chosen if kind == "merge" else chosen[:1],
            name=name,
            parent_id=above,
            function="other",
            headcount=3,
            parts=parts,
        )
        try:
            changes.append(done(tree, kind, day, number, want))
        except InvalidError:
            continue
        trees[day] = dict(tree)
    for when, then in trees.items():
        found = dict(tree)
        for change in reversed([one for one in changes if one.day > when]):
            take_back(found, change)
        require_sound(opened(found))
        assert {one.id: one for one in opened(found)} == {one.id: one for one in opened(then)}
    for change in reversed(changes):
        take_back(tree, change)
    assert tree == ACME


def test_a_merge_makes_a_new_department_that_takes_over_people_and_what_lies_below():
    tree: Tree = dict(ACME)
    change = done(tree, "merge", DAY, 1, Wanted(departments=ids("Legal", "Finance"), name="Legal"))
    [made] = [one for one in opened(tree) if one.name == "Legal"]
    assert made.id not in ids("Legal", "Finance"), "a department that took another over is not the group that it was"
    assert (made.headcount, made.parent_id) == (10, None)
    assert tree[ids("Tax")[0]].parent_id == made.id
    assert [(one.before.name, one.after.name) for one in steps(change) if one.before and one.after] == [
        ("Legal", "Legal"),
        ("Finance", "Legal"),
    ]


@pytest.mark.parametrize(
    ("kind", "asked", "field", "sentence"),
    [
        ("merge", Wanted(departments=ids("Finance", "HR"), name="F", parent_id=ids("VAT")[0]), "parent", "lies below"),
        ("merge", Wanted(departments=ids("Tax", "HR"), name="F", parent_id=ids("Tax")[0]), "parent", "merged itself"),
        ("merge", Wanted(departments=ids("Finance"), name="F"), "departments", "at least two"),
        ("merge", Wanted(departments=ids("Finance", "HR"), name="Legal"), "name", "in the same place already"),
        ("move", Wanted(departments=ids("Finance"), parent_id=ids("VAT")[0]), "parent", "lies below this department"),
        ("move", Wanted(departments=ids("Tax"), parent_id=ids("Finance")[0]), "parent", "there already"),
        ("rename", Wanted(departments=ids("HR"), name="legal"), "name", "in the same place already"),
        ("close", Wanted(departments=ids("Finance")), "department", "while there are departments below it: Tax"),
        ("close", Wanted(departments=ids("Nowhere")), "department", "not there any more"),
        ("split", Wanted(departments=ids("HR"), parts=(Part("A", "", 1),)), "parts", "at least two"),
        ("split", Wanted(departments=ids("HR"), parts=(Part("A", "", 1), Part("a", "", 1))), "parts", "same name"),
        ("open", Wanted(name="Desk", function="desk", headcount=1), "function", "Choose one of the functions"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(kind, asked, field, sentence):
    with pytest.raises(InvalidError) as refusal:
        done(dict(ACME), kind, DAY, 1, asked)
    assert sentence in refusal.value.fields[field]


def test_who_is_left_alone_in_a_pool_leaves_it_and_is_in_it_again_afterwards():
    pooled = {id: replace(one, pool="Staff" if one.name in ("Legal", "HR") else None) for id, one in ACME.items()}
    tree = dict(pooled)
    change = done(tree, "close", DAY, 1, Wanted(departments=ids("HR")))
    assert tree[ids("Legal")[0]].pool is None
    take_back(tree, change)
    assert tree == pooled


def test_heirs_follow_merges_and_stop_at_splits():
    tree: Tree = dict(ACME)
    first = done(tree, "merge", DAY, 1, Wanted(departments=ids("Legal", "HR"), name="Services"))
    [services] = [one.id for one in opened(tree) if one.name == "Services"]
    second = done(tree, "merge", DAY, 2, Wanted(departments=(services, *ids("VAT")), name="All"))
    [end] = [one.id for one in opened(tree) if one.name == "All"]
    assert heirs([first, second]) == {**dict.fromkeys(ids("Legal", "HR", "VAT"), end), services: end}
    third = done(tree, "split", DAY, 3, Wanted(departments=(end,), parts=(Part("A", "", 1), Part("B", "", 1))))
    assert heirs([first, second, third])[services] == end
    assert concerning([first, second, third], [one.after.id for one in steps(third) if one.after]) == (
        first,
        second,
        third,
    )
    assert concerning([first, second, third], ids("Finance")) == ()


def test_a_day_begins_with_its_first_moment_also_where_the_clocks_skip_midnight():
    assert beginning(date(2026, 12, 1), "Europe/Berlin") == datetime(2026, 11, 30, 23, tzinfo=UTC)
    skipped = beginning(date(2026, 9, 6), "America/Santiago")  # at midnight the clocks are set forward to one o'clock
    assert skipped == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert today(skipped, "America/Santiago") == date(2026, 9, 6)
    assert today(skipped - timedelta(seconds=1), "America/Santiago") == date(2026, 9, 5)


def test_what_is_stored_of_a_department_and_of_a_wish_is_read_as_it_was():
    one = replace(ACME[ids("Tax")[0]], pool="Money", site="Quay", is_open=False)
    want = Wanted(departments=ids("Tax"), name="<b>", parent_id=ids("HR")[0], parts=(Part("A", "", 1),))
    assert snapshot(one.stored) == one
    assert wanted(want.stored) == want
