"""Which sets of people may be published: three nested coarsenings of the department tree (measurement design, P4, P5).

All decisions rest on headcounts and numbers of answers, so they tell of no answer.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_
from typing import Final

import numpy as np

from app.releases.plan.nodes import ORGANISATION, Department, Kind, Node, count, counts, nodes, strata, tree
from scoring.arrays import Flags, Integers

__all__ = [
    "ORGANISATION",
    "Department",
    "Kind",
    "Node",
    "count",
    "nodes",
    "plan_column",
    "plan_columns",
    "plan_wave",
    "strata",
    "tree",
]

K_MEANS: Final = 5
Told = Sequence[frozenset[str]]
"""Sets that were told of as one before and must not be cut."""


def plan_wave(
    tree: Node,
    responses: Mapping[str, int],
    *,
    k: int = K_MEANS,
    recorded: Mapping[str, int] | None = None,
    told: Sequence[frozenset[str]] = (),
) -> Node:
    """Step 1, once for a wave: the rows of a release, on used responses by department.

    A department (or the people attached to a department with children) whose headcount is below k is always pooled,
    whatever it answered, and so is one with 1 to k - 1 responses. A department with a headcount of k or more and no
    response stays as a row of its own without answers. With fewer than k responses in all, the organisation alone.
    Departments of one parent with the same `pool` are one row, so that it stays the same row over the quarters.

    `recorded` are the headcounts of the roster, the tree's by default. They decide who is small, and answers beyond
    them do not help a group to k: else a few extra answers would make a small department a row of its own.

    `told` are the strata of the wave's first release. A later one may only merge them (P11): departments that were told
    of together stay together, whatever the tree is now.
    """
    if count(tree, responses) < k:
        return replace(tree, children=())
    roster = {one.id: one.own.headcount for one in nodes(tree)} if recorded is None else recorded
    # Somebody answered, so there is at least one, whatever the roster says.
    people = {one: min(n, max(1, roster[one])) for one, n in responses.items()}

    def is_small(node: Node, _: int) -> bool:
        return node.headcount > 0 and sum(roster[one] for one in node.departments) < k

    sizes = counts(tree, tree.layout.counted(people))
    return _coarsen(tree, sizes, _Rule(k, is_small, lambda node: node.group, "pool"), _cut(tree, told))


def plan_column(
    tree: Node,
    valid: Mapping[str, int],
    *,
    k: int,
    told: Told = (),
    used: Mapping[str, int] | None = None,
) -> Node | None:
    """Steps 2 and 3, once for a column each: the finest tree on the strata of `tree` whose strata have 0 or k answers.

    `valid` has the column's valid answers by department. None where the whole tree has fewer than k: then nothing of
    the column is published. Strata without any answer are left as they are, and count for nothing. `told` are the
    strata of the same column and kind in the wave's first release, which a later one may only merge.

    With `used`, the used answer sheets by department, a stratum without any answer is merged too where it has fewer
    than k sheets: for columns that print their numbers of answers, which would tell that all of them left it out.
    """
    (found,) = plan_columns(tree, tree.layout.counted(valid)[:, np.newaxis], k=k, told=[told], used=used)
    return found


def plan_columns(
    tree: Node, own: Integers, *, k: int, told: Sequence[Told], used: Mapping[str, int] | None = None
) -> list[Node | None]:
    """The same of several columns: `own` (nodes, columns) are their valid answers by the lowest node that holds them,
    `told` the strata of each before."""
    small = tree.layout.small(own, used, k=k)
    people: Integers = own.sum(axis=0)
    few, quiet = (people < k).tolist(), np.logical_not(small.any(axis=0)).tolist()
    found: list[Node | None] = []
    for place, (none, fits, before) in enumerate(zip(few, quiet, told, strict=True)):
        cut = () if none else _cut(tree, before)
        if none or (fits and not cut):
            found.append(None if none else tree)
        else:
            found.append(_planned(tree, own[:, place], small[:, place], cut, k=k, used=used))
    return found


def _planned(tree: Node, own: Integers, small: Flags, cut: Told, *, k: int, used: Mapping[str, int] | None) -> Node:
    """A tree on whose strata there are 0 or k answers, from that of which some are small or that cuts what was told."""

    def is_small(node: Node, size: int) -> bool:
        return used is not None and not size and 0 < count(node, used) < k

    fine = frozenset(name for name, settled in zip(tree.by_id, tree.layout.settled(small), strict=True) if settled)
    return _coarsen(tree, counts(tree, own), _Rule(k, is_small, lambda _: None, "merged", fine), cut)


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a tree is coarsened: which sets, with their numbers of people, are pooled whatever they answered, and which
    group was chosen for a department; `prefix` begins the pools' ids. `fine` are nodes that need not be looked at.
    """

    k: int
    is_small: Callable[[Node, int], bool]
    group: Callable[[Node], str | None]
    prefix: str
    fine: frozenset[str] = frozenset()


