"""Gating scores: what can be relied on, from anchor questions, for every row (measurement design, 2.5, P2, P13, P14).

They are computed from the printed score and from the spread that may be told of the row: its own where it is a union of
sets that have one, else that of the column, and then with the used responses in place of the number of valid answers.
So they are functions of totals that the release tells of anyway; whether an agent may act is decided elsewhere (P18).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from app.releases.document.figures import Camps, Gate
from app.releases.document.release import Cell, Release, Row, Scored
from app.releases.statistics.agreement import camps
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.planning import PlannedWave
from app.releases.statistics.shares import dimension_unknown
from scoring.gating import CONFIDENCE, printed_bounds
from scoring.student import quantiles

_GATED = ("trust", "readiness")


def with_gates(release: Release, wave: PlannedWave) -> Release:
    """The release with gating scores, and with what else gates ask of the anchors: don't-know rates and camps."""
    gated = [one.id for one in wave.survey.instrument.dimensions if one.block in _GATED]
    pulse = wave.survey.form == "pulse"
    stored = {name: wave.survey.own[name] if pulse else wave.anchors.get(name) for name in gated}
    told = {name: one for name, one in stored.items() if one is not None}
    of_camps = {} if pulse else dict(zip(told, camps(list(told.values())), strict=True))
    columns = {name: _Gated(one, of_camps.get(name, {})) for name, one in told.items()}
    return replace(release, rows=tuple(_row(row, columns, pulse=pulse) for row in release.rows))


def _row(row: Row, columns: Mapping[str, "_Gated"], *, pulse: bool) -> Row:
    cells = row.cells if pulse else row.anchors
    told = {name: columns[name].gated(row, cell, pulse=pulse) for name, cell in cells.items() if name in columns}
    return replace(row, cells={**cells, **told}) if pulse else replace(row, anchors={**cells, **told})


@dataclass(frozen=True)
class _Gated:
    """The anchor column of a dimension, and its camps by row."""

    column: PlannedColumn
    camps: Mapping[str, Camps]

    def gated(self, row: Row, cell: Cell, *, pulse: bool) -> Cell:
        """A cell with its bounds; in the full form, where it is one of the anchors, with the don't-know rate of these
        and, where the row's own spread is told, its camps."""
        if not isinstance(cell, Scored):
            return cell
        half, own = self._halves.get(row.id, (math.nan, False))
        gate = None if math.isnan(half) else _gate(cell.score, half, own=own)
        if pulse:
            return replace(cell, gate=gate)
        told = self.camps.get(row.id) if gate is not None and gate.own else None
        unknown = dimension_unknown(self.column.column.items, row.unknown) if row.unknown else None
        return replace(cell, gate=gate, unknown=unknown, camps=told)

    @cached_property
    def _halves(self) -> Mapping[str, tuple[float, bool]]:
        """Half of the distance between the bounds of each row, NaN where it has none, and whether it is of its own
        spread. Where all answers are alike, the bounds look like those of a row whose spread is not told."""
        process, lent = self.column.process, self.column.lent.found
        told = np.array([name not in self.column.unnumbered for name in process.names], dtype=np.bool_)
        own = process.found.own & told & ~np.isnan(process.found.df)
        mine, other = (quantiles(CONFIDENCE, one.df) * one.se for one in (process.found, lent))
        halves = np.where(own, mine, other).tolist()
        return dict(zip(process.names, zip(halves, own.tolist(), strict=True), strict=True))


def _gate(score: int, half: float, *, own: bool) -> Gate:
    found = printed_bounds(score, half_width=half)
    return Gate(lower=found.lower, upper=found.upper, own=own)
