"""Who gave which valid answers, counted: all that the auditor knows of people (measurement design, 4.3 and P1).

People who were counted in the same releases, belong to the same department and left the same questions out cannot be
told apart by any published number, so the auditor takes them together. What was answered is not in here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from app.errors import ConflictError
from app.releases import refusals

_MOST_ITEMS: Final = 60
_MOST_CELLS: Final = 1 << 22
"""Up to so many places times patterns are counted in a table of all of them."""

Counts = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Everything that is computed from the same answers: a dimension with its two scores, or a module.

    `items` are all items that any of its columns use. `columns` names the items that the form asked for each column:
    "cells" for `Row.cells` and, where a release prints it, "anchors" for `Row.anchors`. Half of a column's items make
    a person's score, so an item that the form did not ask must not be named.
    """

    id: str
    items: tuple[str, ...]
    columns: Mapping[str, frozenset[str]]

    def pattern(self, items: Iterable[str]) -> int:
        """The items as a pattern: bit `i` stands for `self.items[i]`."""
        return sum(1 << self.items.index(item) for item in set(items))


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """How many people of each place gave which valid answers: three arrays, one line for each place and pattern.

    `kinds` are the different patterns; `place` is a place's number in `People.names`, `kind` the pattern's in `kinds`,
    and `people` their number, above 0.
    """

    kinds: tuple[int, ...]
    place: npt.NDArray[np.intp]
    kind: npt.NDArray[np.intp]
    people: Counts


