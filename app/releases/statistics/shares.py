"""How the answers to each question are divided, and who did not know: shares as printed (measurement design, 3.3, P1).

Means of single questions are not told, because beside the mean of their dimension they give the answers of a person who
left one out. Shares of three kinds of answers are: no sum of them is a sum of scores.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

import numpy as np

from app.releases.document.figures import Bound, Share, Shares
from app.releases.plan.coarsening import Node
from app.releases.plan.finest import Divided, Finest, finest
from app.releases.plan.tallies import Planner, Tally
from app.releases.statistics.columns import Column, Sheets
from scoring.arrays import Floats, Integers
from scoring.printed import down, half_up, printed_share_intervals, printed_shares, up
from scoring.shares import sided_counts
from scoring.sides import printed_sides, rolled_part, rolled_sides
from surveys.model import Item

UNKNOWN: Final = "unknown:"
LEAST_POINTS: Final = 4
"""On a scale of fewer points the shares of a question give its mean, which is not told (P1)."""

_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True, eq=False)
class ItemTally:
    """A question: `given` are those with a valid answer, `sided` (departments, 3) how many answered below, at and above
    the middle of the scale.

    `said` are those who answered at all, None where nobody can say that they do not know; `unknown` (departments,) is
    how many of them said so. Departments as in `Sheets.departments`.
    """

    item: Item
    departments: tuple[str, ...]
    given: Tally
    sided: Integers
    said: Tally | None
    unknown: Integers

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """The tally of valid answers, then that of all who answered, where one can say that one does not know."""
        return (self.given,) if self.said is None else (self.given, self.said)

    def divided(self, root: Node) -> Divided:
        """A tree of the valid answers with these."""
        return Divided(root, self.given, self.departments, self.sided)


def item_tallies(
    sheets: Sheets, columns: Sequence[Column], on: Sequence[Node], planner: Planner
) -> dict[str, list[ItemTally]]:
    """The questions of some columns by the columns' ids, each planned on the strata of these trees."""
    items = [(one, item) for one in columns for item in one.items]
    sided = np.concatenate([np.zeros((len(sheets.sizes), 0, 3), dtype=np.intp), *_sided(sheets, columns)], axis=1)
    names, valid = sheets.departments, sided.sum(axis=2)
    shown = [place for place, (one, _) in enumerate(items) if one.points >= LEAST_POINTS]
    ids = [shares_id(items[place][1].id) for place in shown]
    given = dict(zip(shown, planner.plan(ids, names, valid[:, shown], on), strict=True))
    unknown, other = sheets.unknown[:, [sheets.position[item.id] for _, item in items]]
    offered = [place for place, (_, item) in enumerate(items) if item.allow_dk]
    ids, people = [unknown_id(items[place][1].id) for place in offered], valid + (unknown + other).T
    said = dict(zip(offered, planner.plan(ids, names, people[:, offered], on), strict=True))
    found: dict[str, list[ItemTally]] = {one.id: [] for one in columns}
    for place, (one, item) in enumerate(items):
        of_item = given.get(place) or Tally(shares_id(item.id), names, valid[:, place], (), ())
        found[one.id].append(ItemTally(item, names, of_item, sided[:, place], said.get(place), unknown[place]))
    return found


def _sided(sheets: Sheets, columns: Sequence[Column]) -> Iterator[Integers]:
    """How many people of each department answered below, at and above the middle of the scale of each of the questions
    of each column: (departments, items, 3)."""
    sheets.count(columns)
    for one in columns:
        shelf, place = sheets.shelf(one)
        reverse = np.array([item.reverse for item in one.items], dtype=np.bool_)
        yield sided_counts(shelf.answers[place], reverse=np.broadcast_to(reverse, shelf.answers.shape[1:3]))


def shares_id(item_id: str) -> str:
    """What the ledger and the auditor call the valid answers to a question."""
    return f"shares:{item_id}"


def unknown_id(item_id: str) -> str:
    """What they call the answers to it with those who did not know."""
    return f"{UNKNOWN}{item_id}"


def item_shares(found: Sequence[ItemTally]) -> dict[str, dict[str, Shares]]:
    """What is printed of the valid answers to some questions, by their ids and by those of the rows that may be told.

    A roll-up is the mean of its finest sets by headcount. Of these alone there is an interval.
    """
    told: dict[str, dict[str, Shares]] = {one.item.id: {} for one in found}
    trees = [_Tree(one.item.id, root, n, one.divided(root)) for one in found for root, n in one.given.rows()]
    if not trees:
        return told
    sets = finest([one.divided for one in trees], rolled=_rolled_sides, printed=_printed_sides)
    n, heads = np.concatenate([one.n for one in trees]), _heads(trees)
    percent, beyond = _printed(sets, heads, n=n)
    ends = printed_share_intervals(percent[:, 2], beyond[:, 2], n=n, headcount=heads)
    lines = zip(_rows(trees), n.tolist(), sets.alone.tolist(), percent.tolist(), beyond.tolist(), ends, strict=True)
    for (item, row), people, is_alone, (low, middle, high), (below, at, above), interval in lines:
        if people:
            told[item][row] = Shares(
                favourable=_share(high, above),
                neutral=_share(middle, at),
                unfavourable=_share(low, below),
                interval=interval if is_alone else None,
            )
    return told


