"""Whether a department can be what somebody wants, in its tree: its name, place, function and headcount. Pure."""

from collections.abc import Sequence
from uuid import UUID

from app.clients.imports import DEEPEST
from app.clients.pools import named_like_a_pool
from app.clients.queries import DepartmentNode
from app.clients.rules import about_function, about_headcount, about_name, about_short_name, fold
from app.clients.tree import below, height
from app.errors import InvalidError
from app.sentences import Passage, say


def spaced(site: str | None) -> str | None:
    """A site as it is kept: without white space around it, None for an empty one."""
    return " ".join((site or "").split()) or None


def require_place(
    tree: Sequence[DepartmentNode],
    department_id: UUID | None,
    *,
    name: str,
    parent_id: UUID | None,
    function: str,
    headcount: int,
    site: str | None = None,
) -> None:
    """Raises InvalidError with a sentence for each field of a department that is to be added (None) or changed."""
    found = {
        "name": about_name(name) or about_brothers(tree, department_id, name=name, parent_id=parent_id),
        "parent": about_parent(tree, department_id, parent_id),
        "function": about_function(function),
        "headcount": about_headcount(headcount),
        "site": about_short_name(say("site"), spaced(site) or ""),
    }
    wrong = {field: text for field, text in found.items() if text is not None}
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)


def about_brothers(
    tree: Sequence[DepartmentNode], department_id: UUID | None, *, name: str, parent_id: UUID | None
) -> str | None:
    """What speaks against a name because of those of other departments and of pools; None when nothing does."""
    for node in tree:
        if node.id != department_id and node.parent_id == parent_id and fold(node.name) == fold(name):
            return say("There is a department {name} in the same place already. Choose another name.", name=node.name)
        if node.pool is not None and fold(node.pool) == fold(name):
            return named_like_a_pool(node.pool)
    return None


def about_parent(tree: Sequence[DepartmentNode], department_id: UUID | None, parent_id: UUID | None) -> str | None:
    """What speaks against a place below a department; None when nothing does."""
    if parent_id is None:
        return None
    nodes = {node.id: node for node in tree}
    if parent_id not in nodes:
        return say("This parent is not there any more. Choose another one, or the top level.")
    if parent_id in below(tree, department_id):
        return say("{name} lies below this department, or is it. Choose another parent.", name=nodes[parent_id].name)
    if nodes[parent_id].depth + 1 + height(tree, department_id) >= DEEPEST:
        return say("That would be more than {deepest} levels deep. Choose a parent higher up.", deepest=DEEPEST)
    return None
