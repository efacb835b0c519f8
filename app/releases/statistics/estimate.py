"""A column's plan and the estimates that it allows (measurement design, P2, P5 and P8)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final
from weakref import WeakKeyDictionary, ref

import numpy as np

from app.releases.plan.coarsening import Node, plan_columns, strata
from app.releases.statistics.columns import Column, Scores
from app.releases.statistics.frames import Frame
from app.releases.statistics.strata import RolledUp, Spreads, Stratum, finest_common, spreads, stratum
from scoring.arrays import Floats, Integers
from scoring.estimates import Spread
from scoring.rollups import Lenders, RollUps, Strata, beside, borrowed, roll_ups
from scoring.student import quantile

Told = tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]
NOTHING_TOLD: Final[Told] = ((), ())


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """A column's strata as arrays, its spread, and its three roll-ups."""

    strata: Strata
    spread: Spread
    today: RolledUp
    process: RolledUp
    lent: RolledUp


class Together:
    """Columns whose roll-ups are reckoned at once, when the first is asked for: their trees stand side by side.

    That takes hardly longer than to reckon those of one column of a small organisation. Columns are held weakly, since
    they hold this.
    """

    def __init__(self) -> None:
        self._waiting: list[ref[PlannedColumn]] = []
        self._found: WeakKeyDictionary[PlannedColumn, _Reckoned] = WeakKeyDictionary()

    def add(self, column: "PlannedColumn") -> None:
        """Notes a column, so that the first call of `of` computes all that wait at once."""
        self._waiting.append(ref(column))

    def __reduce__(self) -> tuple[object, ...]:
        """Without what was reckoned: another process is handed columns, and does that itself."""
        return Together, ()

    def of(self, column: "PlannedColumn") -> _Reckoned:
        """The roll-ups of a column that was noted."""
        if column not in self._found:
            waiting = [one for waits in self._waiting if (one := waits()) is not None]
            # One that came from another process was not noted here.
            waiting += () if column in waiting else (column,)
            self._found.update(zip(waiting, _reckoned(waiting), strict=True))
            self._waiting = []
        return self._found[column]


@dataclass(frozen=True, eq=False)
class PlannedColumn:
    """A column with its scores and steps 2 and 3 of its plan: trees whose sets may have a mean, or an interval.

    A dimension has one tree, a module one for each topmost department of its function; what is missing is empty.
    """

    column: Column
    scores: Scores
    means: tuple[Node, ...]
    intervals: tuple[Node, ...]
    spread_sets: tuple[frozenset[str], ...]
    together: "Together"

    def __post_init__(self) -> None:
        self.together.add(self)

    @cached_property
    def published(self) -> Mapping[str, Node]:
        """The sets that may have a mean, by their ids."""
        if len(self.means) == 1:
            return self.means[0].by_id
        return {node.id: node for root in self.means for node in root.every}

    @cached_property
    def spreads(self) -> Spreads:
        """The sets whose own spread may be used, and the spread of the column."""
        return spreads(self.spread_sets, self.scores)

    @cached_property
    def by_leaf(self) -> Mapping[str, Stratum]:
        """The strata in which somebody has a score, by the ids of their nodes."""
        return {leaf.id: one for root in self.means for leaf in root.leaves if (one := stratum(leaf, self.scores))}

    def strata_of(self, node: Node) -> tuple[Stratum, ...]:
        """The strata of a published node in which somebody has a score."""
        return tuple(self.by_leaf[leaf.id] for leaf in strata(node) if leaf.id in self.by_leaf)

    def strata(self) -> tuple[Stratum, ...]:
        """All strata of the column in which somebody has a score."""
        return tuple(self.by_leaf.values())

    @property
    def rolled(self) -> RolledUp:
        """The roll-up of every published set, for what is said of today's staff."""
        return self.together.of(self).today

    @property
    def process(self) -> RolledUp:
        """The same for what is said of the process behind the answers: without the finite population correction."""
        return self.together.of(self).process

    @property
    def lent(self) -> RolledUp:
        """The same with the column's spread and the used responses in place of a set's own (P2)."""
        return self.together.of(self).lent

    @property
    def spread(self) -> Spread:
        """The spread of the column."""
        return self.together.of(self).spread

    @property
    def placed(self) -> Strata:
        """The strata in which somebody has a score, at their places in the trees."""
        return self.together.of(self).strata

    @cached_property
    def expected(self) -> Floats:
        """Half of the 95 % interval of every published set as the column's spread gives it, in points (P2)."""
        se = self.lent.found.se
        t = quantile(0.975, self.spread.df)
        return np.where(se > 0, t * se, 0.0)

    @cached_property
    def supports(self) -> list[int]:
        """The numbers of people with a score in each of the strata."""
        found: list[int] = self.placed.n.tolist()
        return found

    @cached_property
    def unnumbered(self) -> frozenset[str]:
        """The published sets whose number of answers must not be told, though they rest on their own spread.

        They hold a part of a set in which others answered, and not one of them this column. The numbers of the part and
        of the whole would tell that.
        """
        nobody = {name for name in self.scores.nobody if self.scores.used.get(name)}
        if not nobody:
            return frozenset()
        silent = [one for one in self.spread_sets if not nobody.isdisjoint(one)]
        return frozenset(
            name
            for name, node in self.published.items()
            if any(one & node.departments and not one <= node.departments for one in silent)
        )


