"""Two waves compared on screen: a release whose changes are those between the two, and why there are none elsewhere.

Pure: every number is printed in a release or a comparison, or follows from two that are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.explore.headline import clearest
from app.explore.heatmap import Heatmap, heatmap
from app.explore.looking import Looking
from app.releases import detectable
from app.releases.document import words
from app.releases.document.release import Change, DimensionHead, Hidden, NoChange, NoChangeReason, Release, Row, Scored
from app.releases.narrowing import same_people
from app.sentences import Hundredths, Listing, Passage, Sentence, say, say_count

Told = Change | NoChange | Hidden

_OF_ROWS: Final[Mapping[NoChangeReason, Sentence]] = {
    "new": say("New in {later}, so there is nothing to compare with: {names}."),
    "other_members": say(
        "Other people than in {earlier}, because departments were merged, split or moved, or because small ones were "
        "shown together differently: {names}."
    ),
    "hidden": say(
        "Too few answers in one of the two waves, so that nothing is told to protect a small group: {names}."
    ),
    "withheld": say("Not told, to protect a small group: {names}."),
    "deleted": say("Not compared, because the answers of {earlier} were deleted, as was promised: {names}."),
}


@dataclass(frozen=True, slots=True)
class Between:
    """The two waves of a comparison, in their order."""

    earlier_id: UUID
    earlier: str
    later_id: UUID
    later: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row and column of the table: both printed scores, the difference and what it says, or why there is none."""

    row: str
    column: str
    first: bool
    before: str
    now: str
    difference: str
    verdict: str
    p: str
    detectable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """The comparison of two waves. `lines` are those of its table, where it was wanted in numbers. `clear` counts cells
    higher, lower and without a clear change; `differences` are those that are clear, of which the title tells one."""

    title: str
    clear: tuple[str, ...]
    differences: int
    heatmap: Heatmap
    lines: tuple[Line, ...]
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One cell of a comparison in full."""

    row: str
    row_id: str
    head: DimensionHead
    title: str
    tile: str
    value: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def contrast(drawn: Release, before: Release, looking: Looking, *, in_numbers: bool) -> Contrast:
    """A release that has the changes since `before`, the release of the earlier wave, looked at in this way; with its
    lines, which are many, where it is wanted in numbers."""
    return Contrast(
        title=_title(drawn),
        clear=tuple(_counted(drawn)),
        differences=len(_clear(drawn)),
        heatmap=heatmap(drawn, looking),
        lines=tuple(_lines(drawn, before)) if in_numbers else (),
        reasons=tuple(_reasons(drawn, before)),
    )


def compared(drawn: Release, before: Release, row: Row, head: DimensionHead, items: Iterable[str]) -> Compared:
    """One cell; `items` are the questions on which the column is compared, as they were asked."""
    change = _change(row, head.id)
    name, names = words.row_name(row), {"row": words.row_name(row), "dimension": head.name}
    clear = isinstance(change, Change)
    return Compared(
        row=name,
        row_id=row.id,
        head=head,
        title=_cell_title(change).filled(names),
        tile=words.change_class(change) if isinstance(change, Change) else "not-shown",
        value=_difference(change) if isinstance(change, Change) else "",
        facts=tuple(_facts(drawn, before, row, head, change)) if isinstance(change, Change) else (),
        notes=tuple(_notes(drawn, head, change, tuple(items) if clear else ())),
    )


def _change(row: Row, dimension: str) -> Told:
    cell = row.cells.get(dimension, Hidden(reason="withheld"))
    return cell.change if isinstance(cell, Scored) else cell


def _title(drawn: Release) -> str:
    moved = clearest(drawn)
    if moved:
        return moved
    if any(_changes(row) for row in drawn.rows):
        return say("No clear change between {earlier} and {later}", earlier=_label(drawn), later=drawn.wave.label)
    return say("{earlier} and {later} cannot be compared", earlier=_label(drawn), later=drawn.wave.label)


def _label(drawn: Release) -> str:
    return drawn.wave.previous_label or ""


def _changes(row: Row) -> list[Change]:
    return [cell.change for cell in row.cells.values() if isinstance(cell, Scored) and isinstance(cell.change, Change)]


def _told(drawn: Release) -> list[Told]:
    """What is said of each cell of the table."""
    heads = {head.id for head in drawn.dimensions}
    return [_change(row, name) for row in drawn.rows for name in row.cells if name in heads]


def _clear(drawn: Release) -> list[Change]:
    return [one for one in _told(drawn) if isinstance(one, Change) and words.is_clear(one)]


def _counted(drawn: Release) -> Iterator[Sentence]:
    told, clear = _told(drawn), _clear(drawn)
    changes = [one for one in told if isinstance(one, Change)]
    higher, lower = (sum(one.direction == way for one in clear) for way in ("up", "down"))
    if higher:
        yield say_count("{n} cell is higher", "{n} cells are higher", higher)
    if lower:
        yield say_count("{n} cell is lower", "{n} cells are lower", lower)
    if still := len(changes) - len(clear):
        yield say_count("{n} cell shows no clear change", "{n} cells show no clear change", still)
    if left := len(told) - len(changes):
        yield say_count("{n} cell is not compared", "{n} cells are not compared", left)


def _lines(drawn: Release, before: Release) -> Iterator[Line]:
    for row in (*drawn.rows[1:], drawn.organisation):
        for number, head in enumerate(drawn.dimensions):
            change = _change(row, head.id)
            told = change if isinstance(change, Change) else None
            yield Line(
                row=words.row_name(row),
                column=head.name,
                first=number == 0,
                before=str(told.before) if told else "–",
                now=str(told.now) if told else "–",
                difference=words.signed(told.delta) if told else "–",
                verdict=_verdict(change),
                p=_p(told) if told else "–",
                detectable=_detectable(before, row, head.id) if told else "–",
            )


def _verdict(change: Told) -> str:
    if isinstance(change, Hidden):
        return words.hidden_text(change)
    return words.change_words(change)


def _difference(change: Change) -> str:
    return f"{words.change_mark(change)} {words.signed(change.delta)}".strip()


def _p(change: Change) -> str:
    return Passage(("<", Hundredths(1))) if change.p < 1 else Hundredths(change.p)


def _detectable(before: Release, row: Row, dimension: str) -> str:
    there = same_people(before, row)
    found = detectable.between(there, row, dimension) if there is not None else None
    return "–" if found is None else str(found)


def _cell_title(change: Told) -> Sentence:
    if not isinstance(change, Change):
        return say("{dimension} in {row} is not compared")
    if not words.is_clear(change):
        return say("{dimension} in {row}: no clear change")
    higher, lower = say("{dimension} in {row} is higher"), say("{dimension} in {row} is lower")
    seems_higher, seems_lower = say("{dimension} in {row} seems higher"), say("{dimension} in {row} seems lower")
    sure = change.confirmation == "confirmed"
    if change.delta > 0:
        return higher if sure else seems_higher
    return lower if sure else seems_lower


def _facts(drawn: Release, before: Release, row: Row, head: DimensionHead, change: Change) -> Iterator[tuple[str, str]]:
    yield _label(drawn), str(change.before)
    yield drawn.wave.label, str(change.now)
    yield say("Difference"), words.signed(change.delta)
    yield say("What it says"), words.change_words(change)
    yield say("p, for all cells together"), _p(change)
    yield say("Smallest difference that would show"), _detectable(before, row, head.id)


def _notes(drawn: Release, head: DimensionHead, change: Told, items: tuple[str, ...]) -> Iterator[str]:
    if isinstance(change, Hidden):
        yield words.hidden_text(change) + "."
    elif isinstance(change, NoChange):
        why = drawn.not_comparable.get(head.id) if change.reason == "not_comparable" else None
        yield why or Passage((words.change_words(change), "."), "")
    else:
        yield say(
            "Both scores are on the questions and on the people that the two waves have in common, so they can differ "
            "from those of the heatmaps."
        )
        yield say("A difference counts as clear from 5 points on, if chance alone would hardly make it.")
    if items:
        yield say("Compared on: {items}", items=Passage((f"“{one}”" for one in items), " "))


def _reasons(drawn: Release, before: Release) -> Iterator[Sentence]:
    """What can't be compared, and why: by column, by row, and what only one of the waves has."""
    names = {head.id: head.name for head in drawn.dimensions}
    for dimension, why in drawn.not_comparable.items():
        yield say("{dimension}: {why}", dimension=names.get(dimension, dimension), why=why)
    told = {"earlier": _label(drawn), "later": drawn.wave.label}
    for reason, sentence in _OF_ROWS.items():
        if rows := [words.row_name(row) for row in drawn.rows if reason in _whole(row, names)]:
            yield sentence.filled({**told, "names": Listing(rows)})
    for row in drawn.rows:
        yield from _in_part(row, names)
    now = {one for row in drawn.rows for one in row.departments}
    gone = [words.row_name(row) for row in before.rows if row.kind == "unit" and not now & {*row.departments}]
    if gone:
        yield say("Only in {earlier}: {names}.", earlier=told["earlier"], names=Listing(gone))
    if drawn.wave.form != before.wave.form:
        yield say(
            "{earlier} and {later} asked different forms, the whole questionnaire and the pulse: they are compared on "
            "the anchor questions alone, which both asked. The first pulse after a full form can lie a little "
            "differently for that reason alone.",
            **told,
        )


def _whole(row: Row, names: Mapping[str, str]) -> set[NoChangeReason]:
    """The one reason for which nothing of a row is compared; nothing where there is something, or several reasons."""
    told = [_change(row, name) for name in names]
    reasons: set[NoChangeReason] = {one.reason for one in told if isinstance(one, NoChange)} - {"not_comparable"}
    return reasons if len(reasons) == 1 and not any(isinstance(one, Change) for one in told) else set()


def _in_part(row: Row, names: Mapping[str, str]) -> Iterator[Sentence]:
    """What of a row is not compared, where it has no single reason for all of it."""
    if _whole(row, names):
        return
    found: dict[str, list[str]] = {}
    for dimension, name in names.items():
        change = _change(row, dimension)
        if not isinstance(change, Change) and not (isinstance(change, NoChange) and change.reason == "not_comparable"):
            found.setdefault(_verdict(change), []).append(name)
    for why, columns in found.items():
        yield say("{row} ({names}): {why}.").filled(
            {"row": words.row_name(row), "names": Listing(columns), "why": words.within_sentence(why)}
        )
