"""A column's plan and the estimates that it allows (measurement design, P2, P5 and P8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final
from weakref import WeakKeyDictionary, ref

import numpy as np

from app.releases.plan.coarsening import Node, count, nodes, plan_column, strata
from app.releases.statistics.columns import Column, Scores
from scoring.arrays import Floats, Integers
from scoring.estimates import Spread, column_spread
from scoring.moments import Moments
from scoring.rollups import Lenders, RollUps, Strata, beside, borrowed, roll_ups
from scoring.student import quantile

Told = tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]
NOTHING_TOLD: Final[Told] = ((), ())


@dataclass(frozen=True, slots=True)
class Stratum:
    """A finest published set: its departments, those of them with a score, its headcount, and its people's moments.

    `used` is its number of used answer sheets, with a score or without: what a row prints.
    """

    departments: frozenset[str]
    answered: frozenset[str]
    headcount: int
    moments: Moments
    used: int


@dataclass(frozen=True, slots=True)
class Spreads:
    """The sets whose own spread may be used, as departments with answers, and the spread of the column (P2).

    `lender` is the place of the set that lends a department its spread.
    """

    groups: tuple[tuple[frozenset[str], Moments], ...]
    column: Spread
    lender: Mapping[str, int]


@dataclass(frozen=True)
class RolledUp:
    """The roll-ups of all nodes of a tree, with their ids."""

    names: Sequence[str]
    found: RollUps

    @cached_property
    def headcounts(self) -> Mapping[str, int]:
        """For how many people the strata of each node stand."""
        return dict(zip(self.names, self.found.headcount.tolist(), strict=True))

    @cached_property
    def means(self) -> Mapping[str, float]:
        """The means of the nodes that hold a stratum."""
        lines = zip(self.names, self.found.strata.tolist(), self.found.mean.tolist(), strict=True)
        return {name: mean for name, strata, mean in lines if strata}


@dataclass(frozen=True, slots=True)
class _RolledUps:
    """The three roll-ups of a column."""

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
        self._found: WeakKeyDictionary[PlannedColumn, _RolledUps] = WeakKeyDictionary()

    def add(self, column: "PlannedColumn") -> None:
        """Notes a column, so that the first call of `of` computes all that wait at once."""
        self._waiting.append(ref(column))

    def __reduce__(self) -> tuple[object, ...]:
        """Without what was reckoned: another process is handed columns, and does that itself."""
        return Together, ()

    def of(self, column: "PlannedColumn") -> _RolledUps:
        """The roll-ups of a column that was noted."""
        if column not in self._found:
            waiting = [one for waits in self._waiting if (one := waits()) is not None]
            # One that came from another process was not noted here.
            waiting += () if column in waiting else (column,)
            self._found.update(zip(waiting, _rolled_side_by_side(waiting), strict=True))
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
    spreads: Spreads
    published: Mapping[str, Node]
    spread_sets: tuple[frozenset[str], ...]
    together: "Together"

    def __post_init__(self) -> None:
        self.together.add(self)

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

    @cached_property
    def expected(self) -> Floats:
        """Half of the 95 % interval of every published set as the column's spread gives it, in points (P2)."""
        se = self.lent.found.se
        t = quantile(0.975, self.spreads.column.df)
        return np.where(se > 0, t * se, 0.0)

    @cached_property
    def supports(self) -> list[int]:
        """The numbers of people with a score in each of the strata."""
        found: list[int] = self.placed[0].n.tolist()
        return found

    @cached_property
    def unnumbered(self) -> frozenset[str]:
        """The published sets whose number of answers must not be told, though they rest on their own spread.

        They hold a part of a set in which others answered, and not one of them this column. The numbers of the part and
        of the whole would tell that.
        """
        silent = [one for one in self.spread_sets if any(self._is_silent(name) for name in one)]
        return frozenset(
            name
            for name, node in self.published.items()
            if any(one & node.departments and not one <= node.departments for one in silent)
        )

    def _is_silent(self, department: str) -> bool:
        return bool(self.scores.used.get(department)) and not self.scores.n.get(department)

    @cached_property
    def ends(self) -> Integers:
        """Where in the trees, one behind the other, that ends which lies below a node."""
        starts = accumulate((len(root.every) for root in self.means), initial=0)
        ends = [start + end for start, root in zip(starts, self.means, strict=False) for end in root.ends]
        return np.array(ends, dtype=np.intp)

    @cached_property
    def placed(self) -> tuple[Strata, Lenders]:
        """The strata in which somebody has a score, at their places in the trees, and what lends them a spread."""
        by_leaf = self.by_leaf
        every = (node.id for root in self.means for node in root.every)
        leaves = [(place, by_leaf[name]) for place, name in enumerate(every) if name in by_leaf]
        return placed(leaves, self.spreads, self.ends.tolist())


def _rolled_side_by_side(columns: Sequence[PlannedColumn]) -> list[_RolledUps]:
    """The roll-ups of some columns."""
    all_of = beside([(*one.placed, one.ends, one.spreads.column) for one in columns])
    today, process = (
        roll_ups(all_of.strata, all_of.lenders, all_of.ends, column=all_of.column, finite=finite)
        for finite in (True, False)
    )
    lent = borrowed(all_of.strata, all_of.ends, column=all_of.column)
    nodes = accumulate((one.ends.size for one in columns), initial=0)
    return [
        _RolledUps(*(RolledUp(tuple(column.published), one.part(start, end)) for one in (today, process, lent)))
        for column, (start, end) in zip(columns, pairwise(nodes), strict=True)
    ]


