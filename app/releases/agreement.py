"""How far people of a row agree, whether they fall into two camps, and how well the questions work (3.6 to 3.9).

Agreement and reliability rest on people who answered all questions of a dimension, and are planned for themselves;
camps and ICC rest on scores, and are told of the sets that may have an interval (P2, P3, P15).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.releases.columns import Column, Sheets, reversed_items, score_classes
from app.releases.estimate import PlannedColumn
from app.releases.figures import Agreement, Camps, Quality
from app.releases.plan import Node
from app.releases.tallies import Planner, Tally
from scoring.aggregation import GroupSums, decision, icc, variance
from scoring.agreement import agreement, complete_counts
from scoring.arrays import Floats, Integers
from scoring.people import MISSING
from scoring.polarisation import split
from scoring.printed import half_up, up
from scoring.reliability import ALPHA_FROM, Coefficient, CrossProducts, Refusal, from_sums, reliability


@dataclass(frozen=True, slots=True)
class Complete:
    """The people who answered all questions of a column, the tally by which is told of them, and their answers.

    `counts` (departments, items, points) are numbers of answers, `products` (items, items) sums of products of answers
    over all of them; departments as in `Sheets.departments`.
    """

    tally: Tally
    departments: tuple[str, ...]
    counts: Integers
    products: Floats


def complete_id(column_id: str) -> str:
    """What the ledger and the auditor call the people who answered all questions of a column."""
    return f"complete:{column_id}"


def complete(sheets: Sheets, column: Column, on: Sequence[Node], planner: Planner) -> Complete:
    """Count the complete answers to a column, and plan of whom they may be told."""
    answers = sheets.of(column.items)
    counts = complete_counts(answers, group=sheets.department, groups=len(sheets.departments), points=column.points)
    rows = answers[(answers != MISSING).all(axis=1)].astype(np.float64)
    people = dict(zip(sheets.departments, counts[:, 0].sum(axis=1).tolist(), strict=True))
    tally = planner.plan(complete_id(column.id), people, on)
    return Complete(tally, sheets.departments, counts, rows.T @ rows)


def agreements(found: Complete) -> dict[str, Agreement]:
    """The agreement of every row of which is told, by the row's id."""
    nodes = [node for node in found.tally.published.values() if found.tally.n(node)]
    if not nodes:
        return {}
    told = agreement(_summed(found.counts, found.departments, nodes))
    shown, deviations = told.lindell_shown, told.ad_mean
    return {
        node.id: Agreement(r_wg=half_up(100 * float(shown[place])), deviation=half_up(100 * float(deviations[place])))
        for place, node in enumerate(nodes)
    }


def camps(sheets: Sheets, column: PlannedColumn) -> dict[str, Camps]:
    """Whether the scores of a row fall into two camps, for every row that may have an interval, by the row's id."""
    every = (node for root in column.intervals for node in root.every)
    nodes = [node for node in every if column.scores.answered(node.departments)]
    if not nodes:
        return {}
    told = split(_summed(score_classes(sheets, column.column), sheets.departments, nodes))
    return {
        node.id: Camps(polarisation=half_up(100 * float(told.polarisation[place])), split=bool(told.split[place]))
        for place, node in enumerate(nodes)
    }


def quality(column: PlannedColumn, found: Complete) -> Quality:
    """What is told of a dimension's questions: reliability of the sum, and whether groups differ in it."""
    centred = _centred(column.column, found)
    told = reliability(centred)
    alpha = None if isinstance(told.headline, Refusal) else told.headline
    groups = _group_sums(column)
    spread = variance(groups)
    differ = None if spread is None else icc(spread)
    return Quality(
        dimension=column.column.id,
        n=centred.n if centred.n >= ALPHA_FROM else None,
        alpha=None if alpha is None else _hundredths(alpha.value),
        interval=_interval(alpha),
        omega=None if isinstance(told.omega, Refusal) else _hundredths(told.omega.value),
        item_rest={
            item.id: None if r is None else _hundredths(r)
            for item, r in zip(column.column.items, told.item_rest, strict=True)
        },
        reliable=told.reliable,
        refused=_refused(told.headline),
        groups=int((groups.n > 0).sum()),
        icc1=None if differ is None else _hundredths(differ.icc1_shown),
        icc2=None if differ is None else _hundredths(differ.icc2_shown),
        decision=decision(spread),
    )


def _summed(counts: Integers, departments: Sequence[str], nodes: Sequence[Node]) -> Integers:
    """Counts by department, summed up for each of the nodes."""
    place = {name: number for number, name in enumerate(departments)}
    inside = np.zeros((len(nodes), len(departments)))
    for row, node in enumerate(nodes):
        inside[row, [place[name] for name in node.departments if name in place]] = 1
    # In floats, which are exact for whole numbers below 2^53, because NumPy multiplies whole numbers slowly.
    found: Integers = np.rint(inside @ counts.reshape(len(departments), -1).astype(np.float64)).astype(np.intp)
    return found.reshape(len(nodes), *counts.shape[1:])


def _centred(column: Column, found: Complete) -> CrossProducts:
    """Sums of products around the means of the finest sets of which is told: nobody's department shows through."""
    strata = [leaf for root in found.tally.trees for leaf in root.leaves if found.tally.n(leaf)]
    items = len(column.items)
    if not strata:
        return from_sums(
            n=np.zeros(1, dtype=np.intp), sums=np.zeros((1, items)), products=np.zeros((items, items)),
            reverse=reversed_items(column),
        )  # fmt: skip
    counts = _summed(found.counts, found.departments, strata)
    sums = counts @ np.arange(1, column.points + 1, dtype=np.float64)
    n = counts[:, 0].sum(axis=-1)
    return from_sums(n=n, sums=sums, products=found.products, reverse=reversed_items(column))


def _group_sums(column: PlannedColumn) -> GroupSums:
    every = (column.scores.over(leaf.departments) for root in column.intervals for leaf in root.leaves)
    moments = [one for one in every if one.n]
    return GroupSums(
        n=np.array([one.n for one in moments], dtype=np.intp),
        mean=np.array([one.mean for one in moments], dtype=np.float64),
        m2=np.array([one.m2 for one in moments], dtype=np.float64),
    )


def _hundredths(value: float) -> int:
    return half_up(100 * value)


def _interval(found: Coefficient | None) -> tuple[int, int] | None:
    """An interval in hundredths, rounded outwards."""
    if found is None or found.interval is None:
        return None
    low, high = found.interval
    return -up(-100 * low), up(100 * high)


def _refused(found: Coefficient | Refusal) -> str:
    """Why there is no coefficient. How many people are missing is not said where it is too few to tell."""
    if isinstance(found, Coefficient):
        return ""
    if found.why == "too_few_people":
        return f"fewer than {found.need} people answered all questions"
    return str(found)
