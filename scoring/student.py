"""Student's t, with infinitely many degrees of freedom for the normal distribution."""

import math
from functools import lru_cache

import numpy as np

from scoring.arrays import Floats


@lru_cache(maxsize=65_536)
def quantile(probability: float, df: float) -> float:
    """The t below which a share `probability` lies. A release asks for the same ones many times."""
    # scipy takes a second to import; the web process, which never computes, should not pay for it.
    from scipy.special import ndtri, stdtrit

    return float(ndtri(probability)) if math.isinf(df) else float(stdtrit(df, probability))


def quantiles(probability: float, df: Floats) -> Floats:
    """`quantile` for each of many degrees of freedom, NaN for those of NaN."""
    from scipy.special import ndtri, stdtrit

    found: Floats = np.where(np.isinf(df), ndtri(probability), stdtrit(np.where(np.isinf(df), 1.0, df), probability))
    return found


def two_sideds(t: Floats, df: Floats) -> Floats:
    """`two_sided` for each of many t."""
    from scipy.special import ndtr, stdtr

    away = -np.abs(t)
    found: Floats = 2 * np.where(np.isinf(df), ndtr(away), stdtr(np.where(np.isinf(df), 1.0, df), away))
    return found


def two_sided(t: float, df: float) -> float:
    """The probability of a t at least as far from 0, in either direction."""
    from scipy.special import ndtr, stdtr

    return 2 * (float(ndtr(-abs(t))) if math.isinf(df) else float(stdtr(df, -abs(t))))
