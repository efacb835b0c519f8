"""Decisions: a pure function of a release, of facts as of a day, and of a policy."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.autonomy import decision as documents
from app.autonomy.comparing import differences
from app.autonomy.deciding import decide
from app.autonomy.decision import Before, Decided, Decision, Facts, Place
from app.autonomy.spoken import obstacles, spans, verdict
from app.autonomy.telling import told
from app.db import Database
from app.releases.document.figures import Share
from app.releases.document.release import CHECKING, Hidden, Release, Row, Small
from scoring.ceiling import Block
from scoring.gating import GATES, OverTrust
from scoring.levels import Level
from tests.autonomy.stage import (
    DAY,
    DEPARTMENT,
    READY,
    UP_TO_A3,
    attestation,
    cell,
    facts,
    released,
    row,
    shares,
    with_rows,
)
from tests.cast import Cast
from tests.world import World

pytestmark = pytest.mark.lived_in
UP_TO_A4 = tuple(f"C{number:02}" for number in range(1, 15))
NAMES = {"T2": "Transparency and predictability", "T4": "Control", "R4": "Roles"}


@pytest.fixture
def release(database: Database, cast: Cast, lived_in: World) -> Release:
    return released(database, cast, lived_in)


def decided(release: Release, known: Facts, *rows: Row) -> Decision:
    return decide(with_rows(release, *rows), sha256="s", facts=known, policy=GATES)


def only(release: Release, known: Facts, *rows: Row) -> Decided:
    [one] = decided(release, known, *rows).departments
    return one


def test_the_reference_run_gives_act_on_approval_only_once_transparency_is_high_enough(release: Release) -> None:
    below = only(release, facts(), row(split=("T4",)))
    assert below.ceiling.level == Level.A2
    assert [(one.ref, one.have, one.need) for one in below.ceiling.blocking] == [("T2", 48, 50)]
    above = only(release, facts(), row({**READY, "T2": 53}, split=("T4",)))
    assert above.ceiling.level == Level.A3
    said = verdict(above, NAMES)
    assert said.startswith("Finance may run agents up to Act on approval. To reach Act by exception: attest 5 controls")
    assert "(C10–C14), raise Roles (R4) by 14 points" in said
    assert "resolve the split on Control (T4)" in said
    assert "which this result does not tell" in said


def test_the_same_release_facts_and_policy_give_the_same_bytes_and_are_read_back(release: Release) -> None:
    first, second = (decided(release, facts(), row()) for _ in range(2))
    assert documents.dump(first) == documents.dump(second)
    assert documents.load(documents.dump(first)) == first
    again = decide(with_rows(release, row()), sha256="s", facts=first.facts, policy=first.policy)
    assert documents.dump(again) == documents.dump(first)
    later = replace(first, number=7, facts=replace(first.facts, as_of=DAY + timedelta(days=1)))
    assert documents.essence(later) == documents.essence(first)


@pytest.mark.parametrize("control", UP_TO_A3)
def test_an_attestation_that_ended_takes_the_level_away_that_needs_it(release: Release, control: str) -> None:
    good = row({**READY, "T2": 60})
    others = tuple(one for one in UP_TO_A3 if one != control)
    lapsed = replace(facts(others), attested=(*facts(others).attested, attestation(control, on=date(2025, 1, 1))))
    before = (Before(department=DEPARTMENT, held=Level.A3),)
    one = only(release, replace(lapsed, before=before), good)
    needed = next(rung.level for rung in GATES.rungs if control in rung.controls)
    assert one.ceiling.level == needed - 1
    assert "its attestation ended on" in obstacles(one, NAMES)[0].what
    assert obstacles(one, NAMES)[0].who


def test_a_level_that_was_held_is_kept_until_the_upper_bound_falls(release: Release) -> None:
    unsure = row({**READY, "T2": 47})
    assert only(release, facts(), unsure).ceiling.level == Level.A2
    held = replace(facts(), before=(Before(department=DEPARTMENT, held=Level.A3),))
    kept = only(release, held, unsure).ceiling
    assert (kept.level, kept.granted) == (Level.A3, Level.A2)


def test_hiding_a_score_never_pays_above_the_first_level(release: Release) -> None:
    shown = only(release, facts(), row({**READY, "T2": 60})).ceiling.level
    for dimension in READY:
        cells = dict(row({**READY, "T2": 60}).cells)
        cells[dimension] = Hidden(reason="small_group")
        assert only(release, facts(), row(cells=cells)).ceiling.level < shown


def test_a_department_without_a_row_gets_no_more_than_an_aid(release: Release) -> None:
    one = only(release, facts(tuple(GATES.controls)))
    assert one.ceiling.level == Level.A1
    assert not one.has_answers
    assert one.ceiling.insufficient_evidence


def test_a_small_department_takes_its_groups_results_and_at_most_act_on_approval(release: Release) -> None:
    high = row(dict.fromkeys(READY, 90), id="pool:x", kind="pool", name="Small teams")
    small = Small(id=DEPARTMENT, name="Finance", row="pool:x")
    told_of = replace(with_rows(release, high), small=(small,))
    every = facts(tuple(control for control in GATES.controls if control != "C16"))
    [one] = decide(told_of, sha256="s", facts=every, policy=GATES).departments
    assert one.ceiling.level == Level.A3
    assert one.ceiling.group == "Small teams"
    assert "own_results" in {block.ref for block in one.ceiling.blocking}


@pytest.mark.parametrize(("used", "highest"), [(7, Level.A3), (8, Level.A2), (9, Level.A2)])
def test_of_few_people_it_counts_as_if_too_few_knew_where_that_is_not_told(
    release: Release, used: int, highest: Level
) -> None:
    few = {name: replace(cell(60), n=None, unknown=None, camps=None) for name in READY}
    offered = {name: replace(cell(60), unknown=None if name == "R3" else Share(percent=5)) for name in READY}
    whole = replace(release.organisation, cells=offered, n=60)
    known = replace(release, rows=(whole,))
    one = only(known, facts(), row(cells=few, n=used))
    assert one.ceiling.level == highest
    assert bool(one.untold) == (highest == Level.A2)


@pytest.mark.parametrize(("checks", "level"), [(None, Level.A3), (41, Level.A4), (40, Level.A3)])
def test_act_by_exception_is_granted_where_it_is_told_that_people_check(
    release: Release, checks: int | None, level: Level
) -> None:
    good = row(dict.fromkeys(READY, 75))
    told = {} if checks is None else {CHECKING: replace(cell(0), score=checks, gate=None, camps=None)}
    one = only(release, facts(UP_TO_A4), replace(good, cells={**good.cells, **told}))
    assert one.ceiling.level == level
    # Trust of 78 while work is seldom checked: whoever hides how often is no better off than who says so.
    assert one.overtrust == {None: "unknown", 41: "clear", 40: "flagged"}[checks]


def test_trust_that_runs_ahead_is_told_of_a_department_that_stands_far_below_the_level_that_it_stops(
    release: Release,
) -> None:
    good = row(dict.fromkeys(READY, 75))
    ahead = replace(good, cells={**good.cells, "R1": cell(45)})
    low, plain = only(release, facts(("C01", "C02")), ahead), only(release, facts(("C01", "C02")), good)
    assert (low.overtrust, plain.overtrust) == ("flagged", "unknown")
    assert "Over-trust: trust runs ahead of skills" in str(verdict(low, NAMES))
    assert "Over-trust" not in str(verdict(plain, NAMES))


def test_a_ceiling_that_hangs_on_5_points_says_so_and_one_that_does_not_is_silent(release: Release) -> None:
    near = verdict(only(release, facts(), row()), NAMES)
    assert near.endswith("With all gates 5 points lower it would be Act on approval, with all 5 points higher Co-work.")
    far = verdict(only(release, facts(()), row()), NAMES)
    assert "With all gates" not in far, "without a control no score decides"


def test_controls_of_some_of_the_merged_departments_count_for_none_of_the_new_one(release: Release) -> None:
    merged = Place(
        id=DEPARTMENT, name="Finance", parent=None, depth=0, function="finance",
        origin="merge", sources=("old1", "old2"), members=("Tax", "Planning"),
    )  # fmt: skip
    both = [attestation(control, department=old) for control in ("C01", "C02") for old in ("old1", "old2")]
    one = only(release, facts((), places=(merged,), attested=(*both, attestation("C03", department="old1"))), row())
    states = {fact.control: fact for fact in one.controls}
    assert one.ceiling.level == Level.A1
    assert (states["C01"].status, states["C01"].through) == ("in_force", "merge")
    assert (states["C03"].status, states["C03"].only_for) == ("missing", ("Tax",))
    assert "attested before the merger for Tax only" in obstacles(one, NAMES)[0].what


def test_what_is_attested_above_a_department_counts_for_it_and_not_the_other_way(release: Release) -> None:
    above = Place(id="top", name="Money", parent=None, depth=0, function="finance")
    below = Place(id=DEPARTMENT, name="Finance", parent="top", depth=1, function="finance")
    for where, expected in (("top", ["in_force", "in_force"]), (DEPARTMENT, ["missing", "in_force"])):
        known = facts((), places=(above, below), attested=(attestation("C01", department=where),))
        made = decided(release, known, row())
        assert [one.controls[0].status for one in made.departments] == expected


def test_a_control_that_staff_do_not_notice_is_attested_but_not_experienced(release: Release) -> None:
    known = row(items={"R3a": shares(30), "R3b": shares(70)})
    made = decided(release, facts(), known)
    [one] = made.departments
    assert [(each.control, each.item) for each in one.contradictions] == [("C01", "R3a")]
    said = told(one, made, NAMES, {"R3a": "I know which tasks may be given."}).contradictions
    assert "attested, but not experienced by staff. 30 %" in said[0]
    assert only(release, facts(()), known).contradictions == ()


def test_two_decisions_are_compared_with_the_reason(release: Release) -> None:
    before = decided(release, facts(), row({**READY, "T2": 60}))
    after = decided(release, facts(UP_TO_A3[:-1]), row({**READY, "T2": 60}))
    [one] = differences(before, after, NAMES)
    assert (one.direction, one.why) == ("down", "No longer in force: C09.")
    assert differences(before, before, NAMES) == ()


def test_whatever_moves_a_level_is_told_as_its_reason(release: Release) -> None:
    def why(before: Decided, now: Decided) -> tuple[str, str]:
        one, other = (replace(made, departments=(each,)) for each in (before, now))
        [found] = differences(one, other, NAMES)
        return found.direction, found.why

    made = decided(release, facts(UP_TO_A4), row(dict.fromkeys(READY, 90)))
    [high] = made.departments

    def at(level: Level, *blocks: Block, granted: Level | None = None, overtrust: OverTrust = "clear") -> Decided:
        ceiling = replace(high.ceiling, level=level, granted=level if granted is None else granted, blocking=blocks)
        return replace(high, ceiling=ceiling, overtrust=overtrust)

    unknown = at(Level.A3, Block(kind="evidence", ref="C1"), overtrust="unknown")
    assert why(unknown, at(Level.A4)) == ("up", "Over-trust: not known before, none to be seen now.")
    split = at(Level.A3, Block(kind="split", ref="T4"))
    assert why(split, at(Level.A4)) == ("up", "No longer needed: resolve the split on Control (T4).")
    ignorant = at(Level.A2, Block(kind="dk", ref="R4"))
    assert why(at(Level.A4), ignorant) == ("down", "Needed now: have people know the facts about Roles (R4).")
    tenure = at(Level.A4, Block(kind="tenure", ref="waves_at_a4", have=1, need=2))
    assert "hold Act by exception in 2 waves in a row (so far 1)" in why(tenure, at(Level.A5))[1]
    kept = at(Level.A3, granted=Level.A2)
    assert why(at(Level.A2), kept)[1].endswith("Act on approval is kept because it was granted before.")
    below = at(Level.A2, Block(kind="score", ref="T2", have=47, need=50))
    assert why(kept, below)[1] == "Before, it was kept because it was granted earlier; this no longer counts."


def test_controls_in_a_row_are_told_in_short() -> None:
    assert spans(["C05", "C06", "C07", "C10"]) == "C05–C07, C10"
