"""The rows of a heatmap in the order that was asked for. Hidden cells come last and say nothing by their place."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.explore.looking import ARRANGED, FIRST, INDICES, REORDERED, Looking
from app.releases.document.release import Release, Row, Scored
from scoring.seriation import leaf_order

Rank = Callable[[Row], int | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row where it stands: `depth` as it is drawn, and the name of the row above where that one is not drawn."""

    row: Row
    depth: int
    within: str = ""


def placed(release: Release, looking: Looking, first: Release | None = None) -> tuple[Placed, ...]:
    """All rows but the organisation's. `first` is the release of the first wave, for the order that keeps to it.

    Departments are ordered among those of the same parent, so that parts stay below their whole. "Reordered" knows no
    wholes: it lays the finest rows beside those they are most alike.
    """
    if looking.column == REORDERED:
        return _reordered(release)
    below: dict[str | None, list[Row]] = defaultdict(list)
    for row in release.rows[1:]:
        below[row.parent].append(row)
    return tuple(_down(below, release.organisation.id, looking, _rank(looking, first)))


def _down(
    below: Mapping[str | None, Sequence[Row]], parent: str, looking: Looking, rank: Rank | None
) -> Iterator[Placed]:
    for row in _sorted(below.get(parent, ()), rank, rising=looking.rising):
        yield Placed(row, min(row.depth, 4))
        if row.id in looking.unfolded:
            yield from _down(below, row.id, looking, rank)


def _sorted(rows: Sequence[Row], rank: Rank | None, *, rising: bool) -> Sequence[Row]:
    if rank is None:
        return rows
    told = [(value, row) for row in rows if (value := rank(row)) is not None]
    in_order = sorted(told, key=lambda one: one[0] if rising else -one[0])
    return [*(row for _, row in in_order), *(row for row in rows if rank(row) is None)]


def _rank(looking: Looking, first: Release | None) -> Rank | None:
    """By what rows are ordered; None for the order of the department tree."""
    column = looking.column
    if column == FIRST:
        before = {row.id: row for row in first.rows} if first else {}
        return lambda row: _both(before[row.id]) if row.id in before else None
    if column in INDICES:
        return lambda row: (row.trust if column == "trust" else row.readiness).score
    return None if column == ARRANGED else lambda row: _score(row, column)


def _both(row: Row) -> int | None:
    """Trust and readiness of the first wave together, where both are told."""
    if row.trust.score is None or row.readiness.score is None:
        return None
    return row.trust.score + row.readiness.score


def _score(row: Row, column: str) -> int | None:
    cell = row.cells.get(column)
    return cell.score if isinstance(cell, Scored) else None


def _reordered(release: Release) -> tuple[Placed, ...]:
    parents = {row.parent for row in release.rows}
    finest = [row for row in release.rows[1:] if row.id not in parents]
    names = {row.id: row.name for row in release.rows[1:]}
    scores = tuple(tuple(_score(row, head.id) for head in release.dimensions) for row in finest)
    return tuple(Placed(finest[place], 1, names.get(finest[place].parent or "", "")) for place in _likest(scores))


@lru_cache(maxsize=32)
def _likest(scores: tuple[tuple[int | None, ...], ...]) -> tuple[int, ...]:
    """The places of rows of scores, each beside those it is most like. It takes long for hundreds of rows."""
    values = np.array([[np.nan if one is None else one for one in row] for row in scores], dtype=float)
    return tuple(leaf_order(values.reshape(len(scores), -1)))
