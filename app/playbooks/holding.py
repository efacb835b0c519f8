"""Whether actions hold together: what one names is there, and nothing waits for itself or stands in its own place."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from app.playbooks.action import Action, is_own
from surveys.sentences import Told, tell

Every = Mapping[str, Action]


def misfits(action: Action, every: Every) -> Iterator[tuple[str, Told]]:
    """What does not hold of an action among `every` one that there is: the field, and the sentence."""
    named = (("needs", action.needs), ("instead_of", (action.instead_of,) if action.instead_of else ()))
    missing = [(field, id) for field, ids in named for id in ids if id not in every]
    for field, id in missing:
        yield field, tell("there is no action {id}; correct the id or remove it", id=id)
    if missing:
        return
    if circle := next(_circles(action.id, lambda id: _replaced(id, every)), None):
        yield "instead_of", tell("these stand in each other's place: {circle}; remove one", circle=" → ".join(circle))
    elif circle := next(_circles(action.id, lambda id: _waits_for(id, every)), None):
        yield "needs", tell("these wait for each other: {circle}; remove one of the needs", circle=" → ".join(circle))
    if action.instead_of and not action.functions and not is_own(action.id):
        yield (
            "instead_of",
            tell("what stands in the place of another action has to say for which functions"),
        )


def _replaced(id: str, every: Every) -> Iterable[str]:
    other = every[id].instead_of if id in every else None
    return (other,) if other else ()


def _waits_for(id: str, every: Every) -> Iterator[str]:
    """What an action needs, and what stands in the place of that."""
    for need in every[id].needs if id in every else ():
        yield need
        yield from (one.id for one in every.values() if one.instead_of == need)


def _circles(start: str, follow: Callable[[str], Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Ways that lead from an action back to itself."""
    waiting: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        for id in follow(way[-1]):
            if id == start:
                yield (*way, start)
            elif id not in seen:
                seen.add(id)
                waiting.append((*way, id))
