"""How the answers to each question are divided, and who did not know: shares as printed (measurement design, 3.3, P1).

Means of single questions are not told, because beside the mean of their dimension they give the answers of a person who
left one out. Shares of three kinds of answers are: no sum of them is a sum of scores.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

import numpy as np

from app.releases.columns import Column, Sheets
from app.releases.figures import Bound, Share, Shares
from app.releases.finest import Finest, finest
from app.releases.plan import Node
from app.releases.tallies import Planner, Tally
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
        """Both, or the one."""
        return (self.given,) if self.said is None else (self.given, self.said)


def item_tallies(sheets: Sheets, column: Column, on: Sequence[Node], planner: Planner) -> list[ItemTally]:
    """The questions of a column, each planned on the strata of these trees."""
    counts = sheets.patterns(column).answer_counts()[..., 1:]
    reverse = np.array([item.reverse for item in column.items], dtype=np.bool_)
    sided = sided_counts(counts.swapaxes(0, 1), reverse=np.broadcast_to(reverse, (len(sheets.sizes), reverse.size)))
    shown = on if column.points >= LEAST_POINTS else ()
    return [_item_tally(sheets, item, sided[:, place], (shown, on), planner) for place, item in enumerate(column.items)]


def _item_tally(
    sheets: Sheets, item: Item, sided: Integers, on: tuple[Sequence[Node], Sequence[Node]], planner: Planner
) -> ItemTally:
    """A question, planned on the trees for its shares and on those for who did not know."""
    names = sheets.departments
    valid = sided.sum(axis=1)
    given = planner.plan(shares_id(item.id), dict(zip(names, valid.tolist(), strict=True)), on[0])
    unknown, other = sheets.unknown[:, sheets.position[item.id]]
    if not item.allow_dk:
        return ItemTally(item, names, given, sided, None, unknown)
    people = dict(zip(names, (valid + unknown + other).tolist(), strict=True))
    return ItemTally(item, names, given, sided, planner.plan(unknown_id(item.id), people, on[1]), unknown)


def shares_id(item_id: str) -> str:
    """What the ledger and the auditor call the valid answers to a question."""
    return f"shares:{item_id}"


def unknown_id(item_id: str) -> str:
    """What they call the answers to it with those who did not know."""
    return f"{UNKNOWN}{item_id}"


def item_shares(found: ItemTally) -> dict[str, Shares]:
    """What is printed of the valid answers to a question, by the ids of the rows of which the plan tells.

    A roll-up is the mean of its finest sets by headcount. Of these alone there is an interval.
    """
    told: dict[str, Shares] = {}
    for root, n in found.given.rows():
        names, heads = list(root.by_id), np.array([node.headcount for node in root.every], dtype=np.intp)
        sets = finest(root, found.given, found.departments, found.sided, rolled=_rolled_sides, printed=_printed_sides)
        percent, beyond = _printed(root, heads, sets, n=n)
        ends = printed_share_intervals(percent[:, 2], beyond[:, 2], n=n, headcount=heads)
        lines = zip(names, n.tolist(), sets.alone.tolist(), percent.tolist(), beyond.tolist(), ends, strict=True)
        for name, people, is_alone, (low, middle, high), (below, at, above), interval in lines:
            if people:
                told[name] = Shares(
                    favourable=_share(high, above),
                    neutral=_share(middle, at),
                    unfavourable=_share(low, below),
                    interval=interval if is_alone else None,
                )
    return told


def item_unknown(found: ItemTally) -> dict[str, Share]:
    """The share of people of each row who said that they did not know, among all who answered the question."""
    told: dict[str, Share] = {}
    if found.said is None:
        return told
    for root, n in found.said.rows():
        heads = np.array([node.headcount for node in root.every], dtype=np.intp)
        unknown = found.unknown[:, np.newaxis]
        sets = finest(root, found.said, found.departments, unknown, rolled=_rolled_part, printed=_printed_part)
        percent, beyond = _printed(root, heads, sets, n=n)
        lines = zip(root.by_id, n.tolist(), percent[:, 0].tolist(), beyond[:, 0].tolist(), strict=True)
        told |= {name: _share(shown, side) for name, people, shown, side in lines if people}
    return told


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


def _printed(root: Node, heads: Integers, sets: Finest, *, n: Integers) -> tuple[Integers, Integers]:
    """Shares of the `n` people of each node as printed (nodes, kinds), and which are beyond a bound, -1 or 1.

    A node with one finest set in which anybody counts prints what is printed of that. Others are means of their finest
    sets by headcount, each as it may be rolled up: so nothing that a bound hides follows from them (P7).
    """
    layout = root.layout
    there = layout.leaves & (n > 0)
    weight = np.where(there, heads, 0)
    mean = layout.below(weight[:, np.newaxis] * sets.rolled) / np.maximum(layout.below(weight), 1)[:, np.newaxis]
    single = (layout.below(there.astype(np.intp)) == 1)[:, np.newaxis]
    percent, beyond = printed_shares(mean, n=n[:, np.newaxis])
    own = [layout.below(np.where(there[:, np.newaxis], one, 0)) for one in (sets.percent, sets.beyond)]
    return np.where(single, own[0], percent), np.where(single, own[1], beyond)


_BOUNDS: Final[Mapping[int, Bound]] = {-1: "<=", 0: "", 1: ">="}


def _share(percent: int, beyond: int) -> Share:
    return _of(percent, _BOUNDS[beyond])


@cache
def _of(percent: int, bound: Bound) -> Share:
    """A share. There are few hundred, and many of each."""
    return Share(percent=percent, bound=bound)