@dataclass(frozen=True, kw_only=True)
class People:
    """The used answer sheets of a wave, counted.

    A *place* is a set of people who belong together in every release: `departments` has, for each place, the
    department under which each release counted it, None for a release that came before it was counted. `used` has the
    number of people of a place, and `patterns[family]` how many of them gave which valid answers. Where a context
    question is told beside the departments, `answers` has a place's answer to it, 0 for none.
    """

    families: Mapping[str, Family]
    departments: Mapping[str, tuple[str | None, ...]]
    used: Mapping[str, int]
    patterns: Mapping[str, Patterns]
    answers: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The places in their order."""
        return tuple(self.departments)

    def places(self, departments: Iterable[str], *, release: int) -> frozenset[str]:
        """The places that a release counted under these departments."""
        return frozenset(self.names[number] for number in self.numbers(departments, release=release))

    def numbers(self, departments: Iterable[str], *, release: int) -> list[int]:
        """The numbers of the places that a release counted under these departments. ValueError for no such release."""
        if self.departments and not 0 <= release < len(self._places):
            raise ValueError(f"people were counted for {len(self._places)} releases, not for release {release + 1}")
        index = self._places[release] if self.departments else {}
        return [number for name in departments for number in index.get(name, ())]

    def by_department(self, counts: Counts, *, release: int) -> dict[str, int]:
        """Numbers of people by place, summed up by the department under which a release counted them."""
        if release not in self._numbered:
            names: dict[str | None, int] = {}
            of_place = [names.setdefault(every[release], len(names)) for every in self.departments.values()]
            self._numbered[release] = tuple(names), np.array(of_place, dtype=np.intp)
        departments, numbers = self._numbered[release]
        total = np.zeros(len(departments), dtype=np.int64)
        np.add.at(total, numbers, counts)
        return {name: n for name, n in zip(departments, total.tolist(), strict=True) if name is not None}

    @cached_property
    def _numbered(self) -> dict[int, tuple[tuple[str | None, ...], npt.NDArray[np.intp]]]:
        """For a release the departments, and of each place which of them it is; written down as they are asked for."""
        return {}

    @cached_property
    def _places(self) -> tuple[Mapping[str, Sequence[int]], ...]:
        """The places' numbers by department, for each release."""
        releases = max((len(names) for names in self.departments.values()), default=1)
        found: tuple[dict[str, list[int]], ...] = tuple({} for _ in range(releases))
        for place, names in enumerate(self.departments.values()):
            for index, name in zip(found, names, strict=True):
                if name is not None:
                    index.setdefault(name, []).append(place)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Answer sheets that asked the same items: `valid` (people, items) has whether the answer counts.

    `department` has each person's place in the list of departments, `answers` each person's answer to the context
    question that is told beside the departments, 0 for none; None where nothing is told beside them.
    """

    items: Sequence[str]
    department: npt.NDArray[np.intp]
    valid: npt.NDArray[np.bool_]
    answers: npt.NDArray[np.uint8] | None = None


def membership(
    *,
    departments: Sequence[str],
    department: npt.NDArray[np.intp],
    items: Sequence[str],
    valid: npt.NDArray[np.bool_],
    families: Iterable[Family],
    answers: npt.NDArray[np.uint8] | None = None,
) -> People:
    """Count the answer sheets of one release, all of which asked the same items: see `Answered` and `counted`."""
    one = Answered(items=items, department=department, valid=valid, answers=answers)
    return counted(departments=departments, sheets=[one], families=families)


def counted(*, departments: Sequence[str], sheets: Sequence[Answered], families: Iterable[Family]) -> People:
    """Count the answer sheets of one release, people of the same department in any number of `sheets`.

    ValueError where the shapes do not fit, or for a family of more than 60 items. An item that is missing in `items`
    counts as left out.
    """
    for one in sheets:
        if one.valid.shape != (one.department.size, len(one.items)):
            raise ValueError(
                f"answers {one.valid.shape} do not fit {one.department.size} people and {len(one.items)} items"
            )
    found = {family.id: family for family in families}
    told = any(one.answers is not None for one in sheets)
    given = [np.zeros(one.department.size, np.uint8) if one.answers is None else one.answers for one in sheets]
    values = np.flatnonzero(sum(np.bincount(one, minlength=256) for one in given)).tolist() or [0]
    # Every department is there with its first answer, if nobody's, so that it is known.
    crossed = [(name, one) for name in departments for one in values]
    names = [f"{name}, answer {one}" if told else name for name, one in crossed]
    column_of = np.searchsorted(values, np.arange(256))
    places = [one.department * len(values) + column_of[own] for one, own in zip(sheets, given, strict=True)]
    used = sum((np.bincount(one, minlength=len(names)) for one in places), np.zeros(len(names), dtype=np.int64))
    counting = [_Block(one, place) for one, place in zip(sheets, places, strict=True)]
    return People(
        families=found,
        departments={one: (name,) for one, (name, _) in zip(names, crossed, strict=True)},
        used=dict(zip(names, used.tolist(), strict=True)),
        patterns={one.id: _patterns(one, len(names), counting) for one in found.values()},
        answers={one: answer for one, (_, answer) in zip(names, crossed, strict=True)},
    )


class _Block:
    """Answer sheets, item by item, with everybody's place."""

    def __init__(self, sheets: Answered, place: Counts) -> None:
        self.place = place
        self._valid: Bits = sheets.valid.T.view(np.uint8)
        self._position = {item: number for number, item in enumerate(sheets.items)}

    def codes(self, family: Family) -> Counts:
        """Each person's pattern of valid answers."""
        found = np.zeros(self.place.size, dtype=np.int64)
        for start in range(0, len(family.items), 8):
            eight = np.zeros(self.place.size, dtype=np.uint8)
            for bit, item in enumerate(family.items[start : start + 8]):
                if item in self._position:
                    eight |= self._valid[self._position[item]] << bit
            found |= eight.astype(np.int64) << start
        return found


