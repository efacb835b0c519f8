"""The one pass over all answers: how many people of each group gave which answers to the items of a dimension.

Everything that a release says of a group is a sum over these patterns: scores, answers by item, who answered all items.
The counts of a union of groups are the sums of theirs. Counting is exact, so nothing depends on the order of people
(measurement design, sections 3.1 and 3.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from scoring.arrays import Answers, Flags, Floats, Integers, ItemAnswers
from scoring.errors import MisfitError, NotCountsError, OutsideScaleError, TooFewError
from scoring.people import MISSING, least_answers, person_scores

Counted = npt.NDArray[np.int32]

_LARGEST: Final = int(np.iinfo(np.int64).max)
_PEOPLE_AT_ONCE: Final = 1 << 16
_PLACES_FOR_EACH: Final = 8
"""A table of all patterns is filled while it has at most so many places for each person; else people are sorted."""
_MOST_BITS: Final = 62
_AT_LEAST: Final = 32_000
"""As many people as this are taken to be there, because small tables cost nothing."""


@dataclass(frozen=True, eq=False)
class ScoreCounts:
    """How many people have which score: `people` (groups, scores) of `scores` (points of 0 to 100).

    `scores` is NaN for combinations of answers that the half rule leaves without a score; those people are counted too,
    so that a row of `people` adds up to the people of the group.
    """

    scores: Floats
    people: Integers

    @cached_property
    def n(self) -> Integers:
        """The people with a score, shape (groups,)."""
        found: Integers = self._scored.sum(axis=1)
        return found

    @cached_property
    def mean(self) -> Floats:
        """The mean score of each group, shape (groups,); 0 where nobody has one."""
        found: Floats = (self._scored * self._known).sum(axis=1) / np.maximum(self.n, 1)
        return found

    @cached_property
    def m2(self) -> Floats:
        """The sum of squared deviations from the group's mean, shape (groups,).

        Taken from the deviations themselves, so that large groups lose no digits.
        """
        found: Floats = (self._scored * (self._known - self.mean[:, np.newaxis]) ** 2).sum(axis=1)
        return found

    @cached_property
    def _known(self) -> Floats:
        return self.scores[~np.isnan(self.scores)]

    @cached_property
    def _scored(self) -> Integers:
        return self.people[:, ~np.isnan(self.scores)]


@dataclass(frozen=True, eq=False)
class Patterns:
    """Who gave which answers to some items: an entry of `group`, `pattern` and `people` for each group and pattern.

    `answers` (patterns, items) are the patterns, 1..`points` and 0 for missing; an entry without people may be left
    out, and a pattern may stand there twice. `groups` is the number of groups. Entries are kept in half the usual
    size: a wave of a million people has millions.
    """

    groups: int
    points: int
    answers: Answers
    group: Counted
    pattern: Counted
    people: Counted

    def by_class(self, of: Integers, classes: int) -> Integers:
        """How many people of each group have a pattern of each class, shape (groups, classes).

        `of` has the class of every pattern, 0 to `classes` - 1.
        """
        cell = of[self.pattern]
        cell += self.group * np.intp(classes)
        return _summed(cell, self.people, self.groups * classes).reshape(self.groups, classes)

    def having(self, which: Flags) -> Integers:
        """How many people of each group have one of these patterns, shape (groups,)."""
        return _summed(self.group, self.people * which[self.pattern], self.groups)

    def answer_counts(self) -> Integers:
        """How many people of each group gave which answer to each item: (items, groups, points + 1), 0 for none."""
        values = self.points + 1
        found = np.empty((self.answers.shape[1], self.groups, values), dtype=np.intp)
        items = self.answers.T.astype(np.intp)
        # Two items are counted together: a walk over all entries takes long, a sum over a small table does not.
        for first in range(0, len(items), 2):
            pair = items[first : first + 2]
            together = pair[0] if len(pair) == 1 else pair[0] * values + pair[1]
            counts = self.by_class(together, values ** len(pair)).reshape(
                self.groups, values, values ** (len(pair) - 1)
            )
            found[first] = counts.sum(axis=2)
            if len(pair) > 1:
                found[first + 1] = counts.sum(axis=1)
        return found

    @cached_property
    def given(self) -> "Patterns":
        """The same people by whether they gave an answer at all: 1 in place of every valid answer."""
        # A number for each pattern of valid answers; of more items than an integer has bits, each is its own.
        places = np.arange(self.answers.shape[1])
        marked = (self.answers != MISSING).astype(np.uint8)
        if places.size > _MOST_BITS:
            return Patterns(self.groups, 1, marked, self.group, self.pattern, self.people)
        numbers, first, kind = np.unique(marked @ (1 << places), return_index=True, return_inverse=True)
        table = self.by_class(kind, numbers.size)
        group, pattern = (one.astype(np.int32) for one in np.nonzero(table))
        return Patterns(self.groups, 1, marked[first], group, pattern, table[group, pattern].astype(np.int32))

    def complete(self) -> "Patterns":
        """Those who answered all of the items."""
        kept = (self.answers != MISSING).all(axis=1)[self.pattern]
        return Patterns(
            groups=self.groups,
            points=self.points,
            answers=self.answers,
            group=self.group[kept],
            pattern=self.pattern[kept],
            people=self.people[kept],
        )

    def products(self) -> Floats:
        """Sums of products of answers over everybody, shape (items, items)."""
        found: Floats = self.products_by(1)[0]
        return found

    def products_by(self, blocks: int) -> Floats:
        """The same of each of so many blocks of equally many groups, one behind the other: (blocks, items, items)."""
        size, kinds = max(1, self.groups // blocks), len(self.answers)
        cell = (self.group // size).astype(np.intp) * kinds + self.pattern
        times = np.bincount(cell, weights=self.people, minlength=blocks * kinds).reshape(blocks, 1, kinds)
        answers = self.answers.astype(np.float64)
        found: Floats = (answers.T * times) @ answers
        return found


def patterns(answers: Sequence[ItemAnswers], sizes: Integers, *, points: int) -> Patterns:
    """Count who gave which answers to some items: `answers` has those to each of them, shape (people,) each.

    People stand group by group: the first `sizes[0]` are group 0, and so on. OutsideScaleError for an answer beyond the
    scale, TooFewError for a scale of fewer than two steps, MisfitError for shapes that do not fit, NotCountsError for
    answers or sizes that are no whole numbers from 0.
    """
    _check(answers, sizes, points)
    combinations = (points + 1) ** len(answers)
    if sizes.size * combinations <= _PLACES_FOR_EACH * (answers[0].size + _AT_LEAST):
        return _in_a_table(answers, sizes, points)
    return _sorted(answers, sizes, points)


def score_counts(found: Patterns, items: Sequence[int], *, reverse: Flags) -> ScoreCounts:
    """Count the scores of a column with some of the counted items, by their places.

    A score is what `scoring.people.person_scores` gives: 100 * (sum of answers - their number) / (their number *
    (points - 1)), for people with at least half of these items. MisfitError for other than a flag for each item.
    """
    if len(items) != reverse.size:
        raise MisfitError(f"{len(items)} items and {reverse.size} reverse flags do not fit")
    answers = found.answers[:, items].astype(np.intp)
    valid = np.count_nonzero(answers, axis=1)
    # The steps above 1 tell the score apart, together with the number of answers: 0..items * (P - 1) of them.
    steps = np.where(reverse, found.points - answers, answers - 1)
    steps[answers == MISSING] = 0
    width = len(items) * (found.points - 1) + 1
    scores = _scores(len(items), found.points)
    return ScoreCounts(scores, found.by_class(valid * width + steps.sum(axis=1), scores.size))


def scores_of_people(answers: Sequence[ItemAnswers], *, reverse: Flags, points: int) -> Floats:
    """Each person's score as `scoring.people.person_scores` gives it, shape (people,): `answers` as in `patterns`.

    Looked up by the person's pattern where there are fewer patterns than people. Raises what `patterns` raises.
    """
    _check(answers, np.array([answers[0].size if answers else 0]), points)
    combinations = (points + 1) ** len(answers)
    if combinations > answers[0].size:
        return person_scores(np.stack(answers, axis=1), reverse=reverse, points=points)
    of_patterns = person_scores(_all_patterns(len(answers), points), reverse=reverse, points=points)
    found: Floats = of_patterns[_joined(answers, points, np.min_scalar_type(combinations))]
    return found


def by_group(people: Flags, sizes: Integers) -> Integers:
    """How many of these people each group has, shape (groups,); people stand group by group."""
    found = np.zeros(sizes.size, dtype=np.intp)
    present = np.flatnonzero(sizes)
    if present.size:
        ends = np.cumsum(sizes[present])
        found[present] = np.add.reduceat(people, ends - sizes[present], dtype=np.intp)
    return found


def _in_a_table(answers: Sequence[ItemAnswers], sizes: Integers, points: int) -> Patterns:
    """Counts people in a table of all groups and patterns, so many groups at once that all stays near the processor."""
    ends = np.cumsum(sizes)
    firsts = np.flatnonzero(np.diff((ends - 1) // _PEOPLE_AT_ONCE)) + 1
    parts = []
    for first, last in pairwise([0, *firsts.tolist(), sizes.size]):
        some = slice(int(ends[first - 1]) if first else 0, int(ends[last - 1]) if last else 0)
        parts.append(_tabled([item[some] for item in answers], sizes[first:last], points, first))
    entries = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Patterns(sizes.size, points, _all_patterns(len(answers), points), *entries)


def _tabled(
    answers: Sequence[ItemAnswers], sizes: Integers, points: int, first: int
) -> tuple[Counted, Counted, Counted]:
    """The entries of some groups, of which the first has that number: group, pattern and people."""
    combinations = (points + 1) ** len(answers)
    code = np.repeat(np.arange(sizes.size, dtype=np.intp) * combinations, sizes)
    code += _joined(answers, points, np.min_scalar_type(combinations))
    table = np.bincount(code, minlength=sizes.size * combinations)
    cells = np.flatnonzero(table)
    entries = np.count_nonzero(table.reshape(sizes.size, combinations), axis=1)
    group = np.repeat(np.arange(sizes.size, dtype=np.int32), entries)
    pattern = cells.astype(np.int32) - group * np.int32(combinations)
    return group + np.int32(first), pattern, table[cells].astype(np.int32)


def _sorted(answers: Sequence[ItemAnswers], sizes: Integers, points: int) -> Patterns:
    """Sorts people by group and pattern, where a table of all of these would be large and mostly empty."""
    group = np.repeat(np.arange(sizes.size, dtype=np.int64), sizes)
    code, most = group, max(1, sizes.size)
    for item in answers:
        if most > _LARGEST // (points + 1):
            code, most = np.unique(code, return_inverse=True)[1], max(1, code.size)
        code = code * (points + 1) + item
        most *= points + 1
    _, first, people = np.unique(code, return_index=True, return_counts=True)
    found = np.stack([item[first] for item in answers], axis=1)
    entries = (one.astype(np.int32) for one in (group[first], np.arange(first.size), people))
    return Patterns(sizes.size, points, found, *entries)


def _joined(answers: Sequence[ItemAnswers], points: int, kind: "np.dtype[np.unsignedinteger]") -> Integers:
    """The number of each person's pattern among all patterns."""
    code = answers[0].astype(kind)
    for item in answers[1:]:
        code *= kind.type(points + 1)
        code += item
    return code


