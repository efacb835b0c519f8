"""The level of a workflow: severity, tests, preference, and the cap that binds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.caps import (
    RISK_CAPS,
    TOLERANCES,
    Cap,
    Checked,
    Evidence,
    RiskFacts,
    Severity,
    evidence_cap,
    lower_median,
    preference_cap,
    preferred_level,
    severity_of,
    upper_median,
    workflow_level,
    zone_cap,
)
from scoring.errors import NotCountsError, OutsideScaleError, TooFewError
from scoring.levels import Level

RATINGS = st.lists(st.integers(1, 5), min_size=1, max_size=12)
LEVELS = st.sampled_from(Level)
PILOT = Evidence(offline_passed=True, pilot_weeks=4, pilot_cases=100)


def severity(s):
    return Severity(severity=s, consequence=s, undo=3, assumed=())


def full(consequence, undo):
    return RiskFacts(consequence=consequence, raters=5, owner_consequence=1, undo=undo)


def test_of_an_even_number_of_ratings_the_stricter_middle_counts():
    assert (upper_median([2, 3, 4, 5]), lower_median([2, 3, 4, 5])) == (4, 3)
    assert (upper_median([5, 1, 3]), lower_median([5, 1, 3])) == (3, 3)


@given(RATINGS)
def test_at_least_half_of_the_ratings_lie_on_either_side_of_a_median(ratings):
    for middle in (upper_median(ratings), lower_median(ratings)):
        assert 2 * sum(one <= middle for one in ratings) >= len(ratings)
        assert 2 * sum(one >= middle for one in ratings) >= len(ratings)
    assert lower_median(ratings) <= upper_median(ratings)


def test_no_ratings_have_no_middle():
    with pytest.raises(TooFewError, match="no rating has no middle"):
        upper_median([])
    with pytest.raises(OutsideScaleError, match=r"rating: 6 is outside 1\.\.5"):
        lower_median([3, 6])


@pytest.mark.parametrize("consequence", range(1, 6))
@pytest.mark.parametrize("undo", range(1, 6))
def test_severity_follows_its_table(consequence, undo):
    expected = consequence + {1: 1, 2: 1, 3: 0, 4: -1, 5: -1}[undo]
    found = severity_of(full(consequence, undo))
    assert found.severity == min(5, max(1, expected))
    assert found.assumed == ()
    assert found.cap == {1: 5, 2: 5, 3: 4, 4: 3, 5: 2}[found.severity]
    assert found.tolerance == {1: 0.05, 2: 0.05, 3: 0.01, 4: 0.002, 5: 0.002}[found.severity]


@pytest.mark.parametrize(
    ("facts", "used", "assumed"),
    [
        (RiskFacts(consequence=2, raters=4, owner_consequence=3, undo=3), (3, 3, 3), ("consequence_by_owner",)),
        (RiskFacts(raters=9, owner_consequence=3, undo=3), (3, 3, 3), ("consequence_by_owner",)),
        (RiskFacts(consequence=2, raters=4, undo=5), (4, 5, 5), ("consequence_worst",)),
        (RiskFacts(consequence=2, raters=5), (3, 2, 1), ("undo_worst",)),
        (RiskFacts(), (5, 5, 1), ("consequence_worst", "undo_worst")),
    ],
)
def test_missing_facts_count_as_the_worst(facts, used, assumed):
    found = severity_of(facts)
    assert (found.severity, found.consequence, found.undo) == used
    assert found.assumed == assumed


def test_facts_outside_the_scale_are_refused():
    for name in ("consequence", "owner_consequence", "undo"):
        with pytest.raises(OutsideScaleError, match=f"{name}: 0 is outside"):
            RiskFacts(**{name: 0})
    with pytest.raises(NotCountsError, match="raters: -1"):
        RiskFacts(raters=-1)


def test_the_level_rises_with_each_step_of_testing():
    good = (Checked(70), Checked(70))
    steps = [
        Evidence(),
        Evidence(offline_passed=True),
        PILOT,
        Evidence(offline_passed=True, pilot_weeks=4, pilot_cases=100, checked=Checked(59)),
        Evidence(offline_passed=True, pilot_weeks=4, pilot_cases=100, checked=Checked(59), quarters=good),
    ]
    assert [evidence_cap(one, severity=severity(2)).level.name for one in steps] == ["A1", "A2", "A3", "A4", "A5"]


@pytest.mark.parametrize(("s", "cases"), [(1, 59), (2, 59), (3, 299), (4, 1497), (5, 1497)])
def test_a_severity_needs_so_many_checked_cases_without_an_error(s, cases):
    def level(checked):
        return evidence_cap(
            Evidence(offline_passed=True, pilot_weeks=4, pilot_cases=100, checked=Checked(checked)),
            severity=severity(s),
        )

    assert level(cases).required == cases
    assert (level(cases).level, level(cases - 1).level) == (Level.A4, Level.A3)


def test_one_error_needs_more_cases():
    pilot = Evidence(offline_passed=True, pilot_weeks=5, pilot_cases=120, checked=Checked(92, 1))
    found = evidence_cap(pilot, severity=severity(2))
    assert (found.level, found.required) == (Level.A3, 93)
    assert found.error_bound == pytest.approx(0.0505263609, rel=1e-8)
    assert found.tolerance == 0.05


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(offline_passed=True, pilot_weeks=3, pilot_cases=400, checked=Checked(400)),
        Evidence(offline_passed=True, pilot_weeks=9, pilot_cases=99, checked=Checked(99)),
    ],
)
def test_a_short_or_small_pilot_is_none(evidence):
    assert evidence_cap(evidence, severity=severity(2)).level == Level.A2


def test_steps_can_not_be_skipped():
    assert evidence_cap(Evidence(pilot_weeks=9, pilot_cases=900), severity=severity(1)).level == Level.A1


@pytest.mark.parametrize(
    ("quarters", "level"),
    [
        ((Checked(59),), Level.A4),
        ((Checked(59), Checked(58)), Level.A4),
        ((Checked(59), Checked(59, 1)), Level.A4),
        ((Checked(59, 1), Checked(59), Checked(59)), Level.A5),
    ],
)
def test_the_highest_level_needs_the_last_two_quarters_within_the_tolerance(quarters, level):
    evidence = Evidence(offline_passed=True, pilot_weeks=4, pilot_cases=100, checked=Checked(59), quarters=quarters)
    assert evidence_cap(evidence, severity=severity(2)).level == level


def test_tests_that_can_not_be_counts_are_refused():
    for cases, errors in ((1, 2), (-1, -1), (5, -1)):
        with pytest.raises(NotCountsError, match="checked cases"):
            Checked(cases, errors)
    for weeks, cases in ((-1, 0), (0, -1)):
        with pytest.raises(NotCountsError, match="a pilot of"):
            Evidence(pilot_weeks=weeks, pilot_cases=cases)


@pytest.mark.parametrize(
    ("human_part", "preferred", "cap"),
    [
        (1.0, Level.A5, Level.A5),
        (1.4, Level.A5, Level.A5),
        (1.5, Level.A4, Level.A5),
        (2.5, Level.A3, Level.A4),
        (3.0, Level.A3, Level.A4),
        (4.4, Level.A2, Level.A3),
        (4.5, Level.A1, Level.A1),
        (5.0, Level.A1, Level.A1),
        (None, Level.A2, Level.A3),
    ],
)
def test_staff_are_never_overruled_by_more_than_one_level(human_part, preferred, cap):
    assert (preferred_level(human_part), preference_cap(human_part)) == (preferred, cap)


@pytest.mark.parametrize("wrong", [0.9, 5.1, math.nan])
def test_a_human_part_outside_the_scale_is_refused(wrong):
    with pytest.raises(OutsideScaleError, match="human part"):
        preference_cap(wrong)


def test_work_that_is_not_wanted_or_not_rated_stays_low():
    caps = {zone: zone_cap(zone) for zone in ("green", "r_and_d", "red", "low", None)}
    assert caps == {"green": Level.A5, "r_and_d": Level.A5, "red": Level.A2, "low": Level.A2, None: Level.A3}


def test_the_first_reference_workflow_is_limited_by_department_and_evidence():
    found = workflow_level(
        ceiling=Level.A3,
        risk=severity_of(full(4, 5)).cap,
        legal=Level.A5,
        evidence=Level.A3,
        preference=preference_cap(3.0),
    )
    assert (found.level, found.binding) == (Level.A3, ("department ceiling", "evidence cap"))


def test_the_second_reference_workflow_is_limited_by_its_risk():
    risk = severity_of(full(5, 2))
    found = workflow_level(
        ceiling=Level.A4, risk=risk.cap, legal=Level.A5, evidence=Level.A5, preference=preference_cap(2.0)
    )
    assert (risk.severity, found.level, found.binding) == (5, Level.A2, ("risk cap",))


@given(LEVELS, LEVELS, LEVELS, LEVELS, LEVELS, LEVELS)
def test_the_binding_caps_are_the_smallest_ones(ceiling, risk, legal, evidence, preference, zone):
    found = workflow_level(ceiling=ceiling, risk=risk, legal=legal, evidence=evidence, preference=preference, zone=zone)
    levels = [ceiling, risk, legal, evidence, preference, zone]
    assert [cap.level for cap in found.caps] == levels
    assert found.level == sorted(levels)[0]
    assert found.binding
    assert set(found.binding) == {cap.name for cap in found.caps if cap.level == min(levels)}
    assert found.caps[0] == Cap("department ceiling", ceiling)


@given(st.integers(1, 5), st.integers(0, 20), st.integers(0, 300), st.integers(0, 5), st.integers(0, 2000))
def test_more_testing_without_more_errors_never_lowers_the_cap(s, weeks, cases, errors, checked):
    def level(more):
        return evidence_cap(
            Evidence(
                offline_passed=True,
                pilot_weeks=weeks + more,
                pilot_cases=cases + more,
                checked=Checked(errors + checked + more, errors),
            ),
            severity=severity(s),
        ).level

    assert level(50) >= level(0)


def test_a_graver_consequence_is_never_treated_more_lightly():
    assert list(RISK_CAPS) == sorted(RISK_CAPS, reverse=True)
    assert list(TOLERANCES) == sorted(TOLERANCES, reverse=True)
