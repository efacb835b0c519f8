"""Screening: signs of made-up people beside base R and slow loops, the rule of exclusion, and what may be told."""

import itertools
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scoring import careless
from scoring.careless import (
    ATTENTION_AND_FAST,
    FAST_AND_LONGSTRING,
    KEPT,
    SEVERAL_SIGNS,
    Bits,
    intra_individual_variability,
    largest_shift,
    longest_runs,
    multivariate_outliers,
    screening,
    squared_distances,
    told_number,
)
from scoring.errors import MisfitError, NotCountsError, NotFiniteError, OutsideScaleError, TooFewError
from surveys.screening import Flag, flags
from tests.scoring.parity import R, told

# The byte as the questionnaire's side makes it.
BITS = Bits(
    attention=Flag.ATTENTION,
    fast=Flag.FAST,
    longstring=Flag.LONGSTRING,
    longstring_high=Flag.LONGSTRING_HIGH,
    low_variance=Flag.LOW_VARIANCE,
)
CODES = hnp.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 15)), elements=st.integers(0, 5))


def made():
    """The matrix of the R script: a formula, and some people who stay with one answer after a while."""
    case = R["screening"]
    i, j = np.meshgrid(np.arange(1, case["people"] + 1), np.arange(1, case["items"] + 1), indexing="ij")
    codes = (i * i * 7 + j * j * j * 3 + i * j * 5 + (i * j) // 7) % 11 % 5 + 1
    codes[(i % 9 == 0) & (j > i // 9)] = 3
    return codes.astype(np.uint8)


def slow_rule(byte, *, attention_asked, outlier):
    """The rule of section 1.8, one person at a time."""
    signs = Flag(byte)
    attention = attention_asked and Flag.ATTENTION in signs
    fast = Flag.FAST in signs
    if attention and fast:
        return ATTENTION_AND_FAST
    if fast and Flag.LONGSTRING_HIGH in signs:
        return FAST_AND_LONGSTRING
    number = attention + fast + (Flag.LONGSTRING in signs) + (Flag.LOW_VARIANCE in signs) + outlier
    return SEVERAL_SIGNS if number >= 3 else KEPT


def screened(found, kept, *, attention_asked=True, outliers=None):
    """Some sheets with these bytes among so many without a sign."""
    both = np.array([*found, *[0] * kept], dtype=np.uint8)
    return screening(both, bits=BITS, attention_asked=attention_asked, outliers=outliers)


def test_the_longest_runs_are_those_of_rle():
    assert longest_runs(made()).tolist() == R["screening"]["longest"]


def test_the_spread_within_people_is_that_of_sd():
    assert intra_individual_variability(made()) == pytest.approx(R["screening"]["irv"], rel=1e-9)


def test_the_distances_of_one_group_are_those_of_mahalanobis():
    found = squared_distances(made(), np.zeros(60, dtype=np.intp), groups=1)
    assert found == pytest.approx(R["screening"]["distance"], rel=1e-9)


def test_the_distances_within_groups_are_those_of_mahalanobis_on_centred_answers():
    found = squared_distances(made(), np.arange(1, 61) % 3, groups=3)
    assert found == pytest.approx(R["screening"]["distance_within"], rel=1e-9)


def test_distances_are_the_same_in_chunks(monkeypatch):
    whole = squared_distances(made(), np.arange(60) % 3, groups=3)
    monkeypatch.setattr(careless, "_CHUNK", 7)
    assert squared_distances(made(), np.arange(60) % 3, groups=3) == pytest.approx(whole, rel=1e-12)


def test_the_border_of_outliers_is_that_of_qchisq():
    border = R["screening"]["border"]
    found = multivariate_outliers(np.array([border - 1e-6, border + 1e-6, math.nan]), items=8)
    assert found.tolist() == [False, True, False]


@given(CODES)
def test_a_run_goes_on_behind_what_was_skipped(codes):
    slow = [
        max((len(list(run)) for _, run in itertools.groupby(code for code in row if code)), default=0)
        for row in codes.tolist()
    ]
    assert longest_runs(codes).tolist() == slow


@given(CODES)
def test_the_spread_within_people_is_that_of_their_answers(codes):
    for row, found in zip(codes.tolist(), intra_individual_variability(codes), strict=True):
        given_ones = [code for code in row if code]
        if len(given_ones) < 3:
            assert math.isnan(found)
        else:
            assert found == pytest.approx(statistics.stdev(given_ones), abs=1e-12)


@given(CODES)
def test_the_indices_say_the_same_as_the_byte_of_the_sheet(codes):
    longest, spread = longest_runs(codes), intra_individual_variability(codes)
    for row, run, irv in zip(codes.tolist(), longest, spread, strict=True):
        byte = Flag(flags([str(code) if code else "skip" for code in row], attention_ok=None, fast_share=None))
        answered = sum(code > 0 for code in row)
        assert (Flag.LONGSTRING in byte) == (answered > 0 and 10 * run >= 6 * answered)
        assert (Flag.LONGSTRING_HIGH in byte) == (answered > 0 and 10 * run >= 8 * answered)
        assert (Flag.LOW_VARIANCE in byte) == (not math.isnan(irv) and irv < 0.25)


@pytest.mark.parametrize("attention_asked", [True, False])
@pytest.mark.parametrize("outlier", [True, False])
def test_every_byte_is_judged_by_the_rule(attention_asked, outlier):
    for byte in range(32):
        outliers = np.array([outlier] + [False] * 40)
        found = screened([byte], 40, attention_asked=attention_asked, outliers=outliers)
        assert found.reason[0] == slow_rule(byte, attention_asked=attention_asked, outlier=outlier)
        assert found.excluded.tolist() == [found.reason[0] != KEPT] + [False] * 40
        assert not found.alert


def test_the_pulse_has_no_rule_of_attention():
    byte = Flag.ATTENTION | Flag.FAST | Flag.LONGSTRING
    assert screened([byte], 40).reason[0] == ATTENTION_AND_FAST
    assert screened([byte], 40, attention_asked=False).reason[0] == KEPT


def test_at_most_a_tenth_of_a_wave_is_left_out():
    careless_one = Flag.ATTENTION | Flag.FAST
    tenth = screened([careless_one] * 4, 36)
    assert (tenth.excluded.sum(), tenth.alert) == (4, False)
    more = screened([careless_one] * 5, 36)
    assert (more.excluded.sum(), more.alert) == (0, True)
    assert (more.reason != KEPT).sum() == 5


def test_an_empty_wave_leaves_nobody_out():
    found = screened([], 0)
    assert (found.excluded.size, found.alert) == (0, False)


@given(st.lists(st.integers(0, 31), max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_sheets_changes_nobodys_reason(found, chance):
    order = list(range(len(found)))
    chance.shuffle(order)
    one, other = screened(found, 0), screened([found[place] for place in order], 0)
    assert one.reason[order].tolist() == other.reason.tolist()
    assert one.alert == other.alert


def test_a_number_left_out_is_told_where_it_is_none_or_large():
    assert [told_number(x, k=5) for x in (0, 1, 4, 5, 90)] == [0, None, None, 5, 90]


def test_the_largest_shift_is_that_of_the_cells_with_both_values():
    kept = np.array([50.0, 61.5, math.nan, 40.0])
    everybody = np.array([52.0, 60.0, 10.0, math.nan])
    assert largest_shift(kept, everybody, excluded=5, k=5) == 2.0
    assert largest_shift(kept, everybody, excluded=4, k=5) is None
    assert largest_shift(kept[2:], everybody[2:], excluded=9, k=5) is None


def test_too_few_or_redundant_answers_have_no_distances():
    one = np.zeros(60, dtype=np.intp)
    assert squared_distances(made()[:39], one[:39], groups=1) is None
    assert squared_distances(made()[:40], one[:40], groups=1) is not None
    twice = made()
    twice[:, 1] = twice[:, 0]
    assert squared_distances(twice, one, groups=1) is None
    alike = made()
    alike[:, 0] = 3
    assert squared_distances(alike, one, groups=1) is None
    assert squared_distances(made(), np.arange(60), groups=60) is None
    assert squared_distances(np.zeros((9, 0), dtype=np.uint8), one[:9], groups=1) is None
    assert squared_distances(np.zeros((9, 2), dtype=np.uint8), one[:9], groups=1) is None


def test_incomplete_people_have_no_distance_and_change_nobody_elses():
    whole = told(squared_distances(made(), np.zeros(60, dtype=np.intp), groups=1))
    gaps = np.vstack([made(), made()[:2]])
    gaps[60, 3] = gaps[61, 0] = 0
    found = told(squared_distances(gaps, np.zeros(62, dtype=np.intp), groups=1))
    assert found[:60] == pytest.approx(whole)
    assert np.isnan(found[60:]).all()


def test_fewer_than_three_answers_have_no_spread_and_no_answer_has_no_run():
    codes = np.array([[0, 4, 2, 0], [0, 0, 0, 0], [5, 5, 0, 5]], dtype=np.uint8)
    assert longest_runs(codes).tolist() == [1, 0, 3]
    found = intra_individual_variability(codes)
    assert np.isnan(found[:2]).all()
    assert found[2] == 0.0


@pytest.mark.parametrize(
    ("error", "match", "call"),
    [
        (MisfitError, "flags", lambda: screening(np.zeros((2, 2), np.uint8), bits=BITS, attention_asked=True)),
        (MisfitError, "outliers", lambda: screened([0, 1], 0, outliers=np.array([True]))),
        (NotCountsError, "excluded: -1", lambda: told_number(-1, k=5)),
        (MisfitError, "do not fit", lambda: largest_shift(np.zeros(2), np.zeros(3), excluded=9, k=5)),
        (OutsideScaleError, "kept", lambda: largest_shift(np.array([-1.0]), np.zeros(1), excluded=9, k=5)),
        (OutsideScaleError, "everybody", lambda: largest_shift(np.zeros(1), np.array([math.inf]), excluded=9, k=5)),
        (MisfitError, "no rows", lambda: longest_runs(np.zeros(3, np.uint8))),
        (MisfitError, "no rows", lambda: intra_individual_variability(np.zeros(3, np.uint8))),
        (MisfitError, "do not fit", lambda: squared_distances(made(), np.zeros(3, dtype=int), groups=1)),
        (MisfitError, "do not fit", lambda: squared_distances(made()[0], np.zeros(8, dtype=int), groups=1)),
        (NotCountsError, "outside 0..1", lambda: squared_distances(made(), np.full(60, 2), groups=2)),
        (NotCountsError, "outside 0..1", lambda: squared_distances(made(), np.full(60, -1), groups=2)),
        (TooFewError, "items: 0", lambda: multivariate_outliers(np.zeros(1), items=0)),
        (NotFiniteError, "distances", lambda: multivariate_outliers(np.array([math.inf]), items=3)),
    ],
)
def test_impossible_numbers_are_refused_by_name(error, match, call):
    with pytest.raises(error, match=match):
        call()
