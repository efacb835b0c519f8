"""Where a turnout will end: told late rather than wrongly, and right in eight courses of ten."""

from datetime import date, timedelta

import numpy as np
import pytest

from app.waves.final import forecast

MONDAY = date(2026, 10, 5)
PEOPLE = 400


def course(seed: int, chances: list[float]) -> dict[date, int]:
    """The answers of each working day from Monday on, where so large a share of those who have not answered does."""
    draw = np.random.default_rng(seed)
    waiting, day, found = PEOPLE, MONDAY, {}
    for chance in chances:
        while day.weekday() > 4:
            day += timedelta(days=1)
        found[day] = int(draw.binomial(waiting, chance))
        waiting -= found[day]
        day += timedelta(days=1)
    return found


def told(counts: dict[date, int], today: date, closes: date) -> tuple[int, int] | None:
    seen = {day: n for day, n in counts.items() if day < today}
    found = forecast(seen, people=PEOPLE, opened=MONDAY, today=today, closes=closes)
    return None if found is None else (found.low, found.high)


@pytest.mark.parametrize("chances", [[0.06] * 14, [0.05, 0.09, 0.04, 0.08, 0.06, 0.07, 0.05] * 2])
def test_where_days_go_on_as_they_were_about_eight_in_ten_end_within_the_interval(chances: list[float]) -> None:
    inside = 0
    for seed in range(60):
        counts = course(seed, chances)
        found = told(counts, date(2026, 10, 14), max(counts))
        assert found is not None
        end = 100 * sum(counts.values()) / PEOPLE
        inside += found[0] - 0.5 <= end <= found[1] + 0.5
    assert inside >= 0.7 * 60


def test_nothing_is_foretold_before_the_fourth_day_and_on_none_that_is_left() -> None:
    counts = course(1, [0.1] * 10)
    assert told(counts, date(2026, 10, 7), date(2026, 10, 16)) is None
    assert told(counts, date(2026, 10, 8), date(2026, 10, 16)) is not None
    assert told(counts, date(2026, 10, 17), date(2026, 10, 16)) is None
    assert forecast({}, people=0, opened=MONDAY, today=date(2026, 10, 9), closes=date(2026, 10, 16)) is None


def test_who_has_answered_stays_and_nobody_answers_twice() -> None:
    everybody = {MONDAY: PEOPLE}
    assert told(everybody, date(2026, 10, 9), date(2026, 10, 16)) == (100, 100)
    many_today = {MONDAY: 10, date(2026, 10, 9): 300}
    found = forecast(many_today, people=PEOPLE, opened=MONDAY, today=date(2026, 10, 9), closes=date(2026, 10, 9))
    assert found is not None
    assert found.low >= 77


def test_weekends_count_only_where_people_answer_on_them() -> None:
    counts = course(2, [0.1] * 5)
    monday = date(2026, 10, 12)
    working = told(counts, monday, monday)
    with_sunday = told({**counts, date(2026, 10, 11): 1}, monday, monday)
    assert working is not None
    assert with_sunday is not None
    assert with_sunday[0] < working[0], "two quiet days are among those that the next one may be like"


def test_the_same_days_are_told_the_same_way() -> None:
    counts = course(3, [0.08] * 10)
    assert told(counts, date(2026, 10, 12), date(2026, 10, 16)) == told(counts, date(2026, 10, 12), date(2026, 10, 16))
