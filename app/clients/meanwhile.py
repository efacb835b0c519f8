"""Two people changing one department: who sends the later form had seen something else, and is told what. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.clients.functions import FUNCTIONS
from app.clients.pools import Pool, shown_of
from app.clients.queries import DepartmentNode
from app.errors import ConflictError
from app.sentences import Listing, Passage, say

NOT_SEEN: Final = say("This form does not say what it showed, so somebody may have saved meanwhile.")


class ChangedMeanwhileError(ConflictError):
    """Somebody else changed the department after its form was shown. `changes` are sentences on what it is now."""

    def __init__(self, changes: tuple[str, ...]) -> None:
        super().__init__(Passage(changes))
        self.changes = changes


@dataclass(frozen=True, slots=True)
class Seen:
    """A department as a form showed it."""

    name: str
    parent_id: UUID | None
    function: str
    headcount: int
    site: str | None
    pool: str | None


NOT_TOLD: Final = Seen("", None, "", -1, None, None)
"""Of a form that does not say what it showed: no department is like that."""


def seen_of(node: DepartmentNode) -> Seen:
    """What a form shows of a department."""
    return Seen(node.name, node.parent_id, node.function, node.headcount, node.site, node.pool)


def require_as_seen(tree: Sequence[DepartmentNode], node: DepartmentNode, seen: Seen | None) -> None:
    """Raises ChangedMeanwhileError where a department is not what somebody saw; None is whoever saw no form."""
    if seen is not None and seen_of(node) != seen:
        raise ChangedMeanwhileError(tuple(_changes({one.id: one.name for one in tree}, node, seen)))


def require_pool_as_seen(pool: Pool, seen: str | None) -> None:
    """Raises ChangedMeanwhileError where a pool is not what somebody saw (`pools.shown_of`); None saw no form."""
    if seen is None or seen == shown_of(pool):
        return
    members = Listing(node.name for node in pool.members)
    about = say(
        "The pool is called {name} now and holds {members}. Nothing was changed.", name=pool.name, members=members
    )
    raise ChangedMeanwhileError((about if seen else NOT_SEEN,))


def _changes(names: Mapping[UUID, str], node: DepartmentNode, seen: Seen) -> Iterator[str]:
    if seen == NOT_TOLD:
        yield NOT_SEEN
        return
    if node.name != seen.name:
        yield say("It is called {name} now.", name=node.name)
    if node.parent_id != seen.parent_id:
        top = say("It lies at the top level now.")
        yield top if node.parent_id is None else say("It lies below {name} now.", name=names[node.parent_id])
    if node.function != seen.function:
        yield say("Its function is {function} now.", function=FUNCTIONS.get(node.function, node.function))
    if node.headcount != seen.headcount:
        yield say("Its headcount is {headcount} now.", headcount=node.headcount)
    if node.site != seen.site:
        here = say("It has no site of its own now.")
        yield say("Its site is {site} now.", site=node.site) if node.site else here
    if node.pool != seen.pool:
        alone = say("It is in no pool now.")
        yield say("It is in the pool {pool} now.", pool=node.pool) if node.pool else alone
