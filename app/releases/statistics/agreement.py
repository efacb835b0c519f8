"""How far people of a row agree, whether they fall into two camps, and how well the questions work (3.6 to 3.9).

Agreement and reliability rest on people who answered all questions of a dimension, and are planned for themselves;
camps and ICC rest on scores, and are told of the sets that may have an interval (P2, P3, P15).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Final

import numpy as np

from app.releases.document.figures import LEAST_DEVIATION, LEAST_POLARISATION, MOST_AGREEMENT, Agreement, Camps, Quality
from app.releases.document.notes import NO_COEFFICIENT
from app.releases.plan.coarsening import Node, plan_columns
from app.releases.plan.tallies import Planner, Sets, Tally, Wanted
from app.releases.statistics.columns import Column, Sheets, reversed_items
from app.releases.statistics.estimate import PlannedColumn
from scoring.aggregation import GroupSums, Icc, decision, icc, variance
from scoring.agreement import agreement
from scoring.arrays import Flags, Floats, Integers
from scoring.polarisation import CLASSES, split
from scoring.printed import half_up, half_up_all, up
from scoring.reliability import (
    ALPHA_FROM,
    Coefficient,
    CrossProducts,
    Omega,
    Refusal,
    Reliability,
    from_sums,
    headline,
    reliabilities,
)

COMPLETE: Final = "complete:"
RELIABILITY: Final = "reliability:"
GROUPS: Final = "groups:"

_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Complete:
    """The people who answered all questions of a column, the tally in whose sets they are centred, and their answers.

    `alike` is the tally by which their agreement is told: its sets hold nobody or enough people besides. `counts`
    (departments, items, points) are numbers of answers, `products` (items, items) sums of products of answers over all
    of them; departments as in `Sheets.departments`.
    """

    tally: Tally
    alike: Tally
    departments: tuple[str, ...]
    counts: Integers
    products: Floats


def complete_id(column_id: str) -> str:
    """What the ledger and the auditor call the people who answered all questions of a column."""
    return f"{COMPLETE}{column_id}"


def reliability_id(column_id: str) -> str:
    """What they call the sets within whose means reliability is centred."""
    return f"{RELIABILITY}{column_id}"


def groups_id(column_id: str) -> str:
    """What they call the groups that ICC compares."""
    return f"{GROUPS}{column_id}"


def agreement_id(column_id: str) -> str:
    """What they call the sets of people whose agreement is told."""
    return f"agreement:{column_id}"


def complete(sheets: Sheets, columns: Sequence[PlannedColumn], planner: Planner) -> dict[str, Complete]:
    """Count the complete answers to some columns, and plan of whom they may be told, by the columns' ids."""
    sheets.count([one.column for one in columns])
    places = [sheets.shelf(one.column) for one in columns]
    answered = [(shelf.complete[0][place], shelf.complete[1][place]) for shelf, place in places]
    people = [counts[:, 0].sum(axis=1) for counts, _ in answered]
    ids = [one.column.id for one in columns]
    tallies = planner.plan_each(
        [Wanted(complete_id(name), of, one.intervals) for name, of, one in zip(ids, people, columns, strict=True)],
        sheets.departments,
    )
    trees = _alike(columns, people, [shelf.incomplete[place] for shelf, place in places], tallies, planner)
    alike = planner.plan_each(
        [Wanted(agreement_id(name), of, held) for name, of, held in zip(ids, people, trees, strict=True)],
        sheets.departments,
    )
    told = zip(ids, tallies, alike, answered, strict=True)
    return {name: Complete(one, other, sheets.departments, *found) for name, one, other, found in told}


def _alike(
    columns: Sequence[PlannedColumn],
    people: Sequence[Integers],
    beside: Sequence[Integers],
    tallies: Sequence[Tally],
    planner: Planner,
) -> list[tuple[Node, ...]]:
    """The trees on which agreement is planned, of each column with its complete `people` (departments,), those `beside`
    them (kinds, departments), and its tally of complete answers."""
    told: list[tuple[Node, ...]] = []
    known: dict[tuple[frozenset[str], ...], Sets] = {}
    for column, complete, incomplete, tally in zip(columns, people, beside, tallies, strict=True):
        finest = planner.told.told(column.column.id, "spreads") or tuple(column.spread_sets)
        if finest not in known:
            known[finest] = Sets(finest, tally.departments)
        sets = known[finest]
        # An interval can be taken away, which leaves those beside the people counted, or be left in, which leaves them.
        fewest = np.minimum(sets.sums(complete)[:, np.newaxis], sets.sums(incomplete.T))
        told.append(tuple(tree for root in tally.trees for tree in _without_few(root, sets.names, fewest, planner.k)))
    return told


