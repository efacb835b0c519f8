"""No print of a question's three shares tells how many people are beyond its bound: every division of 10 to 60."""

from collections import defaultdict
from functools import cache

import numpy as np
import pytest

from scoring.sides import few, printed_sides, rolled_part, rolled_sides

SIZES = [*range(10, 61), 79, 80, 101]


def divisions(n):
    """All numbers of answers below, at and above the middle that n people can give."""
    found = [(low, middle, n - low - middle) for low in range(n + 1) for middle in range(n + 1 - low)]
    return np.array(found, dtype=np.intp)


def prints(sides):
    percent, beyond = printed_sides(sides)
    return [tuple(zip(*one, strict=True)) for one in zip(percent.tolist(), beyond.tolist(), strict=True)]


@cache
def behind(n, *, middle=True):
    """The divisions behind each print that n people can give; without a middle, those of a scale that has none."""
    sides = divisions(n)
    found = defaultdict(list)
    for one, told in zip(sides.tolist(), prints(sides), strict=True):
        if middle or not one[1]:
            found[told].append(tuple(one))
    return found


def bounded(told):
    return [side for side, (_, beyond) in enumerate(told) if beyond]


def moved(one, other):
    """How many people have to answer otherwise to make the one division the other."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) // 2


@pytest.mark.parametrize("n", SIZES)
def test_behind_every_print_with_a_bound_are_divisions_that_differ(n):
    seen = 0
    for told, divided in behind(n).items():
        if bounded(told):
            seen += 1
            assert len(divided) >= 2, (told, divided)
            most = max(moved(one, other) for one in divided for other in divided)
            assert most >= min(2, n // (10 if n < 20 else 20)), (told, divided)
            for side in bounded(told):
                assert len({one[side] for one in divided}) >= 2, "a bound tells a number"
    assert seen > n


@pytest.mark.parametrize("middle", [True, False], ids=["odd scale", "even scale"])
@pytest.mark.parametrize("n", SIZES)
def test_no_print_says_that_all_answered_alike_or_that_nobody_answered_so(n, middle):
    for told, divided in behind(n, middle=middle).items():
        alike = [n in one for one in divided]
        assert not all(alike), told
        if any(alike):
            assert max(moved(one, other) for one in divided for other in divided) >= (2 if n >= 40 else 1)
        if middle:
            for side in range(3):
                assert {one[side] for one in divided} != {0}, (told, "nobody answered so")


@pytest.mark.parametrize("n", SIZES)
def test_every_print_is_true_and_clipped_as_the_design_says(n):
    lowest, highest = (10, 90) if n < 20 else (5, 95)
    hidden = int(few(np.array(n)))
    for told, divided in behind(n).items():
        for one in divided:
            for (percent, beyond), people in zip(told, one, strict=True):
                share = 100 * people / n
                if beyond < 0:
                    assert share <= percent
                    assert percent in (lowest, 2 * lowest)
                elif beyond > 0:
                    assert share >= percent == highest
                else:
                    assert lowest < share < highest, "what is beyond is printed as a bound"
                    assert abs(percent - share) <= 100 * hidden / n + 3
            exact = [abs(percent - 100 * people / n) <= 0.5 for (percent, _), people in zip(told, one, strict=True)]
            assert any(exact) or max(one) >= n - 3 * hidden, "one share is told as it is"


@pytest.mark.parametrize("n", SIZES)
def test_what_enters_a_roll_up_does_not_say_it_either(n):
    sides = divisions(n)
    found = defaultdict(list)
    by_print = defaultdict(set)
    for one, told, rolled in zip(sides.tolist(), prints(sides), rolled_sides(sides).tolist(), strict=True):
        assert sum(rolled) == pytest.approx(1)
        assert max(abs(n * share - people) for share, people in zip(rolled, one, strict=True)) <= (1.5 if n < 40 else 3)
        found[told, tuple(rolled)].append(tuple(one))
        by_print[told].add(tuple(rolled))
    for divided in found.values():
        assert not all(n in one for one in divided)
        if any(n in one for one in divided):
            assert max(moved(one, other) for one in divided for other in divided) >= (2 if n >= 40 else 1)
    if n < 40:
        assert all(len(rolled) == 1 for rolled in by_print.values()), "a roll-up tells nothing that a print does not"


def test_a_dont_know_rate_enters_a_roll_up_as_half_of_what_a_bound_hides():
    told = rolled_part(
        np.array([0, 1, 2, 9, 10, 0, 1, 2, 3, 0, 4]), np.array([10, 10, 10, 10, 10, 40, 40, 40, 40, 0, 9])
    )
    assert told.tolist() == pytest.approx([0.05, 0.05, 0.2, 0.95, 0.95, 0.025, 0.025, 0.025, 0.075, 0, 4 / 9])


def test_shares_of_nobody_are_nothing():
    nobody = np.zeros((1, 3), dtype=np.intp)
    percent, beyond = printed_sides(nobody)
    assert (percent.tolist(), beyond.tolist(), rolled_sides(nobody).tolist()) == ([[0] * 3],) * 2 + ([[0.0] * 3],)