def _patterns(family: Family, places: int, blocks: Sequence[_Block]) -> Patterns:
    size = len(family.items)
    if size > _MOST_ITEMS:
        raise ValueError(f"{family.id} has {size} items, over {_MOST_ITEMS}")
    if places << size > _MOST_CELLS:
        parts = [(one.place, one.codes(family), np.ones_like(one.place)) for one in blocks]
        return _summed(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    table = np.zeros(places << size, dtype=np.int64)
    for one in blocks:
        table += np.bincount((one.place << size) + one.codes(family), minlength=table.size)
    cells = np.flatnonzero(table)
    return _summed(cells >> size, cells & ((1 << size) - 1), table[cells])


def everything(people: People, family: Family, items: Iterable[str]) -> Patterns:
    """Who gave a valid answer to all of these items of a family, as the patterns of one item."""
    found, asked = people.patterns[family.id], family.pattern(items)
    given = np.array([kind & asked == asked for kind in found.kinds], dtype=np.int64)
    kinds = np.flatnonzero(np.bincount(given, minlength=2))
    # Reckoned in floating point, which is exact for whole numbers below 2^53.
    cells = 2 * found.place + given[found.kind]
    total = np.bincount(cells, weights=found.people, minlength=2 * len(people.names)).astype(np.int64)
    there = np.flatnonzero(total)
    kind = np.searchsorted(kinds, there % 2)
    return Patterns(kinds=tuple(kinds.tolist()), place=there // 2, kind=kind, people=total[there])


def _summed(place: Counts, pattern: Counts, people: Counts) -> Patterns:
    """Sum up the people of each place and pattern.."""
    kinds, kind = np.unique(pattern, return_inverse=True)
    cells, line = np.unique(place * max(1, kinds.size) + kind, return_inverse=True)
    total = np.zeros(cells.size, dtype=np.int64)
    np.add.at(total, line, people)
    there = np.flatnonzero(total)
    where, what = np.divmod(cells[there], max(1, kinds.size))
    return Patterns(kinds=tuple(kinds.tolist()), place=where, kind=what, people=total[there])


def joined(releases: Sequence[People], *, moved: Sequence[Mapping[str, str]] = ()) -> People:
    """The people of several releases of one wave, oldest first, each counted under its sheet's own department.

    `moved[r]` says under which department release `r` counted the sheets of a department, where that is another one
    (after a reorganisation). ConflictError where somebody who was counted is later missing (P11): what a release told
    of them could then be found by subtraction.
    """
    last = releases[-1]
    departments: dict[str, tuple[str | None, ...]] = {}
    used: dict[str, int] = {}
    numbers: list[dict[str, int]] = []
    for number, people in enumerate(releases):
        earlier = releases[number - 1] if number else people
        numbers.append({})
        for name in dict.fromkeys([*people.departments, *earlier.departments]):
            place = name if number == 0 else f"{name}, since release {number + 1}"
            at_home = (people if name in people.departments else earlier).departments[name][0] or name
            numbers[number][name] = len(departments)
            departments[place] = tuple(
                None if later < number else _moved(moved, later).get(at_home, at_home) for later in range(len(releases))
            )
            used[place] = people.used.get(name, 0) - (earlier.used.get(name, 0) if number else 0)
    if lost := [place for place, count in used.items() if count < 0]:
        raise ConflictError(refusals.MISSING.filled({"department": lost[0]}))
    answers = {place: last.answers.get(place.split(", since release ")[0], 0) for place in departments}
    patterns = {family: _joined(releases, numbers, family, tuple(departments)) for family in last.families}
    return People(families=last.families, departments=departments, used=used, patterns=patterns, answers=answers)


def _moved(moved: Sequence[Mapping[str, str]], release: int) -> Mapping[str, str]:
    return moved[release] if release < len(moved) else {}


def _joined(
    releases: Sequence[People], numbers: Sequence[Mapping[str, int]], family: str, places: Sequence[str]
) -> Patterns:
    """The patterns of which a release has more than the one before it, at the places of those who came then."""
    first = releases[0].patterns[family]
    if all(people is releases[0] for people in releases):
        return first
    parts = [_lines(releases[0], numbers[0], family, 1)]
    for number, people in enumerate(releases[1:], start=1):
        if people is not releases[number - 1]:
            parts += [_lines(people, numbers[number], family, 1)]
            parts += [_lines(releases[number - 1], numbers[number], family, -1)]
    found = _summed(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    lost = found.place[found.people < 0]
    if lost.size:
        place = places[lost[0]]
        raise ConflictError(refusals.MISSING.filled({"department": place}))
    return found


def _lines(people: People, numbers: Mapping[str, int], family: str, sign: int) -> tuple[Counts, Counts, Counts]:
    """A release's places, patterns and numbers of people, its places by the numbers that they are given."""
    one = people.patterns[family]
    given = np.array([numbers[name] for name in people.names], dtype=np.int64)
    return given[one.place], np.array(one.kinds, dtype=np.int64)[one.kind], sign * one.people
