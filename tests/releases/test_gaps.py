"""Leaders and staff: gaps of printed means of the organisation, with spreads only where no few are told (3.12)."""

import random
from dataclasses import replace

import numpy as np
import pytest

from app.explore.leading import leading
from app.releases import evidence
from app.releases.audit.auditor import Audit, audit
from app.releases.audit.statements import Statement
from app.releases.compute import Made, build
from app.releases.document.figures import Gaps, LeaderGap
from app.releases.document.release import Policy, Release, Scored
from app.releases.statistics import planning
from app.releases.statistics.gaps import LEAST_SPREAD
from scoring.change import holm
from scoring.gap import gap
from scoring.moments import Moments
from scoring.printed import half_up, up
from surveys.model import Form
from tests.releases.brute_force import leaks
from tests.releases.waves import ATR, DIMENSIONS, POLICY, answers, department, facts, items_of, release, set_answers
from tests.thorough import tried

DEPARTMENTS = (department("Legal", 12), department("IT", 40), department("Ops", 60))
PULSE: Form = "pulse"


def with_leaders(leaders, *, departments=DEPARTMENTS, seed=0, missing=0.0, form="full"):
    given = {}
    for number, one in enumerate(departments):
        sheet = answers(one, one.headcount, seed=seed + number, missing=missing, form=form)
        sheet = set_answers(sheet, slice(None), ["E2"], "1")
        given[one.id] = set_answers(sheet, slice(0, leaders[number]), ["E2"], "2")
    return given


def gaps_of(one: Release) -> Gaps:
    assert one.gaps is not None
    return one.gaps


def moments_of(given, dimension, code):
    scores = []
    for sheet in given.values():
        places = [sheet.item_ids.index(item) for item in items_of(dimension)]
        role = sheet.codes[:, sheet.item_ids.index("E2")]
        for row in sheet.codes[role == ord(code)][:, places]:
            valid = [int(chr(one)) for one in row if one <= ord("5")]
            if 2 * len(valid) >= len(places):
                scores.append(25 * (sum(valid) / len(valid) - 1))
    return Moments(len(scores), float(np.mean(scores)), float(np.sum((np.array(scores) - np.mean(scores)) ** 2)))


def test_a_gap_is_that_of_the_printed_means_with_welchs_interval():
    given = with_leaders((6, 10, 20), missing=0.05)
    told = gaps_of(release(DEPARTMENTS, given))
    assert (told.leaders, told.staff) == ((2,), (1,)) or told.leaders == (2, 3)
    assert [one.dimension for one in told.cells] == [name for name in DIMENSIONS if name != "W"]
    exact = {}
    for one in told.cells:
        sides = [moments_of(given, one.dimension, code) for code in "21"]
        leaders, staff = (replace(side, mean=float(half_up(side.mean))) for side in sides)
        exact[one.dimension] = found = gap(leaders=leaders, staff=staff)
        assert (one.leaders, one.staff, one.gap) == (leaders.mean, staff.mean, leaders.mean - staff.mean)
        assert found.interval is not None
        half = up(found.interval[1] - found.difference.delta)
        assert one.interval == (one.gap - half, one.gap + half)
        assert one.g == half_up(100 * (found.g or 0))
    strict = holm([one.difference.p for one in exact.values()])
    assert [one.p for one in told.cells] == [max(1, min(100, up(100 * p))) for p in strict]


def test_a_gap_of_10_points_that_holms_p_confirms_is_marked_and_worded():
    given = with_leaders((6, 12, 24))
    for name, sheet in given.items():
        leads = np.flatnonzero(sheet.codes[:, sheet.item_ids.index("E2")] == ord("2")).tolist()
        given[name] = set_answers(set_answers(sheet, slice(None), items_of("R3"), "2"), leads, items_of("R3"), "4")
    told = release(DEPARTMENTS, given)
    (cell,) = [one for one in gaps_of(told).cells if one.dimension == "R3"]
    assert (cell.leaders, cell.staff, cell.gap, cell.marked) == (75, 25, 50, True)
    assert any("50 points higher than staff" in sentence for sentence in leading(told).sentences)


def test_all_alike_on_both_sides_looks_like_a_spread_of_5_points():
    given = {
        name: set_answers(one, slice(None), items_of("T2"), "3") for name, one in with_leaders((6, 10, 20)).items()
    }
    (cell,) = [one for one in gaps_of(release(DEPARTMENTS, given)).cells if one.dimension == "T2"]
    assert LEAST_SPREAD == 5
    assert (cell.gap, cell.interval, cell.p, cell.g) == (0, (-3, 3), 100, 0)


