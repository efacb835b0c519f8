"""Puts what is told beside scores into a release: shares, don't-know rates, agreement, camps, and how questions work.

Everything is taken from the plans of `releases.tallies`, so a row gets what its plans tell of it and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from app.releases.document.figures import Agreement, Camps, ItemHead, Share, Shares
from app.releases.document.release import Release, Row
from app.releases.statistics.agreement import agreements, camps, qualities
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.planning import PlannedWave
from app.releases.statistics.printed import Beside
from app.releases.statistics.shares import dimension_shares, item_shares, item_unknown, unknown_by_row


@dataclass(frozen=True)
class Figures:
    """What is told of a wave beside its scores."""

    wave: PlannedWave

    @cached_property
    def shares(self) -> Mapping[str, Mapping[str, Shares]]:
        """The shares of each question, by its id and by row."""
        return item_shares(list(self.wave.items.values()))

    @cached_property
    def unknown(self) -> Mapping[str, Mapping[str, Share]]:
        """Each question's share of those who did not know, by its id and by row."""
        return item_unknown(list(self.wave.items.values()))

    @cached_property
    def agreement(self) -> Mapping[str, Mapping[str, Agreement]]:
        """How far people agree, by column and by row."""
        complete = self.wave.complete
        return dict(zip(complete, agreements(list(complete.values())), strict=True))

    @cached_property
    def camps(self) -> Mapping[str, Mapping[str, Camps]]:
        """Whether the scores fall into two camps, by column and by row."""
        own = self.wave.survey.own
        return dict(zip(own, camps(list(own.values())), strict=True))

    def of(self, planned: PlannedColumn) -> Beside:
        """What is told beside the scores of a column."""
        column = planned.column
        return Beside(
            shares=dimension_shares(column.items, self.shares),
            unknown=unknown_by_row(column.items, self.unknown),
            agreement=self.agreement.get(column.id, {}),
            camps=self.camps.get(column.id, {}),
        )

    def added_to(self, release: Release) -> Release:
        """The release with the shares of its questions, and with how these work."""
        rows = tuple(self._row(row) for row in release.rows)
        own, complete = self.wave.survey.own, self.wave.complete
        return replace(
            release,
            rows=rows,
            items=_heads(self.wave),
            quality=qualities([(one, complete[name]) for name, one in own.items()]),
            certificate=replace(release.certificate, shares_published=sum(len(row.items) for row in rows)),
        )

    def _row(self, row: Row) -> Row:
        items = {name: told[row.id] for name, told in self.shares.items() if row.id in told}
        unknown = {name: told[row.id] for name, told in self.unknown.items() if row.id in told}
        return replace(row, items=items, unknown=unknown)


def _heads(wave: PlannedWave) -> tuple[ItemHead, ...]:
    asked = {key for key, one in wave.modules.items() if key in wave.module_of.values()}
    columns = [*wave.survey.own.values(), *(one for key, one in wave.modules.items() if key in asked)]
    return tuple(
        ItemHead(id=item.id, column=one.column.id, text=item.text) for one in columns for item in one.column.items
    )
