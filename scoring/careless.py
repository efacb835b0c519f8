"""Signs of careless answering, and who is left out for them (measurement design, 1.8, P10, P16, P19).

The sheet keeps one byte of signs, made when it is sent, because page times and the order of items end there. Scoring
reads that byte at the close. The indices behind it are here for whole matrices, for method reports and tests.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scoring.arrays import Answers, Flags, Floats, Integers
from scoring.errors import MisfitError, NotCountsError, OutsideScaleError, TooFewError, require_finite

IRV_FROM: Final = 3
OUTLIER_LEVEL: Final = 0.999
PEOPLE_PER_ITEM: Final = 5
MANY_SIGNS: Final = 3
MOST_EXCLUDED_PERCENT: Final = 10
_CHUNK = 65_536
_SINGULAR = 1e-6

KEPT: Final = 0
ATTENTION_AND_FAST: Final = 1
FAST_AND_LONGSTRING: Final = 2
SEVERAL_SIGNS: Final = 3

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bits:
    """Which bit of the sheet's byte has which sign; the questionnaire's side owns the numbers."""

    attention: int
    fast: int
    longstring: int
    longstring_high: int
    low_variance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Who is left out: `excluded` and the `reason` code of each sheet, shape (people,).

    `alert` says that more than 10 % would have been left out, so that nobody was; `reason` still has their codes.
    """

    excluded: Flags
    reason: Bytes
    alert: bool


def screening(flags: Bytes, *, bits: Bits, attention_asked: bool, outliers: Flags | None = None) -> Screening:
    """Who of a wave is left out, from the signs of each sheet, shape (people,).

    Left out is who missed the attention item and was fast (code 1), who was fast and whose longest run is 80 % of the
    answers or more (2), or who has at least 3 of the signs attention, fast, longstring (60 %), low variance and outlier
    (3); the first reason that applies counts. Where the form has no attention item (pulse) its sign is not looked at.
    `outliers` comes from `multivariate_outliers`, None where that can't be computed. If more than 10 % of the wave
    would be left out, nobody is, and there is an alert. MisfitError where the shapes do not fit.
    """
    if flags.ndim != 1 or (outliers is not None and outliers.shape != flags.shape):
        raise MisfitError(f"flags {flags.shape} and outliers {None if outliers is None else outliers.shape} do not fit")
    attention = _has(flags, bits.attention) & attention_asked
    fast = _has(flags, bits.fast)
    signs = [attention, fast, _has(flags, bits.longstring), _has(flags, bits.low_variance)]
    if outliers is not None:
        signs.append(outliers)
    number = np.sum(signs, axis=0)
    reason = np.where(number >= MANY_SIGNS, SEVERAL_SIGNS, KEPT).astype(np.uint8)
    reason[fast & _has(flags, bits.longstring_high)] = FAST_AND_LONGSTRING
    reason[attention & fast] = ATTENTION_AND_FAST
    excluded = reason != KEPT
    alert = 100 * int(np.count_nonzero(excluded)) > MOST_EXCLUDED_PERCENT * excluded.size
    return Screening(excluded=excluded & (not alert), reason=reason, alert=alert)


def told_number(excluded: int, *, k: int) -> int | None:
    """The number of people left out as it may be told for the whole organisation: 0 or at least `k`, otherwise None."""
    if excluded < 0:
        raise NotCountsError(f"excluded: {excluded} is negative")
    return excluded if excluded == 0 or excluded >= k else None


def largest_shift(kept: Floats, everybody: Floats, *, excluded: int, k: int) -> float | None:
    """The largest absolute difference, in points, between cells without and with those left out, shape (cells,).

    None where fewer than `k` people were left out (P10), or where no cell has both values; NaN is no cell. MisfitError
    where the shapes do not fit, OutsideScaleError for a mean outside 0..100 (infinite ones too).
    """
    if kept.shape != everybody.shape:
        raise MisfitError(f"kept {kept.shape} and everybody {everybody.shape} do not fit")
    for name, cells in (("kept", kept), ("everybody", everybody)):
        if ((cells < 0) | (cells > 100)).any():
            raise OutsideScaleError(f"{name}: a mean is outside 0..100")
    shifts = np.abs(kept - everybody)
    shifts = shifts[~np.isnan(shifts)]
    if excluded < k or not shifts.size:
        return None
    return float(shifts.max())


