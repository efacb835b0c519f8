"""A column's plan and the estimates that it allows (measurement design, P2, P5 and P8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.releases.columns import Column, Scores
from app.releases.plan import Node, count, nodes, plan_column, strata
from scoring.estimates import Estimate, Part, Spread, column_spread, own_spread, roll_up
from scoring.moments import Moments

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


@dataclass(frozen=True, slots=True)
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
    by_leaf: Mapping[str, Stratum]
    spread_sets: tuple[frozenset[str], ...]

    def strata_of(self, node: Node) -> tuple[Stratum, ...]:
        """The strata of a published node in which somebody has a score."""
        return tuple(self.by_leaf[leaf.id] for leaf in strata(node) if leaf.id in self.by_leaf)

    def strata(self) -> tuple[Stratum, ...]:
        """All strata of the column in which somebody has a score."""
        return tuple(self.by_leaf.values())


def stratum(node: Node, scores: Scores) -> Stratum:
    """A node as a stratum of a column."""
    answered = scores.answered(node.departments)
    used = count(node, scores.used)
    return Stratum(node.departments, answered, node.headcount, scores.over(answered), used)


def planned(
    column: Column,
    scores: Scores,
    *,
    for_means: Sequence[Node],
    for_intervals: Sequence[Node] | None,
    k: tuple[int, int],
    told: Told = NOTHING_TOLD,
) -> PlannedColumn:
    """Plan a column on the strata of these trees with k answers for means and for intervals.

    Step 3 is planned on step 2, or on trees of its own that are coarser, where the column has to nest in another one.
    `told` are the column's strata for means and for intervals in the wave's first release.
    """
    means = _plan(for_means, scores, k[0], told[0])
    coarse = means if for_intervals is None else for_intervals
    intervals = _plan(coarse, scores, k[1], told[1], used=scores.used)
    sets = [one.departments for root in intervals for one in strata(root)]
    if for_intervals is not None:
        sets = finest_common(sets, [one.departments for root in means for one in strata(root)], only=sets)
    published = {node.id: node for root in means for node in nodes(root)}
    leaves = {leaf.id: stratum(leaf, scores) for root in means for leaf in strata(root)}
    by_leaf = {name: one for name, one in leaves.items() if one.answered}
    return PlannedColumn(column, scores, means, intervals, spreads(sets, scores), published, by_leaf, tuple(sets))


def spreads(sets: Iterable[frozenset[str]], scores: Scores, *, column: Spread | None = None) -> Spreads:
    """The spreads of these sets, and of the column: pooled over them unless given."""
    groups = tuple((answered, scores.over(answered)) for one in sets if (answered := scores.answered(one)))
    lender = {name: place for place, (held, _) in enumerate(groups) for name in held}
    return Spreads(groups, column or column_spread(moments for _, moments in groups), lender)


def estimate(strata: Sequence[Stratum], spreads: Spreads, *, finite: bool) -> tuple[Estimate, bool]:
    """The roll-up of these strata, at least one, and whether it rests on their own spread.

    Their own it is where every set that lends its spread lies within them; otherwise the column's spread stands for
    all, because the spread of a part of such a set must not be told.
    """
    lenders = [spreads.lender.get(next(iter(one.answered))) for one in strata]
    held = frozenset[str]().union(*(one.answered for one in strata))
    own = all(lender is not None and spreads.groups[lender][0] <= held for lender in set(lenders))
    parts = [
        Part(
            headcount=one.headcount,
            # Without a spread of its own a set does not tell how many of its people gave a valid answer either.
            n=one.moments.n if own else one.used,
            mean=one.moments.mean,
            spread=own_spread(spreads.groups[lender][1]) if own and lender is not None else spreads.column,
            group=lender if own and lender is not None else 0,
        )
        for one, lender in zip(strata, lenders, strict=True)
    ]
    return roll_up(parts, finite=finite), own


def without_own_spread(strata: Sequence[Stratum], spreads: Spreads) -> Estimate:
    """The roll-up of these strata as far as it may be told without their own spread: with the column's (P2).

    Without the finite population correction, which would tell how many of a small group gave a valid answer.
    """
    return estimate(strata, Spreads((), spreads.column, {}), finite=False)[0]


def finest_common(
    *partitions: Iterable[frozenset[str]], only: Iterable[frozenset[str]] | None = None
) -> list[frozenset[str]]:
    """The finest sets that are unions of sets of each partition: sets that overlap are joined.

    With `only`, the joined sets that hold one of these.
    """
    joined: dict[str, set[str]] = {}
    for one in (one for partition in partitions for one in partition):
        whole = set(one)
        for part in {id(joined[name]): joined[name] for name in one if name in joined}.values():
            whole |= part
        joined.update(dict.fromkeys(whole, whole))
    wanted = joined if only is None else {next(iter(one)) for one in only if one}
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
