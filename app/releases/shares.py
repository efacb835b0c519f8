"""How the answers to each question are divided, and who did not know: shares as printed (measurement design, 3.3, P1).

Means of single questions are not told, because beside the mean of their dimension they give the answers of a person who
left one out. Shares of three kinds of answers are: no sum of them is a sum of scores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.releases.columns import Column, Sheets
from app.releases.figures import Share, Shares
from app.releases.plan import Node
from app.releases.tallies import Planner, Tally
from scoring.kernel import answer_counts
from scoring.printed import PrintedShare, half_up, printed_share, printed_share_interval
from scoring.shares import sided_counts
from surveys.model import Item

UNKNOWN: Final = "unknown:"
_COARSE: Final = 5

Counts = Mapping[str, tuple[int, ...]]
"""Numbers of answers below, at and above the middle of the scale, by department."""


@dataclass(frozen=True, slots=True)
class ItemTally:
    """A question: `given` are those with a valid answer, `sided` how they answered.

    `said` are those who answered at all and `unknown` how many of them did not know; None where that is not offered.
    """

    item: Item
    given: Tally
    sided: Counts
    said: Tally | None
    unknown: Mapping[str, int]

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Both, or the one."""
        return (self.given,) if self.said is None else (self.given, self.said)


def item_tallies(sheets: Sheets, column: Column, on: Sequence[Node], planner: Planner) -> list[ItemTally]:
    """The questions of a column, each planned on the strata of these trees."""
    answers = np.stack([sheets.to(item) for item in column.items])
    counts = answer_counts(answers, sheets.sizes, points=column.points)[..., 1:]
    reverse = np.array([item.reverse for item in column.items], dtype=np.bool_)
    sided = sided_counts(counts.swapaxes(0, 1), reverse=np.broadcast_to(reverse, (len(sheets.sizes), reverse.size)))
    return [_item_tally(sheets, item, sided[:, place], on, planner) for place, item in enumerate(column.items)]


def _item_tally(
    sheets: Sheets,
    item: Item,
    sided: np.ndarray[tuple[int, int], np.dtype[np.intp]],
    on: Sequence[Node],
    planner: Planner,
) -> ItemTally:
    names = sheets.departments
    valid = sided.sum(axis=1)
    given = planner.plan(shares_id(item.id), dict(zip(names, valid.tolist(), strict=True)), on)
    by_name = dict(zip(names, map(tuple, sided.tolist()), strict=True))
    if not item.allow_dk:
        return ItemTally(item, given, by_name, None, {})
    place = sheets.position[item.id]
    unknown, other = sheets.unknown[:, place]
    people = dict(zip(names, (valid + unknown + other).tolist(), strict=True))
    said = planner.plan(unknown_id(item.id), people, on)
    return ItemTally(item, given, by_name, said, dict(zip(names, unknown.tolist(), strict=True)))


def shares_id(item_id: str) -> str:
    """What the ledger and the auditor call the valid answers to a question."""
    return f"shares:{item_id}"


def unknown_id(item_id: str) -> str:
    """What they call the answers to it with those who did not know."""
    return f"{UNKNOWN}{item_id}"


def item_shares(row_id: str, found: ItemTally) -> Shares | None:
    """What is printed of the valid answers of a row to a question; None where the plan does not tell of the row.

    A roll-up is the mean of its finest sets by headcount. Of these alone there is an interval.
    """
    node = found.given.published.get(row_id)
    strata = found.given.strata(node) if node else ()
    if node is None or not strata:
        return None
    n = found.given.n(node)
    shares = np.zeros(3)
    for one in strata:
        own = np.sum([found.sided[name] for name in one.departments if name in found.sided], axis=0)
        shares += one.headcount * own / own.sum()
    unfavourable, neutral, favourable = _printed(shares / sum(one.headcount for one in strata), n=n)
    alone = not node.children
    return Shares(
        favourable=_share(favourable),
        neutral=_share(neutral),
        unfavourable=_share(unfavourable),
        interval=printed_share_interval(favourable, n=n, headcount=node.headcount) if alone else None,
    )


def item_unknown(row_id: str, found: ItemTally) -> Share | None:
    """The share of people of a row who said that they did not know, among all who answered the question."""
    node = found.said.published.get(row_id) if found.said else None
    strata = found.said.strata(node) if found.said and node else ()
    if found.said is None or node is None or not strata:
        return None
    total = 0.0
    for one in strata:
        total += one.headcount * sum(found.unknown.get(name, 0) for name in one.departments) / found.said.n(one)
    return _share(printed_share(total / sum(one.headcount for one in strata), n=found.said.n(node)))


def dimension_shares(items: Sequence[Item], told: Mapping[str, Shares]) -> Shares | None:
    """The shares of a dimension: the mean of what is printed of its questions, if that is at least half of them."""
    shown = [told[item.id] for item in items if item.id in told]
    if 2 * len(shown) < len(items):
        return None
    return Shares(
        favourable=_mean(one.favourable for one in shown),
        neutral=_mean(one.neutral for one in shown),
        unfavourable=_mean(one.unfavourable for one in shown),
    )


def dimension_unknown(items: Sequence[Item], told: Mapping[str, Share]) -> Share | None:
    """The don't-know rate of a dimension: the mean of its questions that offer it, if half of them or more are told."""
    offered = [item for item in items if item.allow_dk]
    shown = [told[item.id] for item in offered if item.id in told]
    if not offered or 2 * len(shown) < len(offered):
        return None
    return _mean(shown)


def _mean(shares: Iterable[Share]) -> Share:
    """The mean of printed shares; it lies beyond a bound only where all of them do."""
    shown = list(shares)
    bounds = {one.bound for one in shown}
    bound = bounds.pop() if len(bounds) == 1 else ""
    return Share(percent=half_up(sum(one.percent for one in shown) / len(shown)), bound=bound)


def _printed(shares: Iterable[float], *, n: int) -> list[PrintedShare]:
    """The three shares as printed. Where one is beyond its bound the others are coarse, so that it does not follow."""
    exact = [printed_share(float(one), n=n) for one in shares]
    if not any(one.bound for one in exact):
        return exact
    return [one if one.bound else PrintedShare(_COARSE * half_up(one.percent / _COARSE), "") for one in exact]


def _share(one: PrintedShare) -> Share:
    return Share(percent=one.percent, bound=one.bound)
