"""What release documents tell of whom: the sums over sets of people that the auditor combines.

* A printed mean tells the sum of the scores of the row's people who have one; a hidden cell tells nothing.
* A printed interval or number of answers tells the sum of their squared scores, and how many of the row's used sheets
  have a score; a grade tells the former for all people of the column's topmost row. A gating score
  tells the one or the other, by the spread that it says it rests on.
* A printed share, don't-know rate or agreement tells sums over the row's people who count in its tally, and how many of
  the row's used sheets do. Two camps of scores tell what an interval tells, and agreement bounds it for those who
  answered all questions: as if it were told of them, it is combined with what is told of all who have a score.
* A printed number of responses tells how many used sheets a row has.

What no document shows by itself is handed in as `Told` (`releases.evidence`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from app.releases.audit.effects import COMPLETE, scores
from app.releases.audit.membership import Family, People
from app.releases.audit.support import Number
from app.releases.document.release import MarginGroup, Release, Row, Scored

Kind = Literal["means", "spreads", "numbers", "tallies", "responses"]

RESPONSES: Final = "responses"
"""The family and the kind of what is told of numbers of responses."""

Places = npt.NDArray[np.intp]


class Told(NamedTuple):
    """Something that is told of a set of departments and that no release document shows by itself.

    `items` are the items asked for the column, `release` the place of the release among those audited under whose
    departments the set is named, `row` how it is called. `change` marks the sets on which two waves are compared.
    `answers` are those to the context question that a margin's group gave. `weights` are the departments' weights for
    each scored person, all alike by default. What is told of many sets at once is `Strata`.
    """

    family: str
    kind: Kind
    row: str
    departments: frozenset[str]
    items: frozenset[str] = frozenset()
    release: int = 0
    change: bool = False
    answers: frozenset[int] | None = None
    weights: Mapping[str, Number] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A set of departments and its name. Most are those of many columns: made once, they are known again as one."""

    departments: frozenset[str]
    row: str


class Strata(NamedTuple):
    """As good as many `Told` of one column: a wave tells of a hundred thousand sets, and of some hundred columns.

    `basis` says what rests on the sets where that is how well questions work.
    """

    family: str
    kind: Kind
    sets: Sequence[Held]
    items: frozenset[str] = frozenset()
    release: int = 0
    change: bool = False
    basis: str = ""
    answers: None = None

    @property
    def rows(self) -> Iterable[str]:
        """How the sets are called."""
        rows = (one.row for one in self.sets)
        return (f"{self.basis}: {row}" for row in rows) if self.basis else rows


Statement = Told | Strata


def held_by(one: Statement) -> Iterator[frozenset[str]]:
    """The sets of departments that something is told of."""
    if isinstance(one, Told):
        yield one.departments
    else:
        yield from [held.departments for held in one.sets]


