"""What those who kept silent could change, from printed numbers alone (3.13)."""

from dataclasses import replace
from functools import cache

import pytest

from app.explore.heatmap import heatmap
from app.explore.looking import Looking
from app.explore.sure import sureness
from app.releases.document.release import Hidden, Index, Release, Row, Scored
from app.releases.silence import Silence, silence, standing
from tests.releases.waves import answers, department, release

NO_INDEX = Index(score=None, band=None)


def row(n, headcount):
    return Row(
        id="x", kind="unit", name="X", parent=None, depth=0, headcount=headcount, n=n, rate=None, departments=("x",),
        members=(), function=None, headcount_corrected=False, trust=NO_INDEX, readiness=NO_INDEX, cells={},
    )  # fmt: skip


DEPARTMENTS = (department("Legal", 40), department("IT", 90), department("Ops", 60))


@cache
def result() -> Release:
    """What these departments said, made when the first test needs it."""
    return release(
        DEPARTMENTS, {one.id: answers(one, n, seed=n) for one, n in zip(DEPARTMENTS, (36, 40, 15), strict=True)}
    )


def cell() -> Scored:
    return next(one for one in result().organisation.cells.values() if isinstance(one, Scored))


@pytest.mark.parametrize(
    ("score", "n", "headcount", "told"),
    [(60, 30, 40, Silence(3, 45, 70)), (40, 8, 20, Silence(6, 16, 76)), (58, 5, 50, Silence(9, 5, 96))],
)
def test_bias_and_bounds_are_those_of_the_worked_table_rounded_outwards(score, n, headcount, told):
    assert silence(row(n, headcount), replace(cell(), score=score)) == told


def test_where_the_number_of_answers_is_not_told_nothing_is():
    assert silence(row(None, 40), cell()) is None
    assert standing(row(None, 40)) is None
    assert silence(row(30, 40), Hidden(reason="small_group")) is None


@pytest.mark.parametrize(("n", "rate"), [(20, "enough"), (19, "low"), (12, "low"), (11, "indicative")])
def test_a_response_rate_is_low_below_half_and_indicative_below_30_percent(n, rate):
    assert standing(row(n, 40)) == rate


def test_pages_name_the_rows_in_which_few_answered():
    remarks = heatmap(result(), Looking()).remarks
    assert "Fewer than half answered in Acme and IT." in remarks
    assert "Indicative only, because fewer than 30 % answered: Ops." in remarks
    ops = result().row("ops")
    assert ops is not None
    assert sureness(result(), ops).rate == "indicative only"
    assert any("indicative" in note for note in sureness(result(), ops).notes)


def test_nothing_is_said_of_silence_where_everybody_answered():
    departments = (department("Legal", 12), department("IT", 20))
    told = release(departments, {one.id: answers(one, one.headcount) for one in departments})
    found = sureness(told, told.organisation)
    assert not found.has_silence
    assert found.has_gates
