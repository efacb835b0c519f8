"""Sentences from a release: pure functions of printed values. No value without the number of people it comes from.

Rules (MEASUREMENT.md 5.3 and 9): "higher" and "lower" only for confirmed changes, "seems" for what is likely but not
confirmed, no causal verb at all, and what cannot be told is said. Nothing here knows more than the release prints.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.releases.document.release import CHECKING, Change, Confirmation, DimensionHead, Release, Row, Scored
from app.releases.document.words import answers, change_words, people, value_text, within_sentence
from app.releases.silence import rate_words
from app.reports.phrases import answered_by, distinct, row_name, within, worded, worded_first
from app.sentences import Listing, Passage, Sentence, Value, say, say_count

MOST_NAMES = 3

Ends = list[tuple[DimensionHead, Scored]]
Move = tuple[bool, bool]
"""Whether a change is confirmed, and whether it goes up."""

_MOVED: Final[dict[Move, Sentence]] = {
    (True, True): say("{who}: {dimension} is higher than in {previous}, {now} against {before} ({basis})."),
    (True, False): say("{who}: {dimension} is lower than in {previous}, {now} against {before} ({basis})."),
    (False, True): say("{who}: {dimension} seems higher than in {previous}, {now} against {before} ({basis})."),
    (False, False): say("{who}: {dimension} seems lower than in {previous}, {now} against {before} ({basis})."),
}
_ROW_MOVED: Final[dict[Move, Sentence]] = {
    (True, True): say("{dimension} is higher than in {previous}: {now} against {before} ({basis})."),
    (True, False): say("{dimension} is lower than in {previous}: {now} against {before} ({basis})."),
    (False, True): say("{dimension} seems higher than in {previous}: {now} against {before} ({basis})."),
    (False, False): say("{dimension} seems lower than in {previous}: {now} against {before} ({basis})."),
}
_MOVED_ON: Final[dict[Move, Sentence]] = {
    (True, True): say("is higher on"),
    (True, False): say("is lower on"),
    (False, True): say("seems higher on"),
    (False, False): say("seems lower on"),
}
_OTHERS: Final[dict[Move, Sentence]] = {
    (True, True): say("Higher: {dimensions}."),
    (True, False): say("Lower: {dimensions}."),
    (False, True): say("Seems higher: {dimensions}."),
    (False, False): say("Seems lower: {dimensions}."),
}
_ALSO: Final[dict[Move, Sentence]] = {
    (True, True): say("Also higher: {dimensions}."),
    (True, False): say("Also lower: {dimensions}."),
    (False, True): say("Also seems higher: {dimensions}."),
    (False, False): say("Also seems lower: {dimensions}."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A change that the release marks, with the row and the column it belongs to."""

    row: Row
    head: DimensionHead
    cell: Scored
    change: Change

    @property
    def move(self) -> Move:
        """What kind of a change it is."""
        return self.change.confirmation == "confirmed", self.change.delta > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """The marked changes of one row in one direction: `Finance`, `is higher on`, and each score now against then."""

    who: str
    verb: str
    items: tuple[str, ...]


def result(row: Row) -> str:
    """One sentence for the cover, about the row that the report is about."""
    if row.n is None or row.trust.score is None or row.readiness.score is None:
        return say("Too few people answered for a result that can be shown.")
    return say(
        "{people} answered. Trust in AI agents stands at {trust}, readiness for them at {readiness} of 100.",
        people=people(row.n),
        trust=row.trust.score,
        readiness=row.readiness.score,
    )


def basis(row: Row, cell: Scored) -> Sentence:
    """The number of people a printed score comes from: the cell's own where it is given, else the row's."""
    if cell.n is not None:
        return answers(cell.n)
    return answered_by(row.n) if row.n is not None else say("a small group")


def value(row: Row, cell: Scored) -> Sentence:
    """A score with its basis: `72 (31 answers)`."""
    return say("{score} ({basis})", score=value_text(cell), basis=basis(row, cell))


def answered(row: Row) -> str:
    """Who answered in a row, as a sentence."""
    if row.n is None:
        empty = any(
            getattr(cell, "reason", "") == "no_answers"
            for name, cell in row.cells.items()
            if name != CHECKING and not name.startswith("rating:")
        )
        return say("Nobody answered.") if empty else say("How many answered is not shown, to protect a small group.")
    told = (
        say("{n} of {people} answered.", n=row.n, people=people(row.headcount))
        if row.rate is None
        else say("{n} of {people} answered ({rate} %).", n=row.n, people=people(row.headcount), rate=row.rate)
    )
    words = rate_words(row)
    if not words:
        return told
    low = say("That is a low response rate.") if words == "low" else say("That is indicative only.")
    return Passage([told, low])


