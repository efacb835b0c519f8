"""The rows of a shared release as a table, in the words of the release."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.release import Block, Cell, DimensionHead, Hidden, Release, Row
from app.sentences import Sentence, say

BLOCKS: dict[Block, Sentence] = {"trust": say("Trust"), "readiness": say("Readiness"), "criterion": say("Willingness")}


@dataclass(frozen=True, slots=True)
class Told:
    """One cell: its value, or why there is none; `spoken` for those who hear it."""

    classes: str
    value: str
    spoken: str
    hidden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One row of the table; `answered` is how many did, "–" where that is not told."""

    kind: str
    name: str
    members: str
    depth: int
    answered: str
    asked: int
    cells: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that occurs and what it means; a tile of these classes, with or without a text."""

    classes: str
    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ToldTable:
    """The table: columns under their headings, rows with the organisation last, and what its marks mean."""

    groups: tuple[tuple[str, tuple[DimensionHead, ...]], ...]
    rows: tuple[ToldRow, ...]
    organisation: ToldRow
    marks: tuple[Mark, ...]


def table(release: Release, rows: Sequence[Row]) -> ToldTable:
    """These rows of a release, the first of them the organisation."""
    groups = tuple(
        (name, under)
        for block, name in BLOCKS.items()
        if (under := tuple(head for head in release.dimensions if head.block == block))
    )
    heads = [head for _, group in groups for head in group]
    firsts = {group[0].id for _, group in groups}
    whole, *others = (_row(row, heads, firsts, rows) for row in rows)
    return ToldTable(
        groups, tuple(others), whole, tuple(_marks([row.cells[head.id] for row in rows for head in heads]))
    )


def _row(row: Row, heads: Sequence[DimensionHead], firsts: set[str], shown: Sequence[Row]) -> ToldRow:
    top = min((one.depth for one in shown[1:]), default=1)
    return ToldRow(
        kind=row.kind,
        name=words.row_name(row),
        members=", ".join(row.members),
        depth=max(0, min(row.depth - top + 1, 4)),
        answered="–" if row.n is None else str(row.n),
        asked=row.headcount,
        cells=tuple(_cell(row.cells[head.id], "first " if head.id in firsts else "") for head in heads),
    )


def _cell(cell: Cell, start: str) -> Told:
    if isinstance(cell, Hidden):
        return Told(start + "not-shown", "", words.spoken_cell(cell), words.hidden_text(cell))
    return Told(start + words.cell_class(cell), words.marked_value(cell), words.spoken_cell(cell), "")


def _marks(cells: Sequence[Cell]) -> Iterator[Mark]:
    bands = {cell.band for cell in cells if not isinstance(cell, Hidden)}
    for band, meaning in words.BAND_WORDS.items():
        if band in bands:
            yield Mark(band, words.BAND_LIMITS[band], meaning)
    for reason in sorted({words.hidden_text(cell) for cell in cells if isinstance(cell, Hidden)}):
        yield Mark("not-shown", "", reason)
