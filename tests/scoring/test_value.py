"""Hours, what a level releases of them, the shortlist and the red list."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import NotCountsError, OutsideScaleError, ScoringError
from scoring.levels import Level
from scoring.value import (
    PLANNING_SHARES,
    Candidate,
    ExpectedHours,
    PlanningShares,
    expected_hours,
    hours_per_month,
    priority_list,
    red_list,
)

CANDIDATES = (
    Candidate(id="invoice matching", zone="green", hours=200.0, level=Level.A2, wish=3.4),
    Candidate(id="payment run", zone="green", hours=60.0, level=Level.A3, wish=3.1),
    Candidate(id="dunning", zone="green", hours=160.0, level=Level.A1, wish=4.2),
    Candidate(id="expense audit", zone="green", hours=96.0, level=Level.A2, wish=4.2),
    Candidate(id="forecast update", zone="green", hours=None, level=Level.A4, wish=5.0),
    Candidate(id="variance note", zone="red", hours=900.0, level=Level.A2, wish=2.8),
    Candidate(id="reconciliation", zone="red", hours=10.0, level=Level.A2, wish=2.1),
    Candidate(id="journal draft", zone=None, hours=500.0, level=Level.A3, wish=None),
)


def test_a_thousand_cases_of_12_minutes_are_200_hours():
    assert hours_per_month(volume=1000, minutes=12) == 200


def test_every_expected_release_names_its_assumption():
    assert expected_hours(200.0, Level.A3) == ExpectedHours(
        hours=200.0, level=Level.A3, share=0.40, released=80.0, assumption="planning shares 1"
    )
    assert [PLANNING_SHARES.at(level) for level in Level] == [0, 0.15, 0.25, 0.40, 0.65, 0.80]


def test_the_shortlist_is_sorted_by_release_and_then_by_wish():
    found = priority_list(CANDIDATES)
    # 200 x .25 = 50; 60 x .40, 160 x .15 and 96 x .25 are 24 each.
    assert [one.id for one in found] == [
        "invoice matching",
        "dunning",
        "expense audit",
        "payment run",
        "forecast update",
    ]
    assert [one.expected.released if one.expected else None for one in found] == [50.0, 24.0, 24.0, 24.0, None]


def test_the_shortlist_follows_the_assumption_in_force():
    flat = PlanningShares(version="flat", shares=(0.0, 0.5, 0.5, 0.5, 0.5, 0.5))
    found = priority_list(CANDIDATES, shares=flat)
    assert [one.id for one in found[:2]] == ["invoice matching", "dunning"]
    assert {one.expected.assumption for one in found if one.expected} == {"flat"}


@given(st.permutations(CANDIDATES))
def test_the_order_in_which_workflows_are_given_changes_nothing(given_candidates):
    assert priority_list(given_candidates) == priority_list(CANDIDATES)
    assert red_list(given_candidates, scores={}) == red_list(CANDIDATES, scores={})


def test_workflows_without_a_wish_come_after_their_equals():
    one = Candidate(id="a", zone="green", hours=10.0, level=Level.A1, wish=None)
    assert [found.id for found in priority_list([one, replace(one, id="b", wish=3.0)])] == ["b", "a"]
    red = replace(one, zone="red")
    assert [found.id for found in red_list([replace(red, id="b", wish=1.0), red], scores={})] == ["a", "b"]


def test_the_red_list_names_the_lowest_dimensions():
    found = red_list(CANDIDATES, scores={"T1": 54, "T2": 40, "T4": 55, "T5": 31, "R1": 40, "R5": 70})
    assert [(one.id, one.wish) for one in found] == [("reconciliation", 2.1), ("variance note", 2.8)]
    assert found[0].depressing == ("T5", "T2", "R1")
    assert red_list(CANDIDATES, scores={"T1": 55})[0].depressing == ()


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ((0.0, 0.1), "2 shares for 6 levels"),
        ((0.1, 0.1, 0.2, 0.3, 0.4, 0.5), "shares are 0 at A0"),
        ((0.0, 0.1, 0.2, 0.3, 0.4, 1.1), "inside 0..1"),
        ((0.0, 0.1, 0.2, math.nan, 0.4, 0.5), "inside 0..1"),
        ((0.0, 0.1, 0.2, 0.3, 0.4, 0.3), "a share falls with the level"),
    ],
)
def test_shares_that_can_not_be_are_refused(shares, message):
    with pytest.raises(ScoringError, match=message):
        PlanningShares(version="x", shares=shares)
    assert issubclass(OutsideScaleError, ScoringError)


@pytest.mark.parametrize("wrong", [-1.0, math.inf, math.nan])
def test_hours_of_no_amount_are_refused(wrong):
    with pytest.raises(NotCountsError, match="volume a month"):
        hours_per_month(volume=wrong, minutes=1)
    with pytest.raises(NotCountsError, match="minutes a case"):
        hours_per_month(volume=1, minutes=wrong)
    with pytest.raises(NotCountsError, match="hours a month"):
        expected_hours(wrong, Level.A1)