def own_headline(release: Release, row: Row) -> str:
    """The ends of a row's scores, without a number."""
    top, bottom = ends_of(release, row)
    if not top:
        return say("No score of its own can be shown")
    if top[0][1].score == bottom[0][1].score:
        return say("All scores are alike")
    return _both_ends(top, bottom)


def _both_ends(top: Ends, bottom: Ends) -> Sentence:
    return say("{highest} stands highest, {lowest} lowest", highest=top[0][0].name, lowest=within(bottom[0][0].name))


def moved_headline(release: Release, row: Row) -> str | None:
    """What has changed in a row for certain, without a score; None where nothing is confirmed."""
    moves = [m for m in movements(release) if m.row is row and m.change.confirmation == "confirmed"]
    if not moves:
        return None
    first, up = moves[0], moves[0].move[1]
    told: dict[str, Value] = {"dimension": first.head.name, "previous": release.wave.previous_label or ""}
    if len(moves) == 1 or len({m.move for m in moves}) > 1:
        one = say("{dimension} is higher than in {previous}") if up else say("{dimension} is lower than in {previous}")
        return one.filled(told)
    many = (
        say("{number} scores are higher than in {previous}, {dimension} most of all")
        if up
        else say("{number} scores are lower than in {previous}, {dimension} most of all")
    )
    return many.filled(told | {"number": worded_first(len(moves)), "dimension": within(first.head.name)})


def heat_headline(release: Release, row: Row) -> str:
    """What the heatmap says of a row, without a number."""
    top, bottom = ends_of(release, row)
    if not top or top[0][1].score == bottom[0][1].score:
        return say("Where trust and readiness stand")
    return _both_ends(top, bottom)


def change_headline(release: Release) -> str:
    """The heading of the chapter on change: how many changes are confirmed, or why none can be."""
    if no_comparison(release) is not None:
        return say("What changed cannot be told yet")
    moved = movements(release)
    confirmed = sum(m.change.confirmation == "confirmed" for m in moved)
    previous = release.wave.previous_label or ""
    if confirmed:
        return say_count(
            "One change since {previous} is confirmed",
            "{count} changes since {previous} are confirmed",
            confirmed,
            count=worded_first(confirmed),
            previous=previous,
        )
    if moved:
        return say_count(
            "No change since {previous} is confirmed; one change is likely",
            "No change since {previous} is confirmed; {count} changes are likely",
            len(moved),
            count=worded(len(moved)),
            previous=previous,
        )
    return say("Nothing has clearly changed since {previous}", previous=previous)


def movements(release: Release) -> tuple[Moved, ...]:
    """All marked changes: confirmed before likely ones, then by size."""
    found = (
        Moved(row=row, head=head, cell=cell, change=cell.change)
        for row, head, cell in shown(release, release.rows)
        if isinstance(cell.change, Change) and cell.change.confirmation != "none"
    )
    return tuple(sorted(found, key=lambda m: (m.change.confirmation != "confirmed", -abs(m.change.delta))))


def movement_sentence(release: Release, moved: Moved) -> Sentence:
    """One change in words: confirmed ones are higher or lower, the others seem so."""
    return _MOVED[moved.move].filled(
        {
            "who": _who(moved.row),
            "dimension": within(moved.head.name),
            "previous": release.wave.previous_label or "",
            "now": moved.change.now,
            "before": moved.change.before,
            "basis": basis(moved.row, moved.cell),
        }
    )


def moved_rows(release: Release, confirmation: Confirmation) -> tuple[MovedRow, ...]:
    """The changes of one confirmation, together by row and direction, the organisation first."""
    found: dict[tuple[str, Move], list[Moved]] = {}
    moved = [m for m in movements(release) if m.change.confirmation == confirmation]
    for one in sorted(moved, key=lambda m: m.row.kind != "organisation"):
        found.setdefault((one.row.id, one.move), []).append(one)
    return tuple(
        MovedRow(who=_who(group[0].row), verb=_MOVED_ON[move], items=tuple(map(_moved_item, group)))
        for (_, move), group in found.items()
    )


def _moved_item(moved: Moved) -> Sentence:
    return say(
        "{dimension}, {now} against {before} ({basis})",
        dimension=within(moved.head.name),
        now=moved.change.now,
        before=moved.change.before,
        basis=basis(moved.row, moved.cell),
    )


def _who(row: Row) -> str:
    return say("The whole organisation") if row.kind == "organisation" else row_name(row)


def compared(release: Release, rows: Iterable[Row] | None = None) -> int:
    """How many scores, of these rows or of all, have a difference to the previous wave."""
    return sum(isinstance(cell.change, Change) for _, _, cell in shown(release, rows or release.rows))