@cache
def _all_patterns(items: int, points: int) -> Answers:
    """All patterns by their numbers, shape (patterns, items)."""
    found = np.indices((points + 1,) * items, dtype=np.uint8).reshape(items, -1).T
    found.flags.writeable = False
    return found


def _summed(cell: Integers | Counted, people: Counted, cells: int) -> Integers:
    # Reckoned in floating point, which is exact for whole numbers below 2^53.
    found: Integers = np.bincount(cell, weights=people, minlength=cells).astype(np.intp)
    return found


@cache
def _scores(items: int, points: int) -> Floats:
    """The score of each combination of a number of valid answers and their steps above 1, NaN below the half rule."""
    valid, steps = np.divmod(np.arange((items + 1) * (items * (points - 1) + 1)), items * (points - 1) + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores: Floats = 100.0 * steps / (valid * (points - 1))
    scores[valid < least_answers(items)] = np.nan
    scores.flags.writeable = False
    return scores


def _check(answers: Sequence[ItemAnswers], sizes: Integers, points: int) -> None:
    if not np.issubdtype(sizes.dtype, np.integer) or sizes.min(initial=0) < 0:
        raise NotCountsError("sizes: numbers of people are whole and not negative")
    people = int(sizes.sum())
    if points < 2:
        raise TooFewError(f"points: a scale of {points} steps, at least 2 are needed")
    if any(not np.issubdtype(item.dtype, np.unsignedinteger) for item in answers):
        raise NotCountsError("answers: whole numbers of 0 and more are needed")
    if not len(answers) or any(item.shape != (people,) for item in answers):
        raise MisfitError(f"the answers to {len(answers)} items do not fit {people} people")
    highest = max(int(item.max(initial=MISSING)) for item in answers)
    if highest > points:
        raise OutsideScaleError(f"answer {highest} is outside 1..{points}")