def _without_few(root: Node, names: Sequence[str], fewest: Integers, k: int) -> Iterator[Node]:
    """The largest parts of a tree, coarsened, in whose sets the differences of agreement and intervals rest on 0 or at
    least k people: on so many in each set (sets, kinds), of which the `names` are one department each.

    Intervals and shares tell of people who left a question out, agreement does not: of a few of them the difference
    would tell (P1 c).
    """
    own = root.layout.placed(names, fewest)
    sizes = own.sum(axis=0)
    if ((sizes > 0) & (sizes < k)).any():
        for child in root.children:
            yield from _without_few(child, names, fewest, k)
        return
    tree: Node | None = root
    # Once coarsened for one kind, a tree is looked at again for the next.
    small: Flags = np.any(root.layout.small(own, None, k=k), axis=0)
    for kind in np.flatnonzero(sizes).tolist():
        if tree is root and not small[kind]:
            continue
        if tree:
            (tree,) = plan_columns(tree, tree.layout.placed(names, fewest[:, kind : kind + 1]), k=k, told=[()])
    if tree:
        yield tree


def agreements(found: Sequence[Complete]) -> list[dict[str, Agreement]]:
    """The agreement of every row of which is told in each of some columns, by the row's id."""
    told: list[dict[str, Agreement]] = [{} for _ in found]
    # Columns with as many questions on as many points go together.
    for shape in {one.counts.shape[1:] for one in found}:
        alike = [place for place, one in enumerate(found) if one.counts.shape[1:] == shape]
        sums = [_summed(found[one].alike.trees, found[one].departments, found[one].counts) for one in alike]
        counts = np.concatenate([one for _, one in sums])
        if not len(counts):
            continue
        of_all = agreement(counts)
        r_wg = np.minimum(MOST_AGREEMENT, half_up_all(100 * of_all.lindell_shown)).tolist()
        deviation = np.maximum(LEAST_DEVIATION, half_up_all(100 * of_all.ad_mean)).tolist()
        rows = ((place, name) for place, (names, _) in zip(alike, sums, strict=True) for name in names)
        for (place, name), shown, away in zip(rows, r_wg, deviation, strict=True):
            told[place][name] = _agreement(shown, away)
    return told


@cache
def _agreement(r_wg: int, deviation: int) -> Agreement:
    return Agreement(r_wg=r_wg, deviation=deviation)


def camps(columns: Sequence[PlannedColumn]) -> list[dict[str, Camps]]:
    """Whether the scores of a row fall into two camps, for every row that may have an interval in each of some columns,
    by the row's id."""
    told: list[dict[str, Camps]] = [{} for _ in columns]
    sums = [_summed(one.intervals, one.scores.departments, one.scores.classes) for one in columns]
    classes = np.concatenate([np.zeros((0, CLASSES), dtype=np.intp), *(one for _, one in sums)])
    if not len(classes):
        return told
    of_all = split(classes)
    polarisation = np.maximum(LEAST_POLARISATION, half_up_all(100 * of_all.polarisation)).tolist()
    rows = ((place, name) for place, (names, _) in enumerate(sums) for name in names)
    for (place, name), shown, is_split in zip(rows, polarisation, of_all.split.tolist(), strict=True):
        told[place][name] = _camps(shown, is_split)
    return told


@cache
def _camps(polarisation: int, is_split: bool) -> Camps:
    return Camps(polarisation=polarisation, split=is_split)


def qualities(found: Sequence[tuple[PlannedColumn, Complete]]) -> tuple[Quality, ...]:
    """What is told of the questions of some dimensions."""
    products = [_products(column.column, one) for column, one in found]
    centred = [one for one, _ in products]
    raw = [headline(one) for _, one in products]
    told = zip(found, centred, reliabilities(centred), raw, strict=True)
    return tuple(_quality(column, sums, one, whole) for (column, _), sums, one, whole in told)


