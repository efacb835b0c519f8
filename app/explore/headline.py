"""What a release says, in one heading and two sentences: only what its printed numbers carry, and never without n.

Changes are told as facts where they are confirmed and with "seems" where they are likely; a difference between
departments is told as what it is, two printed scores (MEASUREMENT.md 5.3, rules of statements).
"""

from dataclasses import dataclass

from app.releases import words
from app.releases.document import Change, DimensionHead, Index, Release, Row, Scored

MOST_NAMES = 2


@dataclass(frozen=True, slots=True)
class Headline:
    """The heading says the message; the lead says how the organisation stands and where it is furthest apart."""

    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class _Moved:
    row: Row
    head: DimensionHead
    cell: Scored
    change: Change


def headline(release: Release) -> Headline:
    """The headline of a release."""
    moved = _largest_change(release)
    title = _change_title(moved, release) if moved else _level_title(release)
    return Headline(title, " ".join(part for part in (_standing(release), _apart(release)) if part))


def answered(cell: Scored, row: Row) -> str:
    """How many answers a printed score rests on: the cell's own number, or the row's where that is all that is told."""
    if cell.n is not None:
        return words.answers(cell.n)
    return f"{words.people(row.n)} answered" if row.n is not None else "a small group"


def _largest_change(release: Release) -> _Moved | None:
    """The largest change outside the criterion; confirmed before likely, a part before the whole."""
    found = [
        _Moved(row, head, cell, cell.change)
        for row in release.rows
        for head in release.dimensions
        if head.block != "criterion"
        and isinstance(cell := row.cells[head.id], Scored)
        and isinstance(cell.change, Change)
        and words.is_clear(cell.change)
    ]
    return max(found, key=_weight, default=None)


def _weight(moved: _Moved) -> tuple[bool, int, bool]:
    return (moved.change.confirmation == "confirmed", abs(moved.change.delta), moved.row.kind == "unit")


def _change_title(moved: _Moved, release: Release) -> str:
    change, where = moved.change, words.row_name(moved.row)
    sure = change.confirmation == "confirmed"
    verb = {"up": "rose", "down": "fell"} if sure else {"up": "seems to have risen", "down": "seems to have fallen"}
    points = "1 point" if abs(change.delta) == 1 else f"{abs(change.delta)} points"
    return (
        f"{moved.head.name} {verb[change.direction]} by {points} in {where} since {release.wave.previous_label} "
        f"({answered(moved.cell, moved.row)})"
    )


def _level_title(release: Release) -> str:
    """The lowest score of the whole organisation; without one, that nothing can be shown."""
    row = release.organisation
    scored = [
        (cell, head)
        for head in release.dimensions
        if head.block != "criterion" and isinstance(cell := row.cells[head.id], Scored)
    ]
    if not scored:
        return "Too few people answered to show a result"
    lowest = min(cell.score for cell, _ in scored)
    names = [head.name for cell, head in scored if cell.score == lowest]
    cell = next(cell for cell, _ in scored if cell.score == lowest)
    if len(names) > MOST_NAMES:
        return f"The lowest scores across {words.row_name(row)} are {words.value_text(cell)} ({answered(cell, row)})"
    verb = "is" if len(names) == 1 else "are"
    where = f"across {words.row_name(row)}"
    return f"{words.listed(names)} {verb} lowest {where}: {words.value_text(cell)} ({answered(cell, row)})"


def _standing(release: Release) -> str:
    row = release.organisation
    if row.n is None:
        return ""
    trust, readiness = (_level(index) for index in (row.trust, row.readiness))
    turnout = f"{row.n} of {words.people(row.headcount)} answered."
    if trust and readiness:
        return f"Trust stands at {trust} and readiness at {readiness}; {turnout}"
    if trust or readiness:
        return f"{'Trust' if trust else 'Readiness'} stands at {trust or readiness}; {turnout}"
    return turnout


def _level(index: Index) -> str:
    return (
        f"{index.score} of 100 ({words.BAND_WORDS[index.band].lower()})"
        if index.score is not None and index.band
        else ""
    )


def _apart(release: Release) -> str:
    """The highest and the lowest readiness among departments, where two rows differ by more than a rough value."""
    rows = [(row.readiness.score, row) for row in release.rows[1:] if row.readiness.score is not None]
    rows = [(score, row) for score, row in rows if row.n is not None]
    if len(rows) < 2:
        return ""
    high, low = max(score for score, _ in rows), min(score for score, _ in rows)
    if high == low:
        return ""
    highest, lowest = ([row for score, row in rows if score == edge] for edge in (high, low))
    return f"Readiness is highest in {_where(highest)}, at {high}, and lowest in {_where(lowest)}, at {low}."


def _where(rows: list[Row]) -> str:
    return words.listed([f"{words.row_name(row)} ({words.answers(row.n)})" for row in rows if row.n is not None])


def row_title(release: Release, row: Row) -> str:
    """The message of a row's page: its clearest change, else its lowest score, else that nothing can be shown."""
    found = [
        (head, cell)
        for head in release.dimensions
        if head.block != "criterion" and isinstance(cell := row.cells[head.id], Scored)
    ]
    if not found:
        return f"{words.row_name(row)}: no score can be shown"
    moved = [
        _Moved(row, head, cell, cell.change)
        for head, cell in found
        if isinstance(cell.change, Change) and words.is_clear(cell.change)
    ]
    if moved:
        return _change_title(max(moved, key=_weight), release)
    cell = min((cell for _, cell in found), key=lambda one: one.score)
    ties = [head.name for head, other in found if other.score == cell.score]
    if len(ties) > MOST_NAMES:
        return f"{words.row_name(row)}: the lowest scores are {words.value_text(cell)} ({answered(cell, row)})"
    verb = "is" if len(ties) == 1 else "are"
    lowest = f"{words.row_name(row)}: {words.listed(ties)} {verb} lowest"
    return f"{lowest}, at {words.value_text(cell)} ({answered(cell, row)})"
