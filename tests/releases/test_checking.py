"""How often people check an agent's work (C1): told of those who have used one, by the rules of every column."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.releases.audit.auditor import audit
from app.releases.document.release import CHECKING, Hidden, Release, Scored
from app.releases.evidence import people
from app.releases.statistics.columns import CHECKS, DepartmentAnswers, checking_column
from tests.releases.waves import ATR, answers, department, made, release, set_answers, told_of

HR, LEGAL, IT = department("HR", 30), department("Legal", 20), department("IT", 14)
EVERY = (HR, LEGAL, IT)


def given(**users: int) -> dict[str, DepartmentAnswers]:
    """Ten to twenty sheets of each department, of whom so many have used an agent's work: half check always, half
    never, and everybody else says that they have not used any."""
    found = {}
    for one, n in ((HR, 20), (LEGAL, 12), (IT, 12)):
        sheets = set_answers(answers(one, n, seed=3), slice(None), [CHECKS], "6")
        count = users.get(one.id, 10)
        sheets = set_answers(sheets, slice(0, count // 2), [CHECKS], "5")
        found[one.id] = set_answers(sheets, slice(count // 2, count), [CHECKS], "1")
    return found


def checks(one: Release) -> Mapping[str, object]:
    return {row.id: row.cells[CHECKING] for row in one.rows}


@pytest.mark.parametrize("form", ["full", "pulse"])
def test_the_mean_is_that_of_those_who_have_used_an_agents_work(form: str) -> None:
    sheets = given() if form == "full" else {
        one.id: set_answers(answers(one, 12, form="pulse", seed=3), slice(0, 6), [CHECKS], "6") for one in EVERY
    }  # fmt: skip
    found = release(EVERY, sheets, form="full" if form == "full" else "pulse")
    for row in found.rows:
        cell = row.cells[CHECKING]
        assert isinstance(cell, Scored)
        assert row.checks == cell.score
    if form == "full":
        hr = checks(found)["hr"]
        assert isinstance(hr, Scored)
        assert (hr.score, hr.n) == (50, 10)
        assert found.rows[0].n == 44
        assert found.organisation.cells[CHECKING].n == 30  # type: ignore[union-attr]


def test_fewer_than_five_who_have_used_one_are_not_told_of_by_themselves() -> None:
    found = release(EVERY, given(hr=12, legal=3, it=12))
    cells = checks(found)
    assert isinstance(cells["legal"], Hidden)
    # The others are not told apart from it either: what is left of the organisation would be these three.
    assert sum(isinstance(cells[one.id], Hidden) for one in EVERY) >= 2
    assert isinstance(cells["organisation"], Scored)
    assert release(EVERY, given(hr=2, legal=1, it=0)).organisation.checks is None


def test_the_auditor_counts_those_alone_who_have_used_one() -> None:
    counted = people(given(hr=7), ATR, "full")
    patterns = counted.patterns[CHECKING]
    place = counted.names.index(next(name for name in counted.names if name.startswith("hr")))
    used = sum(
        int(n)
        for where, kind, n in zip(patterns.place, patterns.kind, patterns.people, strict=True)
        if counted.departments[counted.names[where]] == ("hr",) and patterns.kinds[kind]
    )
    assert place >= 0
    assert used == 7


def test_a_release_that_told_it_of_three_people_is_refused() -> None:
    sheets = given(hr=12, legal=3, it=12)
    one = made(EVERY, sheets)
    good = audit([one.release], people(sheets, ATR, "full"), told=told_of(one))
    assert not good.offending
    shown = one.release.organisation.cells[CHECKING]
    assert isinstance(shown, Scored)
    rows = tuple(
        replace(row, cells={**row.cells, CHECKING: replace(shown, n=None, interval=None)}) for row in one.release.rows
    )
    bad = audit([replace(one.release, rows=rows)], people(sheets, ATR, "full"), told=told_of(one))
    assert any("checking" in sentence for sentence in bad.offending)


def test_a_questionnaire_that_asks_it_otherwise_has_no_such_column() -> None:
    assert checking_column(replace(ATR, calibration=())) is None
    column = checking_column(ATR)
    assert column is not None
    assert (column.key, column.points) == ((CHECKS,), 5)