def no_comparison(release: Release) -> str | None:
    """Why nothing at all is compared with an earlier wave, or None."""
    if release.wave.previous_label is None:
        return say(
            "This is the first wave, so there is nothing to compare it with yet. The next wave will show what moved."
        )
    if compared(release) == 0:
        return say(
            "No score of this wave can be compared with {previous}: the questions or the groups are not the same, or "
            "the earlier scores are not shown.",
            previous=release.wave.previous_label,
        )
    return None


def standing(release: Release, row: Row) -> str:
    """The highest and the lowest score of a row, as a sentence."""
    top, bottom = ends_of(release, row)
    if not top:
        return (
            say("No score of {row} is shown, to protect a small group.", row=row_name(row))
            if row.n
            else say("There is no score to show.")
        )
    if top[0][1].score == bottom[0][1].score:
        return say("All scores shown stand at {value}.", value=value(row, top[0][1]))
    highest = say_count(
        "{names} stands highest at {score} ({basis})",
        "{names} stand highest at {score} ({basis})",
        len(top),
        **_end(row, top, first=True),
    )
    lowest = say_count(
        "{names} stands lowest at {score} ({basis})",
        "{names} stand lowest at {score} ({basis})",
        len(bottom),
        **_end(row, bottom, first=False),
    )
    return say("{highest}, {lowest}.", highest=highest, lowest=lowest)


def _end(row: Row, ends: Ends, *, first: bool) -> dict[str, Value]:
    """The dimensions at one end of a row's scores, the score, what it rests on; `first`: they begin the sentence."""
    names: list[str] = [head.name for head, _ in ends]
    inside = [within(name) for name in names]
    told: Value = Listing([names[0] if first else inside[0], *inside[1:]])
    if len(ends) > MOST_NAMES:
        number = worded_first(len(ends)) if first else worded(len(ends))
        told = say("{number} dimensions, {dimension} among them,", number=number, dimension=inside[0])
    bases = Listing(_bases(row, [cell for _, cell in ends]))
    return {"names": told, "score": value_text(ends[0][1]), "basis": bases}


def _bases(row: Row, cells: list[Scored]) -> list[Sentence]:
    """What these scores rest on, each number of people once."""
    numbers = {cell.n for cell in cells} - {None}
    return distinct(basis(row, cell) for cell in cells if cell.n is not None or row.n not in numbers)


def row_movement(release: Release, row: Row) -> str:
    """What changed in a row since the wave before: the largest marked change with its scores, the others by name.

    Nothing is said in the first wave.
    """
    previous = release.wave.previous_label
    cells = [cell for _, _, cell in shown(release, [row])]
    if previous is None:
        return ""
    if not cells:
        return say("Nothing can be said about change.")
    if not any(isinstance(cell.change, Change) for cell in cells):
        reasons = Listing(distinct(within_sentence(change_words(cell.change)) for cell in cells))
        return say("No change since {previous} can be given: {reasons}.", previous=previous, reasons=reasons)
    moved = [m for m in movements(release) if m.row is row]
    if not moved:
        return _nothing_changed(row, previous)
    first = moved[0]
    told = _ROW_MOVED[first.move].filled(
        {
            "dimension": first.head.name,
            "previous": previous,
            "now": first.change.now,
            "before": first.change.before,
            "basis": basis(row, first.cell),
        }
    )
    return Passage([told, *_others(moved)])


def _nothing_changed(row: Row, previous: str) -> Sentence:
    if not row.n:
        return say("Nothing has clearly changed since {previous}.", previous=previous)
    return say("Nothing has clearly changed since {previous} ({basis}).", previous=previous, basis=answered_by(row.n))


def _others(moved: Sequence[Moved]) -> Iterator[Sentence]:
    """The names of a row's further marked changes: `Also higher: competence. Seems higher: purpose.`"""
    first, parts = moved[0].move, dict[Move, list[str]]()
    for one in moved[1:]:
        parts.setdefault(one.move, []).append(within(one.head.name))
    for move, names in parts.items():
        # "Also seems" follows what seems so, whichever way it goes; "also higher" follows what is higher.
        also = move == first or not (move[0] or first[0])
        yield (_ALSO if also else _OTHERS)[move].filled({"dimensions": Passage(names, ", ")})


def ends_of(release: Release, row: Row) -> tuple[Ends, Ends]:
    """The highest and the lowest printed scores of a row's trust and readiness columns, ties together."""
    cells = [(head, cell) for _, head, cell in shown(release, [row]) if head.block != "criterion"]
    scores = [cell.score for _, cell in cells]
    highest, lowest = max(scores, default=0), min(scores, default=0)
    return [e for e in cells if e[1].score == highest], [e for e in cells if e[1].score == lowest]


def shown(release: Release, rows: Iterable[Row]) -> Iterator[tuple[Row, DimensionHead, Scored]]:
    """The cells of these rows that are shown, column by column."""
    for row in rows:
        for head in release.dimensions:
            cell = row.cells.get(head.id)
            if isinstance(cell, Scored):
                yield row, head, cell
