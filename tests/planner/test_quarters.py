"""Which waves are proposed, and when a time on the wall is."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidError
from app.planner.quarters import proposed, quarters
from app.waves import moments
from app.waves.moments import Typed, instant


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_a_quarter_holds_its_day_and_the_next_one_follows_it(day: date, month: int) -> None:
    found = list(islice(quarters(day, year_starts=month), 5))
    assert found[0].begins <= day < found[0].ends
    assert all(one.ends == other.begins for one, other in pairwise(found))
    assert any(one.begins.month == month for one in found[:4])
    assert {one.begins.day for one in found} == {1}


@given(st.dates(date(2020, 1, 1), date(2080, 1, 1)), st.integers(1, 12))
def test_proposed_waves_lie_ahead_and_close_before_their_quarter_ends(day: date, month: int) -> None:
    found = proposed(day, year_starts=month, after=date(2019, 1, 1), taken=(), most=4)
    assert len({one.label for one in found}) == 4
    for one in found:
        assert day < one.opens < one.closes < one.quarter.ends
        assert one.opens.weekday() == 1


def test_a_financial_year_that_begins_in_february_moves_the_proposals() -> None:
    [first, *_] = proposed(date(2027, 1, 20), year_starts=2, after=date(2026, 11, 3), taken=(), most=4)
    assert (first.label, first.opens, first.closes) == ("2027-Q2", date(2027, 4, 6), date(2027, 4, 20))


def test_a_label_that_is_taken_is_not_proposed_again() -> None:
    found = proposed(date(2027, 1, 20), year_starts=1, after=date(2026, 11, 3), taken={"2027-Q1"}, most=2)
    assert [one.label for one in found] == ["2027-Q2", "2027-Q3"]


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2027, 3, 26), datetime(2027, 3, 26, 8, tzinfo=UTC)),
        (date(2027, 3, 29), datetime(2027, 3, 29, 7, tzinfo=UTC)),
        (date(2027, 11, 1), datetime(2027, 11, 1, 8, tzinfo=UTC)),
    ],
)
def test_nine_on_the_wall_is_nine_on_both_sides_of_a_change_of_the_clocks(day: date, moment: datetime) -> None:
    assert instant(day, time(9), "Europe/Berlin") == moment


def test_a_time_that_the_clocks_leave_out_is_named() -> None:
    with pytest.raises(InvalidError) as refused:
        moments.read(Typed("2027-03-28", "02:30"), "Europe/Berlin", name="opens")
    assert refused.value.fields == {
        "opens": "There is no 02:30 on 28 March 2027 in Europe/Berlin: the clocks are set forward over it. Choose "
        "03:30, or another time."
    }


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    twice = moments.read(Typed("2026-10-25", "02:30"), "Europe/Berlin", name="opens")
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "at"), [("soon", "09:00"), ("2027-02-30", "09:00"), ("2027-02-03", "9 o'clock")])
def test_what_is_no_day_or_no_time_gets_a_sentence(day: str, at: str) -> None:
    with pytest.raises(InvalidError, match=r"Give a (day|time) such as"):
        moments.read(Typed(day, at), "Europe/Berlin", name="opens")


@given(st.integers(0, 60 * 24 * 365 * 20), st.sampled_from(["Europe/Lisbon", "Asia/Kolkata"]))
def test_what_a_page_shows_is_read_back_as_the_same_minute(minutes: int, zone: str) -> None:
    there = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    back = moments.read(moments.typed(there, zone), zone, name="x")
    # Of an hour that comes twice the page cannot say which: the first is taken.
    assert back is not None
    assert (there - back).total_seconds() in (0, 3600)
