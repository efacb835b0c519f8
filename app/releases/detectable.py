"""What the next wave can show: from the printed gating score of a row (measurement design, 3.10, P2).

Pure functions of releases, so they tell nothing that these do not.
"""

import math
from typing import Final

from app.releases.document.release import Row, Scored
from scoring.gating import CONFIDENCE
from scoring.printed import up
from scoring.student import quantile
from scoring.trend import minimum_detectable_difference

_WHOLE_SCALE: Final = 100


def detectable(row: Row, dimension: str) -> int | None:
    """The smallest change that the next wave finds four times in five if as many answer, in whole points, rounded up.

    Its error is that of the printed anchor score in each wave, which half of the distance between the bounds of its
    gating score gives. A roll-up, and a row on the column's spread, has so many degrees of freedom that they don't
    count. None without a gating score, and where no change on the scale would suffice.
    """
    return between(row, row, dimension)


def between(before: Row, now: Row, dimension: str) -> int | None:
    """The smallest difference that two waves find four times in five, from the printed score of each, rounded up."""
    errors = [_error(row, dimension) for row in (before, now)]
    told = [one for one in errors if one is not None]
    if len(told) < len(errors):
        return None
    found = up(minimum_detectable_difference(math.hypot(*(se for se, _ in told)), sum(df for _, df in told)))
    return found if found <= _WHOLE_SCALE else None


def error_of_difference(before: Row, now: Row, dimension: str) -> float | None:
    """The standard error of the difference of two printed anchor scores, in points; None where one has none."""
    errors = [found[0] for row in (before, now) if (found := _error(row, dimension)) is not None]
    return math.hypot(*errors) if len(errors) == 2 else None


def _error(row: Row, dimension: str) -> tuple[float, float] | None:
    """The error of the printed anchor score and its degrees of freedom; None without a gating score."""
    cell = row.cells.get(dimension)
    anchor = row.anchors.get(dimension, cell) if row.anchors else cell
    if not isinstance(anchor, Scored) or not isinstance(cell, Scored) or anchor.gate is None:
        return None
    own = anchor.gate.own and cell.coverage is None
    df = cell.n - 1 if own and cell.n is not None else math.inf
    half = max(anchor.gate.upper - anchor.score, anchor.score - anchor.gate.lower)
    return half / quantile(CONFIDENCE, df), df
