"""Rare errors in checked cases: the exact upper bound, and how many cases prove a tolerance (MEASUREMENT.md 2.7)."""

import math
from typing import Final

from scoring.errors import NotCountsError, OutsideScaleError

LEVEL: Final = 0.95
_ROUNDING = 1e-12


def upper_bound(errors: int, cases: int, *, level: float = LEVEL) -> float:
    """The one-sided upper bound of an error rate, 0 to 1: `errors` were found in `cases` that were checked.

    Clopper and Pearson (1934): BetaInv(level, x + 1, n - x), the rate at which x errors or fewer still happen with a
    probability of 1 - level. Without a case, or where every case is an error, nothing is excluded: 1 (P16).
    NotCountsError for negative numbers or more errors than cases; OutsideScaleError for a level not between 0 and 1.
    """
    _refuse_bad_counts(errors, cases)
    _refuse_no_share("level", level)
    if errors == cases:
        return 1.0
    if not errors:
        return -math.expm1(math.log1p(-level) / cases)
    # scipy takes a second to import; who only reads releases should not pay for it.
    from scipy.special import betaincinv

    return float(betaincinv(errors + 1, cases - errors, level))


def required_cases(tolerance: float, *, errors: int = 0, level: float = LEVEL) -> int:
    """The smallest number of checked cases with `errors` errors whose upper bound is at most `tolerance`, 0 to 1.

    Without an error it is ceil(ln(1 - level) / ln(1 - tolerance)): 59, 299 and 1497 for 5, 1 and 0.2 % (2.7).
    OutsideScaleError for a tolerance or level not between 0 and 1; NotCountsError for negative errors.
    """
    _refuse_no_share("tolerance", tolerance)
    _refuse_no_share("level", level)
    _refuse_bad_counts(errors, errors)
    if not errors:
        return max(1, math.ceil(math.log1p(-level) / math.log1p(-tolerance) - _ROUNDING))
    too_few, enough = errors, 2 * errors
    while upper_bound(errors, enough, level=level) > tolerance:
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if upper_bound(errors, middle, level=level) > tolerance:
            too_few = middle
        else:
            enough = middle
    return enough


def _refuse_bad_counts(errors: int, cases: int) -> None:
    if not 0 <= errors <= cases:
        raise NotCountsError(f"{errors} errors in {cases} cases: errors are counted from 0 up to the number of cases")


def _refuse_no_share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise OutsideScaleError(f"the {name} {value} is not between 0 and 1")