def longest_runs(presented: Answers, *, left_out: int = 0) -> Integers:
    """The longest run of one code in each row, shape (people,); 0 for a row without any.

    `presented` has the codes in the order in which the person saw the items, shape (people, items); entries that are
    `left_out` (skipped) are passed over, so that a run goes on behind them. "Don't know" and "no experience" are codes
    like others. Source: the longstring index of Johnson (2005).
    """
    if presented.ndim != 2:
        raise MisfitError(f"presented {presented.shape} has no rows and columns")
    people, items = presented.shape
    last = np.full(people, left_out, dtype=presented.dtype)
    run, longest = np.zeros(people, dtype=np.intp), np.zeros(people, dtype=np.intp)
    for item in range(items):
        code = presented[:, item]
        given = code != left_out
        run = np.where(given, np.where(code == last, run + 1, 1), run)
        last = np.where(given, code, last)
        longest = np.maximum(longest, run)
    return longest


def intra_individual_variability(answers: Answers) -> Floats:
    """The standard deviation (n - 1) of each person's answers, in steps of the scale, shape (people,).

    `answers` has 1..P and 0 for a missing one, shape (people, items). NaN below 3 answers (P16). Source: the IRV of
    Dunn and others (2018).
    """
    if answers.ndim != 2:
        raise MisfitError(f"answers {answers.shape} has no rows and columns")
    n = np.count_nonzero(answers, axis=1)
    total = answers.sum(axis=1, dtype=np.int64)
    squares = np.einsum("ij,ij->i", answers, answers, dtype=np.int64)
    # Whole numbers up to the last step, so that people who always choose one answer have exactly 0.
    above = (n * squares - total**2).astype(np.float64)
    found: Floats = np.sqrt(above / np.maximum(n * (n - 1), 1))
    found[n < IRV_FROM] = np.nan
    return found


def squared_distances(answers: Answers, group: Integers, *, groups: int) -> Floats | None:
    """The squared Mahalanobis distance of each complete answer vector, shape (people,); NaN for incomplete ones.

    D2 = (x - m)' S^-1 (x - m), m the mean of the person's group and S pooled within the groups (divisor: complete
    people minus groups that have any). The groups are strata that may have a spread of their own (P3). None where
    there are fewer than 5 complete people an item, or S is singular (smallest eigenvalue of its correlations below
    1e-6): the sign is skipped then. MisfitError where the shapes do not fit, NotCountsError for a group outside
    0..groups - 1. Source: Mahalanobis (1936).
    """
    if answers.ndim != 2 or group.shape != answers.shape[:1]:
        raise MisfitError(f"answers {answers.shape} and group {group.shape} do not fit")
    if ((group < 0) | (group >= groups)).any():
        raise NotCountsError(f"group: a number is outside 0..{groups - 1}")
    complete = np.flatnonzero((answers > 0).all(axis=1))
    items = answers.shape[1]
    if not items or complete.size < PEOPLE_PER_ITEM * items:
        return None
    means, used = _group_means(answers[complete], group[complete], groups)
    if complete.size == used:
        return None
    s = np.zeros((items, items))
    for rows in np.array_split(complete, -(-complete.size // _CHUNK)):
        apart = answers[rows] - means[group[rows]]
        s += apart.T @ apart
    s /= complete.size - used
    scale = np.sqrt(np.diag(s))
    if not scale.all() or np.linalg.eigvalsh(s / np.outer(scale, scale))[0] < _SINGULAR:
        return None
    inverse = np.linalg.inv(s)
    found = np.full(answers.shape[0], np.nan)
    for rows in np.array_split(complete, -(-complete.size // _CHUNK)):
        apart = answers[rows] - means[group[rows]]
        found[rows] = np.einsum("ij,jk,ik->i", apart, inverse, apart, optimize=True)
    return found


def multivariate_outliers(distances: Floats, *, items: int) -> Flags:
    """Whose squared distance lies beyond the .999 quantile of chi-squared with `items` degrees of freedom.

    NaN is nobody's sign. TooFewError without an item.
    """
    if items < 1:
        raise TooFewError(f"items: {items}, at least 1 is needed")
    require_finite("distances", distances[~np.isnan(distances)])
    # scipy takes a second to import; who only reads releases should not pay for it.
    from scipy.special import chdtri

    found: Flags = distances > float(chdtri(items, 1 - OUTLIER_LEVEL))
    return found


def _has(flags: Bytes, bit: int) -> Flags:
    found: Flags = (flags & bit) != 0
    return found


def _group_means(answers: Answers, group: Integers, groups: int) -> tuple[Floats, int]:
    """Means of shape (groups, items), 0 for an empty group, and the number of groups that are not empty."""
    n = np.bincount(group, minlength=groups)
    columns = [np.bincount(group, weights=column, minlength=groups) for column in answers.T]
    means: Floats = np.stack(columns, axis=1) / np.maximum(n, 1)[:, None]
    return means, int(np.count_nonzero(n))
