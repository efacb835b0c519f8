"""From answer sheets to the numbers of a column: who was asked what, and each department's moments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from app.releases.document.release import CHECKING
from app.releases.statistics.shelves import ANSWERS_AT_ONCE, Shelf
from scoring.arrays import AnswersByItem, Flags, Floats, Integers, ItemAnswers
from scoring.errors import MisfitError, OutsideScaleError
from scoring.kernel import patterns, scores_of_people
from scoring.moments import Moments, merged
from surveys.codes import CODES, DK, NX
from surveys.model import Form, Instrument, Item, asked

Codes = npt.NDArray[np.uint8]

CHECKS: Final = "C1"
NOT_USED: Final = 6
"""The answer to it that says that somebody has not used an agent's work."""

_NO_CODE: Final = 255
NO_LIMITS: Final[Mapping[str, int]] = MappingProxyType({})
_DIGIT_OF: Final = bytes(
    _NO_CODE if byte not in CODES else byte - ord("0") if ord("1") <= byte <= ord("9") else 0 for byte in range(256)
)
_UNKNOWN: Final = (DK[0], NX[0])
_PEOPLE_AT_ONCE: Final = 4096
"""So many sheets are turned round at once that they stay near the processor."""


@dataclass(frozen=True, slots=True)
class DepartmentAnswers:
    """The used answer sheets of one department: codes of shape (people, items), one byte each, and the items' ids."""

    item_ids: tuple[str, ...]
    codes: Codes


