"""Gating scores: functions of totals that are released anyway, on anchor questions (2.5, P2, P13, P14)."""

from dataclasses import replace

import numpy as np
import pytest

from app.releases.audit.auditor import audit
from app.releases.document.figures import Camps, Gate, Share
from app.releases.document.release import Release, Row, Scored
from app.releases.evidence import people
from app.releases.statistics.columns import DepartmentAnswers
from scoring.gating import CONFIDENCE
from scoring.printed import up
from scoring.student import quantile
from surveys.codes import DK
from tests.releases.waves import ATR, DIMENSIONS, answers, department, items_of, made, release, set_answers, told_of

DEPARTMENTS = (
    department("Legal", 12),
    department("IT", 40),
    department("Ops", 60),
    department("Tax", 7),
    department("HR", 8),
)


def row_of(one: Release, name: str) -> Row:
    row = one.row(name)
    assert row is not None
    return row


def anchor(one: Release, name: str, dimension: str) -> Scored:
    cell = row_of(one, name).anchors[dimension]
    assert isinstance(cell, Scored)
    return cell


def gate_of(one: Release, name: str, dimension: str) -> Gate:
    gate = anchor(one, name, dimension).gate
    assert gate is not None
    return gate


def given(form="full", missing=0.0):
    return {
        one.id: answers(one, one.headcount, seed=n, missing=missing, form=form) for n, one in enumerate(DEPARTMENTS)
    }


def scores(sheet, items):
    """Each person's score, worked out answer by answer."""
    places = [sheet.item_ids.index(item) for item in items]
    found = []
    for row in sheet.codes[:, places]:
        valid = [int(chr(code)) for code in row if ord("1") <= code <= ord("5")]
        if 2 * len(valid) >= len(places):
            found.append(25 * (sum(valid) / len(valid) - 1))
    return found


@pytest.mark.parametrize("form", ["full", "pulse"])
def test_a_gate_is_the_lower_80_percent_bound_of_the_printed_anchor_score(form):
    sheets = given(form, missing=0.1)
    row = row_of(release(DEPARTMENTS, sheets, form=form), "it")
    for dimension in ATR.dimensions:
        cell = (row.anchors if form == "full" else row.cells)[dimension.id]
        assert isinstance(cell, Scored)
        if dimension.block == "criterion":
            assert cell.gate is None
            continue
        of = scores(sheets["it"], items_of(dimension.id, anchor=True))
        half = max(1, up(quantile(CONFIDENCE, len(of) - 1) * float(np.std(of, ddof=1)) / len(of) ** 0.5))
        assert cell.gate == Gate(lower=cell.score - half, upper=cell.score + half, own=True)


def test_the_full_form_gates_on_anchors_alone():
    for row in release(DEPARTMENTS, given()).rows:
        assert not any(isinstance(one, Scored) and one.gate for one in row.cells.values())


def test_a_small_group_has_the_spread_of_the_column_and_its_responses():
    """What two small groups say changes sides, with the same sums and squares together: no gate moves."""
    told = []
    for apart, alike in (("tax", "hr"), ("hr", "tax")):
        sheets = given()
        for name in (apart, alike):
            size = len(sheets[name].codes)
            for item in (item for dimension in DIMENSIONS for item in items_of(dimension)):
                code = {apart: "15" * 3, alike: "3" * 6}[name]
                for person in range(size):
                    sheets[name] = set_answers(sheets[name], [person], [item], (code + "3" * 8)[person])
        one = release(DEPARTMENTS, sheets)
        names = [(row.id, name) for row in one.rows for name in DIMENSIONS if name != "W"]
        told.append([gate_of(one, *each) for each in names])
        assert not gate_of(one, "tax", "T1").own
        assert not gate_of(one, "hr", "T1").own
    assert told[0] == told[1]


def test_all_alike_looks_like_a_spread_that_is_not_told():
    sheets = given()
    sheets["legal"] = set_answers(sheets["legal"], slice(None), items_of("T1"), "3")
    gate = gate_of(release(DEPARTMENTS, sheets), "legal", "T1")
    assert not gate.own
    assert gate.lower < 49


def test_what_a_small_group_leaves_out_does_not_show_in_its_gate():
    whole, less = given(), given()
    # Two of seven leave a dimension out that all others answered around the same mean.
    for sheets in (whole, less):
        sheets["tax"] = set_answers(sheets["tax"], slice(None), items_of("R1"), "3")
    less["tax"] = set_answers(less["tax"], [0, 1], items_of("R1"), "S")
    gates = [gate_of(release(DEPARTMENTS, sheets), "tax", "R1") for sheets in (whole, less)]
    widths = [gate.upper - gate.lower for gate in gates]
    # The column's spread itself moves, by less than rounding does.
    assert abs(widths[0] - widths[1]) <= 2


def test_the_auditor_refuses_a_gate_on_the_own_spread_of_a_few():
    sheets = given()
    whole = made(DEPARTMENTS, sheets)
    one, told = whole.release, told_of(whole)
    used = people(sheets, ATR, "full")
    assert audit([one], used, told=told).passed

    def with_tax(**values):
        row = row_of(one, "tax")
        cell = replace(anchor(one, "tax", "T1"), **values)
        changed = replace(row, anchors={**row.anchors, "T1": cell})
        return replace(one, rows=tuple(changed if each.id == "tax" else each for each in one.rows))

    for values in ({"gate": Gate(lower=40, upper=60, own=True)}, {"camps": Camps(polarisation=50, split=False)}):
        found = audit([with_tax(**values)], used, told=told)
        assert not found.passed
        assert any("T1, intervals" in name and "Tax" in name for name in found.offending)


def test_anchors_have_the_dont_know_rate_of_their_own_questions():
    sheets = given()
    for item in ("R2a", "R2b"):
        sheets["it"] = set_answers(sheets["it"], slice(0, 16), [item], chr(DK[0]))
    one = release(DEPARTMENTS, sheets)
    row, cell = row_of(one, "it"), row_of(one, "it").cells["R2"]
    assert anchor(one, "it", "R2").unknown == row.unknown["R2a"] == Share(percent=40)
    assert isinstance(cell, Scored)
    assert cell.unknown is not None
    assert cell.unknown.percent < 40


def test_camps_of_anchors_are_told_where_their_spread_is():
    sheets = given()
    one = sheets["it"]
    places = [one.item_ids.index(item) for item in items_of("T4")]
    codes = one.codes.copy()
    codes[:20, places], codes[20:, places] = ord("1"), ord("5")
    sheets["it"] = DepartmentAnswers(one.item_ids, codes)
    made = release(DEPARTMENTS, sheets)
    camps = anchor(made, "it", "T4").camps
    assert camps is not None
    assert camps.split
    assert anchor(made, "tax", "T4").camps is None
