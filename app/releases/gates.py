"""Gating scores: what can be relied on, from anchor questions, for every row (measurement design, 2.5, P2, P13, P14).

They are computed from the printed score and from the spread that may be told of the row: its own where it is a union of
sets that have one, else that of the column, and then with the used responses in place of the number of valid answers.
So they are functions of totals that the release tells of anyway; whether an agent may act is decided elsewhere (P18).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from app.releases.agreement import camps
from app.releases.document import Cell, Release, Row, Scored
from app.releases.estimate import PlannedColumn, Rolled
from app.releases.figures import Camps, Gate
from app.releases.planning import PlannedWave
from app.releases.shares import dimension_unknown
from scoring.gating import printed_bounds

_GATED = ("trust", "readiness")


def with_gates(release: Release, wave: PlannedWave) -> Release:
    """The release with gating scores, and with what else gates ask of the anchors: don't-know rates and camps."""
    gated = [one.id for one in wave.survey.instrument.dimensions if one.block in _GATED]
    pulse = wave.survey.form == "pulse"
    columns = {name: _Gated(wave.survey.own[name] if pulse else wave.anchors.get(name)) for name in gated}
    return replace(release, rows=tuple(_row(row, columns, pulse=pulse) for row in release.rows))


def _row(row: Row, columns: Mapping[str, "_Gated"], *, pulse: bool) -> Row:
    if pulse:
        return replace(row, cells={name: _gated(row.id, one, columns.get(name)) for name, one in row.cells.items()})
    cells = {name: _gated(row.id, one, columns.get(name)) for name, one in row.anchors.items()}
    told = {name: columns[name].beside(row, cell) for name, cell in cells.items() if name in columns}
    return replace(row, anchors={**cells, **told})


def _gated(row_id: str, cell: Cell, column: "_Gated | None") -> Cell:
    if column is None or not isinstance(cell, Scored):
        return cell
    return replace(cell, gate=column.gate(row_id, cell.score))


@dataclass(frozen=True)
class _Gated:
    """The anchor column of a dimension, None where it is withheld."""

    column: PlannedColumn | None

    def gate(self, row_id: str, score: int) -> Gate | None:
        """The bounds of a printed score of a row."""
        if self.column is None:
            return None
        own = self.column.process.get(row_id)
        # Where all answers are alike, the bounds look like those of a row whose spread is not told.
        if own is not None and own.own and own.df is not None and row_id not in self.column.unnumbered:
            return _bounds(score, own, own=True)
        lent = self.column.lent.get(row_id)
        return None if lent is None else _bounds(score, lent, own=False)

    def beside(self, row: Row, cell: Cell) -> Cell:
        """The cell of the anchors with its don't-know rate and, where its own spread is told, its camps."""
        if self.column is None or not isinstance(cell, Scored):
            return cell
        told = self._camps.get(row.id) if cell.gate is not None and cell.gate.own else None
        return replace(cell, unknown=dimension_unknown(self.column.column.items, row.unknown), camps=told)

    @cached_property
    def _camps(self) -> Mapping[str, Camps]:
        return {} if self.column is None else camps(self.column)


def _bounds(score: int, rolled: Rolled, *, own: bool) -> Gate | None:
    if rolled.df is None:
        return None
    found = printed_bounds(score, se=rolled.se, df=rolled.df)
    return Gate(lower=found.lower, upper=found.upper, own=own)
