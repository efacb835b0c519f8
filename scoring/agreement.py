"""Agreement within departments: r_wg, r_wg(J), Lindell's r*_wg and average deviations (measurement design, 3.6, P16).

Everything rests on tables of frequencies, so a wave of any size costs one count of its answers:
`complete_counts` makes them from answers or `counts_of_patterns` from numbers of people by pattern of answers;
`agreement` takes them, of one department or of all at once.
Own agreement of fewer than 10 people may not be told (P2); that is for the caller to keep.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.arrays import Answers, Floats, Integers
from scoring.errors import (
    MisfitError,
    NotCountsError,
    OutsideScaleError,
    require_counts,
    require_finite,
    require_groups,
)
from scoring.people import MISSING

SLIGHTLY_SKEWED: Final = 1.34
"""Variance of answers to 1..5 of which 5, 15, 20, 35 and 25 % are given: people who lean to one side by habit."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Agreement of each department; every array has the shape of the departments, NaN where fewer than 2 people are.

    `n` are the people who answered every item. `r_wg` has one more axis, the items. `r_wg` and `r_wg_j` are 0 where the
    answers spread more than the null does; `lindell` is then negative. `ad_mean` and `ad_median` are in steps of the
    scale, and smaller means more agreement.
    """

    n: Integers
    r_wg: Floats
    r_wg_j: Floats
    lindell: Floats
    ad_mean: Floats
    ad_median: Floats

    @property
    def lindell_shown(self) -> Floats:
        """Lindell's r*_wg as it is shown: from 0 (P16)."""
        return np.maximum(self.lindell, 0.0)


def uniform_null(points: int) -> float:
    """The variance of answers to 1..`points` that are all equally frequent: (P^2 - 1) / 12."""
    if points < 2:
        raise OutsideScaleError(f"points: a scale of {points} has no spread, 2 are needed")
    return (points**2 - 1) / 12


def slightly_skewed_null(points: int) -> float:
    """The variance of answers that lean a little to one side; tabled for 5 points only, OutsideScaleError otherwise."""
    if points != 5:
        raise OutsideScaleError(f"points: the slightly skewed null is known for 5 points, not for {points}")
    return SLIGHTLY_SKEWED


def ad_cutoff(points: int) -> float:
    """The largest average deviation that counts as agreement: P / 6, .83 for 5 points (Burke and Dunlap 2002)."""
    return points / 6


def complete_counts(answers: Answers, *, group: Integers, groups: int, points: int) -> Integers:
    """How often each answer was given by people without a missing one, shape (groups, items, points).

    `answers` (people x items) has 1..`points` and 0 for missing, `group` each person's 0..`groups`-1. Listwise, as
    `multilevel` does. MisfitError for shapes that do not fit, OutsideScaleError for an answer or group out of range.
    """
    if answers.ndim != 2 or answers.shape[1] == 0:
        raise MisfitError(f"answers: {answers.shape} is not people x items")
    group = require_groups(group, people=len(answers), groups=groups)
    _require_scale(answers, points)
    complete = (answers != MISSING).all(axis=1)
    first = group[complete] * points - 1
    columns = [np.bincount(first + column, minlength=groups * points) for column in answers[complete].T]
    return np.stack(columns).reshape(len(columns), groups, points).swapaxes(0, 1)


def counts_of_patterns(people: Integers, patterns: Answers, *, points: int) -> Integers:
    """The same from how many people gave which answers, for waves of any size; shape (..., items, points).

    `people` (..., patterns) are numbers of people, `patterns` (patterns, items) their answers, 0 for missing. Errors
    are those of `complete_counts`; NotCountsError for negative or broken numbers.
    """
    people = require_counts("people", people)
    if patterns.ndim != 2 or patterns.shape[0] != people.shape[-1] or not patterns.size:
        raise MisfitError(f"people {people.shape} and patterns {patterns.shape} do not fit")
    _require_scale(patterns, points)
    complete = (patterns != MISSING).all(axis=1)
    given = patterns[complete][:, :, None] == np.arange(1, points + 1)
    # In floats, which are exact for such numbers, because NumPy multiplies matrices of whole numbers slowly.
    times = people[..., complete].astype(np.float64) @ given.reshape(len(given), -1).astype(np.float64)
    found: Integers = np.rint(times).astype(np.intp).reshape(*people.shape[:-1], patterns.shape[1], points)
    return found


