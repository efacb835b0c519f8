"""Which groups of departments may be seen while a wave runs, from the tree and the headcounts alone.

The same three steps as the plan of a release (MEASUREMENT.md 4.3), with headcounts in place of answers: whatever is
added to or subtracted from the groups shown, no set of fewer people than the minimum can be told apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.sentences import Passage, say

MIN_TURNOUT_GROUP = 10


@dataclass(frozen=True, slots=True)
class Department:
    """A department and the people attached to it, its children's not; `pool` names those it is always shown with."""

    id: UUID
    parent_id: UUID | None
    name: str
    headcount: int
    pool: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What is shown as one line: a department with everybody below it, or (`pooled`) several that are too small.

    `members` names the departments of a pool; `departments` are all departments whose people the group holds.
    """

    name: str
    depth: int
    pooled: bool
    members: tuple[str, ...]
    departments: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    name: str
    own: int
    ids: tuple[UUID, ...]
    people: int
    children: tuple["_Node", ...]
    members: tuple[str, ...] = ()


def groups(departments: Sequence[Department], *, minimum: int = MIN_TURNOUT_GROUP) -> tuple[Group, ...]:
    """The groups to show, parents before their parts; none where the organisation has fewer than `minimum` people."""
    top = _below(None, departments)
    root = _Node("", 0, (), sum(node.people for node in top), top)
    return tuple(_parts(root, depth=0, minimum=minimum)) if root.people >= minimum else ()


def still_large(
    groups: Sequence[Group], headcounts: Mapping[UUID, int], *, minimum: int = MIN_TURNOUT_GROUP
) -> tuple[Group, ...]:
    """The groups without those that a correction left with fewer than `minimum` people, and without their neighbours.

    With a group go all that are parts of the same group, or the missing one would follow by subtraction. What is left
    is always a part of the same groups, so that no correction shows anything new.
    """
    ancestors: list[tuple[UUID, ...]] = []
    within: list[tuple[tuple[UUID, ...], ...]] = []
    for group in groups:
        del ancestors[group.depth :]
        within.append(tuple(ancestors))
        ancestors.append(group.departments)
    broken = {
        around
        for group, around in zip(groups, within, strict=True)
        if sum(headcounts[department] for department in group.departments) < minimum
    }
    return tuple(
        group
        for group, around in zip(groups, within, strict=True)
        if not any(around[:length] in broken for length in range(len(around) + 1))
    )


def _below(parent_id: UUID | None, departments: Sequence[Department]) -> tuple[_Node, ...]:
    """The departments below a parent. Those of a named pool are one node without parts: they are one row of the result,
    so a count of their own would tell, by subtraction, of the others."""
    found: dict[tuple[str | None, UUID | None], list[Department]] = {}
    for department in departments:
        if department.parent_id == parent_id:
            found.setdefault((department.pool, None if department.pool else department.id), []).append(department)
    return tuple(
        _node(together[0], departments)
        if len(together) == 1
        else _pooled([_node(one, departments) for one in together])
        for together in found.values()
    )


def _pooled(nodes: Sequence[_Node]) -> _Node:
    """The departments of a named pool as one node."""
    ids = tuple(node_id for node in nodes for node_id in node.ids)
    names = tuple(node.name for node in nodes)
    return _Node(", ".join(names), 0, ids, sum(node.people for node in nodes), (), names)


def _node(department: Department, departments: Sequence[Department]) -> _Node:
    children = _below(department.id, departments)
    ids = (department.id, *(child_id for child in children for child_id in child.ids))
    people = department.headcount + sum(child.people for child in children)
    return _Node(department.name, department.headcount, ids, people, children)


def _parts(parent: _Node, *, depth: int, minimum: int) -> Iterator[Group]:
    """The parts of a group that is shown: the large enough, each with its own parts, then the pool of the others."""
    # Sorted by people; the sort is stable, so that equal departments stay in the order of the tree.
    left = sorted((node for node in parent.children if node.people), key=lambda node: node.people)
    pool: list[_Node] = []
    while left and (left[0].people < minimum or 0 < _people(parent, pool) < minimum):
        pool.append(left.pop(0))
    if not left or 0 < _people(parent, pool) < minimum:
        return
    for node in parent.children:
        if node in left:
            yield Group(node.name, depth, bool(node.members), node.members, node.ids)
            yield from _parts(node, depth=depth + 1, minimum=minimum)
    if _people(parent, pool):
        yield _pool(parent, [node for node in parent.children if node in pool], depth)


def _people(parent: _Node, pool: Sequence[_Node]) -> int:
    return parent.own + sum(node.people for node in pool)


def _pool(parent: _Node, pool: Sequence[_Node], depth: int) -> Group:
    itself = (parent.ids[0],) if parent.own else ()
    names: tuple[str, ...] = (say("{name} itself", name=parent.name),) if parent.own else ()
    names += tuple(name for node in pool for name in (node.members or (node.name,)))
    ids = (*itself, *(node_id for node in pool for node_id in node.ids))
    return Group(Passage(names, ", "), depth, len(names) > 1, names, ids)
