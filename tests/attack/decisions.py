"""What the plan itself gives away: which numbers of valid answers fit the rows and cells that were published.

The attacker knows the planner and tries every number of valid answers in each department. Where all that fit agree on
the number of a group of fewer than k, they know who of the group answered and who did not.
"""

import itertools
from collections.abc import Callable, Hashable, Mapping
from math import inf

from app.releases.plan import Node, count, nodes, plan_column, plan_wave

Published = Callable[[Mapping[str, int]], Hashable]
"""What a planner lets everybody see, by the number of valid answers of each department."""


def given_away(used: Mapping[str, int], valid: Mapping[str, int], published: Published, *, k: int) -> str | None:
    """A department with fewer than k responses whose number of valid answers the plan tells, or None."""
    seen = published(valid)
    names = sorted(used)
    every = itertools.product(*(range(used[name] + 1) for name in names))
    fits = [
        dict(zip(names, one, strict=True)) for one in every if published(dict(zip(names, one, strict=True))) == seen
    ]
    alike = (name for name in names if 0 < used[name] < k and len({one[name] for one in fits}) == 1)
    return next(alike, None)


def as_built(tree: Node, used: Mapping[str, int], *, k: int) -> Published:
    """Rows by responses and headcounts, and for a column which of them have a score."""
    rows = plan_wave(tree, used, k=k)
    names = [(node.id, node.name, node.members) for node in nodes(rows)]

    def published(valid: Mapping[str, int]) -> Hashable:
        column = plan_column(rows, valid, k=k)
        shown = {node.id for node in nodes(column)} if column else set()
        scored = [name for name, *_ in names if name in shown and _has_score(column, name, valid)]
        return tuple(names), tuple(scored)

    return published


def _has_score(column: Node | None, name: str, valid: Mapping[str, int]) -> bool:
    assert column is not None
    return any(node.id == name and count(node, valid) for node in nodes(column))


def named_by_valid_answers(tree: Node, *, k: int) -> Published:
    """Broken: the pools of a column, with their members' names, hold those who gave 1 to k - 1 valid answers to it."""

    def published(valid: Mapping[str, int]) -> Hashable:
        column = plan_column(tree, valid, k=k)
        if column is None:
            return None
        return tuple((node.name, node.members) for node in nodes(column) if 0 < count(node, valid) < inf)

    return published
