"""Which sets of people may be published: three nested coarsenings of the department tree (measurement design, P4, P5).

People are never named here: a set of people is the set of the departments they are attached to, and a department's id
stands for the people attached to that department itself, its children not counted. All decisions rest on headcounts
and numbers of answers, never on what was answered, so that nothing can be learned from a decision.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

Kind = Literal["organisation", "unit", "pool"]

ORGANISATION: Final = "organisation"
K_MEANS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A department as the wave froze it; `headcount` counts the people attached to it, not those of its children."""

    id: str
    name: str
    parent: str | None
    function: str
    headcount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A set of people that is published, or would be: the organisation, a department with all below it, or a pool.

    `departments` are the departments whose people it holds and `headcount` counts them all; `members` names the
    departments that a pool is made of.
    """

    id: str
    kind: Kind
    name: str
    departments: frozenset[str]
    headcount: int
    members: tuple[str, ...] = ()
    children: tuple["Node", ...] = ()


def tree(organisation: str, units: Sequence[Unit]) -> Node:
    """The organisation with its departments, in their own order.

    ValueError for a parent that is not there, an id given twice, or departments that are each other's parents.
    """
    below: dict[str | None, list[Unit]] = {}
    ids = {unit.id for unit in units}
    for unit in units:
        if unit.parent is not None and unit.parent not in ids:
            raise ValueError(f"department {unit.id} lies below {unit.parent}, which is not there")
        below.setdefault(unit.parent, []).append(unit)
    roots = tuple(_subtree(unit, below) for unit in below.get(None, []))
    held = frozenset[str]().union(*(root.departments for root in roots))
    if len(ids) != len(units) or held != ids:
        raise ValueError("departments must have ids of their own and lie below the organisation")
    headcount = sum(root.headcount for root in roots)
    return Node(
        id=ORGANISATION, kind="organisation", name=organisation, departments=held, headcount=headcount, children=roots
    )


def _subtree(unit: Unit, below: Mapping[str | None, Sequence[Unit]]) -> Node:
    children = tuple(_subtree(child, below) for child in below.get(unit.id, ()))
    return Node(
        id=unit.id,
        kind="unit",
        name=unit.name,
        departments=frozenset({unit.id}).union(*(child.departments for child in children)),
        headcount=unit.headcount + sum(child.headcount for child in children),
        children=children,
    )


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it, parents first."""
    yield node
    for child in node.children:
        yield from nodes(child)


def strata(node: Node) -> Iterator[Node]:
    """The finest sets of a tree: its leaves."""
    if not node.children:
        yield node
    for child in node.children:
        yield from strata(child)


def count(node: Node, people: Mapping[str, int]) -> int:
    """How many of the people counted by department belong to the node."""
    return sum(people.get(department, 0) for department in node.departments)


def plan_wave(
    tree: Node, responses: Mapping[str, int], *, k: int = K_MEANS, recorded: Mapping[str, int] | None = None
) -> Node:
    """Step 1, once for a wave: the rows of a release, on used responses by department.

    A department (or the people attached to a department with children) whose headcount is below k is always pooled,
    whatever it answered, and so is one with 1 to k - 1 responses. A department with a headcount of k or more and no
    response stays as a row of its own without answers. With fewer than k responses in all, the organisation alone.

    `recorded` are the headcounts of the roster, the tree's by default. They decide who is small, and answers beyond
    them do not help a group to k: else a few extra answers would make a small department a row of its own.
    """
    if count(tree, responses) < k:
        return replace(tree, children=())
    if recorded is None:
        recorded = {one.id: _own_people(one).headcount for one in nodes(tree)}
    # Somebody answered, so there is at least one, whatever the roster says.
    people = {one: min(n, max(1, recorded[one])) for one, n in responses.items()}
    roster = recorded

    def is_small(node: Node) -> bool:
        return node.headcount > 0 and sum(roster[one] for one in node.departments) < k

    return _coarsen(tree, people, k=k, is_small=is_small, prefix="pool")


def plan_column(tree: Node, valid: Mapping[str, int], *, k: int) -> Node | None:
    """Steps 2 and 3, once for a column each: the finest tree on the strata of `tree` whose strata have 0 or k answers.

    `valid` has the column's valid answers by department. None where the whole tree has fewer than k: then nothing of
    the column is published. Strata without any answer are left as they are, and count for nothing.
    """
    if count(tree, valid) < k:
        return None
    return _coarsen(tree, valid, k=k, is_small=lambda _: False, prefix="merged")


def _coarsen(node: Node, people: Mapping[str, int], *, k: int, is_small: Callable[[Node], bool], prefix: str) -> Node:
    """The finest tree below a node that has at least k people, so that every stratum has 0 or at least k.

    The pool of a parent is everybody of the parent who is in none of its published children. What is missing to k
    is filled up with the smallest other child; ties go by the organisation's own order, never by a score.
    """
    if not node.children:
        return node
    own = _own_people(node)
    parts = (*node.children, own) if own.departments else node.children
    sizes = {part.id: count(part, people) for part in parts}
    # A node's own people are never a row by themselves: they are in the pool as soon as one of them counts.
    pooled = {part.id for part in parts if is_small(part) or 0 < sizes[part.id] < (math.inf if part is own else k)}
    rest = sorted(
        (child for child in node.children if child.id not in pooled and sizes[child.id]), key=lambda c: sizes[c.id]
    )
    while pooled and rest and sum(sizes[part] for part in pooled) < k:
        pooled.add(rest.pop(0).id)
    silent = any(child.id not in pooled and not sizes[child.id] for child in node.children)
    if not rest and not silent:
        return replace(node, children=())
    children = [
        _coarsen(child, people, k=k, is_small=is_small, prefix=prefix)
        if sizes[child.id]
        else replace(child, children=())
        for child in node.children
        if child.id not in pooled
    ]
    return replace(node, children=(*children, *_pool(node, own, pooled, prefix)))


def _own_people(node: Node) -> Node:
    """The people attached to the node itself: no child's."""
    return Node(
        id=f"own:{node.id}",
        kind="pool",
        name=node.name,
        departments=node.departments.difference(*(child.departments for child in node.children)),
        headcount=node.headcount - sum(child.headcount for child in node.children),
    )


def _pool(node: Node, own: Node, pooled: Collection[str], prefix: str) -> tuple[Node, ...]:
    """The pool of a node, named after it: none, or one."""
    if not pooled:
        return ()
    inside = [child for child in node.children if child.id in pooled]
    members = tuple(child.name for child in inside)
    central = own.id in pooled
    names = [*(["central"] if central else []), *([f"small teams: {', '.join(members)}"] if members else [])]
    parts = [*inside, *([own] if central else [])]
    return (
        Node(
            id=f"{prefix}:{node.id}",
            kind="pool",
            name=f"{node.name}, {' and '.join(names)}",
            departments=frozenset[str]().union(*(part.departments for part in parts)),
            headcount=sum(part.headcount for part in parts),
            members=members,
        ),
    )
