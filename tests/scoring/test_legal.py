"""Legal caps by flags: the strictest counts, and an open question is never better than its answer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import ScoringError
from scoring.legal import LEGAL, LegalCap, LegalPolicy, legal_cap
from scoring.levels import Level

FUNCTIONS = tuple(function for function, _ in LEGAL.functions)
NOTHING = dict.fromkeys(LEGAL.flags, False)
ANSWERS = st.fixed_dictionaries({flag: st.sampled_from([True, False, None]) for flag in LEGAL.flags})
GROUNDS = st.sampled_from([frozenset(), frozenset({"automated_decision"})])


def cap(answers, function="finance", grounds=frozenset()):
    return legal_cap(answers, function=function, policy=LEGAL, grounds=grounds)


def test_where_no_flag_applies_the_law_caps_nothing():
    assert cap(NOTHING) == LegalCap(level=Level.A5, flags=(), unanswered=(), conditions=())


@pytest.mark.parametrize(
    ("flag", "level", "condition"),
    [
        ("employment_decision", Level.A3, "a person decides each case"),
        ("automated_decision", Level.A3, "no decision with legal or similar effect is left to the agent"),
        ("payment_release", Level.A3, "a second person confirms each case"),
        ("supplier_creation", Level.A3, "a second person confirms each case"),
        ("bank_detail_change", Level.A3, "a second person confirms each case"),
        ("legal_work_leaves", Level.A2, "a lawyer signs"),
        ("safety_relevant", Level.A2, "a person takes each step"),
        ("emotion_inference", Level.A0, "agents are not used"),
    ],
)
def test_each_flag_has_its_cap_in_every_function(flag, level, condition):
    for function in FUNCTIONS:
        assert cap(NOTHING | {flag: True}, function) == LegalCap(
            level=level, flags=(flag,), unanswered=(), conditions=(condition,)
        )


def test_of_several_flags_the_strictest_counts_and_all_conditions_hold():
    found = cap(NOTHING | {"payment_release": True, "bank_detail_change": True, "legal_work_leaves": True})
    assert (found.level, found.flags) == (Level.A2, ("legal_work_leaves",))
    assert found.conditions == ("a second person confirms each case", "a lawyer signs")


def test_a_recorded_ground_lifts_only_a_rule_that_it_can_lift():
    both = NOTHING | {"automated_decision": True}
    assert cap(both, grounds=frozenset({"automated_decision"})).level == Level.A5
    assert cap(NOTHING | {"payment_release": True}, grounds=frozenset({"payment_release"})).level == Level.A3


@pytest.mark.parametrize(
    ("function", "level"),
    [
        ("legal", Level.A2),
        ("hr", Level.A3),
        ("finance", Level.A3),
        ("operations", Level.A2),
        ("it", Level.A2),
        ("customer_service", Level.A3),
        ("sales", Level.A2),
        ("procurement", Level.A3),
        ("other", Level.A2),
    ],
)
def test_an_open_question_counts_as_the_strictest_cap_of_the_function(function, level):
    found = cap(NOTHING | {"payment_release": None}, function)
    assert (found.level, found.flags, found.unanswered) == (level, ("payment_release",), ("payment_release",))


def test_an_open_question_about_what_is_forbidden_forbids():
    assert cap(NOTHING | {"emotion_inference": None}).level == Level.A0
    assert cap({}) == LegalCap(level=Level.A0, flags=("emotion_inference",), unanswered=LEGAL.flags, conditions=())


@given(ANSWERS, st.sampled_from(LEGAL.flags), st.sampled_from(FUNCTIONS), GROUNDS)
def test_leaving_a_question_open_never_pays(answers, flag, function, grounds):
    answered = [cap(answers | {flag: answer}, function, grounds).level for answer in (True, False)]
    assert cap(answers | {flag: None}, function, grounds).level <= min(answered)


@given(ANSWERS, st.sampled_from(FUNCTIONS), GROUNDS)
def test_the_flags_that_are_named_set_the_cap(answers, function, grounds):
    found = cap(answers, function, grounds)
    assert bool(found.flags) == (found.level < Level.A5)
    for flag in found.flags:
        assert answers[flag] is not False
    without = cap(answers | dict.fromkeys(found.flags, False), function, grounds)
    assert without.level > found.level or not found.flags


def test_what_the_policy_does_not_know_is_refused():
    with pytest.raises(ScoringError, match="answers: there is no flag weather"):
        cap({"weather": True})
    with pytest.raises(ScoringError, match="grounds: there is no flag weather"):
        cap({}, grounds=frozenset({"weather"}))
    with pytest.raises(ScoringError, match="there is no function kitchen"):
        cap({}, function="kitchen")


def test_a_policy_that_contradicts_itself_is_refused():
    with pytest.raises(ScoringError, match="a flag has two rules"):
        replace(LEGAL, rules=(*LEGAL.rules, LEGAL.rules[0]))
    with pytest.raises(ScoringError, match="legal caps 1, hr: there is no flag weather"):
        replace(LEGAL, functions=(("hr", ("weather",)),))


def test_a_policy_without_rules_caps_nothing():
    empty = LegalPolicy(version="none", rules=(), functions=(("hr", ()),))
    assert legal_cap({}, function="hr", policy=empty).level == Level.A5
