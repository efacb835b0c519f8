"""Which departments can't be shown alone even if everybody answers, and which never are because they share a pool."""

from collections.abc import Iterator, Sequence

from app.clients.pools import pools
from app.clients.queries import DepartmentNode
from app.sentences import Listing, Sentence, say, say_count
from app.waves import visible


def sentences(nodes: Sequence[DepartmentNode], *, k: int) -> Iterator[Sentence]:
    """A sentence for each named pool and for each set of departments with fewer than k people."""
    shown = visible.groups(
        [visible.Department(node.id, node.parent_id, node.name, node.headcount, node.pool) for node in nodes], minimum=k
    )
    if nodes and not shown:
        yield say("There are fewer than {k} people in all, so no result can be shown.", k=k)
        return
    named = pools(nodes)
    for pool in named:
        members = Listing(node.name for node in pool.members)
        yield say("{names} are always shown together, as “{pool}”.", names=members, pool=pool.name)
    settled = {node.id for pool in named for node in pool.members}
    small = {node.id: node for node in nodes if 0 < node.total_headcount < k}
    by_group: dict[visible.Group | None, list[str]] = {}
    for node in small.values():
        if node.parent_id in small or node.id in settled:
            continue
        holding = [group for group in shown if node.id in group.departments]
        by_group.setdefault(min(holding, key=lambda g: len(g.departments), default=None), []).append(node.name)
    for group, names in by_group.items():
        yield _sentence(group, names, k)


def _sentence(group: visible.Group | None, names: Sequence[str], k: int) -> Sentence:
    small, several = Listing(names), len(names)
    if group is None:
        return say_count(
            "{names} has fewer than {k} people: its answers are shown only as part of the whole organisation.",
            "{names} have fewer than {k} people: their answers are shown only as part of the whole organisation.",
            several,
            names=small,
            k=k,
        )
    if not group.pooled:
        return say_count(
            "{names} has fewer than {k} people: its answers are shown only as part of {group}.",
            "{names} have fewer than {k} people: their answers are shown only as part of {group}.",
            several,
            names=small,
            k=k,
            group=group.name,
        )
    others = [member for member in group.members if member not in names]
    if not others:
        return say("{names} have fewer than {k} people each: their answers are shown only together.", names=small, k=k)
    return say_count(
        "{names} has fewer than {k} people: its answers are shown only together with those of {others}.",
        "{names} have fewer than {k} people: their answers are shown only together with those of {others}.",
        several,
        names=small,
        k=k,
        others=Listing(others),
    )
