"""One score as a mark on a line from 0 to 100: its place, its interval, and what is said beside it."""

from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.release import Change, Hidden, Release, Row, Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One score on its line. Positions are printed points; `interval` and `whole` are None where nothing is printed."""

    id: str
    name: str
    definition: str
    tile: str
    value: str
    band: str
    score: int | None = None
    interval: tuple[int, int] | None = None
    whole: int | None = None
    interval_text: str = ""
    answered: str = ""
    change: str = ""
    change_mark: str = ""
    compared: str = ""
    hidden: str = ""


def mark_of(release: Release, row: Row, column: str, name: str, definition: str) -> Mark:
    """The score of a row in a column, or why it is not shown."""
    cell = row.cells[column]
    if isinstance(cell, Hidden):
        text = words.hidden_text(cell)
        return Mark(id=column, name=name, definition=definition, tile="not-shown", value="", band="", hidden=text)
    change = cell.change
    return Mark(
        id=column,
        name=name,
        definition=definition,
        tile=words.cell_class(cell),
        value=words.marked_value(cell),
        band=words.band_text(cell),
        score=cell.score,
        interval=cell.interval,
        whole=_whole(release, row, column),
        interval_text=words.interval_text(cell),
        answered="–" if cell.n is None else str(cell.n),
        change=words.change_words(change),
        change_mark=words.change_mark(change),
        compared=f"{change.before} → {change.now}" if isinstance(change, Change) else "",
    )


def _whole(release: Release, row: Row, column: str) -> int | None:
    """The organisation's score, to compare with; none on its own page."""
    if row.kind == "organisation":
        return None
    cell = release.organisation.cells.get(column)
    return cell.score if isinstance(cell, Scored) else None