def _reckoned(columns: Sequence[PlannedColumn]) -> list[_Reckoned]:
    """The roll-ups of some columns."""
    trees = _placed(columns)
    all_of = beside(trees)
    today, process = (
        roll_ups(all_of.strata, all_of.lenders, all_of.ends, column=all_of.column, finite=finite)
        for finite in (True, False)
    )
    lent = borrowed(all_of.strata, all_of.ends, column=all_of.column)
    nodes = accumulate((ends.size for _, _, ends, _ in trees), initial=0)
    return [
        _Reckoned(
            own, spread, *(RolledUp(tuple(column.published), one.part(start, end)) for one in (today, process, lent))
        )
        for column, (own, _, _, spread), (start, end) in zip(columns, trees, pairwise(nodes), strict=True)
    ]


def _rolled_up(column: PlannedColumn, found: Sequence[RollUps], start: int, end: int) -> Iterator[RolledUp]:
    names = tuple(column.published)
    return (RolledUp(names, one.part(start, end)) for one in found)


def _placed(columns: Sequence[PlannedColumn]) -> list[tuple[Strata, Lenders, Integers, Spread]]:
    """The strata of columns at their places in the trees, what lends them a spread, where the nodes of the trees end,
    and the columns' spreads. Most columns of a small organisation have one frame."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(columns):
        alike[(*map(id, one.means), one.spread_sets, one.scores.departments, one.scores.nobody)].append(place)
    found: dict[int, tuple[Strata, Lenders, Integers, Spread]] = {}
    for places in alike.values():
        first = columns[places[0]]
        frame = Frame.of(first.means, first.scores, first.spread_sets)
        found |= zip(places, frame.filled([columns[place].scores for place in places]), strict=True)
    return [found[place] for place in range(len(columns))]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A column that is to be planned, on the strata of some trees.

    Step 3 is planned on step 2, or on trees of its own that are coarser, where the column has to nest in another one.
    `told` are the column's strata for means and for intervals in the wave's first release.
    """

    column: Column
    scores: Scores
    for_means: Sequence[Node]
    for_intervals: Sequence[Node] | None = None
    told: Told = NOTHING_TOLD


def planned(asked: Sequence[Asked], *, k: tuple[int, int], together: Together) -> list[PlannedColumn]:
    """Plan columns with k answers for means and for intervals, `together` with others."""
    means = _plan(asked, [one.for_means for one in asked], k[0], [one.told[0] for one in asked], sheets=False)
    coarse = [one if of.for_intervals is None else of.for_intervals for of, one in zip(asked, means, strict=True)]
    intervals = _plan(asked, coarse, k[1], [one.told[1] for one in asked], sheets=True)
    found = []
    for one, for_means, for_intervals in zip(asked, means, intervals, strict=True):
        sets = [leaf.departments for root in for_intervals for leaf in root.leaves]
        if one.for_intervals is not None:
            sets = finest_common(sets, [leaf.departments for root in for_means for leaf in root.leaves], only=sets)
        found.append(PlannedColumn(one.column, one.scores, for_means, for_intervals, tuple(sets), together))
    return found


def _plan(
    asked: Sequence[Asked],
    on: Sequence[Sequence[Node]],
    k: int,
    told: Sequence[Sequence[frozenset[str]]],
    *,
    sheets: bool,
) -> list[tuple[Node, ...]]:
    """The trees of columns on trees of each; those that have the same one are planned at once."""
    trees: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, roots in enumerate(on):
        for number, root in enumerate(roots):
            trees[id(root)].append((place, number))
    found: list[list[Node | None]] = [[None] * len(roots) for roots in on]
    for places in trees.values():
        first, number = places[0]
        root, scores = on[first][number], asked[first].scores
        own = root.layout.placed(
            scores.departments, np.stack([asked[place].scores.people for place, _ in places], axis=1)
        )
        used = scores.used if sheets else None
        planned_trees = plan_columns(root, own, k=k, told=[told[place] for place, _ in places], used=used)
        for (place, number), tree in zip(places, planned_trees, strict=True):
            found[place][number] = tree
    return [tuple(one for one in of_column if one is not None) for of_column in found]
