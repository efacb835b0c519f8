"""What a change makes of a tree: merge, split, move, rename, open, close. Pure: a tree in, snapshots out.

A merge and a split always make departments with ids of their own: a department that took others over is not the group
that it was, so no trend may run through it as if it were. A department that is renamed or moved stays the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid5

from app.clients.imports import DEEPEST
from app.clients.placing import about_brothers, about_parent, require_place
from app.clients.pools import lonely
from app.clients.queries import DepartmentNode, arranged
from app.clients.rules import about_function, about_headcount, about_name, fold
from app.clients.tree import below
from app.errors import InvalidError
from app.lineage.snapshots import Kind, Part, Snapshot, Wanted
from app.sentences import Listing, Passage, say

FEWEST: Final = 2
MOST_PARTS: Final = 12
MOST_MERGED: Final = 100
GONE: Final = say(
    "One of these departments is not there any more, or will not be on that day. Choose from those that are."
)
_FIELDS: Final = {"merge": "departments", "split": "department"}

Tree = Sequence[DepartmentNode]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The departments that a change concerns, as they are before it and as they are after it."""

    before: tuple[Snapshot, ...]
    after: tuple[Snapshot, ...]

    @property
    def made(self) -> tuple[Snapshot, ...]:
        """The departments that were not there before."""
        there = {one.id for one in self.before}
        return tuple(one for one in self.after if one.id not in there)


def snapshot_of(node: DepartmentNode) -> Snapshot:
    """An open department as a snapshot."""
    return Snapshot(node.id, node.name, node.parent_id, node.function, node.headcount, node.pool, node.site)


def restructured(tree: Tree, kind: Kind, wanted: Wanted, *, change_id: UUID) -> Outcome:
    """What a change makes of a depth-first tree. New departments get ids that follow from the change's.

    InvalidError has a sentence for each field that is wrong: departments, department, name, parent, function,
    headcount, parts.
    """
    nodes = {node.id: node for node in tree}
    if not set(wanted.departments) <= set(nodes):
        field = _FIELDS.get(kind, "department")
        raise InvalidError(GONE, fields={field: GONE})
    return outcome(tree, _KINDS[kind](tree, wanted, change_id))


def outcome(tree: Tree, changed: Iterable[Snapshot]) -> Outcome:
    """The whole outcome of these departments being so: who is left alone in a pool leaves it.

    InvalidError where the tree would be none, or two departments would have one name in one place.
    """
    after = {one.id: one for one in changed}
    whole = _after(tree, after)
    require_sound(whole)
    for id in lonely(arranged(whole)):
        after[id] = replace(next(one for one in whole if one.id == id), pool=None)
    before = tuple(snapshot_of(node) for node in tree if node.id in after)
    same = {one.id for one in before if after[one.id] == one}
    return Outcome(
        tuple(one for one in before if one.id not in same), tuple(one for id, one in after.items() if id not in same)
    )


def _after(tree: Tree, changed: Mapping[UUID, Snapshot]) -> tuple[Snapshot, ...]:
    """The open departments once these are so."""
    there = {node.id for node in tree}
    kept = (changed.get(node.id) or snapshot_of(node) for node in tree)
    every = (*kept, *(one for id, one in changed.items() if id not in there))
    return tuple(one for one in every if one.is_open)


def require_sound(whole: Sequence[Snapshot]) -> None:
    """Raises InvalidError unless open departments make one tree with a name for each in its place."""
    nodes = arranged(whole)
    if len(nodes) < len(whole):
        lost = {one.id for one in whole} - {one.id for one in nodes}
        names = Listing(one.name for one in whole if one.id in lost)
        raise _wrong("parent", say("{names} would lie below themselves, or below a closed department.", names=names))
    if nodes and max(node.depth for node in nodes) >= DEEPEST:
        about = say("That would be more than {deepest} levels deep. Choose a parent higher up.", deepest=DEEPEST)
        raise _wrong("parent", about)
    seen: set[tuple[UUID | None, str]] = set()
    for node in nodes:
        if (node.parent_id, fold(node.name)) in seen:
            about = say("There would be two departments {name} in the same place. Rename one first.", name=node.name)
            raise _wrong("name", about)
        seen.add((node.parent_id, fold(node.name)))


def _open(tree: Tree, wanted: Wanted, change_id: UUID) -> list[Snapshot]:
    headcount = -1 if wanted.headcount is None else wanted.headcount
    name = " ".join(wanted.name.split())
    require_place(tree, None, name=name, parent_id=wanted.parent_id, function=wanted.function, headcount=headcount)
    return [
        Snapshot(
            id=_made(change_id, 0), name=name, parent_id=wanted.parent_id, function=wanted.function, headcount=headcount
        )
    ]


def _rename(tree: Tree, wanted: Wanted, change_id: UUID) -> list[Snapshot]:
    [one] = _chosen(tree, wanted)
    name = " ".join(wanted.name.split())
    about = about_name(name) or about_brothers(tree, one.id, name=name, parent_id=one.parent_id)
    if about is None and name == one.name:
        about = say("That is what it is called already.")
    if about is not None:
        raise _wrong("name", about)
    return [replace(one, name=name)]


