"""Sets of people as the nodes of a tree: the organisation, its departments, and pools of them.

A set of people is the set of the departments they are attached to; a department's id stands for the people attached to
itself, its children's not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from app.releases.plan.layout import Layout
from scoring.arrays import Integers
from scoring.errors import TreeError

Kind = Literal["organisation", "unit", "pool"]

ORGANISATION: Final = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department as the wave froze it; `headcount` counts the people attached to it, not those of its children.

    `pool` names the departments of one parent with which it is shown, chosen before launch, `site` where they work.
    """

    id: str
    name: str
    parent: str | None
    function: str
    headcount: int
    pool: str | None = None
    site: str | None = None


@dataclass(frozen=True, kw_only=True)
class Node:
    """A set of people that is published, or would be: the organisation, a department with all below it, or a pool.

    It holds the people of `departments`, `headcount` in all; `members` are those of a pool, `group` its chosen name.
    """

    id: str
    kind: Kind
    name: str
    departments: frozenset[str]
    headcount: int
    members: tuple[str, ...] = ()
    children: tuple["Node", ...] = ()
    group: str | None = None

    @cached_property
    def every(self) -> tuple["Node", ...]:
        """The node and all below it, parents first."""
        return (self, *(node for child in self.children for node in child.every))

    @cached_property
    def leaves(self) -> tuple["Node", ...]:
        """The finest sets of the tree."""
        return tuple(node for node in self.every if not node.children)

    @cached_property
    def by_id(self) -> Mapping[str, "Node"]:
        """The node and all below it by their ids."""
        return {node.id: node for node in self.every}

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Where in `every` that ends which lies below a node, for each node of it."""
        return tuple(place + len(node.every) for place, node in enumerate(self.every))

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """The place in `every` of the lowest node that holds a department."""
        return {department: place for place, node in enumerate(self.every) for department in node.departments}

    @cached_property
    def layout(self) -> Layout:
        """The tree as arrays."""
        return Layout(self.place_of, self.ends)

    @cached_property
    def leaf_of(self) -> Mapping[str, "Node"]:
        """The finest set that holds a department; none for people attached to a node that is divided."""
        return {department: leaf for leaf in self.leaves for department in leaf.departments}

    @cached_property
    def own(self) -> "Node":
        """The people attached to the node itself: no child's."""
        held = self.departments.difference(*(child.departments for child in self.children))
        headcount = self.headcount - sum(child.headcount for child in self.children)
        return Node(id=f"own:{self.id}", kind="pool", name=self.name, departments=held, headcount=headcount)


def tree(organisation: str, departments: Sequence[Department]) -> Node:
    """The organisation with its departments, in their own order.

    TreeError for a parent that is not there, an id given twice, or departments that are each other's parents.
    """
    below: dict[str | None, list[Department]] = {}
    ids = {department.id for department in departments}
    for department in departments:
        if department.parent is not None and department.parent not in ids:
            raise TreeError(f"department {department.id} lies below {department.parent}, which is not there")
        below.setdefault(department.parent, []).append(department)
    roots = tuple(_subtree(department, below) for department in below.get(None, []))
    held = frozenset[str]().union(*(root.departments for root in roots))
    if len(ids) != len(departments) or held != ids:
        raise TreeError("departments must have ids of their own and lie below the organisation")
    headcount = sum(root.headcount for root in roots)
    return Node(
        id=ORGANISATION, kind="organisation", name=organisation, departments=held, headcount=headcount, children=roots
    )


def _subtree(department: Department, below: Mapping[str | None, Sequence[Department]]) -> Node:
    children = tuple(_subtree(child, below) for child in below.get(department.id, ()))
    return Node(
        id=department.id,
        kind="unit",
        name=department.name,
        departments=frozenset({department.id}).union(*(child.departments for child in children)),
        headcount=department.headcount + sum(child.headcount for child in children),
        children=children,
        group=department.pool,
    )


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it, parents first."""
    return iter(node.every)


def strata(node: Node) -> Iterator[Node]:
    """The finest sets of a tree: its leaves."""
    return iter(node.leaves)


def count(node: Node, people: Mapping[str, int]) -> int:
    """How many of the people counted by department belong to the node."""
    if len(node.departments) == 1:
        (department,) = node.departments
        return people.get(department, 0)
    return sum([people.get(department, 0) for department in node.departments])


def counts(root: Node, own: Integers) -> dict[str, int]:
    """How many people belong to the node and to each below it, and to their own people, by id, from the latter."""
    found = dict(zip(root.by_id, root.layout.below(own).tolist(), strict=True))
    return found | {node.own.id: n for node, n in zip(root.every, own.tolist(), strict=True) if node.children}