def printed(group: MarginGroup) -> Iterator[tuple[str, Kind]]:
    """What a margin's group tells by its cells: columns and kinds."""
    for column, cell in group.cells.items():
        if isinstance(cell, Scored):
            yield column, "means"
            if cell.n is not None or cell.interval is not None or cell.everyone:
                yield column, "spreads"
                yield column, "numbers"


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over the people of places, by their numbers in ascending order: each with weight 1, or with `weights`.

    `across` says that it is told of people in many departments by their answer to the context question, and so will
    hardly lie inside other sums or around them.
    """

    places: Places
    weights: tuple[Number, ...] | None = None
    across: bool = False

    def by_place(self) -> dict[int, Number]:
        """The weight of each place that has one."""
        weights = [1] * self.places.size if self.weights is None else self.weights
        return {place: weight for place, weight in zip(self.places.tolist(), weights, strict=True) if weight}


class Sums:
    """The different sums that are told; each is written once and has a number."""

    def __init__(self, people: People) -> None:
        self.different: list[Sum] = []
        self._people = people
        self._known: dict[tuple[int, frozenset[str], frozenset[int] | None], int] = {}
        self._number: dict[tuple[bytes, tuple[Number, ...] | None], int] = {}
        self._held: dict[int, dict[Held, int]] = defaultdict(dict)

    def plain(self, departments: frozenset[str], *, release: int, answers: frozenset[int] | None = None) -> int:
        """The number of the sum over the people of departments, or over those of them who gave one of the answers."""
        key = release, departments, answers
        if key not in self._known:
            places = np.array(self._places(*key), dtype=np.intp)
            self._known[key] = self._numbered(Sum(places, across=answers is not None))
        return self._known[key]

    def of_strata(self, told: Strata) -> list[int]:
        """The numbers of the sums over each of many sets."""
        known = self._held[told.release]
        for one in told.sets:
            if one not in known:
                known[one] = self.plain(one.departments, release=told.release)
        return [known[one] for one in told.sets]

    def of(self, told: Told) -> int:
        """The number of the sum that something tells."""
        if told.weights is None:
            return self.plain(told.departments, release=told.release, answers=told.answers)
        names = tuple(self._people.departments.values())
        found = {
            place: told.weights[name]
            for place in self._places(told.release, told.departments, told.answers)
            if (name := names[place][told.release]) is not None
        }
        return self._numbered(Sum(np.array(list(found), dtype=np.intp), tuple(found.values())))

    def _places(self, release: int, departments: frozenset[str], answers: frozenset[int] | None) -> list[int]:
        found = sorted(self._people.numbers(departments, release=release))
        if answers is None:
            return found
        names = self._people.names
        return [place for place in found if self._people.answers.get(names[place], 0) in answers]

    def _numbered(self, one: Sum) -> int:
        number = self._number.setdefault((one.places.tobytes(), one.weights), len(self.different))
        if number == len(self.different):
            self.different.append(one)
        return number


@dataclass(frozen=True, slots=True)
class Column:
    """What is told of a column: the numbers of its sums, and the name of the row that tells each of them."""

    sums: list[int] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def add(self, number: int, row: str) -> None:
        """Adds a sum by its number, and the name of the row that tells it."""
        self.sums.append(number)
        self.rows.append(row)

    def extend(self, numbers: Iterable[int], rows: Iterable[str]) -> None:
        """Adds sums by their numbers, beside the names of the rows that tell them."""
        self.sums.extend(numbers)
        self.rows.extend(rows)


Statements = Mapping[tuple[str, Kind], Mapping[int, Column]]
"""What is told, by family and kind and then by the items of a column, as a pattern."""


def gathered(documents: Sequence[Release], people: People, told: Iterable[Statement], sums: Sums) -> Statements:
    """Everything that the documents and `told` tell. ValueError for what names an unknown family or release."""
    found: dict[tuple[str, Kind], dict[int, Column]] = defaultdict(lambda: defaultdict(Column))
    for number, release in enumerate(documents):
        rows = _rows(release, number, documents, sums)
        for row in rows:
            if row.row.n is not None:
                found[RESPONSES, "responses"][0].add(row.sum, row.title)
        _add_cells(found, _Printed(release, rows, people, sums))
    columns: dict[tuple[str, Kind, frozenset[str]], Column] = {}
    for one in told:
        key = one.family, one.kind, one.items
        if key not in columns:
            columns[key] = found[one.family, one.kind][_pattern(one, people)]
        if isinstance(one, Told):
            columns[key].add(sums.of(one), one.row)
        else:
            columns[key].extend(sums.of_strata(one), one.rows)
    told_of = ((key, {items: one for items, one in of_key.items() if one.sums}) for key, of_key in found.items())
    return {key: of_key for key, of_key in told_of if of_key}


def _add_cells(found: Mapping[tuple[str, Kind], dict[int, Column]], printed: "_Printed") -> None:
    """Add what the cells of a release tell of each family."""
    for family in printed.people.families.values():
        for name, items in family.columns.items():
            of_items = family.pattern(items)
            into = {kind: found[family.id, kind][of_items] for kind in _OF_CELLS}
            if name in _TALLIES:
                printed.tell_tally(family, name, into)
                continue
            printed.tell(family, name, into)
            if name == "cells":
                printed.tell_agreement(family.id, found[family.id, "spreads"][of_items | COMPLETE])


_OF_CELLS: Final[tuple[Kind, ...]] = ("means", "numbers", "spreads", "tallies")
_OF_TALLIES: Final[tuple[Kind, ...]] = ("tallies", "numbers")
_TALLIES: Final = frozenset({"shares", "unknown", "complete", "drivers"})
"""What is told of tallies, by the first part of a tally's name; the second part is of what it is told."""


