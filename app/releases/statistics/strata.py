"""The strata of a column and the sets that lend them a spread, as arrays for roll-ups (measurement design, P2, P8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.releases.plan.coarsening import Node, count
from app.releases.statistics.columns import Scores
from scoring.estimates import Spread, column_spread
from scoring.moments import Moments
from scoring.rollups import Lenders, RollUps, Strata, roll_ups


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


def stratum(node: Node, scores: Scores) -> Stratum | None:
    """A node as a stratum of a column, None where nobody has a score."""
    answered = scores.answered(node.departments)
    if not answered:
        return None
    return Stratum(node.departments, answered, node.headcount, scores.over(answered), count(node, scores.used))


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
