"""Secondary attributes: plain margins of the whole organisation beside the departments (measurement design, P9).

A margin is what all people of the organisation who gave one answer, for example "I lead a team", say together. Beside
the departments it could single somebody out: the one person of a department who leads a team is what is left of it. A
margin is told only where no such difference rests on fewer people than a cross-cut needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from app.releases.document.release import Cell, Hidden, Margin, MarginGroup, NoChange
from app.releases.plan.coarsening import strata
from app.releases.statistics.columns import Sheets, people_scores
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.planning import RESPONSES, PlannedWave
from app.releases.statistics.printed import plain_cell
from scoring.moments import Moments, moments_by_group
from surveys.model import Instrument, Item

Counts = npt.NDArray[np.int64]
Categories = npt.NDArray[np.uint8]
Grouping = tuple[tuple[int, ...], ...]
"""Groups of answers, 1..P, in their order; 0 in the first group stands for people who did not say."""

ROLE_SCALE: Final = "role"


def attribute(instrument: Instrument) -> Item | None:
    """The context question whose answers are told as margins: the role level that people gave."""
    return next((item for item in instrument.context if item.scale == ROLE_SCALE), None)


@dataclass(frozen=True, slots=True)
class RoleLevels:
    """Everybody by role level, in the finest groups that may be told beside the departments.

    `grouping` is empty where not even leaders and all others may be told apart. `groups` has each person's group, from
    1, and 0 for people who are in none; `n` how many each group has. `moments` are those of each dimension's scores by
    group, None where that may not be told.
    """

    item: Item
    grouping: Grouping
    groups: Categories
    n: tuple[int, ...]
    moments: Mapping[str, Sequence[Moments] | None]


def role_levels(wave: PlannedWave) -> RoleLevels | None:
    """The role levels of a wave; None where they were not asked, or too few answered.

    All of it needs as many people as an interval does.
    """
    instrument, sheets = wave.survey.instrument, wave.survey.sheets
    item = attribute(instrument)
    given = None if item is None else sheets.of([item])[:, 0]
    if item is None or given is None or not given.any() or given.size < wave.survey.k[0]:
        return None
    k = wave.survey.k[1]
    everyone = np.ones(given.size, dtype=np.bool_)
    rows = wave.told.told(RESPONSES, "responses") or [one.departments for one in strata(wave.rows)]
    for grouping in _groupings(len(instrument.scales[item.scale].points)):
        groups = _grouped(given, grouping)
        table = counted(sheets, rows, groups, everyone, len(grouping))
        if is_safe(table, k) and (table.sum(axis=0)[1:] >= k).all():
            n = tuple(table.sum(axis=0)[1:].tolist())
            moments = {name: _moments(wave, one, groups, len(grouping)) for name, one in wave.survey.own.items()}
            return RoleLevels(item, grouping, groups, n, moments)
    return RoleLevels(item, (), given, (), {})


def margins(wave: PlannedWave, levels: RoleLevels | None) -> tuple[Margin, ...]:
    """The margins of a wave: at most one, of the role level; without groups where levels may not be told apart."""
    if levels is None:
        return ()
    item = levels.item
    labels = {point.value: f"“{point.label}”" for point in wave.survey.instrument.scales[item.scale].points}
    told = tuple(
        MarginGroup(
            name=_name(held, labels),
            n=levels.n[place],
            cells={name: _cell(levels.moments[name], place, one) for name, one in wave.survey.own.items()},
            answers=held,
        )
        for place, held in enumerate(levels.grouping)
    )
    return (Margin(id=item.id, question=item.text, groups=told),)


def is_safe(table: Counts, k: int) -> bool:
    """Whether the plain margins of an attribute may be told beside the strata: `table` is people, strata x categories.

    Exact: for every division of the categories into two groups, the sum over the strata of the smaller group is 0 or at
    least k.
    """
    categories = range(table.shape[1])
    for size in range(1, table.shape[1] // 2 + 1):
        for group in combinations(categories, size):
            others = [one for one in categories if one not in group]
            smaller = np.minimum(table[:, list(group)].sum(axis=1), table[:, others].sum(axis=1)).sum()
            if 0 < smaller < k:
                return False
    return True


def counted(
    sheets: Sheets, sets: Sequence[frozenset[str]], groups: Categories, people: npt.NDArray[np.bool_], size: int
) -> Counts:
    """How many of these people are in each set of departments and group: shape (sets, 1 + size).

    Column 0 has those who are in no group.
    """
    place = {name: number for number, held in enumerate(sets) for name in held}
    stratum = np.array([place.get(name, len(sets)) for name in sheets.departments], dtype=np.int64)
    cell = stratum[sheets.department[people]] * (size + 1) + groups[people]
    found = np.bincount(cell, minlength=(len(sets) + 1) * (size + 1)).reshape(-1, size + 1)
    return found[: len(sets)].astype(np.int64)


def _groupings(points: int) -> Iterator[Grouping]:
    """Divisions of neighbouring answers into groups, the finest first; the highest answers are joined first.

    Each first without those who did not say, then with them in the first group: a few people left out would be told by
    the difference of the organisation and the groups.
    """
    for size in range(points, 1, -1):
        for ends in combinations(range(2, points + 1), size - 1):
            groups = tuple(tuple(range(start, end)) for start, end in pairwise((1, *ends, points + 1)))
            yield groups
            yield ((0, *groups[0]), *groups[1:])


def _name(group: tuple[int, ...], labels: Mapping[int, str]) -> str:
    """A group's answers as people gave them."""
    told = " or ".join(labels[value] for value in group if value)
    return f"{told}, or did not say" if 0 in group else told


def _grouped(given: Categories, grouping: Grouping) -> Categories:
    """Each person's group, from 1; 0 for people who are in none because they did not say."""
    of = np.zeros(256, dtype=np.uint8)
    for number, group in enumerate(grouping, start=1):
        of[list(group)] = number
    return of[given]


def _moments(wave: PlannedWave, column: PlannedColumn, groups: Categories, size: int) -> Sequence[Moments] | None:
    """The moments of a dimension's scores by group, or nothing of any of them."""
    scores = people_scores(wave.survey.sheets, column.column)
    scored = ~np.isnan(scores)
    sets = wave.told.told(column.column.id, "means") or [one.departments for one in column.strata()]
    table = counted(wave.survey.sheets, sets, groups, scored, size)
    k = wave.survey.k[1]
    if not column.means or not is_safe(table, k) or (table.sum(axis=0)[1:] < k).any():
        return None
    return moments_by_group(scores, groups.astype(np.intp), groups=size + 1)[1:]


def _cell(moments: Sequence[Moments] | None, place: int, column: PlannedColumn) -> Cell:
    if moments is None:
        return Hidden(reason="withheld")
    return plain_cell(moments[place], column.spread, change=NoChange(reason="margin"))
