"""The changes of all rows and columns, with p values adjusted in two families: departments and pools, and the whole."""

from collections.abc import Mapping

from app.releases.document.release import Change, NoChange
from app.releases.plan.coarsening import ORGANISATION
from app.releases.statistics.change import Compared, family

Changes = Mapping[str, Mapping[str, Change | NoChange]]
"""By column and row."""


def tested(found: Mapping[str, Mapping[str, Compared | NoChange]]) -> dict[str, dict[str, Change | NoChange]]:
    """What was compared, by column and row, as changes; where nothing was, the reason stays."""
    families: tuple[dict[tuple[str, str], Compared], dict[tuple[str, str], Compared]] = ({}, {})
    told: dict[str, dict[str, Change | NoChange]] = {}
    for dimension, of in found.items():
        told[dimension] = {row: one for row, one in of.items() if isinstance(one, NoChange)}
        for row, one in of.items():
            if not isinstance(one, NoChange):
                families[row == ORGANISATION][dimension, row] = one
    for members in families:
        for (dimension, row), change in zip(members, family(list(members.values())), strict=True):
            told[dimension][row] = change
    return told
