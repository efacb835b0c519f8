"""Trust beside readiness: where a department stands on the executive page (measurement design, 2.6)."""

from dataclasses import dataclass
from typing import Final, Literal

from scoring.errors import OutsideScaleError

CUT: Final = 60

Quadrant = Literal["proceed", "enable_first", "win_trust", "prepare"]
Border = Literal["clear", "near", "not_told"]

_QUADRANTS: Final[dict[tuple[bool, bool], Quadrant]] = {
    (True, True): "proceed",
    (True, False): "enable_first",
    (False, True): "win_trust",
    (False, False): "prepare",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRange:
    """A printed index, 0 to 100, with its interval or the expected one of a small group; None where none is told.

    OutsideScaleError where the index is outside 0..100 or outside its interval.
    """

    score: int
    interval: tuple[int, int] | None

    def __post_init__(self) -> None:
        low, high = self.interval or (self.score, self.score)
        if not 0 <= low <= self.score <= high <= 100:
            raise OutsideScaleError(f"index {self.score} with interval {low}..{high} is not inside 0..100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The quadrant, and whether an interval reaches over a cut; "not_told" where an interval is missing."""

    quadrant: Quadrant
    border: Border


def position(*, trust: IndexRange, readiness: IndexRange, cut: int = CUT) -> Position:
    """The quadrant of two printed indices; an index at the cut counts as high.

    High trust and low readiness is "enable_first", the quadrant of over-trust; low and high is "win_trust".
    """
    axes = (trust, readiness)
    if any(axis.interval is not None and axis.interval[0] < cut <= axis.interval[1] for axis in axes):
        border: Border = "near"
    else:
        border = "not_told" if any(axis.interval is None for axis in axes) else "clear"
    return Position(quadrant=_QUADRANTS[trust.score >= cut, readiness.score >= cut], border=border)
