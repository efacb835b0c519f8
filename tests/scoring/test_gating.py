"""Gating scores beside the fixture, and what a policy may be."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import NotCountsError, NotFiniteError, OutsideScaleError
from scoring.estimates import Spread
from scoring.gating import (
    GATES,
    Bounds,
    Gate,
    GatesPolicy,
    GatingScore,
    OverTrustRule,
    PolicyError,
    bounds,
    gating_score,
    many_do_not_know,
    printed_bounds,
    standing_spread,
)
from scoring.levels import Level
from tests.scoring.autonomy_reference import R

BORROWED = Spread(20.0, math.inf)


@pytest.mark.parametrize(
    ("mean", "s", "n", "gate"),
    [
        (30.416667, 20.812490, 5, 21.658518),
        (64.166667, 22.697819, 5, 54.615149),
        (57.812500, 41.558640, 8, 44.646959),
    ],
)
def test_the_gating_score_of_the_fixture_is_that_of_r(mean, s, n, gate):
    assert bounds(mean, n=n, spread=Spread(s, n - 1)).lower == pytest.approx(gate, rel=1e-6)


@pytest.mark.parametrize("one", R["gating"], ids=lambda one: one["set"])
def test_the_bounds_are_the_one_sided_intervals_of_r(one):
    found = bounds(one["mean"], n=one["n"], spread=Spread(one["s"], one["n"] - 1))
    assert (found.lower, found.upper) == pytest.approx((one["lower"], one["upper"]), rel=1e-9)


def test_six_people_with_a_spread_of_20_lose_7_and_a_half_points():
    found = bounds(60.0, n=6, spread=Spread(20.0, 5))
    assert 60 - found.lower == pytest.approx(7.5, abs=0.02)
    assert found.upper - 60 == pytest.approx(60 - found.lower)


def test_a_borrowed_spread_without_any_set_is_20_points_with_the_normal_quantile():
    # 0.8416212336 is the normal quantile of .80.
    assert bounds(60.0, n=7, spread=BORROWED).lower == pytest.approx(60 - 0.8416212336 * 20 / math.sqrt(7))


def test_bounds_stay_inside_the_scale():
    assert bounds(3.0, n=5, spread=BORROWED).lower == 0.0
    assert bounds(97.0, n=5, spread=BORROWED).upper == 100.0
    assert gating_score(5, n=5, spread=BORROWED).lower == 0
    assert gating_score(95, n=5, spread=BORROWED).upper == 100


def test_printed_bounds_round_the_half_width_up():
    # .8416 * 20 / sqrt(8) = 5.95; of 6 people 6.87.
    assert gating_score(60, n=8, spread=BORROWED) == GatingScore(54, 66)
    assert gating_score(60, n=6, spread=BORROWED) == GatingScore(53, 67)


def test_people_who_answered_alike_do_not_show_in_their_gating_score():
    assert bounds(60.0, n=12, spread=Spread(0.0, 11)) == Bounds(60.0, 60.0)
    assert gating_score(60, n=12, spread=Spread(0.0, 11)) == GatingScore(59, 61)


@given(st.integers(5, 95), st.integers(1, 500), st.floats(0, 50), st.sampled_from([4.0, 30.0, math.inf]))
def test_printed_bounds_are_never_tighter_than_the_exact_ones(score, n, s, df):
    exact, printed = (f(score, n=n, spread=Spread(s, df)) for f in (bounds, gating_score))
    assert printed.lower <= exact.lower + 1e-9
    assert printed.upper >= exact.upper - 1e-9


@given(st.floats(0, 100), st.integers(2, 300), st.floats(0, 50))
def test_more_people_raise_the_gating_score(mean, n, s):
    few, many = (bounds(mean, n=people, spread=Spread(s, people - 1)) for people in (n, n + 1))
    assert many.lower >= few.lower - 1e-9
    assert many.upper <= few.upper + 1e-9


def test_own_spread_stands_from_ten_people_on_where_it_is_told():
    own, column = Spread(8.0, 9), Spread(21.0, 60)
    assert standing_spread(n=10, own=own, column=column) == own
    assert standing_spread(n=9, own=own, column=column) == column
    assert standing_spread(n=10, own=None, column=column) == column


@pytest.mark.parametrize("mean", [-0.1, 100.1, math.nan])
def test_a_mean_outside_the_scale_is_refused(mean):
    with pytest.raises(OutsideScaleError, match=r"outside 0\.\.100"):
        bounds(mean, n=5, spread=BORROWED)


@pytest.mark.parametrize(("n", "df"), [(0, 4.0), (5, 0.0), (5, math.nan)])
def test_a_bound_needs_people_and_degrees_of_freedom(n, df):
    with pytest.raises(NotCountsError, match="degrees of freedom"):
        bounds(50.0, n=n, spread=Spread(20.0, df))


@pytest.mark.parametrize("s", [-1.0, math.inf, math.nan])
def test_a_spread_that_is_no_number_of_points_is_refused(s):
    with pytest.raises(NotFiniteError, match="no number of points"):
        bounds(50.0, n=5, spread=Spread(s, 4))


@pytest.mark.parametrize(("lower", "upper"), [(-1, 5), (6, 5), (5, 101)])
def test_a_gating_score_is_a_range_inside_the_scale(lower, upper):
    with pytest.raises(OutsideScaleError, match="no range"):
        GatingScore(lower, upper)


@pytest.mark.parametrize(
    ("used", "scored", "rate", "fails"),
    [
        (40, 30, 30, True),
        (40, 12, 29, False),
        (40, 27, None, True),
        (40, 28, None, False),
        (9, 7, 90, False),
        (9, 6, 0, True),
        (10, 7, None, False),
        (0, 0, None, False),
    ],
)
def test_many_who_do_not_know_are_found_by_rate_or_by_missing_scores(used, scored, rate, fails):
    assert many_do_not_know(used=used, scored=scored, dk_rate=rate) is fails


def test_more_scores_than_responses_are_refused():
    with pytest.raises(NotCountsError, match="9 scored of 8"):
        many_do_not_know(used=8, scored=9, dk_rate=None)


@pytest.mark.parametrize(
    ("trust", "checks", "skills", "flag"),
    [
        (70, 40, 60, "flagged"),
        (69, 40, 60, "clear"),
        (70, 41, 60, "clear"),
        (60, 90, 35, "flagged"),
        (60, None, 35, "flagged"),
        (60, 90, 36, "clear"),
        (60, None, 50, "unknown"),
        (70, 40, None, "flagged"),
        (70, 41, None, "unknown"),
        (None, 10, 10, "unknown"),
    ],
)
def test_trust_that_runs_ahead_is_flagged_and_missing_facts_are_never_clear(trust, checks, skills, flag):
    assert OverTrustRule().judge(trust=trust, checks=checks, skills=skills) == flag


def test_the_levels_have_names_in_order():
    assert [f"{level.name} {level.label}" for level in Level] == [
        "A0 Human only",
        "A1 Assist",
        "A2 Co-work",
        "A3 Act on approval",
        "A4 Act by exception",
        "A5 Act and report",
    ]


def test_the_policy_has_the_gates_and_controls_of_the_measurement_design():
    table = {rung.level.name: {gate.dimension: gate.minimum for gate in rung.gates} for rung in GATES.rungs}
    assert table == {
        "A1": {"R1": 25, "R3": 25},
        "A2": dict.fromkeys(["R1", "R3", "T2", "T4"], 40),
        "A3": dict.fromkeys("T1 T2 T4 R1 R2 R3 R4".split(), 50) | dict.fromkeys("T3 T5 R5 R6".split(), 40),
        "A4": dict.fromkeys("T1 T2 T3 T4 R1 R2 R3 R4".split(), 65) | dict.fromkeys("T5 R5 R6".split(), 55),
        "A5": dict.fromkeys("T1 T2 T3 T4 T5 R1 R2 R3 R4 R5 R6".split(), 75),
    }
    assert GATES.controls == tuple(f"C{number:02d}" for number in range(1, 17))
    assert [GATES.age(control) for control in ("C01", "C07", "C12", "C16")] == [365, 180, 120, 365]


def changed(level, **parts):
    """The policy with one rung changed."""
    return tuple(replace(rung, **parts) if rung.level == level else rung for rung in GATES.rungs)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"rungs": GATES.rungs[:4]}, "not A1 to A5 in order"),
        ({"rungs": GATES.rungs[::-1]}, "not A1 to A5 in order"),
        (
            {"rungs": changed(Level.A2, gates=(Gate("R1", 24), Gate("R3", 40)))},
            "R1: the gate falls from 25 at A1 to 24 at A2",
        ),
        ({"rungs": changed(Level.A2, gates=(Gate("R1", 40),))}, "R3: the gate falls from 25 at A1 to none at A2"),
        ({"rungs": changed(Level.A1, gates=(Gate("R1", -1),))}, r"A1, R1: the gate -1 is outside 0\.\.100"),
        ({"rungs": changed(Level.A5, gates=(Gate("R1", 101),))}, r"A5, R1: the gate 101 is outside 0\.\.100"),
        ({"rungs": changed(Level.A1, gates=(Gate("R1", 20), Gate("R1", 25)))}, "A1, R1: there are two gates"),
        ({"rungs": changed(Level.A2, controls=("C01",))}, "C01 is asked for twice"),
        ({"max_age": (("C07", 0),)}, "C07: an attestation has to count for at least a day"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(parts, message):
    with pytest.raises(PolicyError, match=message):
        replace(GATES, **parts)


@given(st.lists(st.integers(0, 100), min_size=5, max_size=5))
def test_a_policy_is_refused_exactly_where_a_gate_falls_with_the_level(minima):
    rungs = tuple(
        replace(rung, gates=(Gate("R1", minimum),)) for rung, minimum in zip(GATES.rungs, minima, strict=True)
    )
    if minima == sorted(minima):
        assert GatesPolicy(version="x", rungs=rungs).rungs[4].minimum("R1") == minima[4]
    else:
        with pytest.raises(PolicyError, match="R1: the gate falls"):
            GatesPolicy(version="x", rungs=rungs)


def test_the_bounds_of_a_roll_up_are_rounded_away_from_its_score_and_stay_on_the_scale():
    assert [printed_bounds(score, half_width=half) for score, half in ((60, 4.2), (60, 0.0), (2, 7.0), (98, 7.0))] == [
        GatingScore(55, 65),
        GatingScore(59, 61),
        GatingScore(0, 9),
        GatingScore(91, 100),
    ]


@pytest.mark.parametrize(
    ("score", "half", "error"),
    [(101, 1.0, OutsideScaleError), (50, math.inf, NotFiniteError), (50, -1.0, NotFiniteError)],
)
def test_no_bounds_are_made_of_what_is_no_score_or_no_distance(score, half, error):
    with pytest.raises(error):
        printed_bounds(score, half_width=half)
