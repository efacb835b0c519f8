"""From answer sheets to the numbers of a column: who was asked what, and each department's moments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scoring.moments import Moments, merged, moments_by_group
from scoring.people import half_rule, person_scores
from surveys.model import Form, Instrument, Item, asked

Codes = npt.NDArray[np.uint8]

_VALUES: Final = np.array([code - 48 if 49 <= code <= 57 else 0 for code in range(256)], dtype=np.uint8)
"""What each code of an answer sheet is worth: b"1" to b"9" their digit, everything else 0, which is no answer."""


@dataclass(frozen=True, slots=True)
class DepartmentAnswers:
    """The used answer sheets of one department: codes of shape (people, items), one byte each, and the items' ids."""

    item_ids: tuple[str, ...]
    codes: Codes


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension or module as it is scored: the items asked, and the points of their scale."""

    id: str
    items: tuple[Item, ...]
    points: int

    @property
    def item_ids(self) -> frozenset[str]:
        """The ids of the items."""
        return frozenset(item.id for item in self.items)


@dataclass(frozen=True, slots=True)
class Sheets:
    """The answer sheets of a wave: answers (1..P, 0 for none), people x items, and each person's department."""

    departments: tuple[str, ...]
    department: npt.NDArray[np.intp]
    position: Mapping[str, int]
    answers: npt.NDArray[np.uint8]

    def of(self, items: Sequence[Item]) -> npt.NDArray[np.uint8]:
        """The answers to these items, in their order; 0 for items that nobody was asked."""
        missing = self.answers.shape[1] - 1
        return self.answers[:, [self.position.get(item.id, missing) for item in items]]

    def responses(self) -> dict[str, int]:
        """The number of answer sheets by department."""
        return self.by_department(np.ones(self.department.size, dtype=np.bool_))

    def by_department(self, people: npt.NDArray[np.bool_]) -> dict[str, int]:
        """How many of these people each department has."""
        counts = np.bincount(self.department[people], minlength=len(self.departments))
        return dict(zip(self.departments, counts.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Scores:
    """A column's moments by department; `used` are the departments' used answer sheets, with a score or without."""

    moments: Mapping[str, Moments]
    used: Mapping[str, int]

    def valid(self) -> dict[str, int]:
        """The number of people with a score by department."""
        return {department: moments.n for department, moments in self.moments.items()}

    def over(self, departments: frozenset[str]) -> Moments:
        """The moments of all people of these departments. The order of the departments changes nothing."""
        return merged(self.moments[one] for one in sorted(departments) if one in self.moments)

    def answered(self, departments: frozenset[str]) -> frozenset[str]:
        """Those of the departments in which somebody has a score."""
        return frozenset(one for one in departments if one in self.moments and self.moments[one].n)


def column(instrument: Instrument, column_id: str, items: tuple[Item, ...]) -> Column:
    """A column of these items. ValueError where they do not share one number of points."""
    points = {len(instrument.scales[item.scale].points) for item in items}
    if len(points) != 1:
        raise ValueError(f"{column_id}: the items of a column must share one scale")
    return Column(column_id, items, points.pop())


def dimension_columns(instrument: Instrument, form: Form) -> tuple[Column, ...]:
    """The columns of the heatmap with the items that the form asks."""
    return tuple(column(instrument, one.id, asked(one, form)) for one in instrument.dimensions)


def module_columns(instrument: Instrument, form: Form) -> dict[str, Column]:
    """The department modules by key; only the full form has any."""
    if form != "full":
        return {}
    return {key: column(instrument, f"module:{key}", module.items) for key, module in instrument.modules.items()}


def sheets(answers: Mapping[str, DepartmentAnswers], items: Sequence[Item]) -> Sheets:
    """All answer sheets side by side, for these items. An item that a department was not asked has no answer there."""
    departments = tuple(sorted(answers))
    sizes = [answers[one].codes.shape[0] for one in departments]
    position = {item.id: place for place, item in enumerate(items)}
    matrix = np.zeros((sum(sizes), len(items) + 1), dtype=np.uint8)
    start = 0
    for one, size in zip(departments, sizes, strict=True):
        asked_here = answers[one].item_ids
        if answers[one].codes.shape[1] != len(asked_here):
            raise ValueError(f"department {one}: answer sheets do not fit their {len(asked_here)} items")
        pairs = [(place, position[item]) for place, item in enumerate(asked_here) if item in position]
        if pairs:
            source, target = zip(*pairs, strict=True)
            matrix[start : start + size, target] = _VALUES[answers[one].codes[:, source]]
        start += size
    return Sheets(departments, np.repeat(np.arange(len(departments)), sizes), position, matrix)


def scores(sheets: Sheets, column: Column) -> Scores:
    """The moments of a column by department."""
    found = moments_by_group(people_scores(sheets, column), sheets.department, groups=len(sheets.departments))
    return Scores(dict(zip(sheets.departments, found, strict=True)), sheets.responses())


def people_scores(sheets: Sheets, column: Column) -> npt.NDArray[np.float64]:
    """Each person's score, shape (people,), NaN for those without one."""
    return person_scores(sheets.of(column.items), reverse=_reversed(column), points=column.points)


def differing(sheets: Sheets, one: Column, other: Column) -> dict[str, int]:
    """How many people of each department have scores that rest on other items in the one column than in the other."""
    items = (*one.items, *(item for item in other.items if item.id not in one.item_ids))
    return sheets.by_department(np.any(_used(sheets, items, one) != _used(sheets, items, other), axis=1))


def _used(sheets: Sheets, items: Sequence[Item], column: Column) -> npt.NDArray[np.bool_]:
    """Which answers went into the column's scores, shape (people, items)."""
    belongs = np.array([item.id in column.item_ids for item in items])
    scored = half_rule(sheets.of(column.items))
    used: npt.NDArray[np.bool_] = (sheets.of(items) > 0) & belongs & scored[:, np.newaxis]
    return used


def _reversed(column: Column) -> npt.NDArray[np.bool_]:
    return np.array([item.reverse for item in column.items], dtype=np.bool_)