def _cut(tree: Node, told: Told) -> Told:
    """Those of the sets that a tree would cut, or holds a part of only: all others stay together by themselves."""
    found = []
    for one in told:
        leaf = next((tree.leaf_of[name] for name in one if name in tree.leaf_of), None)
        if not (leaf is not None and one <= leaf.departments) and not one.isdisjoint(tree.departments):
            found.append(one)
    return found


@dataclass(slots=True)
class _Pool:
    """A pool under way: the group's name ("" for small teams without one), its parts in order, its people."""

    names: tuple[str, ...]
    parts: list[Node]
    people: int
    short: bool

    def take(self, other: "_Pool") -> None:
        """Takes another pool's people in. The pool of small teams comes last in its name."""
        self.names = tuple(sorted({*self.names, *other.names}, key=lambda name: (not name, name)))
        self.parts += other.parts
        self.people += other.people


def _coarsen(node: Node, sizes: Mapping[str, int], rule: _Rule, told: Told) -> Node:
    """The finest tree below a node that has at least k people, so that every stratum has 0 or at least k.

    A pool is everybody of its parts; together with its published children they are everybody of the parent. A pool that
    misses k joins the smallest other pool; without one it takes in the smallest published child. Ties go by the
    organisation's own order, never by a score. What need not be coarsened is the same node; a part that is divided and
    has nobody is left undivided.
    """
    if not (node.children and sizes[node.id]):
        return replace(node, children=()) if node.children else node
    told = [one for one in told if not one.isdisjoint(node.departments)]
    if not told and node.id in rule.fine:
        return node
    pools = _filled(node, sizes, rule, told)
    pooled = {part.id for pool in pools for part in pool.parts}
    left = [child for child in node.children if child.id not in pooled] if pools else node.children
    if len(pools) <= 1 and not left:
        return replace(node, children=())
    children = tuple([_coarsen(child, sizes, rule, told) for child in left])
    if not pools and all(map(is_, children, node.children)):
        return node
    return replace(node, children=(*children, *_named(node, pools, rule.prefix)))


def _filled(node: Node, sizes: Mapping[str, int], rule: _Rule, told: Told) -> list["_Pool"]:
    """The pools of a node, filled up until none misses k, as far as there is anybody to fill them with."""
    pools = _begun(node, sizes, rule, told)
    if not pools:
        return pools
    pooled = {part.id for pool in pools for part in pool.parts}
    rest = sorted(
        (child for child in node.children if child.id not in pooled and sizes[child.id]), key=lambda c: sizes[c.id]
    )
    while short := [pool for pool in pools if pool.short]:
        if len(pools) > 1:
            _join(short[0], pools, rule.k)
        elif rest:
            child = rest.pop(0)
            pools[0].take(_Pool(("",), [child], sizes[child.id], short=False))
            pools[0].short = pools[0].people < rule.k
        else:
            break
    return pools


