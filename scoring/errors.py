"""What is wrong with numbers that scoring was given: named errors, raised before anything is computed."""

import numpy as np

from scoring.arrays import Floats


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


class TooFewError(ScoringError):
    """Fewer people, items, groups or steps of a scale than the formula is defined for."""


class SingularError(ScoringError):
    """A matrix that cannot be inverted: what it describes is redundant."""


def require_finite(name: str, values: Floats) -> None:
    """NotFiniteError where any of the values is NaN or infinite; the message begins with the argument's name."""
    wrong = values.size - int(np.count_nonzero(np.isfinite(values)))
    if wrong:
        raise NotFiniteError(f"{name}: {wrong} of {values.size} values are not finite")