def test_a_clipped_mean_has_a_gap_without_interval():
    given = {
        name: set_answers(one, slice(None), items_of("T2"), "5") for name, one in with_leaders((6, 10, 20)).items()
    }
    (cell,) = [one for one in gaps_of(release(DEPARTMENTS, given)).cells if one.dimension == "T2"]
    assert (cell.leaders, cell.staff, cell.gap, cell.interval, cell.g) == (95, 95, 0, None, None)


@pytest.mark.parametrize("leaders", [(2, 3, 4), (11, 0, 0)])
def test_where_leaders_may_not_be_told_apart_there_is_no_gap(leaders):
    assert release(DEPARTMENTS, with_leaders(leaders)).gaps is None


def test_pure_departments_that_share_an_interval_give_no_gap():
    """Means of 5 leaders and of 8 staff stand on their own rows; the interval of both together would not."""
    departments = (department("Heads", 5), department("Desk", 8), department("Board", 30), department("Ops", 60))
    told = release(departments, with_leaders((5, 0, 30, 0), departments=departments))
    assert [group.n for group in told.margins[0].groups] == [68, 35]
    assert isinstance(told.margins[0].groups[0].cells["T1"], Scored)
    assert gaps_of(told).cells == ()


def told_of(made: Made) -> list[Statement]:
    one = made.release
    return [
        *evidence.told_in(planning.ledger(made.wave), ATR, PULSE),
        *evidence.margins(one, ATR, PULSE),
        *evidence.gaps(one, ATR, PULSE),
    ]


def proven(made: Made, given: object) -> Audit:
    people = evidence.people(given, ATR, PULSE)  # type: ignore[arg-type]  # a dict of answers
    return audit([made.release], people, told=told_of(made))


def built(departments, given, policy=POLICY) -> Made:
    return build(
        facts=facts(PULSE, None), policy=policy, number=1, instrument=ATR, form=PULSE,
        departments=departments, answers=given,
        corrected=frozenset(), previous=None,
    )  # fmt: skip


def test_the_auditor_refuses_a_gap_that_nobody_explained_or_that_tells_the_spread_of_a_few():
    departments = (department("Heads", 5), department("Desk", 8), department("Board", 30), department("Ops", 60))
    given = with_leaders((5, 0, 30, 0), departments=departments, form=PULSE)
    made = built(departments, given)
    assert proven(made, given).passed
    cell = LeaderGap(dimension="T1", leaders=60, staff=50, gap=10, interval=(2, 18), p=1, g=50, marked=True)
    wrong = replace(made.release, gaps=replace(gaps_of(made.release), cells=(cell,)))
    found = proven(replace(made, release=wrong), given)
    assert any(name.startswith("T1, intervals") for name in found.offending)
    people = evidence.people(given, ATR, PULSE)
    silent = audit([wrong], people, told=list(evidence.margins(wrong, ATR, PULSE)))
    assert "T1, leaders and staff: nothing says on whom this gap rests" in silent.offending


def test_no_gap_of_small_organisations_tells_the_spread_of_fewer_than_k_people():
    """Squared scores as unknowns: sets that lend their spread, and both sides, combined by rank in every way."""
    rng, policy, with_gaps, shown = random.Random(3), Policy(k_means=3, k_intervals=4), 0, 0
    for seed in range(tried(150, sample=25)):
        departments = tuple(department(f"D{number}", rng.randint(3, 6)) for number in range(rng.randint(2, 3)))
        given = with_leaders(
            [rng.randint(0, one.headcount) for one in departments], departments=departments, seed=seed, form=PULSE
        )
        made = built(departments, given, policy)
        if made.release.gaps is None:
            continue
        with_gaps += 1
        assert proven(made, given).passed
        people = [(name, int(chr(code))) for name, one in given.items() for code in one.codes[:, role(one)]]
        for cell in made.release.gaps.cells:
            sets = [[p for p, (name, _) in enumerate(people) if name in held] for held in spreads(made, cell)]
            for side in (made.release.gaps.leaders, made.release.gaps.staff):
                sets.append([p for p, (_, level) in enumerate(people) if level in side])
            assert not leaks([one for one in sets if one], list(range(len(people))), policy.k_intervals)
            shown += 1
    assert with_gaps > tried(30, sample=3)
    assert shown > tried(100, sample=10)


def role(one):
    return one.item_ids.index("E2")


def spreads(made: Made, cell: LeaderGap):
    return planning.ledger(made.wave).told(cell.dimension, "spreads")
