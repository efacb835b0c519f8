"""Which attestations count on a day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scoring.controls import Attestation, ControlState, control_states, in_force
from scoring.gating import GATES

DAY = date(2026, 11, 22)
ONE = Attestation(control="C01", on=DAY, owner="Head of Legal", evidence="intranet page")


def state(*attestations, control="C01", on=DAY):
    """The state of one control."""
    return next(one for one in control_states(attestations, policy=GATES, on=on) if one.control == control)


def test_every_control_of_the_policy_has_a_state_in_its_order():
    states = control_states([ONE, replace(ONE, control="C99")], policy=GATES, on=DAY)
    assert [one.control for one in states] == list(GATES.controls)
    assert in_force(states) == {"C01"}
    assert states[1] == ControlState(control="C02", status="missing", until=None)


@pytest.mark.parametrize(("control", "days"), [("C01", 365), ("C07", 180), ("C12", 120)])
def test_an_attestation_counts_through_its_last_day(control, days):
    attested, last = replace(ONE, control=control), DAY + timedelta(days=days)
    assert state(attested, control=control, on=last) == ControlState(control=control, status="in_force", until=last)
    assert state(attested, control=control, on=last + timedelta(days=1)).status == "lapsed"


def test_an_own_expiry_ends_an_attestation_earlier_and_never_later():
    soon, late = DAY + timedelta(days=30), DAY + timedelta(days=3000)
    assert state(replace(ONE, expires=soon)).until == soon
    assert state(replace(ONE, expires=late)).until == DAY + timedelta(days=365)
    assert state(replace(ONE, expires=soon), on=soon + timedelta(days=1)).status == "lapsed"


def test_a_control_is_not_in_force_before_it_was_attested():
    assert state(ONE, on=DAY - timedelta(days=1)).status == "not_yet"


@pytest.mark.parametrize("part", [{"owner": " "}, {"evidence": ""}])
def test_without_owner_or_evidence_an_attestation_is_incomplete(part):
    assert state(replace(ONE, **part)) == ControlState(control="C01", status="incomplete", until=None)


def test_the_executive_sign_off_needs_an_expiry_date():
    sign_off = replace(ONE, control="C16")
    assert state(sign_off, control="C16").status == "incomplete"
    assert state(replace(sign_off, expires=DAY), control="C16").status == "in_force"


def test_of_several_attestations_the_best_counts():
    old = replace(ONE, on=DAY - timedelta(days=400))
    assert state(old, ONE, replace(ONE, owner="")).until == DAY + timedelta(days=365)
    assert state(old, replace(ONE, owner="")).status == "lapsed"
    recent = replace(ONE, on=DAY - timedelta(days=100))
    for pair in ((ONE, recent), (recent, ONE)):
        assert state(*pair).until == DAY + timedelta(days=365)
    assert state(replace(ONE, owner=""), replace(ONE, evidence="")).status == "incomplete"


def test_the_last_day_of_the_calendar_is_no_trap():
    assert state(replace(ONE, on=date(9999, 12, 1)), on=date(9999, 12, 31)).until == date.max