def _quality(column: PlannedColumn, centred: CrossProducts, told: Reliability, raw: Coefficient | Refusal) -> Quality:
    """What is told of a dimension's questions: reliability of the sum, and whether groups differ in it."""
    alpha = None if isinstance(told.headline, Refusal) else told.headline
    # Of three questions or more only people whose sums are all alike give none: then it looks like too few people.
    shown = centred.n >= ALPHA_FROM and (alpha is not None or centred.items == _PAIR)
    groups = _group_sums(column)
    spread = variance(groups)
    differ = None if spread is None else icc(spread)
    return Quality(
        dimension=column.column.id,
        n=centred.n if shown else None,
        alpha=None if alpha is None else _hundredths(alpha.value),
        interval=_interval(alpha),
        omega=None if isinstance(told.omega, Refusal) else _hundredths(told.omega.value),
        # A question to which everybody gave the same answer goes with nothing; that it has no spread is not told (P7).
        item_rest={
            item.id: _hundredths(r or 0.0) if shown else None
            for item, r in zip(column.column.items, told.item_rest, strict=True)
        },
        reliable=told.reliable,
        refused=str(NO_COEFFICIENT) if alpha is None else "",
        groups=int((groups.n > 0).sum()),
        icc1=None if differ is None else min(MOST_AGREEMENT, _hundredths(differ.icc1_shown)),
        icc2=None if differ is None else _icc2(differ),
        decision=decision(spread),
        raw=None if alpha is None or isinstance(raw, Refusal) else _hundredths(raw.value),
        heywood=isinstance(told.omega, Omega) and told.omega.heywood,
    )


def _summed(
    trees: Sequence[Node], departments: Sequence[str], counts: Integers, *, finest: bool = False
) -> tuple[list[str], Integers]:
    """The ids of the nodes in which anybody counts, or of the finest of them, and their sums of the counts."""
    names: list[str] = []
    found = [np.zeros((0, *counts.shape[1:]), dtype=np.intp)]
    for root in trees:
        layout = root.layout
        sums = layout.below(layout.placed(departments, counts))
        some = sums.reshape(len(sums), -1).any(axis=1)
        some &= layout.leaves | (not finest)
        names += compress(root.by_id, some.tolist())
        found.append(sums[some])
    return names, np.concatenate(found)


def centred_in(found: Complete) -> tuple[frozenset[str], ...]:
    """The sets within whose means reliability is centred: those of which complete answers may be told (P3)."""
    return tuple(leaf.departments for root in found.tally.trees for leaf in root.leaves)


def grouped_in(column: PlannedColumn) -> tuple[frozenset[str], ...]:
    """The groups that ICC compares: the sets that may have an interval (P3)."""
    return tuple(leaf.departments for root in column.intervals for leaf in root.leaves)


def _products(column: Column, found: Complete) -> tuple[CrossProducts, CrossProducts]:
    """Sums of products of all who answered everything: centred around the means of the finest sets of which is told,
    so that nobody's department shows through, or around those of all of them."""
    _, counts = _summed(found.tally.trees, found.departments, found.counts, finest=True)
    sums = counts @ np.arange(1, column.points + 1, dtype=np.float64)
    n = counts[:, 0].sum(axis=-1)
    within, whole = (
        from_sums(n=people, sums=of, products=found.products, reverse=reversed_items(column))
        for people, of in ((n, sums), (n.sum(keepdims=True), sums.sum(axis=0, keepdims=True)))
    )
    return within, whole


def _group_sums(column: PlannedColumn) -> GroupSums:
    moments = [one for held in grouped_in(column) if (one := column.scores.over(held)).n]
    return GroupSums(
        n=np.array([one.n for one in moments], dtype=np.intp),
        mean=np.array([one.mean for one in moments], dtype=np.float64),
        m2=np.array([one.m2 for one in moments], dtype=np.float64),
    )


def _icc2(differ: Icc) -> int:
    """ICC(2), not told exactly where everybody of a group may have said the same."""
    shown = _hundredths(differ.icc2_shown)
    return min(MOST_AGREEMENT, shown) if _hundredths(differ.icc1_shown) >= MOST_AGREEMENT else shown


def _hundredths(value: float) -> int:
    return half_up(100 * value)


def _interval(found: Coefficient | None) -> tuple[int, int] | None:
    """An interval in hundredths, rounded outwards."""
    if found is None or found.interval is None:
        return None
    low, high = found.interval
    return -up(-100 * low), up(100 * high)