def stratum(node: Node, scores: Scores) -> Stratum | None:
    """A node as a stratum of a column, None where nobody has a score."""
    answered = scores.answered(node.departments)
    if not answered:
        return None
    return Stratum(node.departments, answered, node.headcount, scores.over(answered), count(node, scores.used))


def planned(
    column: Column,
    scores: Scores,
    *,
    for_means: Sequence[Node],
    for_intervals: Sequence[Node] | None,
    k: tuple[int, int],
    together: Together,
    told: Told = NOTHING_TOLD,
) -> PlannedColumn:
    """Plan a column on the strata of these trees with k answers for means and for intervals, `together` with others.

    Step 3 is planned on step 2, or on trees of its own that are coarser, where the column has to nest in another one.
    `told` are the column's strata for means and for intervals in the wave's first release.
    """
    means = _plan(for_means, scores, k[0], told[0])
    coarse = means if for_intervals is None else for_intervals
    intervals = _plan(coarse, scores, k[1], told[1], used=scores.used)
    sets = [one.departments for root in intervals for one in strata(root)]
    if for_intervals is not None:
        sets = finest_common(sets, [one.departments for root in means for one in strata(root)], only=sets)
    published = means[0].by_id if len(means) == 1 else {node.id: node for root in means for node in nodes(root)}
    return PlannedColumn(column, scores, means, intervals, spreads(sets, scores), published, tuple(sets), together)


def spreads(sets: Iterable[frozenset[str]], scores: Scores, *, column: Spread | None = None) -> Spreads:
    """The spreads of these sets, and of the column: pooled over them unless given."""
    groups = tuple((answered, scores.over(answered)) for one in sets if (answered := scores.answered(one)))
    lender = {name: place for place, (held, _) in enumerate(groups) for name in held}
    return Spreads(groups, column or column_spread(moments for _, moments in groups), lender)


def placed(strata: Sequence[tuple[int, Stratum]], spreads: Spreads, ends: Sequence[int]) -> tuple[Strata, Lenders]:
    """Strata and the sets that lend them a spread as arrays; with each its place in a tree (`scoring.rollups`)."""
    lender = [spreads.lender.get(next(iter(one.answered)), -1) for _, one in strata]
    tops = [-1] * len(spreads.groups)
    # A set lies within a node where all its departments do; of one that holds others besides no node holds all.
    inside: dict[int, list[int]] = {}
    missing = [len(held) for held, _ in spreads.groups]
    for (place, one), group in zip(strata, lender, strict=True):
        if group >= 0:
            inside.setdefault(group, []).append(place)
            missing[group] -= len(one.answered)
    for group, places in inside.items():
        tops[group] = -1 if missing[group] else lowest(places, ends)
    own = [moments for _, moments in spreads.groups]
    return Strata(
        place=np.array([place for place, _ in strata], dtype=np.intp),
        headcount=np.array([one.headcount for _, one in strata], dtype=np.intp),
        n=np.array([one.moments.n for _, one in strata], dtype=np.intp),
        used=np.array([one.used for _, one in strata], dtype=np.intp),
        mean=np.array([one.moments.mean for _, one in strata]),
        lender=np.array(lender, dtype=np.intp),
    ), Lenders(
        variance=np.array([(one.s or 0.0) ** 2 for one in own]),
        df=np.array([one.n - 1 for one in own], dtype=np.float64),
        top=np.array(tops, dtype=np.intp),
    )


def rolled(strata: Sequence[tuple[int, Stratum]], spreads: Spreads, tree: Node) -> RolledUp:
    """The roll-ups of all nodes of a tree, for comparisons: without the finite population correction."""
    ends = np.array(tree.ends, dtype=np.intp)
    found = roll_ups(*placed(strata, spreads, tree.ends), ends, column=spreads.column, finite=False)
    return RolledUp(tuple(tree.by_id), found)


def lowest(places: Sequence[int], ends: Sequence[int]) -> int:
    """The lowest node of a tree that holds all of these places."""
    node, last = min(places), max(places)
    while ends[node] <= last:
        node -= 1
    return node


def finest_common(
    *partitions: Iterable[frozenset[str]], only: Iterable[frozenset[str]] | None = None
) -> list[frozenset[str]]:
    """The finest sets that are unions of sets of each partition: sets that overlap are joined.

    With `only`, the joined sets that hold one of these.
    """
    joined: dict[str, set[str]] = {}
    for one in (one for partition in partitions for one in partition):
        if one <= joined.get(next(iter(one), ""), frozenset()):
            continue
        whole = set(one)
        for part in {id(joined[name]): joined[name] for name in one if name in joined}.values():
            whole |= part
        joined.update(dict.fromkeys(whole, whole))
    wanted = joined if only is None else {min(one) for one in only if one}
    distinct = {id(joined[name]): joined[name] for name in sorted(wanted)}
    return [frozenset(one) for one in distinct.values()]


def _plan(
    trees: Sequence[Node],
    scores: Scores,
    k: int,
    told: Sequence[frozenset[str]],
    *,
    used: Mapping[str, int] | None = None,
) -> tuple[Node, ...]:
    valid = scores.valid()
    planned_trees = (plan_column(one, valid, k=k, told=told, used=used) for one in trees)
    return tuple(one for one in planned_trees if one is not None)
