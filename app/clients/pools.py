"""Named pools: departments of one parent that are always shown together. Pure: the rules, and their sentences.

A pool is named before launch and keeps its name over the quarters, so that what is compared stays the same set of
teams (MEASUREMENT.md section 9, P4).
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final
from uuid import UUID

from app.clients.queries import DepartmentNode
from app.clients.rules import LONGEST_SHORT_NAME, about_short_name, fold
from app.sentences import Listing, say

FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Pool:
    """A named pool: its parent (None: the top level) and its departments, in the order of the tree."""

    name: str
    parent_id: UUID | None
    members: tuple[DepartmentNode, ...]


def shown_of(pool: Pool) -> str:
    """What the form of a pool shows, as one text: its name, and which departments it holds."""
    return json.dumps([pool.name, *(str(node.id) for node in pool.members)])


def pools(tree: Iterable[DepartmentNode]) -> tuple[Pool, ...]:
    """The named pools of a tree, in the order of their first departments."""
    found: dict[tuple[UUID | None, str], list[DepartmentNode]] = {}
    for node in tree:
        if node.pool is not None:
            found.setdefault((node.parent_id, fold(node.pool)), []).append(node)
    return tuple(Pool(members[0].pool or "", parent, tuple(members)) for (parent, _), members in found.items())


def about_pool_name(name: str, names_of_departments: Iterable[str]) -> str | None:
    """What is wrong with the name of a pool; None when it will do."""
    if not name:
        return say("Give the pool a name, for example Small staff teams.")
    if about := about_short_name(say("pool"), name):
        return about
    if fold(name) in {fold(other) for other in names_of_departments}:
        return say(
            "There is a department called {name}. Give the pool another name, so that nobody mistakes it.", name=name
        )
    return None


def about_pool(tree: Sequence[DepartmentNode], name: str, members: Collection[UUID]) -> str | None:
    """What speaks against showing these departments together under a name; None when nothing does.

    A pool of that name may be there already if all its departments are among the members.
    """
    chosen = [node for node in tree if node.id in members]
    if len(chosen) < FEWEST:
        return say("A pool needs at least two departments.")
    parents = {node.parent_id for node in chosen}
    if len(parents) > 1:
        return say("{names} do not lie below the same parent, so they can't be shown together.", names=_listed(chosen))
    about = about_pool_name(name, (node.name for node in tree))
    if about is not None:
        return about
    there = [pool for pool in pools(tree) if pool.parent_id in parents and fold(pool.name) == fold(name)]
    if any(node.id not in members for pool in there for node in pool.members):
        return say("There is a pool called {name} in the same place already. Give this one another name.", name=name)
    return None


def lonely(tree: Iterable[DepartmentNode]) -> tuple[UUID, ...]:
    """The departments that are alone in their pool, because the others moved, closed or left it."""
    return tuple(pool.members[0].id for pool in pools(tree) if len(pool.members) < FEWEST)


def named_like_a_pool(pool: str) -> str:
    """What to say of a department that would have the name of a pool."""
    return say(
        "There is a pool called {pool}. Give the department another name, so that nobody mistakes it.", pool=pool
    )


def import_problems(
    after: Mapping[tuple[str, ...], str | None], given: Mapping[tuple[str, ...], str], listed: Iterable[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """What speaks against a list for the sake of pools: the path of a department, and a sentence.

    `after` has the pool of every department by its folded path, as it would be after the import; `given` the names
    that the list gives, by the path of their department; `listed` are the departments on the list.
    """
    kept = {fold(pool): pool for path, pool in after.items() if pool and path not in given}
    yield from ((path, named_like_a_pool(kept[path[-1]])) for path in listed if path[-1] in kept)
    names = {path[-1] for path in after}
    sizes: dict[tuple[tuple[str, ...], str], int] = {}
    for path, pool in after.items():
        if pool:
            sizes[path[:-1], fold(pool)] = sizes.get((path[:-1], fold(pool)), 0) + 1
    for path, name in given.items():
        about = about_pool_name(name, names) if name else None
        if about is None and name and sizes[path[:-1], fold(name)] < FEWEST:
            about = say(
                "The pool “{name}” would have only one department. Give it to another department of the same "
                "parent too, or leave it empty.",
                name=name,
            )
        if about is not None:
            yield path, about


def proposed_name(names: Sequence[str], taken: Collection[str]) -> str:
    """A name for a pool of these departments, shortened to what fits, that is not among the folded names taken."""
    told: str = Listing(names)
    if len(told) > LONGEST_SHORT_NAME:
        told = say("{first} and {others} more", first=names[0], others=len(names) - 1)
    if len(told) > LONGEST_SHORT_NAME:
        told = say("Small teams")
    numbered = (f"{told[: LONGEST_SHORT_NAME - 5]} {number}" for number in range(2, len(taken) + 3))
    return next(one for one in chain((told,), numbered) if fold(one) not in taken)


def _listed(nodes: Sequence[DepartmentNode]) -> str:
    return f"{', '.join(node.name for node in nodes[:-1])} and {nodes[-1].name}"
