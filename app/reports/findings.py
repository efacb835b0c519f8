"""Sentences from a release: pure functions of printed values. No value without the number of people it comes from.

Rules (MEASUREMENT.md 5.3 and 9): "higher" and "lower" only for confirmed changes, "seems" for what is likely but not
confirmed, no causal verb at all, and what cannot be told is said. Nothing here knows more than the release prints.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.releases.document.release import Change, Confirmation, DimensionHead, Release, Row, Scored
from app.releases.document.words import answers, change_words, people, value_text
from app.releases.silence import rate_words
from app.reports.phrases import distinct, joined, row_name, sentence_start, within, worded

MOST_NAMES = 3

Ends = list[tuple[DimensionHead, Scored]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A change that the release marks, with the row and the column it belongs to."""

    row: Row
    head: DimensionHead
    cell: Scored
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """The marked changes of one row in one direction: `Finance`, `is higher on`, and each score now against then."""

    who: str
    verb: str
    items: tuple[str, ...]


def result(release: Release) -> str:
    """One sentence for the cover."""
    row = release.organisation
    if row.n is None or row.trust.score is None or row.readiness.score is None:
        return "Too few people answered for a result that can be shown."
    return (
        f"{people(row.n)} answered. Trust in AI agents stands at {row.trust.score}, "
        f"readiness for them at {row.readiness.score} of 100."
    )


def basis(row: Row, cell: Scored) -> str:
    """The number of people a printed score comes from: the cell's own where it is given, else the row's."""
    if cell.n is not None:
        return answers(cell.n)
    return f"{people(row.n)} answered" if row.n is not None else "a small group"


def value(row: Row, cell: Scored) -> str:
    """A score with its basis: `72 (31 answers)`."""
    return f"{value_text(cell)} ({basis(row, cell)})"


def answered(row: Row) -> str:
    """Who answered in a row, as a sentence."""
    if row.n is None:
        empty = any(getattr(cell, "reason", "") == "no_answers" for cell in row.cells.values())
        return "Nobody answered." if empty else "How many answered is not shown, to protect a small group."
    rate = f" ({row.rate} %)" if row.rate is not None else ""
    words = rate_words(row)
    tail = f" That is {'a low response rate' if words == 'low' else 'indicative only'}." if words else ""
    return f"{row.n} of {people(row.headcount)} answered{rate}.{tail}"


def own_headline(release: Release, row: Row) -> str:
    """The ends of a row's scores, without a number."""
    top, bottom = ends_of(release, row)
    if not top:
        return "No score of its own can be shown"
    if top[0][1].score == bottom[0][1].score:
        return "All scores are alike"
    return f"{top[0][0].name} stands highest, {within(bottom[0][0].name)} lowest"


def moved_headline(release: Release, row: Row) -> str | None:
    """What has changed in a row for certain, without a score; None where nothing is confirmed."""
    moves = [m for m in movements(release) if m.row is row and m.change.confirmation == "confirmed"]
    if not moves:
        return None
    first, previous = moves[0], release.wave.previous_label
    if len(moves) == 1 or len({comparative(m.change) for m in moves}) > 1:
        return f"{first.head.name} is {comparative(first.change)} than in {previous}"
    number = sentence_start(worded(len(moves)))
    return f"{number} scores are {comparative(first.change)} than in {previous}, {within(first.head.name)} most of all"


def heat_headline(release: Release) -> str:
    """What the heatmap says, without a number."""
    top, bottom = ends_of(release, release.organisation)
    if not top or top[0][1].score == bottom[0][1].score:
        return "Where trust and readiness stand"
    return f"{top[0][0].name} stands highest, {within(bottom[0][0].name)} lowest"


def change_headline(release: Release) -> str:
    """The heading of the chapter on change: how many changes are confirmed, or why none can be."""
    if no_comparison(release) is not None:
        return "What changed cannot be told yet"
    moved = movements(release)
    confirmed = sum(m.change.confirmation == "confirmed" for m in moved)
    previous = release.wave.previous_label
    if confirmed:
        return f"{sentence_start(_changes_are(confirmed, previous))} confirmed"
    if moved:
        return f"No change since {previous} is confirmed; {_changes_are(len(moved), None)} likely"
    return f"Nothing has clearly changed since {previous}"


def movements(release: Release) -> tuple[Moved, ...]:
    """All marked changes: confirmed before likely ones, then by size."""
    found = (
        Moved(row=row, head=head, cell=cell, change=cell.change)
        for row, head, cell in shown(release, release.rows)
        if isinstance(cell.change, Change) and cell.change.confirmation != "none"
    )
    return tuple(sorted(found, key=lambda m: (m.change.confirmation != "confirmed", -abs(m.change.delta))))


def movement_sentence(release: Release, moved: Moved) -> str:
    """One change in words: confirmed ones are higher or lower, the others seem so."""
    verb = "is" if moved.change.confirmation == "confirmed" else "seems"
    return (
        f"{_who(release, moved.row)}: {within(moved.head.name)} {verb} {comparative(moved.change)} than in "
        f"{release.wave.previous_label}, {moved.change.now} against {moved.change.before} "
        f"({basis(moved.row, moved.cell)})."
    )


