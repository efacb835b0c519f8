"""The tables of the report: cells of a release as text and a style name, ready to print."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.releases.detectable import detectable
from app.releases.document.release import (
    Cell,
    Change,
    DimensionHead,
    Hidden,
    NoChange,
    NoChangeReason,
    Reason,
    Release,
    Row,
    Scored,
)
from app.releases.document.words import (
    NO_CHANGE_WORDS,
    cell_class,
    change_class,
    change_mark,
    hidden_text,
    interval_text,
    signed,
    value_text,
    within_sentence,
)
from app.releases.silence import rate_words
from app.reports.phrases import distinct, row_name
from app.sentences import Sentence, say

NO_ANSWER = "\N{EN DASH}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    """A cell as printed: the value, a second line under it, a mark beside it, and its style."""

    text: str
    note: str
    mark: str
    style: str
    gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A line of a table of the report. `level` is how deep the row stands in the tree, 0 for the top departments."""

    href: str
    name: str
    level: int
    kind: str
    n: str
    headcount: str
    rate: str
    words: str
    trust: str
    readiness: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """A line of a department's own table: one dimension, its score, n, interval and change."""

    name: str
    gap: bool
    score: TableCell
    n: str
    interval: str
    change: TableCell


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A head of the heatmap; `gap` says that space stands before it, because its block begins here."""

    name: str
    short: str
    definition: str
    gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A head above the columns of one block."""

    name: str
    span: int
    gap: bool


BLANK = TableCell(text="", note="", mark="", style="uncompared", gap=False)
GROUPS = {"trust": say("Trust"), "readiness": say("Readiness"), "criterion": say("Willingness")}


def columns(release: Release) -> tuple[Column, ...]:
    """The heads in the release's order."""
    gaps = gaps_of(release)
    return tuple(
        Column(name=head.name, short=head.short, definition=head.definition, gap=gap)
        for head, gap in zip(release.dimensions, gaps, strict=True)
    )


def groups(release: Release) -> tuple[Group, ...]:
    """The blocks of dimensions, in order, with the number of columns that each stands above."""
    blocks = distinct(head.block for head in release.dimensions)
    return tuple(
        Group(name=GROUPS[block], span=sum(head.block == block for head in release.dimensions), gap=index > 0)
        for index, block in enumerate(blocks)
    )


def heat_rows(release: Release) -> tuple[TableRow, ...]:
    """All rows with their scores, the organisation last."""
    return tuple(_row(release, row, heat_cell) for row in _ordered(release))


def change_rows(release: Release) -> tuple[TableRow, ...]:
    """All rows with their differences to the previous wave, the organisation last."""
    return tuple(_row(release, row, change_cell) for row in _ordered(release))


def smallest_rows(release: Release) -> tuple[TableRow, ...]:
    """All rows with the smallest changes that the next wave can show, the organisation last; none without any."""
    lines = [
        replace(line, cells=tuple(_smallest(row, head, gap) for head, gap in parts))
        for row, line in zip(_ordered(release), heat_rows(release), strict=True)
        for parts in [zip(release.dimensions, gaps_of(release), strict=True)]
    ]
    return tuple(lines) if any(cell.text != NO_ANSWER for line in lines for cell in line.cells) else ()


def _smallest(row: Row, head: DimensionHead, gap: bool) -> TableCell:
    found = detectable(row, head.id)
    return TableCell(text=NO_ANSWER if found is None else str(found), note="", mark="", style="uncompared", gap=gap)


def profile(release: Release, row: Row) -> tuple[ProfileRow, ...]:
    """One row of the heatmap, turned: a line for each dimension."""
    parts = zip(release.dimensions, _cells(release, row), gaps_of(release), strict=True)
    return tuple(_profile_row(head.name, cell, gap) for head, cell, gap in parts)


def _profile_row(name: str, cell: Cell, gap: bool) -> ProfileRow:
    shown = isinstance(cell, Scored)
    return ProfileRow(
        name=name,
        gap=gap,
        score=replace(heat_cell(cell, gap), note="") if shown else heat_cell(cell, gap),
        n=str(cell.n) if isinstance(cell, Scored) and cell.n is not None else "",
        interval=interval_text(cell) if isinstance(cell, Scored) else "",
        change=change_cell(cell, gap) if shown else BLANK,
    )


