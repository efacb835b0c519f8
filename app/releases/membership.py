"""Who gave which valid answers, counted: all that the auditor knows of people (measurement design, 4.3 and P1).

People who were counted in the same releases, belong to the same department and left the same questions out cannot be
told apart by any published number, so the auditor takes them together. What was answered is not in here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.errors import ConflictError

_MOST_ITEMS = 60


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


@dataclass(frozen=True, kw_only=True)
class People:
    """The used answer sheets of a wave, counted.

    A *place* is a set of people who belong together in every release: `departments` has, for each place, the
    department under which each release counted it, None for a release that came before it was counted. `used` has the
    number of people of a place, and `patterns[family][place]` how many of them gave which valid answers. Where a
    context question is told beside the departments, `answers` has a place's answer to it, 0 for none.
    """

    families: Mapping[str, Family]
    departments: Mapping[str, tuple[str | None, ...]]
    used: Mapping[str, int]
    patterns: Mapping[str, Mapping[str, Mapping[int, int]]]
    answers: Mapping[str, int] = field(default_factory=dict)

    def places(self, departments: Iterable[str], *, release: int) -> frozenset[str]:
        """The places that a release counted under these departments."""
        index = self._places[release] if self.departments else {}
        return frozenset(place for name in departments for place in index.get(name, ()))

    @cached_property
    def _places(self) -> tuple[Mapping[str, Sequence[str]], ...]:
        """The places by department, for each release."""
        releases = max((len(names) for names in self.departments.values()), default=1)
        found: tuple[dict[str, list[str]], ...] = tuple({} for _ in range(releases))
        for place, names in self.departments.items():
            for index, name in zip(found, names, strict=True):
                if name is not None:
                    index.setdefault(name, []).append(place)
        return found


def membership(
    *,
    departments: Sequence[str],
    department: npt.NDArray[np.intp],
    items: Sequence[str],
    valid: npt.NDArray[np.bool_],
    families: Iterable[Family],
    answers: npt.NDArray[np.uint8] | None = None,
) -> People:
    """Count the answer sheets of one release.

    `department` has each person's place in `departments`, `valid` (people, items) whether the answer counts. ValueError
    where the shapes do not fit, or for a family of more than 60 items. An item that is missing in `items` counts as
    left out by everybody. `answers` has each person's answer to the context question that is told beside departments.
    """
    if valid.shape != (department.size, len(items)):
        raise ValueError(f"answers {valid.shape} do not fit {department.size} people and {len(items)} items")
    position = {item: place for place, item in enumerate(items)}
    found = {family.id: family for family in families}
    given = np.zeros(department.size, dtype=np.intp) if answers is None else answers.astype(np.intp)
    values, value = np.unique(given, return_inverse=True)
    # Every department is there with its first answer, if nobody's, so that it is known.
    crossed = [(name, int(one)) for name in departments for one in (values if values.size else [0])]
    places = [name if answers is None else f"{name}, answer {one}" for name, one in crossed]
    place = department * max(1, values.size) + value
    return People(
        families=found,
        departments={one: (name,) for one, (name, _) in zip(places, crossed, strict=True)},
        used=dict(zip(places, np.bincount(place, minlength=len(places)).tolist(), strict=True)),
        patterns={one.id: _patterns(one, places, place, position, valid) for one in found.values()},
        answers={one: answer for one, (_, answer) in zip(places, crossed, strict=True)},
    )


def _patterns(
    family: Family,
    departments: Sequence[str],
    department: npt.NDArray[np.intp],
    position: Mapping[str, int],
    valid: npt.NDArray[np.bool_],
) -> dict[str, dict[int, int]]:
    if len(family.items) > _MOST_ITEMS:
        raise ValueError(f"{family.id} has {len(family.items)} items, over {_MOST_ITEMS}")
    codes = np.zeros(department.size, dtype=np.int64)
    for bit, item in enumerate(family.items):
        if item in position:
            codes |= valid[:, position[item]].astype(np.int64) << bit
    kinds, kind = np.unique(codes, return_inverse=True)
    keys, counts = np.unique(department.astype(np.int64) * max(1, kinds.size) + kind, return_counts=True)
    found: dict[str, dict[int, int]] = {name: {} for name in departments}
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        where, what = divmod(key, kinds.size)
        found[departments[where]][int(kinds[what])] = count
    return found


def joined(releases: Sequence[People], *, moved: Sequence[Mapping[str, str]] = ()) -> People:
    """The people of several releases of one wave, oldest first, each counted under its sheet's own department.

    `moved[r]` says under which department release `r` counted the sheets of a department, where that is another one
    (after a reorganisation). ConflictError where somebody who was counted is later missing (P11): what a release told
    of them could then be found by subtraction.
    """
    last = releases[-1]
    departments: dict[str, tuple[str | None, ...]] = {}
    used: dict[str, int] = {}
    patterns: dict[str, dict[str, dict[int, int]]] = {family: {} for family in last.families}
    for number, people in enumerate(releases):
        earlier = releases[number - 1] if number else None
        for name in dict.fromkeys([*people.used, *(earlier.used if earlier else ())]):
            place = name if number == 0 else f"{name}, since release {number + 1}"
            at_home = (people if name in people.used else releases[number - 1]).departments[name][0] or name
            departments[place] = tuple(
                None if later < number else _moved(moved, later).get(at_home, at_home) for later in range(len(releases))
            )
            used[place] = people.used.get(name, 0) - (earlier.used.get(name, 0) if earlier else 0)
            for family in last.families:
                patterns[family][place] = _grown(people, earlier, family, name)
    if lost := [place for place, count in used.items() if count < 0]:
        raise ConflictError(f"People of {lost[0]} whom an earlier release counted are missing from a later one.")
    answers = {place: last.answers.get(place.split(", since release ")[0], 0) for place in departments}
    return People(families=last.families, departments=departments, used=used, patterns=patterns, answers=answers)


def _moved(moved: Sequence[Mapping[str, str]], release: int) -> Mapping[str, str]:
    return moved[release] if release < len(moved) else {}


def _grown(people: People, earlier: People | None, family: str, name: str) -> dict[int, int]:
    """The patterns that a department has more of than in the release before."""
    now = people.patterns[family].get(name, {})
    before = earlier.patterns[family].get(name, {}) if earlier else {}
    found = {one: now.get(one, 0) - before.get(one, 0) for one in {*now, *before}}
    if any(count < 0 for count in found.values()):
        raise ConflictError(f"People of {name} whom an earlier release counted are missing from a later one.")
    return {one: count for one, count in found.items() if count}
