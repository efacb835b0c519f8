"""Figures as geometry: where the dots and lines of a drawing stand. Coordinates come from printed values only.

Lengths are millimetres on paper, so that a figure lines up with the table beside it; the template does no arithmetic.
All strokes of one kind are one path: each element of a drawing costs the renderer as much as a cell of a table.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.releases.document.release import Cell, DimensionHead, Hidden, Release, Row, Scored
from app.releases.document.words import interval_text, spoken_cell
from app.reports.phrases import row_name
from app.sentences import Passage, Sentence, say

WIDTH = 52.0
EDGE = 3.0
HEAD = 9.0
# From line to line, on a page of its own and where two rows share one; in the style sheet .4 mm of it are the gap.
USUAL, SHORT = 6.6, 3.7
GAP = 3.0
# What the head of the table and the space between its blocks are where two rows share a page.
SHORT_HEAD, SHORT_GAP = 7.4, 2.2
TICK = 0.27
ENDS = (0, 40, 55, 70, 85, 100)
# How far the pen moves to set a dot with a round end: too short to be seen, long enough to be drawn everywhere.
SPECK = 0.01
NOTHING = Hidden(reason="withheld")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The number at a line of the axis."""

    x: float
    text: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalPlot:
    """Scores of one row by dimension, as dots with 95 % intervals; `title` says everything that can be seen.

    The rest are path data: lines of the `axis`, strokes of the `whole` organisation, `intervals`, and places of dots,
    `filled` for scores with an interval and `hollow` for those without. A path of nothing is empty.
    """

    title: str
    note: Passage
    height: float
    labels: tuple[Label, ...]
    axis: str
    whole: str
    intervals: str
    filled: str
    hollow: str
    width: float = WIDTH
    label_y: float


def interval_plot(release: Release, row: Row, step: float = USUAL) -> IntervalPlot:
    """The plot of a row, a line every `step`; rows but the organisation carry the organisation's score as a stroke."""
    head, gap = (HEAD, GAP) if step == USUAL else (SHORT_HEAD, SHORT_GAP)
    places, height = _places(release, step, head, gap)
    tick = step * TICK
    own = [(row.cells.get(head.id, NOTHING), y) for head, y in places]
    scores = [(cell, y) for cell, y in own if isinstance(cell, Scored)]
    whole = [] if row.kind == "organisation" else [(release.organisation.cells.get(head.id), y) for head, y in places]
    return IntervalPlot(
        title=_title(release, row),
        note=_note(row, (cell for cell, _ in scores)),
        height=height,
        labels=tuple(Label(x=_x(end), text=end) for end in ENDS),
        axis="".join(f"M{_x(end)} {round(head - 2, 2)}V{height}" for end in ENDS),
        label_y=round(head - 3.2, 2),
        whole="".join(
            f"M{_x(cell.score)} {round(y - tick, 2)}V{round(y + tick, 2)}"
            for cell, y in whole
            if isinstance(cell, Scored)
        ),
        intervals="".join(f"M{_x(c.interval[0])} {y}H{_x(c.interval[1])}" for c, y in scores if c.interval),
        filled="".join(_dot(cell, y) for cell, y in scores if cell.interval),
        hollow="".join(_dot(cell, y) for cell, y in scores if not cell.interval),
    )


def _places(
    release: Release, step: float, head_height: float, gap: float
) -> tuple[list[tuple[DimensionHead, float]], float]:
    """Each dimension with the height at which its marks stand, and where the drawing ends."""
    places: list[tuple[DimensionHead, float]] = []
    y, block = head_height, ""
    for head in release.dimensions:
        y += gap if block and head.block != block else 0
        block = head.block
        places.append((head, round(y + step / 2, 2)))
        y += step
    return places, round(y, 1)


def _dot(cell: Scored, y: float) -> str:
    return f"M{_x(cell.score)} {y}h{SPECK}"


def _title(release: Release, row: Row) -> Sentence:
    scores = Passage((_spoken(head, row.cells.get(head.id, NOTHING)) for head in release.dimensions), "; ")
    return say("Scores of {row} from 0 to 100: {scores}.", row=row_name(row), scores=scores)


def _spoken(head: DimensionHead, cell: Cell) -> Sentence:
    told = say("{dimension} {score}", dimension=head.name, score=spoken_cell(cell))
    if isinstance(cell, Scored) and cell.interval:
        return say("{score}, interval {interval}", score=told, interval=interval_text(cell))
    return told


def _note(row: Row, cells: Iterable[Scored]) -> Passage:
    parts, told = list[Sentence](), [cell.interval is not None for cell in cells]
    if any(told):
        parts.append(say("Filled points: scores, with their 95 % intervals as lines, unless narrower than the point."))
    if not all(told):
        parts.append(say("Hollow points: scores without an interval."))
    if row.kind != "organisation":
        parts.append(say("Blue strokes: the whole organisation."))
    return Passage(parts)


def _x(score: int) -> float:
    return round(EDGE + (WIDTH - 2 * EDGE) * score / 100, 2)
