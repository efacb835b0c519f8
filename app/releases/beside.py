"""Puts what is told beside scores into a release: shares, don't-know rates, agreement, camps, and how questions work.

Everything is taken from the plans of `releases.tallies`, so a row gets what its plans tell of it and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.releases.agreement import agreements, camps, quality
from app.releases.document import Cell, Release, Row, Scored
from app.releases.figures import Agreement, Camps, ItemHead, Share, Shares
from app.releases.planning import PlannedWave
from app.releases.shares import dimension_shares, dimension_unknown, item_shares, item_unknown
from surveys.model import Item


def with_figures(release: Release, wave: PlannedWave) -> Release:
    """The release with everything that is told beside its scores."""
    figures = _Figures(
        wave,
        {name: item_shares(one) for name, one in wave.items.items()},
        {name: item_unknown(one) for name, one in wave.items.items()},
        {name: agreements(one) for name, one in wave.complete.items()},
        {name: camps(one) for name, one in wave.survey.own.items()},
    )
    rows = tuple(figures.of(row) for row in release.rows)
    return replace(
        release,
        rows=rows,
        items=_heads(wave),
        quality=tuple(quality(one, wave.complete[name]) for name, one in wave.survey.own.items()),
        certificate=replace(release.certificate, shares_published=sum(len(row.items) for row in rows)),
    )


def _heads(wave: PlannedWave) -> tuple[ItemHead, ...]:
    asked = {key for key, one in wave.modules.items() if key in wave.module_of.values()}
    columns = [*wave.survey.own.values(), *(one for key, one in wave.modules.items() if key in asked)]
    return tuple(
        ItemHead(id=item.id, column=one.column.id, text=item.text) for one in columns for item in one.column.items
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    wave: PlannedWave
    shares: Mapping[str, Mapping[str, Shares]]
    unknown: Mapping[str, Mapping[str, Share]]
    agreements: Mapping[str, Mapping[str, Agreement]]
    camps: Mapping[str, Mapping[str, Camps]]

    def of(self, row: Row) -> Row:
        """A row with its figures."""
        items = {name: told[row.id] for name, told in self.shares.items() if row.id in told}
        unknown = {name: told[row.id] for name, told in self.unknown.items() if row.id in told}
        cells = {name: self._cell(row.id, name, one, items, unknown) for name, one in row.cells.items()}
        return replace(row, cells=cells, items=items, unknown=unknown)

    def _cell(
        self, row_id: str, name: str, cell: Cell, items: Mapping[str, Shares], unknown: Mapping[str, Share]
    ) -> Cell:
        if not isinstance(cell, Scored):
            return cell
        asked = self._asked(name)
        return replace(
            cell,
            shares=dimension_shares(asked, items),
            unknown=dimension_unknown(asked, unknown),
            # Where all answers are alike a cell looks like one whose spread is not told (P7), and so do these.
            agreement=None if cell.n is None else self.agreements.get(name, {}).get(row_id),
            camps=None if cell.n is None else self.camps.get(name, {}).get(row_id),
        )

    def _asked(self, name: str) -> tuple[Item, ...]:
        """The questions of a column."""
        if name in self.wave.survey.own:
            return self.wave.survey.own[name].column.items
        return next(one.column.items for one in self.wave.modules.values() if one.column.id == name)
