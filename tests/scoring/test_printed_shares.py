"""How shares, their intervals and the effect of screening are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.printed import PrintedShare, printed_share, printed_share_interval, printed_shift


@pytest.mark.parametrize(
    ("share", "n", "printed"),
    [
        (0.9, 10, PrintedShare(90, "")),
        (11 / 12, 12, PrintedShare(90, ">=")),
        (1.0, 19, PrintedShare(90, ">=")),
        (0.1, 10, PrintedShare(10, "")),
        (1 / 12, 12, PrintedShare(10, "<=")),
        (0.0, 10, PrintedShare(10, "<=")),
        (0.95, 20, PrintedShare(95, "")),
        (20 / 21, 21, PrintedShare(95, ">=")),
        (0.0, 200, PrintedShare(5, "<=")),
        (0.05, 20, PrintedShare(5, "")),
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
