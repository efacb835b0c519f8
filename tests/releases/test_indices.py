"""How sure an index is: from the printed intervals of its scores, and from nothing else (3.4, P16)."""

from dataclasses import replace

from app.explore.sure import sureness
from app.releases.document.release import Hidden, Index, Scored
from app.releases.indices import interval
from app.reports.summary import summary
from tests.releases.waves import answers, department, release

DEPARTMENTS = (department("Legal", 40), department("IT", 90), department("Tax", 7), department("HR", 8))
RELEASE = release(
    DEPARTMENTS, {one.id: answers(one, n, seed=n) for one, n in zip(DEPARTMENTS, (30, 60, 7, 6), strict=True)}
)
LEGAL = next(row for row in RELEASE.rows if row.id == "legal")
TRUST = [head.id for head in RELEASE.dimensions if head.block == "trust"]


def with_cells(**cells):
    return replace(LEGAL, cells={**LEGAL.cells, **cells})


def cell_of(name):
    cell = LEGAL.cells[name]
    assert isinstance(cell, Scored)
    return cell


def test_an_index_is_as_sure_as_its_scores_are_on_average():
    halves = []
    for name in TRUST:
        cell = cell_of(name)
        assert cell.interval is not None
        halves.append(cell.interval[1] - cell.score)
    half = -(-sum(halves) // len(halves))
    assert LEGAL.trust.score is not None
    assert interval(RELEASE, LEGAL, "trust") == (LEGAL.trust.score - half, LEGAL.trust.score + half)


def test_an_index_has_no_interval_where_one_of_its_scores_has_none():
    assert interval(RELEASE, with_cells(T1=Hidden(reason="not_separately")), "trust") is None
    assert interval(RELEASE, with_cells(T1=replace(cell_of("T1"), interval=None)), "trust") is None
    clipped = replace(cell_of("T1"), interval=None, everyone=True, bound=">=")
    assert interval(RELEASE, with_cells(T1=clipped), "trust") is None
    assert interval(RELEASE, with_cells(T1=Hidden(reason="withheld")), "readiness") is not None
    assert interval(RELEASE, replace(LEGAL, trust=Index(score=None, band=None)), "trust") is None
    small = next(row for row in RELEASE.rows if row.id == "tax")
    assert interval(RELEASE, small, "trust") is None


def test_scores_of_all_staff_leave_nothing_to_estimate():
    complete = {name: replace(cell_of(name), interval=None, everyone=True) for name in TRUST}
    assert interval(RELEASE, with_cells(**complete), "trust") is None
    all_but_one = {name: cell for name, cell in complete.items() if name != "T1"}
    assert interval(RELEASE, with_cells(**all_but_one), "trust") is not None


def test_the_page_and_the_report_say_the_same_interval():
    found = interval(RELEASE, RELEASE.organisation, "trust")
    assert found is not None
    sure = sureness(RELEASE, RELEASE.organisation)
    assert sure.trust == f"{found[0]} to {found[1]}"
    assert any(note.startswith("The interval of trust") for note in sure.notes)
    assert any(f"rather too wide: {sure.trust} · {sure.readiness}." in one.detail for one in summary(RELEASE))
    nothing = sureness(RELEASE, with_cells(T1=Hidden(reason="withheld"), R1=Hidden(reason="withheld")))
    assert (nothing.trust, nothing.readiness) == ("", "")
