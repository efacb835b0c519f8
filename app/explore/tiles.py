"""One cell of the heatmap as it is drawn, for each of the ways to look at it.

Every number is printed in the release, or follows from two that are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.explore.looking import Look
from app.releases.distance import Distance, distance
from app.releases.document import words
from app.releases.document.figures import MOST_AGREEMENT, Share
from app.releases.document.release import Band, Cell, Change, DimensionHead, Grade, Hidden, NoChange, Row, Scored
from app.sentences import Hundredths, Passage, Sentence, say, say_count
from scoring.grades import Level, band, level

NOT_TOLD: Final = say("Not told, to protect a small group")
BOTH_CLIPPED: Final = say("Both scores lie beyond what is told exactly")
MUCH_UNKNOWN: Final = 30
"""Per cent of "don't know" from which a cell is marked (1.7)."""
SPLIT, UNKNOWN = "⇹", "?"
GRADES: Final[Mapping[Grade, Band]] = {"A": "leading", "B": "strong", "C": "emerging", "D": "low"}
WITHIN: Final[Mapping[Grade, str]] = {"A": "≤\u00a05", "B": "≤\u00a010", "C": "≤\u00a015", "D": ">\u00a015"}
LEVELS: Final[Mapping[Level, Band]] = {
    "weak": "low",
    "moderate": "emerging",
    "strong": "strong",
    "very_strong": "leading",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One cell as it is drawn. `hidden` is the reason where nothing is shown; a hidden tile has no value.

    `marks` stand in its corner: that people are divided, that many do not know.
    """

    column: str
    classes: str
    spoken: str
    value: str = ""
    details: tuple[str, ...] = ()
    marks: str = ""
    hidden: str = ""


def tile(cell: Cell, head: DimensionHead, row: Row, look: Look, *, whole: Cell, first: bool) -> Tile:
    """The cell of a row in a column; `whole` is the organisation's, `first` says that a group of columns begins."""
    start = "first " if first else ""
    if isinstance(cell, Hidden):
        reason = words.hidden_text(cell)
        return Tile(column=head.id, classes=start + "not-shown", spoken=words.spoken_cell(cell), hidden=reason)
    if look == "change":
        return _change(cell, head, start)
    if look == "compared" and row.kind != "organisation":
        return _compared(cell, whole, head, start)
    if look in _MEASURED:
        return _MEASURED[look](cell, head, start)
    details = _table_details(cell) if look == "table" else _score_details(cell, row)
    return Tile(
        column=head.id,
        classes=start + (words.cell_class(cell) if look == "scores" else ""),
        spoken=Passage((words.spoken_cell(cell), *_spoken_marks(cell)), ", "),
        value=words.marked_value(cell),
        details=tuple(detail for detail in details if detail) if look != "compared" else (),
        marks="".join(marks(cell)) if look == "scores" else "",
    )


def marks(cell: Scored) -> Iterator[str]:
    """What stands in the corner of a tile."""
    if cell.camps is not None and cell.camps.split:
        yield SPLIT
    if much_unknown(cell):
        yield UNKNOWN


def much_unknown(cell: Scored) -> bool:
    """True where many people answered "don't know": a finding of its own."""
    return cell.unknown is not None and cell.unknown.percent >= MUCH_UNKNOWN


def half_width(cell: Scored) -> int | None:
    """Half of the printed interval, in points; None where there is none."""
    return None if cell.interval is None else max(cell.interval[1] - cell.score, cell.score - cell.interval[0])


def compared_class(found: Distance) -> str:
    """The step of the change palette for a distance: neutral where it is not clear."""
    if not found.clear:
        return "level"
    far = "far-" if abs(found.points) >= words.STRONG_POINTS else ""
    return far + ("up" if found.points > 0 else "down")


def _spoken_marks(cell: Scored) -> Iterator[Sentence]:
    if SPLIT in marks(cell):
        yield say("people are divided")
    if much_unknown(cell):
        yield say("many do not know")


def _change(cell: Scored, head: DimensionHead, start: str) -> Tile:
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


def _compared(cell: Scored, whole: Cell, head: DimensionHead, start: str) -> Tile:
    found = distance(cell, whole) if isinstance(whole, Scored) else None
    if found is None:
        reason = NOT_TOLD if isinstance(whole, Hidden) else BOTH_CLIPPED
        return _untold(head, start, reason)
    sign = {"": "", ">=": "≥\u00a0", "<=": "≤\u00a0"}[found.bound]
    return Tile(
        column=head.id,
        classes=start + compared_class(found),
        spoken=spoken_distance(found),
        value=sign + words.signed(found.points),
        details=(words.marked_value(cell),),
    )