def _begun(node: Node, sizes: Mapping[str, int], rule: _Rule, told: Told) -> list[_Pool]:
    """The pools that a node's parts call for, before any of them is filled up: those with a name, then the small teams.

    A node's own people are never a row by themselves: they are in a pool as soon as one of them counts. A group of one
    is no group.
    """
    parts = (*node.children, node.own) if node.own.departments else node.children
    chosen: dict[str, list[Node]] = {}
    for part in parts:
        if (name := rule.group(part)) is not None:
            chosen.setdefault(name, []).append(part)
    groups = {name: members for name, members in chosen.items() if len(members) > 1}
    grouped = {part.id for members in groups.values() for part in members}
    small = [
        part
        for part in parts
        if (0 < sizes[part.id] < (math.inf if part is node.own else rule.k) or rule.is_small(part, sizes[part.id]))
        and part.id not in grouped
        # Its own number would decide, and so be told; what was told as one is joined below, whatever it is.
        and not any(part.departments & one and not one <= part.departments for one in told)
    ]
    pools = []
    for name, members in (*groups.items(), ("", small)):
        size = sum(sizes[part.id] for part in members)
        # A group of k or more people of whom none answered is told as such, as a department is.
        silent = bool(name) and not size and not rule.is_small(_joined(members), size)
        if members:
            pools.append(_Pool((name,), list(members), size, short=size < rule.k and not silent))
    return _uncut(pools, parts, sizes, rule, told)


def _uncut(pools: list[_Pool], parts: Sequence[Node], sizes: Mapping[str, int], rule: _Rule, told: Told) -> list[_Pool]:
    """The pools, joined so far that none of the sets that were told of before lies in two parts or pools."""
    for one in told:
        touched = [part for part in parts if not part.departments.isdisjoint(one)]
        if len(touched) < 2:
            continue
        ids = {part.id for part in touched}
        meeting = [pool for pool in pools if ids & {part.id for part in pool.parts}]
        held = {part.id for pool in meeting for part in pool.parts}
        whole = meeting[0] if meeting else _Pool(("",), [], 0, short=False)
        for pool in meeting[1:]:
            whole.take(pool)
        loose = [part for part in touched if part.id not in held]
        whole.take(_Pool(("",), loose, sum(sizes[part.id] for part in loose), short=False))
        silent = not whole.people and rule.is_small(_joined(whole.parts), whole.people)
        whole.short = 0 < whole.people < rule.k or silent
        pools = [pool for pool in pools if pool not in meeting] + [whole]
    return pools


def _joined(parts: Sequence[Node]) -> Node:
    """Parts as one set of people."""
    held = frozenset[str]().union(*(part.departments for part in parts))
    return Node(id="", kind="pool", name="", departments=held, headcount=sum(part.headcount for part in parts))


def _join(short: _Pool, pools: list[_Pool], k: int) -> None:
    """Lets a pool that misses k join the smallest other pool of the same parent."""
    pools.remove(short)
    smallest = min(pools, key=lambda pool: pool.people)
    smallest.take(short)
    smallest.short = smallest.people < k


def _named(node: Node, pools: Sequence[_Pool], prefix: str) -> Iterator[Node]:
    """The pools of a node as nodes: named as was chosen, or after the parent and what they hold."""
    order = {child.id: place for place, child in enumerate(node.children)}
    taken = set(order)
    for number, pool in enumerate(pools, start=1):
        inside = sorted((part for part in pool.parts if part is not node.own), key=lambda part: order[part.id])
        central = len(inside) < len(pool.parts)
        chosen = [name for name in pool.names if name]
        loose = [part.name for part in inside if not chosen or part.group not in chosen]
        small = [*(["central"] if central else []), *([f"small teams: {', '.join(loose)}"] if loose else [])]
        name = f"{prefix}:{node.id}" if not chosen else f"{prefix}:{node.id}:{number}"
        # Two pools without a name can meet where sets that were told of before are kept together, and what an earlier
        # step merged can lie beside them: each has an id of its own.
        while name in taken:
            number += 1
            name = f"{prefix}:{node.id}:{number}"
        taken.add(name)
        yield Node(
            id=name,
            kind="pool",
            name=" and ".join([*chosen, *small]) if chosen else f"{node.name}, {' and '.join(small)}",
            departments=_joined(pool.parts).departments,
            headcount=sum(part.headcount for part in pool.parts),
            members=tuple(part.name for part in inside),
        )
