"""The smallest change that the next wave can show, from printed gating scores alone (3.10, P2)."""

from dataclasses import replace
from functools import cache

import pytest

from app.explore.sure import sureness
from app.releases.detectable import detectable
from app.releases.document.figures import Gate
from app.releases.document.release import Hidden, Release, Row, Scored
from app.reports.tables import smallest_rows
from scoring.trend import minimum_detectable_difference
from tests.releases.waves import answers, department, release

DEPARTMENTS = (
    department("Legal", 12),
    department("IT", 40),
    department("Ops", 60),
    department("Tax", 7),
    department("HR", 8),
)


@cache
def result() -> Release:
    """What these departments said, made when the first test needs it."""
    return release(DEPARTMENTS, {one.id: answers(one, one.headcount - 1) for one in DEPARTMENTS})


def it() -> Row:
    return next(row for row in result().rows if row.id == "it")


def with_gate(half, *, score=50, **fields):
    cell, anchor = it().cells["T1"], it().anchors["T1"]
    assert isinstance(cell, Scored)
    assert isinstance(anchor, Scored)
    gated = replace(anchor, score=score, gate=Gate(lower=score - half, upper=score + half, own=True))
    return replace(it(), cells={"T1": replace(cell, **fields)}, anchors={"T1": gated})


@pytest.mark.parametrize(("n", "half", "points"), [(10, 6, 29), (20, 4, 19), (50, 3, 15), (100, 2, 10)])
def test_a_department_of_known_spread_has_the_difference_that_its_printed_bounds_give(n, half, points):
    """For a spread of 20 MEASUREMENT 3.10 has 26.5, 18.2, 11.3 and 8.0; bounds are printed up to a point too wide."""
    assert detectable(with_gate(half, n=n, coverage=None), "T1") == points
    assert points >= minimum_detectable_difference(20 * (2 / n) ** 0.5, 2 * (n - 1))


def test_a_row_whose_number_of_answers_is_not_told_has_that_of_the_normal_distribution():
    # se = 8 / .8416 in either wave, times 2.8016: nothing that depends on the number.
    assert detectable(with_gate(8, n=None), "T1") == 38
    assert detectable(with_gate(8, coverage=">= 95 %"), "T1") == 38


def test_nothing_is_said_where_no_change_on_the_scale_could_be_found():
    assert detectable(with_gate(40), "T1") is None


def test_cells_that_are_not_told_and_the_criterion_have_none():
    assert detectable(replace(it(), cells={**it().cells, "T1": Hidden(reason="small_group")}), "T1") is None
    assert detectable(replace(it(), anchors={**it().anchors, "T1": Hidden(reason="withheld")}), "T1") is None
    assert detectable(it(), "W") is None
    assert isinstance(it().anchors["W"], Scored)


def test_the_page_of_a_row_and_the_annex_of_the_report_say_the_same():
    told = {line.name: line.smallest for line in sureness(result(), it()).lines}
    in_report = next(line for line in smallest_rows(result()) if line.name == "IT")
    shown = [cell.text for cell in in_report.cells]
    assert shown == [told[head.name] or "–" for head in result().dimensions]
    assert sum(text != "–" for text in shown) == 11


def test_a_release_from_before_gating_scores_has_no_such_table():
    rows = tuple(replace(row, anchors={}) for row in result().rows)
    assert smallest_rows(replace(result(), rows=rows)) == ()


def test_the_example_of_the_method_page_is_found():
    assert detectable(with_gate(5, score=58, n=12, coverage=None), "T1") == 24
