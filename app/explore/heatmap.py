"""A release as a heatmap: the rows, tiles and legend that the template prints, as text made from the document alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from app.releases.document import words
from app.releases.document.release import (
    SITE,
    Band,
    Block,
    Cell,
    Change,
    DimensionHead,
    Hidden,
    Margin,
    MarginGroup,
    NoChange,
    Release,
    Row,
    Scored,
)
from app.releases.silence import standing
from app.sentences import Listing, Passage, Sentence, say

Look = Literal["scores", "change", "table"]
BLOCKS: dict[Block, Sentence] = {"trust": say("Trust"), "readiness": say("Readiness"), "criterion": say("Willingness")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One cell as it is drawn. `hidden` is the reason where nothing is shown; a hidden tile has no value."""

    column: str
    classes: str
    spoken: str
    value: str = ""
    details: tuple[str, ...] = ()
    hidden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the heatmap. `depth` is 1 for the uppermost departments, 0 for the organisation.

    `asked` is None for people who are no set of departments: how many there are of them nobody counted.
    """

    id: str
    kind: str
    name: str
    members: str
    depth: int
    answered: str
    asked: int | None
    corrected: bool
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Columns under one heading."""

    name: str
    heads: tuple[DimensionHead, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of the whole organisation under a heading: by role level, or by site."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark and what it means. `classes` draws a tile; otherwise `text` is the mark itself."""

    text: str
    classes: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """The whole table: groups of columns, the departments and pools, the organisation below them, and the legend.

    `margins` are lines of the whole organisation by role level and by site, as far as there are any.
    """

    caption: str
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    organisation: Line
    margins: tuple[Part, ...]
    scale: tuple[Sign, ...]
    signs: tuple[Sign, ...]
    remarks: tuple[str, ...]


def heatmap(release: Release, look: Look) -> Heatmap:
    """The heatmap of a release: its scores, the changes since the wave before, or the table with intervals."""
    lines = tuple(_line(row, release, look) for row in release.rows)
    shown = [cell for row in release.rows for cell in _cells(row, release)]
    shown += [cell for site in _sites(release, look) for cell in site.cells.values()]
    return Heatmap(
        caption=_caption(release, look),
        groups=groups(release),
        lines=lines[1:],
        organisation=lines[0],
        margins=tuple(_margins(release, look)),
        scale=_scale(shown, look),
        signs=tuple((*_cell_signs(shown, release, look), *_row_signs(release, lines))),
        remarks=tuple(_remarks(release, look)),
    )


def _remarks(release: Release, look: Look) -> Iterator[str]:
    yield from _uncompared(release, look)
    yield from _coverage(release, look)
    yield from _few(release)
    yield from _about_margins(release, look)


def _few(release: Release) -> Iterator[str]:
    """The rows in which few answered (3.13)."""
    if low := [words.row_name(row) for row in release.rows if standing(row) == "low"]:
        yield say("Fewer than half answered in {names}.", names=Listing(low))
    if indicative := [words.row_name(row) for row in release.rows if standing(row) == "indicative"]:
        yield say("Indicative only, because fewer than 30 % answered: {names}.", names=Listing(indicative))


def _about_margins(release: Release, look: Look) -> Iterator[str]:
    for margin in release.margins:
        if not margin.groups and margin.id == SITE:
            yield say("Sites are not shown: departments of all of them are told together, to protect small groups.")
        elif not margin.groups:
            yield say("Role levels are not shown, to protect small groups.")
    if _sites(release, look):
        yield say("A site is its departments taken together; sites that share a small group are told as one.")


def _sites(release: Release, look: Look) -> tuple[MarginGroup, ...]:
    """The sites that are shown: nothing of them is told among changes."""
    if look == "change":
        return ()
    return tuple(group for margin in release.margins if margin.id == SITE for group in margin.groups)


def groups(release: Release) -> tuple[Group, ...]:
    """The columns in their fixed order, under Trust, Readiness and Willingness."""
    found = (
        (name, tuple(head for head in release.dimensions if head.block == block)) for block, name in BLOCKS.items()
    )
    return tuple(Group(name, heads) for name, heads in found if heads)


def _caption(release: Release, look: Look) -> str:
    if look == "change":
        before = release.wave.previous_label or ""
        return say("Change since {before} in points, on the questions that both waves asked.", before=before)
    if look == "table":
        return say("Scores from 0 to 100 with their 95 % intervals.")
    return say("Scores from 0 to 100, the mean of the people who answered. Higher is more trust, or readier.")


def _cells(row: Row, release: Release) -> list[Cell]:
    return [row.cells[head.id] for head in release.dimensions]


def _line(row: Row, release: Release, look: Look) -> Line:
    cells = zip(release.dimensions, _cells(row, release), strict=True)
    firsts = {group.heads[0].id for group in groups(release)}
    return Line(
        id=row.id,
        kind=row.kind,
        name=words.row_name(row),
        members=", ".join(row.members),
        depth=min(row.depth, 4),
        answered="–" if row.n is None else str(row.n),
        asked=row.headcount,
        corrected=row.headcount_corrected,
        tiles=tuple(_tile(cell, head, row, look, first=head.id in firsts) for head, cell in cells),
    )


def _margins(release: Release, look: Look) -> Iterator[Part]:
    """The organisation by role level and by site; there is nothing of them among changes."""
    if look == "change":
        return
    for margin in release.margins:
        by_site = say("By site, all departments together")
        by_level = say("By role level, all departments together")
        if margin.groups:
            yield Part(by_site if margin.id == SITE else by_level, tuple(_groups(margin, release, look)))


def _groups(margin: Margin, release: Release, look: Look) -> Iterator[Line]:
    firsts = {group.heads[0].id for group in groups(release)}
    for group in margin.groups:
        cells = [(head, group.cells[head.id]) for head in release.dimensions]
        row = replace(release.organisation, n=group.n)
        yield Line(
            id="",
            kind="margin",
            name=group.name,
            members="",
            depth=1,
            answered=str(group.n),
            asked=group.headcount,
            corrected=False,
            tiles=tuple(_tile(cell, head, row, look, first=head.id in firsts) for head, cell in cells),
        )


def _tile(cell: Cell, head: DimensionHead, row: Row, look: Look, *, first: bool) -> Tile:
    start = "first " if first else ""
    if isinstance(cell, Hidden):
        reason = words.hidden_text(cell)
        return Tile(column=head.id, classes=start + "not-shown", spoken=words.spoken_cell(cell), hidden=reason)
    if look == "change":
        return _change_tile(cell, head, start)
    details = _table_details(cell) if look == "table" else _score_details(cell, row)
    return Tile(
        column=head.id,
        classes=start + ("" if look == "table" else words.cell_class(cell)),
        spoken=words.spoken_cell(cell),
        value=words.marked_value(cell),
        details=tuple(detail for detail in details if detail),
    )


def _change_tile(cell: Scored, head: DimensionHead, start: str) -> Tile:
    spoken, change = words.spoken_change(cell), cell.change
    if isinstance(change, NoChange):
        return Tile(column=head.id, classes=start + "not-shown", spoken=spoken, hidden=words.change_words(change))
    return Tile(
        column=head.id,
        classes=start + words.change_class(change),
        spoken=spoken,
        value=f"{words.change_mark(change)} {words.signed(change.delta)}".strip(),
        details=(f"{change.before} → {change.now}",),
    )


def _score_details(cell: Scored, row: Row) -> Iterator[str]:
    if words.is_clear(cell.change) and isinstance(cell.change, Change):
        yield f"{words.change_mark(cell.change)}\u00a0{abs(cell.change.delta)}"
    if _has_other_n(cell, row):
        yield f"n\u00a0{cell.n}"
    if cell.coverage == "< 80 %, partial":
        yield say("partial")


def _table_details(cell: Scored) -> Iterator[str]:
    yield words.interval_text(cell)
    yield f"n\u00a0{cell.n}" if cell.n is not None else ""
    yield say("partial") if cell.coverage == "< 80 %, partial" else ""


def _scale(cells: list[Cell], look: Look) -> tuple[Sign, ...]:
    """The steps of colour that occur, with their limits in numbers."""
    scored = [cell for cell in cells if isinstance(cell, Scored)]
    if look == "table":
        return ()
    if look == "change":
        occurring = {words.change_class(cell.change) for cell in scored}
        return tuple(Sign("", key, text) for key, text in words.CHANGE_CLASSES.items() if key in occurring)
    bands: set[Band] = {cell.band for cell in scored}
    return tuple(Sign(words.BAND_LIMITS[band], band, word) for band, word in words.BAND_WORDS.items() if band in bands)


def _cell_signs(cells: list[Cell], release: Release, look: Look) -> Iterator[Sign]:
    """Marks inside tiles: only those that occur."""
    scored = [cell for cell in cells if isinstance(cell, Scored)]
    marks = {words.change_mark(cell.change) for cell in scored} if look != "table" else set()
    changed, seems = say("a change since {before}"), say("seems to have changed since {before}")
    for pair, meaning in (("▲▼", changed), ("△▽", seems)):
        if found := [mark for mark in pair if mark in marks]:
            yield Sign(" ".join(found), "", meaning.filled({"before": release.wave.previous_label or ""}))
    if look == "change":
        reasons = {words.change_words(cell.change) for cell in scored if isinstance(cell.change, NoChange)}
    else:
        reasons = set()
        yield from _value_signs(cells, release, look)
    reasons |= {words.hidden_text(cell) for cell in cells if isinstance(cell, Hidden)}
    if reasons:
        yield Sign("", "not-shown", Passage((words.within_sentence(reason) for reason in sorted(reasons)), "; "))


def _value_signs(cells: list[Cell], release: Release, look: Look) -> Iterator[Sign]:
    scored = [cell for cell in cells if isinstance(cell, Scored)]
    if any(cell.grade == "D" and not cell.bound for cell in scored):
        yield Sign("~", "", say("rough: could be more than 15 points off"))
    if signs := [sign for sign, bound in (("≥", ">="), ("≤", "<=")) if any(cell.bound == bound for cell in scored)]:
        yield Sign(" ".join(signs), "", say("not told more exactly, to protect the people in the group"))
    if any(cell.n is None for cell in scored):
        least = release.policy.k_intervals
        yield Sign("5, 10, …", "", say("fewer than {least} answers: printed to the nearest 5", least=least))
    if look == "table":
        yield from _interval_signs(scored)
    elif any(_has_other_n(cell, row) for row in release.rows for cell in _cells(row, release)):
        yield Sign("n", "", say("how many answered this question, where it is not everybody who answered"))
    if any(cell.coverage == "< 80 %, partial" for cell in scored):
        yield Sign(say("partial"), "", say("stands for fewer than 80 % of the people"))


def _interval_signs(scored: list[Scored]) -> Iterator[Sign]:
    if any(cell.n is not None for cell in scored):
        yield Sign("n", "", say("how many answered this question"))
    if any(cell.interval is None and not cell.everyone for cell in scored):
        yield Sign("–", "", say("no interval is given, to protect a small group"))


def _has_other_n(cell: Cell, row: Row) -> bool:
    """True where the number who answered the question is told and is not the row's own."""
    return isinstance(cell, Scored) and cell.n is not None and cell.n != row.n


def _row_signs(release: Release, lines: Iterable[Line]) -> Iterator[Sign]:
    rows = release.rows
    if any(row.kind == "pool" for row in rows):
        yield Sign(say("Italics"), "italic", say("small departments shown together"))
    if any(row.depth > 1 for row in rows):
        yield Sign(say("Indented"), "", say("part of the row above, and counted in it"))
    if any(line.corrected for line in lines):
        yield Sign("*", "", say("headcount corrected when the wave closed"))


def _uncompared(release: Release, look: Look) -> Iterator[str]:
    """A sentence for each dimension whose change cannot be told."""
    if look != "change":
        return
    names = {head.id: head.name for head in release.dimensions}
    for dimension, sentence in release.not_comparable.items():
        yield Passage((names.get(dimension, dimension), sentence), ": ")


def _coverage(release: Release, look: Look) -> Iterator[str]:
    """Which roll-ups stand for less than 95 % of their people, and where."""
    if look == "change":
        return
    for row in release.rows:
        for coverage in words.LOW_COVERAGE:
            found = [h.name for h in release.dimensions if _covers(row.cells[h.id]) == coverage]
            if found:
                yield words.covers(row, coverage, found)


def _covers(cell: Cell) -> str | None:
    return cell.coverage if isinstance(cell, Scored) else None