def item_unknown(found: Sequence[ItemTally]) -> dict[str, dict[str, Share]]:
    """The share of people of each row who said that they did not know among all who answered, by question and row."""
    told: dict[str, dict[str, Share]] = {one.item.id: {} for one in found}
    trees = [
        _Tree(one.item.id, root, n, Divided(root, one.said, one.departments, one.unknown[:, np.newaxis]))
        for one in found
        if one.said is not None
        for root, n in one.said.rows()
    ]
    if not trees:
        return told
    sets = finest([one.divided for one in trees], rolled=_rolled_part, printed=_printed_part)
    n = np.concatenate([one.n for one in trees])
    percent, beyond = _printed(sets, _heads(trees), n=n)
    lines = zip(_rows(trees), n.tolist(), percent[:, 0].tolist(), beyond[:, 0].tolist(), strict=True)
    for (item, row), people, shown, side in lines:
        if people:
            told[item][row] = _share(shown, side)
    return told


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """A tree of a question's plan, and how many people of each of its nodes count."""

    item: str
    root: Node
    n: Integers
    divided: Divided


def _heads(trees: Sequence[_Tree]) -> Integers:
    """The headcounts of the nodes of trees side by side."""
    return np.array([node.headcount for one in trees for node in one.root.every], dtype=np.intp)


def _rows(trees: Sequence[_Tree]) -> Iterator[tuple[str, str]]:
    """The questions and the rows of the nodes of trees side by side."""
    return ((one.item, name) for one in trees for name in one.root.by_id)


def _rolled_sides(sides: Integers, _: Integers) -> Floats:
    return rolled_sides(sides)


def _printed_sides(sides: Integers, _: Integers) -> tuple[Integers, Integers]:
    return printed_sides(sides)


def _rolled_part(part: Integers, n: Integers) -> Floats:
    return rolled_part(part, n[:, np.newaxis])


def _printed_part(part: Integers, n: Integers) -> tuple[Integers, Integers]:
    return printed_shares(part / np.maximum(n, 1)[:, np.newaxis], n=n[:, np.newaxis])


def dimension_shares(items: Sequence[Item], told: Mapping[str, Mapping[str, Shares]]) -> dict[str, Shares]:
    """The shares of a dimension by row: the mean of what is printed of its questions, if half of them are told."""
    return {
        row: Shares(
            favourable=_mean([one.favourable for one in shown]),
            neutral=_mean([one.neutral for one in shown]),
            unfavourable=_mean([one.unfavourable for one in shown]),
        )
        for row, shown in _by_row(items, told).items()
        if 2 * len(shown) >= len(items)
    }


def dimension_unknown(items: Sequence[Item], told: Mapping[str, Share]) -> Share | None:
    """The don't-know rate of a dimension: the mean of its questions that offer it, if half of them or more are told."""
    found = unknown_by_row(items, {item: {"": rate} for item, rate in told.items()})
    return found.get("")


def unknown_by_row(items: Sequence[Item], told: Mapping[str, Mapping[str, Share]]) -> dict[str, Share]:
    """The same of every row, from what is told of the questions by row."""
    offered = [item for item in items if item.allow_dk]
    shown = _by_row(offered, told)
    return {row: _mean(rates) for row, rates in shown.items() if 2 * len(rates) >= len(offered)}


def _by_row(items: Sequence[Item], told: Mapping[str, Mapping[str, _Told]]) -> Mapping[str, list[_Told]]:
    """What is told of some questions, by row."""
    found: dict[str, list[_Told]] = defaultdict(list)
    for item in items:
        for row, one in told.get(item.id, {}).items():
            found[row].append(one)
    return found


def _mean(shown: Sequence[Share]) -> Share:
    """The mean of printed shares; it lies beyond a bound only where all of them do."""
    bound = shown[0].bound
    if bound and any(one.bound != bound for one in shown):
        bound = ""
    rounded = {"": half_up, "<=": up, ">=": down}[bound]
    return _of(rounded(sum([one.percent for one in shown]) / len(shown)), bound)


def _printed(sets: Finest, heads: Integers, *, n: Integers) -> tuple[Integers, Integers]:
    """Shares of the `n` people of each node as printed (nodes, kinds), and which are beyond a bound, -1 or 1.

    A node with one finest set in which anybody counts prints what is printed of that. Others are means of their finest
    sets by headcount, each as it may be rolled up: so nothing that a bound hides follows from them (P7).
    """
    nodes = sets.nodes
    there = nodes.leaves & (n > 0)
    weight = np.where(there, heads, 0)
    mean = nodes.below(weight[:, np.newaxis] * sets.rolled) / np.maximum(nodes.below(weight), 1)[:, np.newaxis]
    single = (nodes.below(there.astype(np.intp)) == 1)[:, np.newaxis]
    percent, beyond = printed_shares(mean, n=n[:, np.newaxis])
    own = [nodes.below(np.where(there[:, np.newaxis], one, 0)) for one in (sets.percent, sets.beyond)]
    return np.where(single, own[0], percent), np.where(single, own[1], beyond)


_BOUNDS: Final[Mapping[int, Bound]] = {-1: "<=", 0: "", 1: ">="}


def _share(percent: int, beyond: int) -> Share:
    return _of(percent, _BOUNDS[beyond])


@cache
def _of(percent: int, bound: Bound) -> Share:
    """A share. There are few hundred, and many of each."""
    return Share(percent=percent, bound=bound)
