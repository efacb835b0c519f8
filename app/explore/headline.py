"""What a release says, in one heading and two sentences: only what its printed numbers carry, and never without n.

Changes are told as facts where they are confirmed and with "seems" where they are likely; a difference between
departments is told as what it is, two printed scores (MEASUREMENT.md 5.3, rules of statements).
"""

from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.release import Change, DimensionHead, Index, Release, Row, Scored
from app.sentences import Listing, Passage, say, say_count

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


def clearest(release: Release) -> str:
    """The change that a comparison is headed with, "" where none is clear: of those that are surest the one that
    concerns most people by most points. A small group moves far by chance, so its change is not the message of all."""
    found = _clear_changes(release) or _clear_changes(release, criterion=True)
    moved = max(found, key=_reach, default=None)
    return _change_title(moved, release) if moved else ""


def headline(release: Release) -> Headline:
    """The headline of a release."""
    moved = _largest_change(release)
    title = _change_title(moved, release) if moved else _level_title(release)
    return Headline(title, Passage((_standing(release), _apart(release))))


def answered(cell: Scored, row: Row) -> str:
    """How many answers a printed score rests on: the cell's own number, or the row's where that is all that is told."""
    if cell.n is not None:
        return words.answers(cell.n)
    return say_count("1 person answered", "{n} people answered", row.n) if row.n is not None else say("a small group")


def _largest_change(release: Release) -> _Moved | None:
    """The largest change outside the criterion; confirmed before likely, a part before the whole."""
    return max(_clear_changes(release), key=_weight, default=None)


def _clear_changes(release: Release, *, criterion: bool = False) -> list[_Moved]:
    """All changes that are at least likely, outside the criterion or in it alone."""
    return [
        _Moved(row, head, cell, cell.change)
        for row in words.moved(release)
        for head in release.dimensions
        if (head.block == "criterion") == criterion
        and isinstance(cell := row.cells[head.id], Scored)
        and isinstance(cell.change, Change)
        and words.is_clear(cell.change)
    ]


def _reach(moved: _Moved) -> tuple[bool, int, int]:
    people = moved.cell.n or moved.row.n or 0
    return (moved.change.confirmation == "confirmed", people * abs(moved.change.delta), -moved.change.p)


def _weight(moved: _Moved) -> tuple[bool, int, bool]:
    return (moved.change.confirmation == "confirmed", abs(moved.change.delta), moved.row.kind == "unit")


# By whether it is sure.
_ROSE = {
    True: say("{dimension} rose by {points} in {where} since {before} ({answered})"),
    False: say("{dimension} seems to have risen by {points} in {where} since {before} ({answered})"),
}
_FELL = {
    True: say("{dimension} fell by {points} in {where} since {before} ({answered})"),
    False: say("{dimension} seems to have fallen by {points} in {where} since {before} ({answered})"),
}


def _change_title(moved: _Moved, release: Release) -> str:
    change = moved.change
    moves = _ROSE if change.direction == "up" else _FELL
    return moves[change.confirmation == "confirmed"].filled(
        {
            "dimension": moved.head.name,
            "points": say_count("1 point", "{n} points", abs(change.delta)),
            "where": words.row_name(moved.row),
            "before": release.wave.previous_label or "",
            "answered": answered(moved.cell, moved.row),
        }
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
        return say("Too few people answered to show a result")
    lowest = min(cell.score for cell, _ in scored)
    names = [head.name for cell, head in scored if cell.score == lowest]
    cell = next(cell for cell, _ in scored if cell.score == lowest)
    told = {"where": words.row_name(row), "score": words.value_text(cell), "answered": answered(cell, row)}
    if len(names) > MOST_NAMES:
        return say("The lowest scores across {where} are {score} ({answered})").filled(told)
    return say_count(
        "{names} is lowest across {where}: {score} ({answered})",
        "{names} are lowest across {where}: {score} ({answered})",
        len(names),
        names=Listing(names),
        **told,
    )


def _standing(release: Release) -> str:
    row = release.organisation
    if row.n is None:
        return ""
    trust, readiness = (_level(index) for index in (row.trust, row.readiness))
    turnout = say("{answered} of {people} answered.", answered=row.n, people=words.people(row.headcount))
    if trust and readiness:
        told = say("Trust stands at {trust} and readiness at {readiness}; {turnout}")
    elif trust:
        told = say("Trust stands at {trust}; {turnout}")
    elif readiness:
        told = say("Readiness stands at {readiness}; {turnout}")
    else:
        return turnout
    return told.filled({"trust": trust, "readiness": readiness, "turnout": turnout})


def _level(index: Index) -> str:
    if index.score is None or not index.band:
        return ""
    return say("{score} of 100 ({band})", score=index.score, band=words.BAND_WITHIN[index.band])


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
    return say(
        "Readiness is highest in {highest}, at {high}, and lowest in {lowest}, at {low}.",
        highest=_where(highest),
        high=high,
        lowest=_where(lowest),
        low=low,
    )


def _where(rows: list[Row]) -> str:
    return Listing(
        say("{name} ({answers})", name=words.row_name(row), answers=words.answers(row.n))
        for row in rows
        if row.n is not None
    )


def row_title(release: Release, row: Row) -> str:
    """The message of a row's page: its clearest change, else its lowest score, else that nothing can be shown."""
    found = [
        (head, cell)
        for head in release.dimensions
        if head.block != "criterion" and isinstance(cell := row.cells[head.id], Scored)
    ]
    if not found:
        return say("{name}: no score can be shown", name=words.row_name(row))
    moved = [
        _Moved(row, head, cell, cell.change)
        for head, cell in found
        if isinstance(cell.change, Change) and words.is_clear(cell.change)
    ]
    if moved:
        return _change_title(max(moved, key=_weight), release)
    cell = min((cell for _, cell in found), key=lambda one: one.score)
    ties = [head.name for head, other in found if other.score == cell.score]
    told = {"row": words.row_name(row), "score": words.value_text(cell), "answered": answered(cell, row)}
    if len(ties) > MOST_NAMES:
        return say("{row}: the lowest scores are {score} ({answered})").filled(told)
    return say_count(
        "{row}: {names} is lowest, at {score} ({answered})",
        "{row}: {names} are lowest, at {score} ({answered})",
        len(ties),
        names=Listing(ties),
        **told,
    )
