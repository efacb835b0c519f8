"""Figures as geometry: where the dots and lines of a drawing stand. Coordinates come from printed values only.

Lengths are millimetres on paper, so that a figure lines up with the table beside it; the template does no arithmetic.
"""

from dataclasses import dataclass

from app.releases.document import Cell, Hidden, Release, Row, Scored
from app.releases.words import interval_text, spoken_cell
from app.reports.phrases import row_name

WIDTH = 52.0
EDGE = 3.0
HEAD = 9.0
STEP = 9.2
GAP = 3.0
TICK = 2.1
ENDS = (0, 40, 55, 70, 85, 100)
NOTHING = Hidden(reason="withheld")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A vertical line of the axis at the border of a band, with its number."""

    x: float
    label: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One dimension: the dot, the ends of its interval, and the whole organisation from `above` to `below`."""

    y: float
    above: float
    below: float
    x: float | None
    low: float | None
    high: float | None
    other: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalPlot:
    """Scores of one row by dimension, as dots with 95 % intervals; `title` says everything that can be seen."""

    title: str
    note: str
    height: float
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    width: float = WIDTH
    head: float = HEAD - 2
    label_y: float = HEAD - 3.2


def interval_plot(release: Release, row: Row) -> IntervalPlot:
    """The plot of a row; other rows than the organisation carry the organisation's score as a stroke."""
    marks: list[Mark] = []
    y, block = HEAD, ""
    for head in release.dimensions:
        y += GAP if block and head.block != block else 0
        block = head.block
        whole = None if row.kind == "organisation" else release.organisation.cells.get(head.id)
        marks.append(_mark(row.cells.get(head.id, NOTHING), whole, y + STEP / 2))
        y += STEP
    return IntervalPlot(
        title=_title(release, row),
        note=_note(release, row),
        height=round(y, 1),
        lines=tuple(Line(x=_x(end), label=end) for end in ENDS),
        marks=tuple(marks),
    )


def _mark(cell: Cell, whole: Cell | None, y: float) -> Mark:
    interval = cell.interval if isinstance(cell, Scored) else None
    return Mark(
        y=round(y, 2),
        above=round(y - TICK, 2),
        below=round(y + TICK, 2),
        x=_x(cell.score) if isinstance(cell, Scored) else None,
        low=_x(interval[0]) if interval else None,
        high=_x(interval[1]) if interval else None,
        other=_x(whole.score) if isinstance(whole, Scored) else None,
    )


def _title(release: Release, row: Row) -> str:
    parts = [f"{head.name} {_spoken(row.cells.get(head.id, NOTHING))}" for head in release.dimensions]
    return f"Scores of {row_name(release, row)} from 0 to 100: {'; '.join(parts)}."


def _spoken(cell: Cell) -> str:
    if isinstance(cell, Scored) and cell.interval:
        return f"{spoken_cell(cell)}, interval {interval_text(cell)}"
    return spoken_cell(cell)


def _note(release: Release, row: Row) -> str:
    cells = [cell for head in release.dimensions if isinstance(cell := row.cells.get(head.id), Scored)]
    parts = []
    if any(cell.interval for cell in cells):
        parts.append("Filled points: scores, with their 95 % intervals as lines, unless narrower than the point.")
    if any(not cell.interval for cell in cells):
        parts.append("Hollow points: scores without an interval.")
    if row.kind != "organisation":
        parts.append("Blue strokes: the whole organisation.")
    return " ".join(parts)


def _x(score: int) -> float:
    return round(EDGE + (WIDTH - 2 * EDGE) * score / 100, 2)
