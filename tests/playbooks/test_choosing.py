"""Which actions are proposed: worked cases of the rule, and what holds for every case."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.playbooks.action import BANDS, CONTROLS, DIMENSIONS, KNOWN_FUNCTIONS
from app.playbooks.choosing import MOST_ACTIONS, Gap, Need, Printed, Proposal, lowest, propose
from app.playbooks.shelf import library
from tests.thorough import examples

PLENTY = 10_000
ACTIONS = [
    "T1-emerging-acceptance-checklist",
    "R3-low-permitted-uses",
    "R6-developing-community",
    "R1-low-own-cases-course",
]


def printed(**scores: int) -> dict[str, Printed]:
    limits = ((39, "low"), (54, "emerging"), (69, "developing"), (84, "strong"), (100, "leading"))
    return {
        name: Printed(score, next(band for most, band in limits if score <= most)) for name, score in scores.items()
    }


def even(score: int, **others: int) -> dict[str, Printed]:
    return printed(**{**dict.fromkeys(DIMENSIONS, score), **others})


def ids(proposal: Proposal) -> list[str]:
    return [one.action.id for one in proposal.chosen]


def test_controls_come_first_then_scores_that_block_then_the_two_lowest():
    need = Need(
        function="other",
        printed=even(60, T2=48, R5=30, R6=50),
        hours=PLENTY,
        lacking=("C08", "C05"),
        gaps=(Gap("T2", 44, 50),),
    )
    found = propose(library(), need)
    assert ids(found) == [
        "R4-low-named-owner",
        "R3-control-exception-route",
        "T2-emerging-explain-a-case",
        "R5-low-sponsor-message",
    ]
    reasons = [(one.reason.ground, one.reason.about) for one in found.chosen]
    assert reasons == [("control", "C05"), ("control", "C08"), ("gate", "T2"), ("low", "R5")]


def test_the_largest_shortfall_is_seen_to_first():
    need = Need(function="other", printed=even(45), hours=PLENTY, gaps=(Gap("R1", 40, 50), Gap("T4", 30, 50)))
    about = [one.reason.about for one in propose(library(), need).chosen if one.reason.ground == "gate"]
    assert about == ["T4", "R1"]


def test_a_department_gets_the_actions_of_its_function():
    need = Need(function="finance", printed=even(60), hours=PLENTY, lacking=("C04", "C13"))
    assert ids(propose(library(), need))[:2] == ["FIN-T2-audit-trail", "FIN-R4-prepare-or-release"]


def test_what_goes_with_willingness_weighs_more():
    scores = even(60, T1=50, T3=52, R2=51)
    assert lowest(Need(function="it", printed=scores, hours=1)) == ("T1", "R2")
    assert lowest(Need(function="it", printed=scores, hours=1, weights={"T3": 40})) == ("T3", "T1")


def test_what_has_to_come_before_stands_before_it_and_both_are_left_out_together():
    need = Need(function="other", printed=even(80), hours=PLENTY, lacking=("C11",))
    first, second = propose(library(), need).chosen[:2]
    assert (first.action.id, first.reason.about) == ("T1-emerging-acceptance-checklist", second.action.id)
    tight = propose(library(), Need(function="other", printed=even(80), hours=39, lacking=("C11",)))
    assert next((one.action.id, one.missed) for one in tight.left_out) == ("T1-developing-sampled-checks", "hours")
    assert "T1-emerging-acceptance-checklist" not in ids(tight)


def test_what_has_to_come_before_is_taken_as_done_when_it_was_last_quarters():
    before = frozenset({"T1-emerging-acceptance-checklist"})
    need = Need(function="other", printed=even(80), hours=PLENTY, lacking=("C11",), before=before)
    assert ids(propose(library(), need))[0] == "T1-developing-sampled-checks"


def test_what_does_not_fit_is_named_and_something_smaller_may_still_fit():
    need = Need(function="other", printed=even(60, R1=20, R5=21), hours=20)
    found = propose(library(), need)
    assert ids(found) == ["R5-low-sponsor-message"]
    assert [(one.action.id, one.missed) for one in found.left_out] == [("R1-low-own-cases-course", "hours")]


def test_at_most_five_actions_are_proposed():
    need = Need(function="other", printed=even(20), hours=PLENTY, lacking=CONTROLS[:7])
    found = propose(library(), need)
    assert len(found.chosen) == MOST_ACTIONS
    assert {one.missed for one in found.left_out} == {"number"}


def test_no_action_is_repeated_in_the_next_quarter_unless_it_is_recurring():
    low = Need(function="other", printed=even(90, R5=20, R4=20), hours=PLENTY)
    once = propose(library(), low)
    assert set(ids(once)) == {"R5-low-sponsor-message", "R4-low-named-owner"}
    again = propose(library(), Need(function="other", printed=low.printed, hours=PLENTY, before=frozenset(ids(once))))
    assert (ids(again), {one.missed for one in again.left_out}) == ([], {"repeated"})
    steady = Need(function="other", printed=printed(R6=60), hours=PLENTY, before=frozenset({"R6-developing-community"}))
    assert ids(propose(library(), steady)) == ["R6-developing-community"]


def test_of_what_is_not_told_nothing_is_said_but_that_it_is_not():
    need = Need(function="other", printed={}, hours=PLENTY, lacking=("C01",), gaps=(Gap("T1", 0, 50),))
    found = propose(library(), need)
    assert ids(found) == ["R3-low-permitted-uses"]
    assert found.untold == DIMENSIONS


CASES = st.builds(
    Need,
    function=st.sampled_from(KNOWN_FUNCTIONS),
    printed=st.dictionaries(
        st.sampled_from(DIMENSIONS), st.builds(Printed, st.integers(5, 95), st.sampled_from(BANDS)), max_size=11
    ),
    hours=st.integers(0, 400),
    lacking=st.lists(st.sampled_from(CONTROLS), unique=True, max_size=6).map(tuple),
    before=st.frozensets(st.sampled_from(ACTIONS), max_size=5),
)


@settings(max_examples=examples(100))
@given(CASES)
def test_every_proposal_keeps_to_capacity_number_function_and_order(need):
    found = propose(library(), need)
    assert found == propose(library(), need)
    assert found.hours == sum(one.action.hours for one in found.chosen) <= need.hours
    assert len(found.chosen) <= MOST_ACTIONS
    assert len(set(ids(found))) == len(found.chosen)
    assert not set(ids(found)) & {one.action.id for one in found.left_out}
    for place, one in enumerate(found.chosen):
        assert one.action.is_for(need.function)
        assert one.action.recurring or one.action.id not in need.before
        assert set(one.action.needs) <= {*ids(found)[:place], *need.before}


@settings(max_examples=examples(50))
@given(CASES)
def test_a_score_that_is_not_told_changes_nothing_else_than_what_is_said_of_it(need):
    hidden = Need(function=need.function, printed={}, hours=need.hours, lacking=need.lacking, before=need.before)
    assert {one.reason.ground for one in propose(library(), hidden).chosen} <= {"control", "first"}