def _pattern(told: Statement, people: People) -> int:
    if told.family == RESPONSES:
        return 0
    if told.family not in people.families:
        raise ValueError(f"nothing says on which answers {told.family} rests")
    return people.families[told.family].pattern(told.items)


def _tells_spread(cell: Scored) -> bool:
    """Whether a cell tells the spread and the number of its own row's answers."""
    shown = cell.n is not None or cell.interval is not None or cell.everyone or cell.camps is not None
    return shown or (cell.gate is not None and cell.gate.own)


@dataclass(frozen=True, slots=True)
class _Row:
    row: Row
    sum: int
    title: str
    above: tuple[str, ...]


def _rows(release: Release, number: int, documents: Sequence[Release], sums: Sums) -> list[_Row]:
    parents = {row.id: row.parent for row in release.rows}
    found = []
    for row in release.rows:
        title = row.name if len(documents) == 1 else f"{row.name} (release {documents[number].number})"
        one = sums.plain(frozenset(row.departments), release=number)
        found.append(_Row(row, one, title, tuple(_above(row.id, parents))))
    return found


def _above(row: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    parent = parents.get(row)
    while parent is not None:
        yield parent
        parent = parents.get(parent)


@dataclass(frozen=True)
class _Printed:
    """What the cells of a release tell."""

    release: Release
    rows: Sequence[_Row]
    people: People
    sums: Sums

    @cached_property
    def _scored(self) -> Mapping[tuple[str, str], Sequence[tuple[Scored, _Row]]]:
        """The rows with a score, by "cells" or "anchors" and column."""
        found: dict[tuple[str, str], list[tuple[Scored, _Row]]] = defaultdict(list)
        for one in self.rows:
            for name, cells in (("cells", one.row.cells), ("anchors", one.row.anchors)):
                for column, cell in cells.items():
                    if isinstance(cell, Scored):
                        found[name, column].append((cell, one))
        return found

    @cached_property
    def _tallied(self) -> Mapping[tuple[str, str], Sequence[_Row]]:
        """The rows that print what rests on a tally, by the two parts of its name."""
        found: dict[tuple[str, str], list[_Row]] = defaultdict(list)
        for one in self.rows:
            for name, told in (("shares", one.row.items), ("unknown", one.row.unknown)):
                for item in told:
                    found[name, item].append(one)
        for (name, column), cells in self._scored.items():
            if name == "cells":
                found["complete", column] = [one for cell, one in cells if cell.agreement is not None]
        return found

    def tell_tally(self, family: Family, name: str, into: Mapping[Kind, Column]) -> None:
        """Add of whom a share, a don't-know rate or agreement is told, and of how many."""
        rows = self._tallied.get((name, family.id.partition(":")[2]), ())
        for kind in _OF_TALLIES:
            into[kind].extend([one.sum for one in rows], [one.title for one in rows])

    def tell(self, family: Family, name: str, into: Mapping[Kind, Column]) -> None:
        """Add what a column tells: of whom it has a mean, an interval or a number of answers, a grade."""
        scored = self._scored.get((name, family.id), ())
        shown = {one.row.id for _, one in scored}
        into["means"].extend([one.sum for _, one in scored], [one.title for _, one in scored])
        numbers, spreads = into["numbers"], into["spreads"]
        for cell, one in scored:
            if _tells_spread(cell):
                numbers.add(one.sum, one.title)
                spreads.add(one.sum, one.title)
            elif (
                (name == "cells" or cell.gate is not None)
                and shown.isdisjoint(one.above)
                and self._has_grade(family, name, one.sum)
            ):
                spreads.add(one.sum, one.title)

    def tell_agreement(self, dimension: str, spreads: Column) -> None:
        """Add of whom agreement is told: their spread is at most what it leaves."""
        rows = self._tallied.get(("complete", dimension), ())
        spreads.extend([one.sum for one in rows], [one.title for one in rows])

    def _has_grade(self, family: Family, name: str, number: int) -> bool:
        """The grade of every cell rests on the spread of its column where the column has enough answers for one."""
        there = scores(self.people, family, family.pattern(family.columns[name]))
        return bool(there[self.sums.different[number].places].sum() >= self.release.policy.k_intervals)
