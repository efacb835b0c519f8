"""Columns that are counted at once: with equally many questions on as many points, one behind the other.

To count a column of a small wave takes a hundred calls of NumPy, whatever the number of people; so does a shelf of
columns, whose departments stand there as if there were so many more of them. A shelf of a large wave is one column.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from scoring.arrays import Flags, Floats, Integers
from scoring.kernel import Patterns, score_counts
from scoring.people import MISSING, least_answers
from scoring.polarisation import five_classes

ANSWERS_AT_ONCE: Final = 1 << 17
"""Up to so many answers, to one question of each column, are counted at once: they stay near the processor."""
_MOST_SCORE: Final = 100

_Number = TypeVar("_Number", np.intp, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The scores of columns by department: people with a score, means and sums of squared deviations from these, of
    shape (columns, departments).

    `classes` (columns, departments, 5) has how many people score nearest to 0, 25, 50, 75 and 100.
    """

    n: Integers
    mean: Floats
    m2: Floats
    classes: Integers


@dataclass(frozen=True, eq=False)
class Shelf:
    """The patterns of `columns` columns, the departments of one behind those of the other."""

    patterns: Patterns
    columns: int
    _scored: dict[Hashable, Table] = field(default_factory=dict)
    _differing: dict[Hashable, Integers] = field(default_factory=dict)

    def scored(self, items: Sequence[int], reverse: Flags) -> Table:
        """The scores of some of the questions of each column, by their places; `reverse` has a flag for each."""
        key = tuple(items), reverse.tobytes()
        if key not in self._scored:
            found = score_counts(self.patterns, items, reverse=reverse)
            # Of a number of answers and their steps some are no possible pair; nobody is counted there.
            possible = ~(found.scores > _MOST_SCORE)
            classes = five_classes(found.people[:, possible], at=found.scores[possible])
            self._scored[key] = Table(
                n=self._apart(found.n),
                mean=self._apart(found.mean),
                m2=self._apart(found.m2),
                classes=self._apart(classes),
            )
        return self._scored[key]

    def differing(self, one: Sequence[int], other: Sequence[int]) -> Integers:
        """How many people have a score that rests on other answers to the `one` questions of a column than to the
        `other`, by their places: (columns, departments)."""
        key = tuple(one), tuple(other)
        if key not in self._differing:
            shared = [item for item in one if item in other]
            both, *valid = (np.count_nonzero(self._valid[:, items], axis=1) for items in (shared, one, other))
            scored = [given >= least_answers(len(items)) for given, items in zip(valid, (one, other), strict=True)]
            alike = scored[0] & scored[1] & (valid[0] == both) & (valid[1] == both)
            # Whoever has one of the two scores only has it from some answer, on which the other does not rest.
            self._differing[key] = self._apart(self.patterns.given.having((scored[0] | scored[1]) & ~alike))
        return self._differing[key]

    @cached_property
    def answers(self) -> Integers:
        """How many people gave which answer to each question: (columns, departments, items, points)."""
        return self._by_item(self.patterns)

    @cached_property
    def complete(self) -> tuple[Integers, Floats]:
        """The same of people who answered all questions of a column, and their sums of products of answers: (columns,
        items, items)."""
        found = self.patterns.complete()
        return self._by_item(found), found.products_by(self.columns)

    @cached_property
    def incomplete(self) -> Integers:
        """How many people left a question of the column out: of those with a score, and of those who answered each of
        its questions: (columns, 1 + items, departments)."""
        scored, some = self._valid.sum(axis=1) >= least_answers(self._valid.shape[1]), ~self._valid.all(axis=1)
        found = [self._apart(self.patterns.given.having(one & some)) for one in (scored, *self._valid.T)]
        return np.stack(found, axis=1)

    @property
    def _valid(self) -> Flags:
        """Which questions were answered, by pattern."""
        found: Flags = self.patterns.given.answers != MISSING
        return found

    def _by_item(self, found: Patterns) -> Integers:
        return self._apart(found.answer_counts()[..., 1:].swapaxes(0, 1))

    def _apart(self, values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
        """Values of all departments of all columns, column by column."""
        return values.reshape(self.columns, -1, *values.shape[1:])