def agreement(counts: Integers, *, null: float | None = None) -> Agreement:
    """Agreement from frequencies of complete rows, shape (..., items, points); any axes before are departments.

    With m the mean over the items of their variances (n - 1), and sigma^2 that of the null (uniform unless given):

        r_wg    = 1 - s^2 / sigma^2                              one item, s^2 at most sigma^2 (James and others 1984)
        r_wg(J) = J (1 - m / sigma^2) / (J (1 - m / sigma^2) + m / sigma^2)       m at most sigma^2
        r*_wg   = 1 - m / sigma^2                                not limited (Lindell and others 1999)
        AD      = mean over items of mean |x - item mean|, or item median (Burke and others 1999)

    The limits are those of R's `multilevel`. r_wg(J) grows with the number of items alone, so r*_wg is the one to show.
    Errors are those of `require_counts`; NotCountsError also where the items have different numbers of answers,
    NotFiniteError or OutsideScaleError for an impossible null.
    """
    counts = _checked(counts)
    items, points = counts.shape[-2:]
    sigma2 = uniform_null(points) if null is None else _checked_null(null)
    n = counts[..., 0, :].sum(axis=-1)
    x = np.arange(1, points + 1)
    total, squares = counts @ x, counts @ (x * x)
    people = np.where(n > 1, n, 2)[..., None]
    # Whole numbers up to the division, so that answers that are all alike have a variance of exactly 0.
    variance = (people * squares - total * total) / (people * (people - 1.0))
    mean_variance = variance.mean(axis=-1)
    ratio = np.minimum(mean_variance / sigma2, 1.0)
    enough = n > 1
    return Agreement(
        n=n,
        r_wg=np.where(enough[..., None], 1 - np.minimum(variance / sigma2, 1.0), np.nan),
        r_wg_j=np.where(enough, items * (1 - ratio) / (items * (1 - ratio) + ratio), np.nan),
        lindell=np.where(enough, 1 - mean_variance / sigma2, np.nan),
        ad_mean=np.where(enough, _deviation(counts, x, total / people), np.nan),
        ad_median=np.where(enough, _deviation(counts, x, _medians(counts)), np.nan),
    )


def _require_scale(answers: Answers, points: int) -> None:
    highest = int(answers.max(initial=MISSING))
    if highest > points:
        raise OutsideScaleError(f"answers: {highest} is outside 1..{points}")


def _checked(counts: Integers) -> Integers:
    counts = require_counts("counts", counts, axes=2)
    answered = counts.sum(axis=-1)
    if (answered != answered[..., :1]).any():
        raise NotCountsError("counts: the items of a department have different numbers of answers: not complete rows")
    return counts


def _checked_null(null: float) -> float:
    require_finite("null", np.array([null]))
    if null <= 0:
        raise OutsideScaleError(f"null: a variance of {null} is not above 0")
    return null


def _medians(counts: Integers) -> Floats:
    """The median answer of each item: of the two middle ones the mean."""
    below = counts.cumsum(axis=-1)
    n = below[..., -1:]
    lower = np.count_nonzero(below < (n + 1) // 2, axis=-1)
    upper = np.count_nonzero(below < n // 2 + 1, axis=-1)
    medians: Floats = 1 + (lower + upper) / 2
    return medians


def _deviation(counts: Integers, x: Integers, middle: Floats) -> Floats:
    """The mean over the items of the mean distance of their answers from `middle` (..., items)."""
    n = np.maximum(counts[..., 0, :].sum(axis=-1), 1)
    distances = (counts * np.abs(x - middle[..., None])).sum(axis=-1)
    found: Floats = distances.mean(axis=-1) / n
    return found