@dataclass(frozen=True)
class Column:
    """A dimension or module as it is scored: the items asked, and the points of their scale."""

    id: str
    items: tuple[Item, ...]
    points: int

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The ids of the items, in their order."""
        return tuple(item.id for item in self.items)

    @cached_property
    def item_ids(self) -> frozenset[str]:
        """The ids of the items."""
        return frozenset(item.id for item in self.items)


@dataclass(frozen=True)
class Sheets:
    """The answer sheets of a wave, department by department: `sizes` has how many each of the `departments` has.

    `by_item` has the answers (1..P, 0 for none), items x people; its last row is that of items that nobody was asked.
    `unknown` has how many people of each department said "don't know" and "no experience" to items that offer one of
    these, shape (2, items + 1, departments). `shelves` has where columns were counted, and their places there.
    """

    departments: tuple[str, ...]
    sizes: Integers
    position: Mapping[str, int]
    by_item: AnswersByItem
    unknown: Integers
    shelves: dict[tuple[str, ...], tuple[Shelf, int]] = field(default_factory=dict)

    @cached_property
    def department(self) -> Integers:
        """Each person's place in `departments`."""
        return np.repeat(np.arange(len(self.departments), dtype=np.intp), self.sizes)

    def of(self, items: Sequence[Item]) -> npt.NDArray[np.uint8]:
        """The answers to these items, people x items, in their order; 0 for items that nobody was asked."""
        return self.by_item[self._rows(items)].T

    def to(self, item: Item) -> ItemAnswers:
        """The answers to one item, without copying them; 0 where nobody was asked."""
        found: ItemAnswers = self.by_item[self.position.get(item.id, -1)]
        return found

    def _rows(self, items: Sequence[Item]) -> list[int]:
        missing = len(self.by_item) - 1
        return [self.position.get(item.id, missing) for item in items]

    @cached_property
    def _responses(self) -> dict[str, int]:
        return dict(zip(self.departments, self.sizes.tolist(), strict=True))

    def responses(self) -> dict[str, int]:
        """The number of answer sheets by department."""
        return self._responses

    def count(self, columns: Iterable["Column"]) -> None:
        """Count who gave which answers to the items of some columns, many of them at once. OutsideScaleError beyond
        the scale of one."""
        alike: dict[tuple[int, int], list[Column]] = defaultdict(list)
        for one in columns:
            if one.key not in self.shelves:
                alike[len(one.items), one.points].append(one)
        at_once = max(1, ANSWERS_AT_ONCE // max(1, self.by_item.shape[1]))
        for (_, points), of_shape in alike.items():
            for start in range(0, len(of_shape), at_once):
                self._shelve(of_shape[start : start + at_once], points)

    def _shelve(self, columns: Sequence["Column"], points: int) -> None:
        if len(columns) == 1:
            answers = [self.to(item) for item in columns[0].items]
        else:
            rows = [self._rows(one.items) for one in columns]
            answers = [self.by_item[list(of_item)].ravel() for of_item in zip(*rows, strict=True)]
        shelf = Shelf(patterns(answers, np.tile(self.sizes, len(columns)), points=points), len(columns))
        self.shelves.update({one.key: (shelf, place) for place, one in enumerate(columns)})

    def shelf(self, column: "Column") -> tuple[Shelf, int]:
        """Where a column is counted, and its place there. OutsideScaleError as in `count`."""
        self.count([column])
        return self.shelves[column.key]

    def by_department(self, people: Integers) -> dict[str, int]:
        """Numbers of people, in the order of the departments, by department."""
        return dict(zip(self.departments, people.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Scores:
    """A column's numbers in the order of `departments`: people with a score, means and sums of squared deviations from
    them.

    `used` are the departments' used answer sheets, with a score or without; `classes` (departments, 5) have how many
    people score nearest to 0, 25, 50, 75 and 100.
    """

    departments: tuple[str, ...]
    people: Integers
    means: Floats
    squares: Floats
    used: Mapping[str, int]
    classes: Integers
    _over: dict[frozenset[str], Moments] = field(default_factory=dict)

    @cached_property
    def n(self) -> Mapping[str, int]:
        """The number of people with a score by department."""
        return dict(zip(self.departments, self.people.tolist(), strict=True))

    @cached_property
    def nobody(self) -> frozenset[str]:
        """The departments in which nobody has a score."""
        if self.people.all():
            return frozenset()
        return frozenset([name for name, n in self.n.items() if not n])

    @cached_property
    def _moments(self) -> Mapping[str, Moments]:
        lines = zip(self.people.tolist(), self.means.tolist(), self.squares.tolist(), strict=True)
        return {name: Moments(*line) for name, line in zip(self.departments, lines, strict=True) if line[0]}

    def valid(self) -> Mapping[str, int]:
        """The number of people with a score by department."""
        return self.n

    def over(self, departments: frozenset[str]) -> Moments:
        """The moments of all people of these departments. The order of the departments changes nothing."""
        # The same sets are asked for again and again: as strata, as sets with a spread, as groups.
        known = self._over.get(departments)
        if known is None:
            found = [self._moments[one] for one in departments if one in self._moments]
            known = self._over[departments] = found[0] if len(found) == 1 else merged(found)
        return known

    def answered(self, departments: frozenset[str]) -> frozenset[str]:
        """Those of the departments in which somebody has a score."""
        if all(map(self.n.get, departments)):
            return departments
        return frozenset([one for one in departments if self.n.get(one)])


def column(instrument: Instrument, column_id: str, items: tuple[Item, ...]) -> Column:
    """A column of these items. ValueError where they do not share one number of points."""
    points = {len(instrument.scales[item.scale].points) for item in items}
    if len(points) != 1:
        raise ValueError(f"{column_id}: the items of a column must share one scale")
    return Column(column_id, items, points.pop())


def dimension_columns(instrument: Instrument, form: Form) -> tuple[Column, ...]:
    """The columns of the heatmap with the items that the form asks."""
    return tuple(column(instrument, one.id, asked(one, form)) for one in instrument.dimensions)


def checking_column(instrument: Instrument) -> Column | None:
    """How often people check an agent's work (C1), of those who have used one: the sixth answer says they have not.

    None where it is not asked in that way.
    """
    item = next((one for one in instrument.calibration if one.id == CHECKS), None)
    if item is None or len(instrument.scales[item.scale].points) != NOT_USED:
        return None
    return Column(CHECKING, (item,), NOT_USED - 1)


def counted_up_to(instrument: Instrument) -> dict[str, int]:
    """Items of which a higher answer is none, with the highest that counts."""
    found = checking_column(instrument)
    return {} if found is None else dict.fromkeys(found.key, found.points)


def module_columns(instrument: Instrument, form: Form) -> dict[str, Column]:
    """The department modules by key; only the full form has any."""
    if form != "full":
        return {}
    return {key: column(instrument, f"module:{key}", module.items) for key, module in instrument.modules.items()}


def sheets(
    answers: Mapping[str, DepartmentAnswers], items: Sequence[Item], *, up_to: Mapping[str, int] = NO_LIMITS
) -> Sheets:
    """All answer sheets side by side, for these items. An item that a department was not asked has no answer there, and
    an answer above what `up_to` says of its item is none.

    MisfitError for sheets that do not fit their items, OutsideScaleError for a byte that is no code.
    """
    departments = tuple(sorted(answers))
    for one in departments:
        _require_fit(one, answers[one])
    sizes = [answers[one].codes.shape[0] for one in departments]
    position = {item.id: place for place, item in enumerate(items)}
    offered = frozenset(item.id for item in items if item.allow_dk or item.allow_nx)
    by_item = np.zeros((len(items) + 1, sum(sizes)), dtype=np.uint8)
    unknown = np.zeros((2, len(items) + 1, len(departments)), dtype=np.intp)
    start = 0
    for number, (one, size) in enumerate(zip(departments, sizes, strict=True)):
        _fill(by_item[:, start : start + size], one, answers[one], position)
        _count_unknown(unknown[:, :, number], answers[one], position, offered)
        start += size
    for item, highest in up_to.items():
        if item in position:
            of_item = by_item[position[item]]
            of_item[of_item > highest] = 0
    return Sheets(departments, np.array(sizes, dtype=np.intp), position, by_item, unknown)


def complete_sheets(answers: Mapping[str, DepartmentAnswers], items: Sequence[Item]) -> tuple[Integers, Codes]:
    """The people who answered all of these items, by their numbers among everybody department by department, as in
    `sheets`, and their answers (people, items). Raises what `sheets` raises."""
    numbers, found, start = [np.zeros(0, dtype=np.intp)], [np.zeros((0, len(items)), dtype=np.uint8)], 0
    for one in sorted(answers):
        _require_fit(one, answers[one])
        place = {item: place for place, item in enumerate(answers[one].item_ids)}
        asked = [place[item.id] for item in items if item.id in place]
        for values in _digits(one, answers[one].codes):
            if len(asked) == len(items):
                of_items = values[:, asked]
                complete = np.flatnonzero(of_items.all(axis=1))
                numbers.append(start + complete)
                found.append(of_items[complete])
            start += len(values)
    return np.concatenate(numbers), np.concatenate(found)


def _require_fit(department: str, given: DepartmentAnswers) -> None:
    """MisfitError unless these are sheets of these items. No message holds an answer."""
    ids, codes = given.item_ids, given.codes
    if codes.ndim != 2 or codes.dtype != np.uint8 or codes.shape[1] != len(ids):
        raise MisfitError(f"department {department}: answer sheets do not fit their {len(ids)} items")
    if len(set(ids)) != len(ids):
        raise MisfitError(f"department {department}: an item stands twice in its answer sheets")


def _digits(department: str, codes: Codes) -> Iterator[Codes]:
    """The sheets of a department, some at a time: b"1" to b"9" as their digit, all other codes as 0 for no answer.

    OutsideScaleError for a byte that is no code.
    """
    for start in range(0, len(codes), _PEOPLE_AT_ONCE):
        some = codes[start : start + _PEOPLE_AT_ONCE]
        values = np.frombuffer(some.tobytes().translate(_DIGIT_OF), dtype=np.uint8).reshape(some.shape)
        if values.max(initial=0) == _NO_CODE:
            raise OutsideScaleError(f"department {department}: a byte of an answer sheet is no code")
        yield values


def _fill(target: AnswersByItem, department: str, given: DepartmentAnswers, position: Mapping[str, int]) -> None:
    """Puts the answers of a department into its part of the answers by item."""
    pairs = [(position[item], place) for place, item in enumerate(given.item_ids) if item in position]
    rows, places = [row for row, _ in pairs], [place for _, place in pairs]
    start = 0
    for values in _digits(department, given.codes):
        target[rows, start : start + len(values)] = values.T[places]
        start += len(values)


def _count_unknown(
    unknown: Integers, given: DepartmentAnswers, position: Mapping[str, int], offered: frozenset[str]
) -> None:
    """Counts who of a department said what its items offer beside answers."""
    asked = [place for place, item in enumerate(given.item_ids) if item in offered]
    if asked:
        said = [(given.codes[:, asked] == code).sum(axis=0) for code in _UNKNOWN]
        unknown[:, [position[given.item_ids[place]] for place in asked]] = said


def scores(sheets: Sheets, column: Column, *, within: Column | None = None) -> Scores:
    """The moments of a column by department; `within` is a column whose items hold all of its own."""
    whole = within or column
    shelf, place = sheets.shelf(whole)
    found = shelf.scored(_places(column.items, whole), reversed_items(column))
    return Scores(
        departments=sheets.departments,
        people=found.n[place],
        means=found.mean[place],
        squares=found.m2[place],
        used=sheets.responses(),
        classes=found.classes[place],
    )


def people_scores(sheets: Sheets, column: Column) -> npt.NDArray[np.float64]:
    """Each person's score, shape (people,), NaN for those without one."""
    answers = [sheets.to(item) for item in column.items]
    return scores_of_people(answers, reverse=reversed_items(column), points=column.points)


def differing(sheets: Sheets, one: Column, other: Column, *, within: Column) -> Integers:
    """How many people of each department have scores that rest on other items in the one column than in the other.

    `within` is a column whose items hold all of theirs.
    """
    shelf, place = sheets.shelf(within)
    found = shelf.differing(_places(one.items, within), _places(other.items, within))
    people: Integers = found[place]
    return people


def _places(items: Sequence[Item], within: Column) -> list[int]:
    """The places of some items among those of a column that holds them."""
    places = {item.id: place for place, item in enumerate(within.items)}
    return [places[item.id] for item in items]


def reversed_items(column: Column) -> Flags:
    """Which items are worded the other way round."""
    return np.array([item.reverse for item in column.items], dtype=np.bool_)