def heat_cell(cell: Cell, gap: bool) -> TableCell:
    """A score: the value, its own n where it may be given, a mark for a confirmed change, ~ for a wide interval."""
    if isinstance(cell, Hidden):
        return TableCell(text="", note=SHORT_HIDDEN[cell.reason], mark="", style=cell_class(cell), gap=gap)
    note = "" if cell.n is None else str(cell.n)
    return TableCell(text=value_text(cell), note=note, mark=_marks(cell), style=cell_class(cell), gap=gap)


def change_cell(cell: Cell, gap: bool) -> TableCell:
    """A difference with its mark, or in a word why there is none."""
    if isinstance(cell, Hidden):
        return TableCell(text="", note=SHORT_HIDDEN[cell.reason], mark="", style=cell_class(cell), gap=gap)
    change = cell.change
    if isinstance(change, NoChange):
        return TableCell(text="", note=SHORT_REASONS[change.reason], mark="", style="uncompared", gap=gap)
    return TableCell(text=signed(change.delta), note="", mark=change_mark(change), style=change_class(change), gap=gap)


SHORT_HIDDEN: dict[Reason, Sentence] = {
    "small_group": say("not shown"),
    "withheld": say("not shown"),
    "not_separately": say("not separately"),
    "no_answers": say("no answers"),
}
SHORT_REASONS: dict[NoChangeReason, str] = {
    "first_wave": say("first"),
    "deleted": say("deleted"),
    "margin": "–",
    "not_comparable": say("questions"),
    "hidden": say("hidden"),
    "other_members": say("members"),
    "new": say("new"),
    "withheld": say("withheld"),
}


def change_reasons(release: Release) -> tuple[tuple[str, str], ...]:
    """The short words of the table of changes that occur, with what they mean."""
    found = distinct(
        cell.change.reason
        for row in release.rows
        for cell in _cells(release, row)
        if isinstance(cell, Scored) and isinstance(cell.change, NoChange)
    )
    return tuple(
        (SHORT_REASONS[reason], within_sentence(NO_CHANGE_WORDS[reason])) for reason in SHORT_REASONS if reason in found
    )


def occurring(release: Release) -> frozenset[str]:
    """The marks that occur in the heatmap, so that its legend explains those and no others."""
    return frozenset(mark for row in release.rows for cell in _cells(release, row) for mark in _occurring(cell))


def _occurring(cell: Cell) -> tuple[str, ...]:
    if isinstance(cell, Hidden):
        return (hidden_text(cell),)
    marks = (
        ("rough", cell.grade == "D"),
        ("confirmed", _confirmed(cell)),
        ("bound", bool(cell.bound)),
        ("n", cell.n is not None),
        ("no n", cell.n is None),
        ("partial", cell.coverage == "< 80 %, partial"),
    )
    return tuple(name for name, there in marks if there)


def _confirmed(cell: Scored) -> bool:
    return isinstance(cell.change, Change) and cell.change.confirmation == "confirmed"


def _marks(cell: Scored) -> str:
    arrow = change_mark(cell.change) if _confirmed(cell) else ""
    return arrow + ("~" if cell.grade == "D" else "") + ("*" if cell.coverage == "< 80 %, partial" else "")


def _row(release: Release, row: Row, cell_of: Callable[[Cell, bool], TableCell]) -> TableRow:
    return TableRow(
        href=f"#{anchor(release, row)}",
        name=row_name(row),
        level=max(row.depth - 1, 0),
        kind=row.kind,
        n=NO_ANSWER if row.n is None else str(row.n),
        headcount=str(row.headcount),
        rate=NO_ANSWER if row.rate is None else f"{row.rate} %",
        words=rate_words(row),
        trust=NO_ANSWER if row.trust.score is None else str(row.trust.score),
        readiness=NO_ANSWER if row.readiness.score is None else str(row.readiness.score),
        cells=tuple(cell_of(cell, gap) for cell, gap in zip(_cells(release, row), gaps_of(release), strict=True)),
    )


def anchor(release: Release, row: Row) -> str:
    """The name of a row's page inside the document: its place, so that no identifier of the database is printed."""
    return f"page-{release.rows.index(row)}" if row.kind != "organisation" else "summary"


def _ordered(release: Release) -> tuple[Row, ...]:
    return (*release.rows[1:], release.rows[0])


def _cells(release: Release, row: Row) -> tuple[Cell, ...]:
    return tuple(row.cells.get(head.id, Hidden(reason="withheld")) for head in release.dimensions)


def gaps_of(release: Release) -> tuple[bool, ...]:
    """Before which columns space stands, because their block begins there."""
    heads: tuple[DimensionHead, ...] = release.dimensions
    return tuple(i > 0 and head.block != heads[i - 1].block for i, head in enumerate(heads))
