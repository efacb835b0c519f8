"""A row beside the whole organisation: the distance of two printed scores, and whether it is clear (5.1, P7).

Pure functions of a release, so they tell nothing that it does not.
"""

from dataclasses import dataclass

from app.releases.document.figures import Bound
from app.releases.document.release import Scored
from app.releases.document.words import CLEAR_POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """`points` is the printed score minus the organisation's; `bound` says that a clipped score lies beyond.

    `clear`: their 95 % intervals lie apart and the distance is at least 5 points; None without both intervals.
    """

    points: int
    bound: Bound
    clear: bool | None


def distance(own: Scored, whole: Scored) -> Distance | None:
    """How far a score lies from the organisation's; None where both are clipped, so that nobody can tell."""
    if own.bound and whole.bound:
        return None
    points, lie_apart = own.score - whole.score, apart(own, whole)
    turned: dict[Bound, Bound] = {"": "", ">=": "<=", "<=": ">="}
    return Distance(
        points=points,
        bound=own.bound or turned[whole.bound],
        clear=None if lie_apart is None else lie_apart and abs(points) >= CLEAR_POINTS,
    )


def apart(one: Scored, other: Scored) -> bool | None:
    """Whether two printed intervals lie apart; None when either is missing."""
    if one.interval is None or other.interval is None:
        return None
    return one.interval[1] < other.interval[0] or other.interval[1] < one.interval[0]
