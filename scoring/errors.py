"""What is wrong with numbers that scoring was given: named errors, raised before anything is computed."""

import numpy as np

from scoring.arrays import Floats, Integers


class ScoringError(ValueError):
    """Numbers that no statistic can be made of. The message names the argument and what is wrong with it."""


class OutsideScaleError(ScoringError):
    """An answer, a score or a scale that is outside what it may be."""


class MisfitError(ScoringError):
    """Arrays whose shapes do not fit each other, or have the wrong number of dimensions."""


class NotFiniteError(ScoringError):
    """NaN or infinity where a number is needed."""


class NotCountsError(ScoringError):
    """Numbers that should count something and are negative or not whole, or that contradict each other."""


class TreeError(ScoringError):
    """Departments that are no tree: one given twice, below one that is not there, or below itself."""


class TooFewError(ScoringError):
    """Fewer people, items, groups or steps of a scale than the formula is defined for."""


class SingularError(ScoringError):
    """A matrix that cannot be inverted: what it describes is redundant."""


def require_finite(name: str, values: Floats) -> None:
    """NotFiniteError where any of the values is NaN or infinite; the message begins with the argument's name."""
    wrong = values.size - int(np.count_nonzero(np.isfinite(values)))
    if wrong:
        raise NotFiniteError(f"{name}: {wrong} of {values.size} values are not finite")


def require_counts(name: str, counts: Integers, *, axes: int = 1) -> Integers:
    """Frequencies as whole numbers; the last axis has the steps of a scale, or classes, in order.

    MisfitError for fewer than `axes` axes, or for one of them that is empty; TooFewError below 2 classes;
    NotCountsError for negative or broken numbers.
    """
    if counts.ndim < axes or 0 in counts.shape[-axes:]:
        raise MisfitError(f"{name}: {counts.shape} is not the shape of frequencies")
    if counts.shape[-1] < 2:
        raise TooFewError(f"{name}: a scale of one step has no spread, 2 are needed")
    if not np.issubdtype(counts.dtype, np.integer) or counts.min(initial=0) < 0:
        raise NotCountsError(f"{name}: frequencies are whole numbers of 0 and more")
    return counts.astype(np.int64, copy=False)


def require_groups(group: Integers, *, people: int, groups: int) -> Integers:
    """The group of each of the people, 0..groups-1, as whole numbers that are large enough to count with.

    MisfitError for another number of people, NotCountsError for broken numbers, OutsideScaleError for one out of range.
    """
    if group.shape != (people,):
        raise MisfitError(f"group: {group.shape} does not fit {people} people")
    if not np.issubdtype(group.dtype, np.integer):
        raise NotCountsError("group: whole numbers are needed")
    if group.size and not 0 <= int(group.min()) <= int(group.max()) < groups:
        raise OutsideScaleError(f"group: a number is outside 0..{groups - 1}")
    return group.astype(np.intp, copy=False)
