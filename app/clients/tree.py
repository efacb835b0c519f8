"""What follows from a department's place in the tree. Pure: all of it takes the depth-first list of departments."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.clients.queries import DepartmentNode
from app.clients.rules import fold


def effective_sites(tree: Iterable[DepartmentNode]) -> dict[UUID, str | None]:
    """Where the people of each department work: its own site, else that of the nearest department above with one.

    A site is spelled everywhere as it is spelled first. None where neither the department nor any above it has one.
    """
    found: dict[UUID, str | None] = {}
    spelled: dict[str, str] = {}
    for node in tree:
        if node.site:
            found[node.id] = spelled.setdefault(fold(node.site), node.site)
        else:
            found[node.id] = None if node.parent_id is None else found[node.parent_id]
    return found


def below(tree: Sequence[DepartmentNode], department_id: UUID | None) -> frozenset[UUID]:
    """A department and everything below it, from a depth-first list; none of these can be its parent."""
    found: set[UUID] = set()
    for node in tree:
        if node.id == department_id or node.parent_id in found:
            found.add(node.id)
    return frozenset(found)


def height(tree: Sequence[DepartmentNode], department_id: UUID | None) -> int:
    """How many levels there are below a department."""
    inside = below(tree, department_id)
    depths = [node.depth for node in tree if node.id in inside]
    return max(depths) - min(depths) if depths else 0
