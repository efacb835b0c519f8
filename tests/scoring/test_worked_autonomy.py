"""Every table of docs/autonomy.md, computed anew: what a reader recomputes by hand is what the code does."""

import math

import pytest

from scoring.binomial import required_cases
from scoring.caps import RiskFacts, preference_cap, preferred_level, severity_of, workflow_level
from scoring.ceiling import Facts, GatedCell, department_ceiling
from scoring.estimates import Spread
from scoring.gating import GATES, GatingScore, OverTrustRule, bounds, gating_score
from scoring.legal import LEGAL
from scoring.levels import Level
from scoring.quadrants import IndexRange, position
from scoring.value import PLANNING_SHARES
from scoring.zones import Capability, Rating, opportunity
from tests.scoring.worked import rows, tables

ABSENT = ("not released", "not told")


def whole(text):
    return None if text in ABSENT else int(text)


def level(text):
    return Level[text]


def test_every_level_has_the_name_printed():
    assert {row["level"]: row["name"] for row in rows("levels-1")} == {one.name: one.label for one in Level}


@pytest.mark.parametrize("row", rows("gating-score-1"), ids=lambda row: " ".join(row.values()))
def test_a_worked_gating_score_is_as_printed(row):
    score, n, spread = int(row["score"]), int(row["n"]), Spread(float(row["s"]), float(row["nu"]))
    exact = bounds(score, n=n, spread=spread)
    assert f"{(exact.upper - exact.lower) / 2:.2f}" == row["half-width"]
    assert gating_score(score, n=n, spread=spread) == GatingScore(int(row["g"]), int(row["kept until"]))


def test_the_gates_are_as_printed():
    expected = {
        row["level"]: {name: int(cell) for name, cell in row.items() if name != "level" and cell}
        for row in rows("gates-1")
    }
    assert expected == {rung.level.name: {gate.dimension: gate.minimum for gate in rung.gates} for rung in GATES.rungs}


@pytest.mark.parametrize("row", rows("over-trust-1"), ids=lambda row: " ".join(row.values()))
def test_worked_trust_runs_ahead_where_it_is_printed(row):
    found = OverTrustRule().judge(trust=whole(row["trust index"]), checks=whole(row["C1"]), skills=whole(row["R1"]))
    assert found == row["found"]


def test_the_worked_department_has_the_ceiling_printed():
    (scores,), blocking = tables("ceiling-1")

    def ceiling(**change):
        cells = tuple(
            GatedCell(
                dimension=name,
                score=GatingScore(change.get(name, int(cell)), 100),
                split=name == "T4",
            )
            for name, cell in scores.items()
            if name
        )
        controls = frozenset(f"C{number:02d}" for number in range(1, 10))
        return department_ceiling(
            Facts(cells=cells, controls=controls, overtrust="clear", response_rate=80), policy=GATES
        )

    first, second = ceiling(), ceiling(T2=53)
    assert (first.level, second.level) == (Level.A2, Level.A3)
    assert [(one.ref, one.have, one.need) for one in first.blocking] == [("T2", 48, 50)]
    listed = [
        (str(place), one.kind, one.ref, *("" if x is None else str(x) for x in (one.have, one.need)))
        for place, one in enumerate(second.blocking, start=1)
    ]
    assert listed == [tuple(row.values()) for row in blocking]


def index(score, interval):
    low, _, high = interval.partition("..")
    return IndexRange(score=int(score), interval=None if interval in ABSENT else (int(low), int(high)))


@pytest.mark.parametrize("row", rows("quadrant-1"), ids=lambda row: " ".join(row.values()))
def test_a_worked_department_has_the_quadrant_printed(row):
    found = position(
        trust=index(row["trust"], row["trust interval"]),
        readiness=index(row["readiness"], row["readiness interval"]),
    )
    assert (found.quadrant.replace("_", " "), found.border.replace("_", " ")) == (row["quadrant"], row["border"])


@pytest.mark.parametrize("row", rows("zone-1"), ids=lambda row: " ".join(row.values()))
def test_a_worked_workflow_has_the_zone_printed(row):
    wish = Rating(mean=float(row["D"]), n=int(row["n"]), spread=Spread(float(row["s"]), float(row["nu"])))
    found = opportunity(wish, Capability(value=float(row["C"]), proxy=False))
    assert {None: "none", "r_and_d": "R&D"}.get(found.zone, found.zone) == row["zone"]
    assert found.borderline == (row["ring"] == "yes")
    assert ("" if found.p_wanted is None else f"{found.p_wanted:.3f}".removeprefix("0")) == row["pD"]


def test_the_planning_shares_are_as_printed():
    (row,) = rows("value-1")
    assert [float(cell) for name, cell in row.items() if name != "level"] == list(PLANNING_SHARES.shares)


@pytest.mark.parametrize("row", rows("workflow-level-1"), ids=lambda row: " ".join(row.values()))
def test_a_worked_workflow_has_the_level_printed(row):
    found = workflow_level(
        ceiling=level(row["ceiling"]),
        risk=level(row["risk"]),
        legal=level(row["law"]),
        evidence=level(row["evidence"]),
        preference=level(row["preference"]),
        zone=level(row["zone"]),
    )
    assert (found.level.name, ", ".join(found.binding)) == (row["level"], row["limited by"])


def test_the_severities_are_as_printed():
    for row in rows("severity-1"):
        for undo in range(1, 6):
            facts = RiskFacts(consequence=int(row["EC"]), raters=5, undo=undo)
            assert severity_of(facts).severity == int(row[f"DT {undo}"])


def test_the_checked_cases_are_as_printed():
    for row in rows("evidence-1"):
        tolerance, *cases = row.values()
        rate = float(tolerance.removesuffix(" %")) / 100
        assert [required_cases(rate, errors=errors) for errors in range(4)] == [int(one) for one in cases]
    assert math.ceil(math.log(0.05) / math.log(0.998)) == 1497


@pytest.mark.parametrize("row", rows("preference-1"), ids=lambda row: " ".join(row.values()))
def test_a_worked_workflow_has_the_preference_printed(row):
    human_part = None if row["mean HA"] in ABSENT else float(row["mean HA"])
    assert (preferred_level(human_part), preference_cap(human_part)) == (level(row["A_pref"]), level(row["cap"]))


def test_the_legal_caps_are_as_printed():
    rules, functions = tables("legal-1")
    assert [tuple(row.values()) for row in rules] == [
        (rule.flag, rule.cap.name, rule.condition, rule.source) for rule in LEGAL.rules
    ]
    assert {name: cell for name, cell in functions[0].items() if name != "function"} == {
        name: LEGAL.strictest(name).name for name, _ in LEGAL.functions
    }
