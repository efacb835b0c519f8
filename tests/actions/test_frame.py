"""Ninety days: when they begin, by when each action is proposed to be done, in which part a day lies."""

from datetime import date, timedelta
from uuid import uuid4

from app.actions import frame
from app.actions.rules import circle
from app.playbooks.shelf import library

MONDAY = date(2026, 11, 23)


def test_ninety_days_that_run_go_on_and_else_begin_today() -> None:
    assert frame.begin([], MONDAY) == MONDAY
    begun = MONDAY - timedelta(days=89)
    assert frame.begin([begun, MONDAY - timedelta(days=200)], MONDAY) == begun
    assert frame.begin([MONDAY - timedelta(days=90)], MONDAY) == MONDAY
    assert frame.begin([MONDAY + timedelta(days=1)], MONDAY) == MONDAY, "what lies ahead has not begun"


def test_an_action_is_due_after_its_weeks_and_after_what_it_needs_on_a_working_day_within_the_ninety() -> None:
    every = library().actions
    needing = next(one for one in every if one.needs)
    first = library().by_id[needing.needs[0]]
    due = frame.due_days((needing, first), MONDAY, MONDAY)
    assert due[first.id] == frame.working(MONDAY + timedelta(weeks=first.weeks))
    assert due[needing.id] > due[first.id]
    whole = frame.due_days(every, MONDAY, MONDAY)
    assert set(whole) == {one.id for one in every}
    assert all(day.weekday() < 5 for day in whole.values())
    assert max(whole.values()) < MONDAY + timedelta(days=frame.DAYS), "the day on which the next ninety may begin"
    late = frame.due_days((first,), MONDAY, MONDAY + timedelta(days=frame.DAYS))
    assert late[first.id] > MONDAY + timedelta(days=frame.DAYS), "no day that is over is proposed"


def test_a_day_lies_in_one_of_three_parts_or_after_them() -> None:
    found = [frame.part(MONDAY, MONDAY + timedelta(days=days)) for days in (0, 29, 30, 59, 60, 89, 90)]
    assert found == [0, 0, 1, 1, 2, 2, 3]


def test_a_way_round_is_found_however_long_and_what_is_no_circle_is_none() -> None:
    one, two, three, four = (uuid4() for _ in range(4))
    assert circle(one, {one: (two,), two: (three,), three: (one,)}) == (one, two, three, one)
    assert circle(one, {one: (two, three), two: (four,), three: (four,)}) is None
    assert circle(one, {one: (one,)}) == (one, one)
    assert circle(four, {one: (two,), two: (one,)}) is None