def spoken_distance(found: Distance) -> Sentence:
    """`7 points above the whole organisation, clearly`."""
    if found.points == 0:
        return say("level with the whole organisation")
    n = abs(found.points)
    if found.clear:
        if found.points > 0:
            return say_count(
                "{n} point above the whole organisation, clearly", "{n} points above the whole organisation, clearly", n
            )
        return say_count(
            "{n} point below the whole organisation, clearly", "{n} points below the whole organisation, clearly", n
        )
    if found.points > 0:
        return say_count(
            "{n} point above the whole organisation, which may be chance",
            "{n} points above the whole organisation, which may be chance",
            n,
        )
    return say_count(
        "{n} point below the whole organisation, which may be chance",
        "{n} points below the whole organisation, which may be chance",
        n,
    )


def _favourable(cell: Scored, head: DimensionHead, start: str) -> Tile:
    if cell.shares is None:
        return _untold(head, start, NOT_TOLD)
    yes, no = cell.shares.favourable, cell.shares.unfavourable
    return Tile(
        column=head.id,
        classes=start + band(yes.percent),
        spoken=say("{yes} lean to yes, {no} to no", yes=words.share_text(yes), no=words.share_text(no)),
        value=_percent(yes),
        details=(say("{percent} no", percent=_percent(no)),),
    )


def _percent(share: Share) -> str:
    return {"": "", ">=": "≥", "<=": "≤"}[share.bound] + f"{share.percent}\u202f%"


def _uncertainty(cell: Scored, head: DimensionHead, start: str) -> Tile:
    half = half_width(cell)
    value, spoken = WITHIN[cell.grade], _expected(cell.grade)
    if half is not None:
        value = f"±\u202f{half}"
        spoken = say("within {points} points, {interval}", points=half, interval=words.interval_text(cell))
    elif cell.everyone:
        value, spoken = say("all"), say("all staff answered")
    between = f"{cell.interval[0]}–{cell.interval[1]}" if cell.interval else ""
    return Tile(
        column=head.id,
        classes=start + GRADES[cell.grade],
        spoken=spoken,
        value=value,
        details=(between,) if between else (),
    )


def _expected(grade: Grade) -> Sentence:
    return {
        "A": say("expected within 5 points"),
        "B": say("expected within 10 points"),
        "C": say("expected within 15 points"),
        "D": say("may be more than 15 points off"),
    }[grade]


def _agreement(cell: Scored, head: DimensionHead, start: str) -> Tile:
    if cell.agreement is None:
        return _untold(head, start, NOT_TOLD)
    found = cell.agreement.r_wg
    value = Hundredths(found)
    split = SPLIT in marks(cell)
    return Tile(
        column=head.id,
        classes=start + LEVELS[level(found / 100)],
        spoken=Passage(words.together(cell)),
        value=Passage(("≥", value)) if found >= MOST_AGREEMENT else value,
        marks=SPLIT if split else "",
    )


def _untold(head: DimensionHead, start: str, reason: Sentence) -> Tile:
    return Tile(column=head.id, classes=start + "not-shown", spoken=words.within_sentence(reason), hidden=reason)


_MEASURED: Final[Mapping[Look, Callable[[Scored, DimensionHead, str], Tile]]] = {
    "favourable": _favourable,
    "uncertainty": _uncertainty,
    "agreement": _agreement,
}


def _score_details(cell: Scored, row: Row) -> Iterator[str]:
    if words.is_clear(cell.change) and isinstance(cell.change, Change):
        yield f"{words.change_mark(cell.change)}\u00a0{abs(cell.change.delta)}"
    if has_other_n(cell, row):
        yield f"n\u00a0{cell.n}"
    if cell.coverage == "< 80 %, partial":
        yield say("partial")


def _table_details(cell: Scored) -> Iterator[str]:
    yield words.interval_text(cell)
    yield f"n\u00a0{cell.n}" if cell.n is not None else ""
    yield say("partial") if cell.coverage == "< 80 %, partial" else ""


def has_other_n(cell: Cell, row: Row) -> bool:
    """True where the number who answered the question is told and is not the row's own."""
    return isinstance(cell, Scored) and cell.n is not None and cell.n != row.n