def moved_rows(release: Release, confirmation: Confirmation) -> tuple[MovedRow, ...]:
    """The changes of one confirmation, together by row and direction, the organisation first."""
    found: dict[tuple[str, str], list[Moved]] = {}
    moved = [m for m in movements(release) if m.change.confirmation == confirmation]
    for one in sorted(moved, key=lambda m: m.row.kind != "organisation"):
        found.setdefault((one.row.id, comparative(one.change)), []).append(one)
    verb = "is" if confirmation == "confirmed" else "seems"
    return tuple(
        MovedRow(
            who=_who(release, group[0].row),
            verb=f"{verb} {direction} on",
            items=tuple(
                f"{within(m.head.name)}, {m.change.now} against {m.change.before} ({basis(m.row, m.cell)})"
                for m in group
            ),
        )
        for (_, direction), group in found.items()
    )


def _who(release: Release, row: Row) -> str:
    return "The whole organisation" if row.kind == "organisation" else row_name(release, row)


def compared(release: Release) -> int:
    """How many scores have a difference to the previous wave."""
    return sum(isinstance(cell.change, Change) for _, _, cell in shown(release, release.rows))


def no_comparison(release: Release) -> str | None:
    """Why nothing at all is compared with an earlier wave, or None."""
    if release.wave.previous_label is None:
        return "This is the first wave, so there is nothing to compare it with yet. The next wave will show what moved."
    if compared(release) == 0:
        return (
            f"No score of this wave can be compared with {release.wave.previous_label}: the questions or the groups "
            "are not the same, or the earlier scores are not shown."
        )
    return None


def standing(release: Release, row: Row) -> str:
    """The highest and the lowest score of a row, as a sentence."""
    top, bottom = ends_of(release, row)
    if not top:
        return (
            f"No score of {row_name(release, row)} is shown, to protect a small group."
            if row.n
            else "There is no score to show."
        )
    if top[0][1].score == bottom[0][1].score:
        return f"All scores shown stand at {value(row, top[0][1])}."
    return f"{_end(row, top, 'highest')}, {within(_end(row, bottom, 'lowest'))}."


def _bases(row: Row, cells: list[Scored]) -> list[str]:
    """What these scores rest on, each number of people once."""
    numbers = {cell.n for cell in cells} - {None}
    return distinct(basis(row, cell) for cell in cells if cell.n is not None or row.n not in numbers)


def _end(row: Row, ends: list[tuple[DimensionHead, Scored]], word: str) -> str:
    first = ends[0][0].name
    if len(ends) > MOST_NAMES:
        names = f"{sentence_start(worded(len(ends)))} dimensions, {within(first)} among them,"
    else:
        names = joined([first, *(within(head.name) for head, _ in ends[1:])])
    bases = joined(_bases(row, [cell for _, cell in ends]))
    return f"{names} {'stands' if len(ends) == 1 else 'stand'} {word} at {value_text(ends[0][1])} ({bases})"


def row_movement(release: Release, row: Row) -> str:
    """What changed in a row since the wave before: the largest marked change with its scores, the others by name.

    Nothing is said in the first wave.
    """
    previous = release.wave.previous_label
    cells = [cell for _, _, cell in shown(release, [row])]
    if previous is None:
        return ""
    if not cells:
        return "Nothing can be said about change."
    if not any(isinstance(cell.change, Change) for cell in cells):
        reasons = distinct(within(change_words(cell.change)) for cell in cells)
        return f"No change since {previous} can be given: {joined(reasons)}."
    moved = [m for m in movements(release) if m.row is row]
    if not moved:
        who = f" ({people(row.n)} answered)" if row.n else ""
        return f"Nothing has clearly changed since {previous}{who}."
    first = moved[0]
    verb = "is" if first.change.confirmation == "confirmed" else "seems"
    return (
        f"{first.head.name} {verb} {comparative(first.change)} than in {previous}: {first.change.now} against "
        f"{first.change.before} ({basis(row, first.cell)}).{_others(moved)}"
    )


def _others(moved: list[Moved]) -> str:
    """The names of a row's further marked changes: `Also higher: competence. Seems higher: purpose.`"""
    first, rest = moved[0], moved[1:]
    parts: dict[str, list[str]] = {}
    for one in rest:
        word = comparative(one.change)
        if one.change.confirmation != "confirmed":
            start = f"{'Also seems' if first.change.confirmation != 'confirmed' else 'Seems'} {word}"
        else:
            start = f"Also {word}" if word == comparative(first.change) else sentence_start(word)
        parts.setdefault(start, []).append(within(one.head.name))
    return "".join(f" {start}: {', '.join(names)}." for start, names in parts.items())


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


def comparative(change: Change) -> str:
    """The word for the direction of a marked change."""
    return "higher" if change.delta > 0 else "lower"


def _changes_are(number: int, previous: str | None) -> str:
    since = f" since {previous}" if previous else ""
    return f"{worded(number)} change{since} is" if number == 1 else f"{worded(number)} changes{since} are"
