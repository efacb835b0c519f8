"""The forecast of what a result will show, while the wave is open and nobody may know who has answered."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sentences import Sentence
from app.waves import final, likely, visible
from app.waves.likely import Basis, Chance, Part, band, chances
from app.waves.queries import WaveDepartmentFacts


def alone(headcount: int, answered: int, *, to_come: tuple[float, ...] = (), beside: int = 40) -> Chance:
    """The chance of a department that stands alone in the table, beside a large one of which everybody answered."""
    parts = (Part((0,), answered), Part((1,), beside))
    found, _ = chances(Basis((-1, -1), (headcount, beside), (-1, -1), parts, to_come, 5))
    assert found is not None
    return found


def test_a_department_with_enough_answers_is_shown_and_one_with_too_few_is_not() -> None:
    assert alone(20, 5) == Chance(1.0, None, 0)
    assert alone(20, 3) == Chance(0.0, None, 2)


def test_what_is_still_to_come_may_show_a_department_by_the_close() -> None:
    found = alone(20, 3, to_come=(0.9,) * 600)
    assert (found.now, found.missing) == (0.0, 2)
    assert found.at_close is not None
    assert found.at_close > 0.95
    assert alone(20, 3, to_come=(0.0,) * 600).at_close == 0.0


def test_who_of_a_group_has_answered_is_drawn_by_lot() -> None:
    parts = (Part((0, 1), 10), Part((2,), 30))
    one, other, _ = chances(Basis((-1, -1, -1), (8, 8, 30), (-1, -1, -1), parts, (), 5))
    assert one is not None
    assert other is not None
    assert one.now == other.now, "if one of them has fewer than five, it is shown with the other"
    assert 0.2 < one.now < 0.6


def test_departments_below_the_smallest_group_and_those_of_a_pool_are_never_shown_alone() -> None:
    found = chances(Basis((-1,) * 4, (4, 9, 9, 30), (-1, 0, 0, -1), (Part((0, 1, 2, 3), 30),), (), 5))
    assert [one is None for one in found] == [True, True, True, False]


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        (0, "more answers in the departments beside it"),
        (1, "one or two more answers"),
        (4, "three to five more answers"),
        (9, "six to ten more answers"),
        (11, "more than ten more answers"),
    ],
)
def test_what_is_missing_is_told_in_bands(missing: int, told: str) -> None:
    assert band(missing) == Sentence(told)


def facts(name: str, headcount: int, parent: UUID | None, position: int) -> WaveDepartmentFacts:
    return WaveDepartmentFacts(
        department_id=uuid4(),
        parent_id=parent,
        name=name,
        function="other",
        planned_headcount=headcount,
        headcount=headcount,
        headcount_confirmed=False,
        position=position,
        layout_items=(),
        layout_sha256="",
    )


def test_each_part_counts_what_no_smaller_group_counts() -> None:
    finance = facts("Finance", 2, None, 0)
    payable, tax = (facts(name, n, finance.department_id, 1) for name, n in (("Accounts payable", 15), ("Tax", 9)))
    legal = facts("Legal", 30, None, 3)
    departments = [finance, payable, tax, legal]
    groups = visible.groups(
        [visible.Department(one.department_id, one.parent_id, one.name, one.headcount) for one in departments]
    )
    counted = {"Finance": 12, "Legal": 20, "Accounts payable": 9}
    numbers = [counted.get(group.name, 3) for group in groups]
    found = likely.basis(departments, groups, numbers, total=32, to_come=(), k=5)
    assert set(found.parts) == {Part((1,), 9), Part((0, 2), 3), Part((3,), 20)}


@given(st.integers(0, 30), st.lists(st.integers(1, 25), min_size=1, max_size=6), st.floats(0, 1))
def test_more_to_come_never_hides_a_single_department(answered: int, heads: list[int], share: float) -> None:
    part = Part(tuple(range(len(heads))), min(answered, sum(heads)))
    nobody = (-1,) * len(heads)
    found = chances(Basis(nobody, tuple(heads), nobody, (part,), (share,) * 50, 5))
    for one in found if len(heads) == 1 else ():
        assert one is None or one.at_close is None or one.at_close >= one.now


def test_what_comes_today_is_no_part_of_what_is_still_to_come() -> None:
    monday = date(2026, 10, 5)
    days = {monday + timedelta(days=n): 5 for n in range(4)}
    today, closes = monday + timedelta(days=4), monday + timedelta(days=11)

    def to_come(counts: dict[date, int], today: date) -> tuple[float, ...]:
        return final.still_to_come(counts, people=100, opened=monday, today=today, closes=closes)

    before = to_come(days, today)
    assert len(before) == final.SHARES
    assert all(0 <= one <= 1 for one in before)
    assert to_come({**days, today: 9}, today) == before
    assert to_come(days, monday) == ()
