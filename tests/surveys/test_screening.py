import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.screening import Flag, attention_ok, fast_share, flags

VARIED = ["1", "2", "3", "4", "5"] * 4


def test_a_careful_sheet_has_no_flag():
    assert flags(VARIED, attention_ok=True, fast_share=0.0) == 0


def test_the_bits_are_those_of_the_answer_sheet():
    assert [int(flag) for flag in Flag] == [1, 2, 4, 8, 16]


def test_a_wrong_attention_answer_is_flagged_and_the_pulse_has_no_such_rule():
    assert flags(VARIED, attention_ok=False, fast_share=0.0) == 1
    assert flags(VARIED, attention_ok=None, fast_share=0.0) == 0


@pytest.mark.parametrize(("share", "expected"), [(None, 0), (0.0, 0), (0.49, 0), (0.5, 2), (1.0, 2)])
def test_half_of_the_pages_in_haste_is_flagged(share, expected):
    assert flags(VARIED, attention_ok=True, fast_share=share) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("3 3 3 3 3 1 2 4 5 1", 0),  # run 5 of 10
        ("3 3 3 3 3 3 1 2 4 5", 4),  # run 6 of 10: 0.60 on the border
        ("3 3 3 3 3 3 3 1 5 1", 4),  # run 7 of 10
        ("1 3 3 3 3 3 3 3 3 5", 4 + 8),  # run 8 of 10: 0.80 on the border
        ("3 3 3 1 3 3 3 1 3 3", 0),  # eight alike, but the longest run has 3
        ("3 3 3 skip 3 3 3 1 2 5", 4),  # run 6 of the 9 answered: a skipped item neither breaks the run nor counts
        ("nx nx nx nx nx nx 1 5 2 4", 4),  # "no experience" is an answer here
        ("skip skip skip skip skip skip skip skip", 0),
        ("", 0),
    ],
)
def test_the_longest_run_is_compared_with_the_items_answered(answers, expected):
    assert flags(answers.split(), attention_ok=True, fast_share=0.0) & (4 + 8) == expected


@pytest.mark.parametrize(
    ("answers", "low"),
    [
        ("4 4 4 4 4", True),  # SD 0
        ("4 4", False),  # fewer than 3 answers say nothing
        ("4 4 dk nx skip", False),  # two answers
        ("4 4 4 dk nx", True),  # don't know and no experience are left out
        (" ".join(["3"] * 15 + ["4"]), False),  # SD sqrt(1/16) = 0.25 exactly: not below
        (" ".join(["3"] * 16 + ["4"]), True),  # SD sqrt(1/17) = 0.2425
        (" ".join(["3"] * 14 + ["4"]), False),  # SD sqrt(1/15) = 0.2582
        ("1 5 1 5", False),
    ],
)
def test_a_spread_below_a_quarter_is_flagged_from_three_answers(answers, low):
    assert bool(flags(answers.split(), attention_ok=True, fast_share=0.0) & 16) is low


def test_somebody_who_clicks_through_has_every_flag():
    assert flags(["3"] * 44, attention_ok=False, fast_share=1.0) == 1 + 2 + 4 + 8 + 16


@given(st.lists(st.sampled_from(["1", "2", "3", "4", "5", "dk", "nx", "skip"]), max_size=44))
def test_the_flags_agree_with_the_slow_definition(answers):
    found = flags(answers, attention_ok=None, fast_share=None)
    given_codes = [a for a in answers if a != "skip"]
    longest = 0
    for start in range(len(given_codes)):
        for end in range(start + 1, len(given_codes) + 1):
            if len(set(given_codes[start:end])) == 1:
                longest = max(longest, end - start)
    share = longest / len(given_codes) if given_codes else 0
    values = [int(a) for a in answers if a.isdigit()]
    assert bool(found & 4) is (share >= 0.6)
    assert bool(found & 8) is (share >= 0.8)
    assert bool(found & 16) is (len(values) >= 3 and statistics.stdev(values) < 0.25)


def test_the_spread_does_not_depend_on_the_order():
    shuffled = ["3"] * 16 + ["4"]
    random.Random(7).shuffle(shuffled)
    assert flags(shuffled, attention_ok=None, fast_share=None) & 16


@pytest.mark.parametrize(
    ("timed", "expected"),
    [
        ([], 0.0),
        ([(7.9, 4), (8.0, 4)], 0.5),  # two seconds an item is not fast
        ([(1.0, 4), (9.0, 5), (60.0, 4), (3.0, 2)], 0.75),
        ([(0.5, 0), (20.0, 4)], 0.0),  # a page without items has no time an item
    ],
)
def test_a_page_is_fast_below_two_seconds_an_item(timed, expected):
    assert fast_share(timed) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [({"ATT": "2"}, True), ({"ATT": "3"}, False), ({"ATT": "skip"}, None), ({}, None)],
)
def test_leaving_out_the_attention_item_is_not_a_wrong_answer(atr, answers, expected):
    assert attention_ok(atr, answers) is expected
