"""The one pass over all answers: how many people of each group have which score, and who gave which answer to an item.

Everything that a release says of a group follows from these counts, and the counts of a union of groups are the sums of
theirs. Counting is exact, so nothing depends on the order of people (measurement design, sections 3.1 and 3.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scoring.arrays import AnswersByItem, Flags, Floats, Integers, ItemAnswers
from scoring.errors import MisfitError, OutsideScaleError
from scoring.people import MISSING, least_answers

Sums = npt.NDArray[np.uint8 | np.uint16]

_CODES_AT_ONCE = 256
"""Items are counted together while all combinations of their answers fit into one byte."""


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


def score_counts(answers: Sequence[ItemAnswers], sizes: Integers, *, reverse: Flags, points: int) -> ScoreCounts:
    """Count the scores of one column: `answers` has the answers to each of its items, shape (people,) each.

    People stand group by group: the first `sizes[0]` are group 0, and so on. A score is what
    `scoring.people.person_scores` gives: 100 * (sum of answers - their number) / (their number * (points - 1)), for
    people with at least half of the items. OutsideScaleError for an answer beyond the scale, MisfitError for shapes.
    """
    _check(answers, sizes, points)
    if len(answers) != reverse.size:
        raise MisfitError(f"{len(answers)} items and {reverse.size} reverse flags do not fit")
    valid, total = _sums(answers, reverse, points)
    # The steps above 1 tell the score apart, together with the number of answers: total - valid, of 0..items * (P - 1).
    width = len(answers) * (points - 1) + 1
    code = _groups(sizes, (len(answers) + 1) * width)
    code += valid * np.intp(width - 1)
    code += total
    people = np.bincount(code, minlength=sizes.size * (len(answers) + 1) * width)
    scores = _scores(len(answers), points)
    return ScoreCounts(scores, people.reshape(sizes.size, scores.size))


def answer_counts(answers: AnswersByItem, sizes: Integers, *, points: int) -> Integers:
    """How many people of each group gave which answer to each item: shape (items, groups, points + 1), 0 for none.

    People stand group by group, as in `score_counts`. OutsideScaleError for an answer beyond the scale, MisfitError for
    shapes that do not fit.
    """
    _check(answers, sizes, points)
    found = np.empty((len(answers), sizes.size, points + 1), dtype=np.intp)
    together = 1
    while (points + 1) ** (together + 1) <= _CODES_AT_ONCE:
        together += 1
    for first in range(0, len(answers), together):
        block = answers[first : first + together]
        shape = (points + 1,) * len(block)
        counts = _joint(block, sizes, points).reshape(sizes.size, *shape)
        for axis in range(len(block)):
            others = tuple(1 + other for other in range(len(block)) if other != axis)
            found[first + axis] = counts.sum(axis=others)
    return found


def by_group(people: Flags, sizes: Integers) -> Integers:
    """How many of these people each group has, shape (groups,); people stand group by group."""
    found = np.zeros(sizes.size, dtype=np.intp)
    present = np.flatnonzero(sizes)
    if present.size:
        ends = np.cumsum(sizes[present])
        found[present] = np.add.reduceat(people, ends - sizes[present], dtype=np.intp)
    return found


def _joint(block: AnswersByItem, sizes: Integers, points: int) -> Integers:
    """The counts of all combinations of the answers to a few items, shape (groups, combinations)."""
    combined = block[0].copy()
    for item in block[1:]:
        combined *= np.uint8(points + 1)
        combined += item
    combinations = (points + 1) ** len(block)
    code = _groups(sizes, combinations)
    code += combined
    return np.bincount(code, minlength=sizes.size * combinations)


def _groups(sizes: Integers, width: int) -> Integers:
    """Where the counts of each person's group begin, shape (people,)."""
    return np.repeat(np.arange(sizes.size, dtype=np.intp) * width, sizes)


def _sums(answers: Sequence[ItemAnswers], reverse: Flags, points: int) -> tuple[Sums, Sums]:
    """Each person's number of valid answers and their sum, reversed items turned round."""
    small: type[np.uint8 | np.uint16] = np.uint8 if len(answers) * points <= np.iinfo(np.uint8).max else np.uint16
    valid: Sums = np.zeros(answers[0].size, dtype=small)
    total: Sums = np.zeros(answers[0].size, dtype=small)
    for item, turned in zip(answers, reverse.tolist(), strict=True):
        given = item != MISSING
        valid += given
        total += np.where(given, np.uint8(points + 1) - item, np.uint8(0)) if turned else item
    return valid, total


def _scores(items: int, points: int) -> Floats:
    """The score of each combination of a number of valid answers and their steps above 1, NaN below the half rule."""
    valid, steps = np.divmod(np.arange((items + 1) * (items * (points - 1) + 1)), items * (points - 1) + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores: Floats = 100.0 * steps / (valid * (points - 1))
    scores[valid < least_answers(items)] = np.nan
    return scores


def _check(answers: Sequence[ItemAnswers] | AnswersByItem, sizes: Integers, points: int) -> None:
    people = int(sizes.sum())
    if not len(answers) or any(item.shape != (people,) for item in answers):
        raise MisfitError(f"the answers to {len(answers)} items do not fit {people} people")
    highest = max(int(item.max(initial=MISSING)) for item in answers)
    if highest > points:
        raise OutsideScaleError(f"answer {highest} is outside 1..{points}")
