"""How far people of a row agree, whether they fall into two camps, and how well the questions work (3.6 to 3.9).

Agreement and reliability rest on people who answered all questions of a dimension, and are planned for themselves;
camps and ICC rest on scores, and are told of the sets that may have an interval (P2, P3, P15).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Final

import numpy as np

from app.releases.document.figures import LEAST_DEVIATION, LEAST_POLARISATION, MOST_AGREEMENT, Agreement, Camps, Quality
from app.releases.document.notes import NO_COEFFICIENT
from app.releases.plan.coarsening import Node, count, plan_column
from app.releases.plan.tallies import Planner, Tally
from app.releases.statistics.columns import Column, Sheets, reversed_items
from app.releases.statistics.estimate import PlannedColumn
from scoring.aggregation import GroupSums, Icc, decision, icc, variance
from scoring.agreement import agreement
from scoring.arrays import Floats, Integers
from scoring.people import MISSING, least_answers
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


def complete(sheets: Sheets, planned: PlannedColumn, planner: Planner) -> Complete:
    """Count the complete answers to a column, and plan of whom they may be told."""
    column = planned.column
    answered = sheets.patterns(column)
    found = answered.complete()
    counts = found.answer_counts()[..., 1:].swapaxes(0, 1)
    people = dict(zip(sheets.departments, counts[:, 0].sum(axis=1).tolist(), strict=True))
    tally = planner.plan(complete_id(column.id), people, planned.intervals)
    valid = answered.given.answers != MISSING
    scored = valid.sum(axis=1) >= least_answers(len(column.items))
    some = [sheets.by_department(answered.given.having(one & ~valid.all(axis=1))) for one in (scored, *valid.T)]
    finest = planner.told.told(column.id, "spreads") or [
        leaf.departments for one in planned.intervals for leaf in one.leaves
    ]
    named = {min(one): one for one in finest if one}
    beside = [_fewest(named, people, one) for one in some]
    trees = [tree for root in tally.trees for tree in _without_few(root, beside, planner.k)]
    alike = planner.plan(agreement_id(column.id), people, trees)
    return Complete(tally, alike, sheets.departments, counts, found.products())


def _fewest(sets: Mapping[str, frozenset[str]], people: Mapping[str, int], beside: Mapping[str, int]) -> dict[str, int]:
    """On how many people the difference of agreement and intervals rests at least, by one department of each set.

    An interval can be taken away, which leaves those beside the people counted, or be left in, which leaves these.
    """
    return {
        name: min(sum([people.get(one, 0) for one in held]), sum([beside.get(one, 0) for one in held]))
        for name, held in sets.items()
    }


def _without_few(root: Node, beside: Sequence[Mapping[str, int]], k: int) -> Iterator[Node]:
    """The largest parts of a tree, coarsened, in whose sets 0 or at least k people are `beside` those counted.

    Intervals and shares tell of people who left a question out, agreement does not: of a few of them the difference
    would tell (P1 c).
    """
    sizes = [count(root, people) for people in beside]
    if any(0 < size < k for size in sizes):
        for child in root.children:
            yield from _without_few(child, beside, k)
        return
    tree: Node | None = root
    for people, size in zip(beside, sizes, strict=True):
        tree = plan_column(tree, people, k=k) if tree and size else tree
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
    centred = [_products(column.column, one, centred=True) for column, one in found]
    raw = [headline(_products(column.column, one, centred=False)) for column, one in found]
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


def _products(column: Column, found: Complete, *, centred: bool) -> CrossProducts:
    """Sums of products of all who answered everything: `centred` around the means of the finest sets of which is told,
    so that nobody's department shows through, or around those of all of them."""
    _, counts = _summed(found.tally.trees, found.departments, found.counts, finest=True)
    counts = counts if centred else counts.sum(axis=0, keepdims=True)
    sums = counts @ np.arange(1, column.points + 1, dtype=np.float64)
    n = counts[:, 0].sum(axis=-1)
    return from_sums(n=n, sums=sums, products=found.products, reverse=reversed_items(column))


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
