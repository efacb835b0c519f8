"""Slopes over four waves or more: from printed anchor scores of releases, and from nothing else (3.10, P16)."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from app.db import Database
from app.explore.over_time import over_time
from app.releases import store
from app.releases.document.release import Release, Scored, dump, load
from app.releases.history import past, told
from app.releases.statistics.slopes import SlopeOf, Told, slopes
from scoring.gating import CONFIDENCE
from scoring.printed import half_up
from scoring.student import quantile
from scoring.trend import slope
from tests.cast import Cast
from tests.releases.waves import ATR, answers, department, release
from tests.world import World

DEPARTMENTS = (department("Legal", 15), department("IT", 40), department("Ops", 60), department("Tax", 7))
DAYS = ("2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01")
ANCHORS = {one.id: frozenset(item.id for item in one.items if item.anchor) for one in ATR.dimensions}


def wave(number: int, *, departments=DEPARTMENTS, seed=0) -> Release:
    given = {
        one.id: answers(one, one.headcount, seed=seed + number, level=2.6 + 0.2 * number, form="pulse")
        for one in departments
    }
    one = release(departments, given, form="pulse")
    return replace(one, wave=replace(one.wave, label=f"W{number}", opened_on=DAYS[number]))


@cache
def five_waves() -> list[Told]:
    """Made once, and only where one of these tests runs."""
    return [Told(wave(number), ANCHORS) for number in range(5)]


def of(waves, row="it", dimension="T1") -> SlopeOf:
    return next(one for one in slopes(waves, row) if one.dimension == dimension)


def test_a_slope_is_the_weighted_line_through_the_printed_scores():
    found = of(five_waves())
    cells = [one.release.rows[2].cells["T1"] for one in five_waves()]
    assert [one.release.rows[2].id for one in five_waves()] == ["it"] * 5
    scores, errors = [], []
    for cell in cells:
        assert isinstance(cell, Scored)
        assert cell.gate is not None
        assert cell.n == 40
        scores.append(cell.score)
        errors.append((cell.gate.upper - cell.score) / quantile(CONFIDENCE, 39))
    years = [np.datetime64(day).astype(int) / 365.25 for day in DAYS]
    exact = slope(years, scores, errors)
    assert found.scores == tuple(scores)
    assert found.labels == ("W0", "W1", "W2", "W3", "W4")
    assert found.slope == half_up(exact.slope)
    half = 1.96 * exact.se * max(1.0, exact.scatter**0.5)
    assert found.half_width - 1 < half <= found.half_width
    assert found.is_clear


def test_three_waves_have_no_slope():
    assert slopes(five_waves()[:3], "it") == ()
    assert slopes((), "it") == ()
    assert len(of(five_waves()[:4]).scores) == 4


def test_departments_below_20_answers_and_groups_have_none_and_the_organisation_has():
    assert slopes(five_waves(), "legal") == ()
    assert slopes(five_waves(), "tax") == ()
    assert slopes(five_waves(), "nobody") == ()
    assert len(slopes(five_waves(), "organisation")) == 11


def test_a_slope_ends_where_a_wave_cannot_be_compared():
    other = Told(five_waves()[0].release, {**ANCHORS, "T1": frozenset({"T1a", "T1x"})})
    assert len(of([other, *five_waves()[1:]]).scores) == 4
    assert len(of([other, *five_waves()[1:]], dimension="T2").scores) == 5
    broken = [*five_waves()[:2], Told(five_waves()[2].release, {}), *five_waves()[3:]]
    assert slopes(broken, "it") == ()
    moved = (
        department("Legal", 15),
        department("IT", 40),
        department("Ops", 60),
        department("Tax", 7),
        department("Lab", 30, parent="it"),
    )
    grown = [Told(wave(0, departments=moved), ANCHORS), *five_waves()[1:]]
    assert len(of(grown).scores) == 4


def test_slopes_are_functions_of_the_printed_documents_and_tell_nothing_else():
    read = [Told(load(dump(one.release)), one.anchors) for one in five_waves()]
    for row in ("organisation", "it", "ops"):
        assert slopes(read, row) == slopes(five_waves(), row)
    # Of two departments that print the same, whatever their people said, the slopes are the same.
    copied = []
    for one in five_waves():
        rows = list(one.release.rows)
        it, ops = (next(row for row in rows if row.id == name) for name in ("it", "ops"))
        place = rows.index(ops)
        rows[place] = replace(ops, cells=it.cells, anchors=it.anchors)
        copied.append(Told(replace(one.release, rows=tuple(rows)), one.anchors))
    assert [replace(one) for one in slopes(copied, "ops")] == list(slopes(five_waves(), "it"))


def test_a_page_lays_the_scores_side_by_side():
    names = {head.id: head.name for head in five_waves()[-1].release.dimensions}
    page = over_time(five_waves(), "it", names)
    assert page is not None
    assert page.waves == "W0 to W4"
    assert page.lines[0].scores.count("→") == 4
    assert page.lines[0].clear
    assert over_time(five_waves()[:2], "it", names) is None


@pytest.mark.both
@pytest.mark.lived_in
def test_the_past_has_the_releases_of_each_wave_up_to_this_one(database: Database, cast: Cast, lived_in: World):
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
        assert found is not None
        before = past(session, found)
        [one] = told(session, before, "was")
        assert told(session, before, "now") == (one,)
        assert store.of_waves(session, cast.organisation, [lived_in.closed, lived_in.running]) == {
            lived_in.closed: (found,)
        }
    assert before.usual() == "was"
    assert one.release == found.document
    assert {name.split()[-1] for name in one.anchors["T1"]} == {"T1a", "T1b"}
