"""Words for numbers: bands of the level and grades of precision (measurement design, 3.2, P16)."""

import math
from typing import Final, Literal

import numpy as np

from scoring.arrays import Floats
from scoring.errors import NotFiniteError, OutsideScaleError

Band = Literal["low", "emerging", "developing", "strong", "leading"]
Grade = Literal["A", "B", "C", "D"]
Level = Literal["very_strong", "strong", "moderate", "weak"]

BANDS: Final[tuple[tuple[Band, int, int], ...]] = (
    ("low", 0, 39),
    ("emerging", 40, 54),
    ("developing", 55, 69),
    ("strong", 70, 84),
    ("leading", 85, 100),
)
_GRADES: Final[tuple[tuple[Grade, float], ...]] = (("A", 5), ("B", 10), ("C", 15))
_LEVELS: Final[tuple[tuple[Level, float], ...]] = (("very_strong", 0.90), ("strong", 0.70), ("moderate", 0.50))
_ROUNDING = 1e-9


def band(score: int) -> Band:
    """The band of a printed score, 0..100. OutsideScaleError beyond."""
    _refuse_no_score(score)
    return next(name for name, _, highest in BANDS if score <= highest)


def border_band(score: int, half_width: float) -> Band | None:
    """The neighbouring band that the interval round a printed score reaches into, or None.

    Where it reaches into both neighbours, the nearer one; at equal distance the lower one, to be careful.
    OutsideScaleError for a score beyond 0..100, and as `grade` for the half-width.
    """
    _refuse_no_score(score)
    _refuse_no_width(half_width)
    place = next(i for i, (_, lowest, highest) in enumerate(BANDS) if lowest <= score <= highest)
    _, lowest, highest = BANDS[place]
    distances: list[tuple[int, Band]] = []
    if place > 0:
        distances.append((score - lowest + 1, BANDS[place - 1][0]))
    if place < len(BANDS) - 1:
        distances.append((highest + 1 - score, BANDS[place + 1][0]))
    reached = [(distance, name) for distance, name in distances if distance <= half_width + _ROUNDING]
    return min(reached, key=lambda one: one[0])[1] if reached else None


def grade(half_width: float) -> Grade:
    """A up to 5 points of half-width, B up to 10, C up to 15, D beyond.

    NotFiniteError for NaN, OutsideScaleError for a negative half-width.
    """
    _refuse_no_width(half_width)
    return next((name for name, most in _GRADES if half_width <= most + _ROUNDING), "D")


def grades(half_widths: Floats) -> list[Grade]:
    """`grade` of each of many. Errors as there."""
    if np.isnan(half_widths).any():
        raise NotFiniteError("half-widths: one is NaN")
    if (half_widths < 0).any():
        raise OutsideScaleError("half-widths: one is negative")
    names: list[Grade] = [*(name for name, _ in _GRADES), "D"]
    places = np.searchsorted([most + _ROUNDING for _, most in _GRADES], half_widths)
    return [names[place] for place in places.tolist()]


def level(value: float) -> Level:
    """The key of the word for an r_wg, r_wg(J) or r*_wg: over .90, .70, .50 (LeBreton and Senter 2008).

    NotFiniteError for NaN and infinity, OutsideScaleError above 1.
    """
    if not math.isfinite(value):
        raise NotFiniteError(f"agreement: {value} is no coefficient")
    if value > 1 + _ROUNDING:
        raise OutsideScaleError(f"agreement: {value} is above 1")
    return next((name for name, above in _LEVELS if value > above + _ROUNDING), "weak")


def _refuse_no_score(score: int) -> None:
    if not 0 <= score <= BANDS[-1][2]:
        raise OutsideScaleError(f"score: {score} is outside 0..100")


def _refuse_no_width(half_width: float) -> None:
    if math.isnan(half_width):
        raise NotFiniteError("half-width: NaN is no number of points")
    if half_width < 0:
        raise OutsideScaleError(f"half-width: {half_width} is negative")
