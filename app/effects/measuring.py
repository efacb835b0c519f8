"""Which cells were acted on between two waves, and how they moved beside comparable ones (ADR 0045). Pure.

Everything comes from the printed values of two releases, so it tells nothing that these do not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.actions.facts import ENDED
from app.effects.told import Deed, Nearby, Shown
from app.playbooks.action import NAMES
from app.releases.detectable import error_of_difference
from app.releases.document import words
from app.releases.document.release import Change, Hidden, Release, Row
from app.releases.narrowing import row_of, same_people
from app.sentences import say
from scoring.effects import Beside, Moved, Verdict, beside, comparable, verdicts
from scoring.printed import half_up, up

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days from the opening of a wave to the opening of the next, the last one left out."""

    begins: date
    ends: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.begins <= day < self.ends

    def touches(self, deed: Deed) -> bool:
        """Whether somebody was at an action in it, whatever became of that."""
        began, ended = deed.taken < self.ends, deed.status in ENDED and deed.ended is not None
        return began and (not ended or deed.ended is None or deed.ended >= self.begins)


class Pair:
    """Two waves beside each other: a release that has the changes since the other one. `rows` are those whose people
    are in no other row; of them comparable ones are taken, so that nobody counts twice."""

    def __init__(self, earlier: Release, later: Release) -> None:
        self.earlier, self.later = earlier, later
        parents = {row.parent for row in later.rows}
        self.rows = tuple(row for row in later.rows[1:] if row.id not in parents)
        self._moved: dict[Key, Moved | None] = {}

    def row(self, deed: Deed) -> Row | None:
        """The row that holds the department of an action: the one that was chosen, or the one that took it over."""
        return row_of(self.later, str(deed.origin)) or row_of(self.later, str(deed.department_id))

    def moved(self, row: Row, dimension: str) -> Moved | None:
        """How a cell moved; None where that or its error is not told."""
        key = row.id, dimension
        if key not in self._moved:
            self._moved[key] = self._found(row, dimension)
        return self._moved[key]

    def _found(self, row: Row, dimension: str) -> Moved | None:
        change, before = change_of(row, dimension), same_people(self.earlier, row)
        error = None if before is None else error_of_difference(before, row, dimension)
        if not isinstance(change, Change) or error is None:
            return None
        return Moved(before=change.before, delta=change.delta, se=error)


def change_of(row: Row, dimension: str) -> Change | str:
    """The printed change of a cell, or in words why there is none."""
    cell = row.cells.get(dimension)
    if cell is None:
        return say("This wave did not ask for it.")
    if isinstance(cell, Hidden):
        return words.hidden_text(cell)
    return cell.change if isinstance(cell.change, Change) else words.change_words(cell.change)


def measured(
    earlier: Release, later: Release, deeds: Sequence[Deed], window: Window
) -> Mapping[UUID, tuple[Shown, ...]]:
    """The cells of each action that was done in a window, as the release of the wave after it shows them.

    `later` has to have the changes since `earlier`. A cell that several actions should move is tested once.
    """
    pair = Pair(earlier, later)
    done = [one for one in deeds if one.status == "done" and window.holds(one.ended)]
    touched = _touched(pair, [one for one in deeds if window.touches(one)])
    cells = {(row.id, dimension): row for one in done if (row := pair.row(one)) for dimension in one.moves}
    found = {key: _near(pair, row, key[1], touched) for key, row in cells.items()}
    beside_others = {key: each for key, (_, each) in found.items() if each is not None}
    said = dict(zip(beside_others, verdicts(tuple(beside_others.values())), strict=True))
    names = {head.id: head.name for head in later.dimensions}

    def shown(deed: Deed, dimension: str) -> Shown:
        row, name = pair.row(deed), names.get(dimension, NAMES.get(dimension, dimension))
        if row is None:
            why = say("Not in this result")
            return Shown(row_id=None, row=deed.department, dimension=dimension, name=name, change=None, why=why)
        made = _shown(row, dimension, name)
        others, near = found[row.id, dimension]
        if near is None or made.change is None:
            return replace(made, others=others)
        return replace(made, others=others, beside=_nearby(made.change, near, said[row.id, dimension]))

    return {one.id: tuple(shown(one, dimension) for dimension in one.moves) for one in done}


def _touched(pair: Pair, deeds: Iterable[Deed]) -> Mapping[str, frozenset[str]]:
    """The departments in which somebody was at an action that should move a dimension, by dimension."""
    found: dict[str, set[str]] = {}
    for one in deeds:
        row = pair.row(one)
        for dimension in one.moves:
            there = {str(one.origin)} if row is None else {*row.departments}
            found.setdefault(dimension, set()).update(there)
    return {dimension: frozenset(some) for dimension, some in found.items()}


def _near(pair: Pair, row: Row, dimension: str, touched: Mapping[str, frozenset[str]]) -> tuple[int, Beside | None]:
    """How many comparable cells there are, and the cell beside them."""
    one = pair.moved(row, dimension)
    if one is None:
        return 0, None
    others = comparable(one, _free(pair, dimension, touched.get(dimension, frozenset()) | {*row.departments}))
    return len(others), beside(one, others)


def _free(pair: Pair, dimension: str, taken: frozenset[str]) -> Iterator[Moved]:
    """How the cells of a dimension moved in which nobody was at anything."""
    for row in pair.rows:
        moved = None if taken & {*row.departments} else pair.moved(row, dimension)
        if moved is not None:
            yield moved


def _shown(row: Row, dimension: str, name: str) -> Shown:
    change, place = change_of(row, dimension), words.row_name(row)
    told = change if isinstance(change, Change) else None
    why = "" if isinstance(change, Change) else change
    return Shown(row_id=row.id, row=place, dimension=dimension, name=name, change=told, why=why)


def _nearby(change: Change, found: Beside, verdict: Verdict) -> Nearby:
    """What is printed: whole points, the half-width rounded up and at least 1."""
    centre = half_up(found.centre)
    distance, half = change.delta - centre, max(1, up(found.half_width))
    return Nearby(
        centre=centre,
        distance=distance,
        interval=(distance - half, distance + half),
        direction=verdict.direction,
        confirmation=verdict.confirmation,
    )
