"""Department by department: what the report tells of each row, on a page of its own, or two to a page of many rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.releases.document.release import Release, Row, Scored
from app.reports import asked, beside, findings, tables
from app.reports.asked import Ends
from app.reports.figures import SHORT, USUAL, IntervalPlot, interval_plot
from app.reports.phrases import row_name
from app.reports.tables import ProfileRow
from app.sentences import Passage, say

MOST_ALONE: Final = 4
"""Rows that have a page each; of more two share one, so that a board reads them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleScore:
    """The score of a department's own questions: its name, the value and what it rests on."""

    name: str
    value: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One row of the heatmap as a strip of cells with the plot beside it; no plot where nothing is shown.

    `noted`: the marks of the plot are explained below it, and not once for all plots of the chapter.
    """

    previous: str
    rows: tuple[ProfileRow, ...]
    plot: IntervalPlot | None
    noted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentPage:
    """What is told of one row: a message, who answered, three sentences, its profile.

    `short`: two such rows share a page, because little may be told of this one, or because there are many.
    """

    anchor: str
    name: str
    above: str
    members: str
    headline: str
    answered: str
    sentences: tuple[str, ...]
    profile: Profile
    module: ModuleScore | None
    ends: Ends | None
    corrected: bool
    short: bool


def department_pages(release: Release) -> tuple[DepartmentPage, ...]:
    """The pages of all rows but the organisation; of many rows two share a page."""
    rows = release.rows[1:]
    return tuple(_page(release, row, close=len(rows) > MOST_ALONE) for row in rows)


def plotted(pages: Sequence[DepartmentPage]) -> str:
    """What the marks of all plots mean, where it is said once for all of them; empty where each says it itself."""
    plots = [page.profile.plot for page in pages if page.profile.plot and not page.profile.noted]
    return Passage(dict.fromkeys(part for plot in plots for part in plot.note.parts)) if plots else ""


def _page(release: Release, row: Row, *, close: bool) -> DepartmentPage:
    above = release.row(row.parent) if row.parent else None
    told = asked.ends(release, row)
    short = close or told is None
    return DepartmentPage(
        anchor=tables.anchor(release, row),
        name=row_name(row),
        above=above.name if above else release.wave.organisation,
        members=", ".join(row.members),
        headline=beside.page_headline(release, row),
        answered=findings.answered(row),
        sentences=beside.page_sentences(release, row),
        profile=profile(release, row, SHORT if short else USUAL, noted=not close),
        module=_module(release, row),
        ends=told,
        corrected=row.headcount_corrected,
        short=short,
    )


def profile(release: Release, row: Row, height: float = USUAL, *, noted: bool = True) -> Profile:
    """The strip of cells of a row with its plot."""
    shown = any(isinstance(row.cells.get(head.id), Scored) for head in release.dimensions)
    return Profile(
        previous=release.wave.previous_label or "",
        rows=tables.profile(release, row),
        plot=interval_plot(release, row, height) if shown else None,
        noted=noted,
    )


def _module(release: Release, row: Row) -> ModuleScore | None:
    head = next((module for module in release.modules if module.id == row.module), None)
    if head is None:
        return None
    cell = row.cells.get(head.id)
    value = findings.value(row, cell) if isinstance(cell, Scored) else say("not shown, to protect a small group")
    return ModuleScore(name=head.name, value=value, items=head.items)
