"""How shares, their intervals and the effect of screening are printed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import NotCountsError
from scoring.printed import (
    PrintedShare,
    down,
    printed_share,
    printed_share_interval,
    printed_share_intervals,
    printed_shares,
    printed_shift,
)
from scoring.shares import wilsons


@pytest.mark.parametrize(
    ("share", "n", "printed"),
    [
        (0.9, 10, PrintedShare(90, ">=")),
        (11 / 12, 12, PrintedShare(90, ">=")),
        (1.0, 19, PrintedShare(90, ">=")),
        (0.1, 10, PrintedShare(10, "<=")),
        (1 / 12, 12, PrintedShare(10, "<=")),
        (0.0, 10, PrintedShare(10, "<=")),
        (0.95, 20, PrintedShare(95, ">=")),
        (20 / 21, 21, PrintedShare(95, ">=")),
        (0.0, 200, PrintedShare(5, "<=")),
        (0.05, 20, PrintedShare(5, "<=")),
        (0.125, 16, PrintedShare(13, "")),
        (0.625 - 1e-13, 16, PrintedShare(63, "")),
        (0.9004, 19, PrintedShare(90, ">=")),
    ],
)
def test_a_share_is_clipped_by_the_number_of_answers_and_printed_in_whole_per_cent(share, n, printed):
    assert printed_share(share, n=n) == printed


def test_a_clipped_share_has_no_interval_and_neither_has_one_that_everybody_answered():
    assert printed_share_interval(PrintedShare(90, ">="), n=12, headcount=40) is None
    assert printed_share_interval(PrintedShare(10, "<="), n=12, headcount=40) is None
    assert printed_share_interval(PrintedShare(50, ""), n=12, headcount=12) is None


def test_an_interval_is_rounded_outwards_from_the_printed_share():
    # R 4.2: prop.test(14, 20, correct = FALSE) gives .4810272 to .8545228; with n* = 20 * 39 / 20 = 39 instead of 20
    # .5436772 to .8204561.
    assert printed_share_interval(PrintedShare(70, ""), n=20, headcount=None) == (48, 86)
    assert printed_share_interval(PrintedShare(70, ""), n=20, headcount=40) == (54, 83)


def test_an_interval_reaches_at_least_one_per_cent_to_either_side():
    assert printed_share_interval(PrintedShare(50, ""), n=100_000, headcount=100_001) == (49, 51)
    assert printed_share_interval(PrintedShare(5, ""), n=5_000_000, headcount=None) == (4, 6)


@given(st.integers(10, 400), st.integers(0, 400), st.integers(0, 1000))
def test_an_interval_holds_the_printed_share_and_stays_on_the_scale(n, favourable, more):
    printed = printed_share(min(favourable, n) / n, n=n)
    ends = printed_share_interval(printed, n=n, headcount=n + more)
    assert (ends is None) == (bool(printed.bound) or not more)
    if ends is not None:
        assert 0 <= ends[0] < printed.percent < ends[1] <= 100


@pytest.mark.parametrize(
    ("points", "printed"),
    [
        (0.0, "< 1"),
        (0.999, "< 1"),
        (1.0, "1-2"),
        (2.0, "1-2"),
        (2.01, "2-5"),
        (5.0, "2-5"),
        (5.01, "> 5"),
        (80.0, "> 5"),
    ],
)
def test_the_effect_of_leaving_answers_out_is_told_as_one_of_four_classes(points, printed):
    assert printed_shift(points) == printed


def test_many_shares_and_their_intervals_are_printed_like_each_of_them():
    lines = [
        (part / n, n, n + more) for n in (1, 9, 10, 19, 20, 40, 333) for part in range(n + 1) for more in (0, 1, 9)
    ]
    share, n, headcount = (np.array(one) for one in zip(*lines, strict=True))
    percent, beyond = printed_shares(share, n=n)
    alike = [printed_share(one, n=people) for one, people, _ in lines]
    sides = {"<=": -1, "": 0, ">=": 1}
    assert percent.tolist() == [one.percent for one in alike]
    assert beyond.tolist() == [sides[one.bound] for one in alike]
    wanted = [printed_share_interval(one, n=n, headcount=head) for one, (_, n, head) in zip(alike, lines, strict=True)]
    assert printed_share_intervals(percent, beyond, n=n, headcount=headcount) == wanted


@pytest.mark.parametrize(("n", "headcount"), [(0, 5), (5, 5), (6, 5)])
def test_many_intervals_are_refused_where_one_has_nothing_to_estimate(n, headcount):
    with pytest.raises(NotCountsError, match="needs at least 1 answer"):
        wilsons(np.array([0.5, 0.5]), n=np.array([3, n]), headcount=np.array([5, headcount]))


@pytest.mark.parametrize(("value", "expected"), [(4.0, 4), (4.999, 4), (5 - 1e-13, 5), (0.0, 0)])
def test_rounding_down_takes_a_whole_number_for_what_it_is(value: float, expected: int):
    assert down(value) == expected