def _move(tree: Tree, wanted: Wanted, change_id: UUID) -> list[Snapshot]:
    [one] = _chosen(tree, wanted)
    about = about_parent(tree, one.id, wanted.parent_id)
    if about is None and wanted.parent_id == one.parent_id:
        about = say("It is there already. Choose another parent.")
    about = about or about_brothers(tree, one.id, name=one.name, parent_id=wanted.parent_id)
    if about is not None:
        raise _wrong("parent", about)
    return [replace(one, parent_id=wanted.parent_id, pool=None)]


def _close(tree: Tree, wanted: Wanted, change_id: UUID) -> list[Snapshot]:
    [one] = _chosen(tree, wanted)
    under = [node.name for node in tree if node.parent_id == one.id]
    if under:
        about = say(
            "{name} can't be closed while there are departments below it: {names}. Close them or move them first.",
            name=one.name,
            names=", ".join(under[:5]),
        )
        raise _wrong("department", about)
    return [replace(one, is_open=False, pool=None)]


def _merge(tree: Tree, wanted: Wanted, change_id: UUID) -> list[Snapshot]:
    sources = _chosen(tree, wanted)
    ids = {one.id for one in sources}
    if not FEWEST <= len(ids) <= MOST_MERGED:
        about = say("Choose at least two departments, and at most {most}.", most=MOST_MERGED)
        raise _wrong("departments", about)
    _require_outside(tree, ids, wanted.parent_id)
    largest = max(sources, key=lambda one: one.headcount)
    made = Snapshot(
        id=_made(change_id, 0),
        name=" ".join(wanted.name.split()),
        parent_id=wanted.parent_id,
        function=wanted.function or largest.function,
        headcount=sum(one.headcount for one in sources) if wanted.headcount is None else wanted.headcount,
        pool=_one_of(one.pool for one in sources if one.parent_id == wanted.parent_id),
        site=_one_of(one.site for one in sources),
    )
    children = [snapshot_of(node) for node in tree if node.parent_id in ids and node.id not in ids]
    _require_new(tree, made, instead_of=ids)
    return [
        *(replace(one, is_open=False, pool=None) for one in sources),
        made,
        *(replace(one, parent_id=made.id, pool=None) for one in children),
    ]


def _require_outside(tree: Tree, ids: set[UUID], parent_id: UUID | None) -> None:
    """Refuses a place inside what is merged."""
    nodes = {node.id: node for node in tree}
    if parent_id is None:
        return
    if parent_id not in nodes:
        raise _wrong("parent", say("This parent is not there any more. Choose another one, or the top level."))
    for one in ids:
        if parent_id in below(tree, one):
            about = say(
                "{parent} is merged itself, or lies below {name}, which is: a department can't lie below itself. "
                "Choose a place outside, or the top level.",
                parent=nodes[parent_id].name,
                name=nodes[one].name,
            )
            raise _wrong("parent", about)


def _split(tree: Tree, wanted: Wanted, change_id: UUID) -> list[Snapshot]:
    [one] = _chosen(tree, wanted)
    if not FEWEST <= len(wanted.parts) <= MOST_PARTS:
        about = say("Name at least two departments that it becomes, and at most {most}.", most=MOST_PARTS)
        raise _wrong("parts", about)
    names = [fold(part.name) for part in wanted.parts]
    if len(set(names)) < len(names):
        raise _wrong("parts", say("Two of these departments have the same name. Give each its own."))
    parts = [_part_of(one, part, _made(change_id, at)) for at, part in enumerate(wanted.parts)]
    for part in parts:
        _require_new(tree, part, instead_of={one.id}, field="parts")
    children = [snapshot_of(node) for node in tree if node.parent_id == one.id]
    under = [replace(child, parent_id=parts[0].id) for child in children]
    return [replace(one, is_open=False, pool=None), *parts, *under]


def _part_of(one: Snapshot, part: Part, id: UUID) -> Snapshot:
    return replace(
        one,
        id=id,
        name=" ".join(part.name.split()),
        function=part.function or one.function,
        headcount=part.headcount,
    )


def _require_new(tree: Tree, made: Snapshot, *, instead_of: set[UUID], field: str = "") -> None:
    """Judges a department that stands for others, which are gone then."""
    rest = [node for node in tree if node.id not in instead_of]
    found = {
        "name": about_name(made.name) or about_brothers(rest, None, name=made.name, parent_id=made.parent_id),
        "function": about_function(made.function),
        "headcount": about_headcount(made.headcount),
    }
    wrong = {field or name: text for name, text in found.items() if text is not None}
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)


_KINDS: Final[Mapping[Kind, Callable[[Tree, Wanted, UUID], list[Snapshot]]]] = {
    "open": _open,
    "rename": _rename,
    "move": _move,
    "close": _close,
    "merge": _merge,
    "split": _split,
}


def _chosen(tree: Tree, wanted: Wanted) -> list[Snapshot]:
    """The departments that a change is about, in the order of the tree."""
    ids = set(wanted.departments)
    found = [snapshot_of(node) for node in tree if node.id in ids]
    if not found:
        raise _wrong("department", say("Choose a department."))
    return found


def _one_of(values: Iterable[str | None]) -> str | None:
    """The value that all have; None where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _made(change_id: UUID, at: int) -> UUID:
    return uuid5(change_id, str(at))


def _wrong(field: str, about: str) -> InvalidError:
    return InvalidError(about, fields={field: about})
