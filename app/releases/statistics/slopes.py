"""Slopes over four waves or more, from the printed anchor scores of their releases alone (3.10, P13, P16).

Nothing is computed from answers, so a slope tells nothing that the releases did not. Its weights come from the printed
gating scores: their half-width is that of an error without the finite population correction, rounded up.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.releases.document.release import Release, Row, Scored
from scoring.gating import CONFIDENCE
from scoring.printed import half_up, up
from scoring.student import quantile
from scoring.trend import LEAST_WAVES, slope

LEAST_ANSWERS: Final = 20
_DAYS_A_YEAR: Final = 365.25
_Z: Final = 1.96


@dataclass(frozen=True, slots=True)
class Told:
    """The release of a wave, and the ids of the anchors that it asked, by dimension.

    `heirs` has of departments that were merged the one that took them over, where groups are followed through that.
    """

    release: Release
    anchors: Mapping[str, frozenset[str]]
    heirs: Mapping[str, str] = field(default_factory=dict)

    def counterpart(self, row: Row) -> Row | None:
        """The row of the same group of departments as another wave's row; None where there is none."""
        wanted = self._group(row)
        same = self.release.row(row.id)
        if same is not None and self._group(same) == wanted:
            return same
        every = self.release.rows if self.heirs else ()
        return next((one for one in every if self._group(one) == wanted), None)

    def _group(self, row: Row) -> set[str]:
        return {self.heirs.get(one, one) for one in row.departments}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeOf:
    """A dimension's slope in whole points a year, with half of its 95 % interval rounded up, at least 1.

    `scores` are the printed anchor scores, of the waves with these `labels`, oldest first.
    """

    dimension: str
    labels: tuple[str, ...]
    scores: tuple[int, ...]
    slope: int
    half_width: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return abs(self.slope) > self.half_width


@dataclass(frozen=True, slots=True)
class _Point:
    label: str
    year: float
    score: int
    se: float


def slopes(waves: Sequence[Told], row_id: str) -> tuple[SlopeOf, ...]:
    """The slopes of a row of the newest of these waves, which come oldest first, over all waves behind each other.

    Of the organisation, and of departments with 20 answers or more in each wave, as long as they have the same
    departments and a dimension the same anchors. None where these are fewer than four waves.
    """
    newest = waves[-1] if waves else None
    row = None if newest is None else newest.release.row(row_id)
    if newest is None or row is None or row.kind == "pool":
        return ()
    found = []
    for dimension in newest.anchors:
        points = list(_points(waves, row, dimension))[::-1]
        if len(points) >= LEAST_WAVES:
            found.append(_slope(dimension, points))
    return tuple(found)


def _points(waves: Sequence[Told], row: Row, dimension: str) -> Iterator[_Point]:
    """The newest wave and those before it, until one cannot be compared."""
    newest = waves[-1]
    for wave in reversed(waves):
        one = wave.counterpart(row)
        if one is None or wave.anchors.get(dimension) != newest.anchors[dimension]:
            return
        point = _point(wave.release, one, dimension)
        if point is None:
            return
        yield point


def _point(release: Release, row: Row, dimension: str) -> _Point | None:
    cell = row.cells.get(dimension)
    anchor = row.anchors.get(dimension, cell) if row.anchors else cell
    if not isinstance(anchor, Scored) or not isinstance(cell, Scored) or anchor.gate is None:
        return None
    n = cell.n
    if row.kind == "unit" and (n is None or n < LEAST_ANSWERS):
        return None
    half = max(anchor.gate.upper - anchor.score, anchor.score - anchor.gate.lower)
    df = math.inf if row.kind != "unit" or n is None else n - 1
    opened = date.fromisoformat(release.wave.opened_on)
    return _Point(release.wave.label, opened.toordinal() / _DAYS_A_YEAR, anchor.score, half / quantile(CONFIDENCE, df))


def _slope(dimension: str, points: Sequence[_Point]) -> SlopeOf:
    found = slope([one.year for one in points], [float(one.score) for one in points], [one.se for one in points])
    scattered = found.se * max(1.0, math.sqrt(found.scatter))
    return SlopeOf(
        dimension=dimension,
        labels=tuple(one.label for one in points),
        scores=tuple(one.score for one in points),
        slope=half_up(found.slope),
        half_width=max(1, up(_Z * scattered)),
    )
