"""Which departments can't be shown alone even if everybody answers, and which never are because they share a pool."""

from collections.abc import Iterator, Sequence

from app.clients.pools import pools
from app.clients.queries import DepartmentNode
from app.waves import units
from app.waves.checks import listed


def sentences(nodes: Sequence[DepartmentNode], *, k: int) -> Iterator[str]:
    """A sentence for each named pool and for each set of departments with fewer than k people."""
    shown = units.groups(
        [units.Unit(node.id, node.parent_id, node.name, node.headcount, node.pool) for node in nodes], minimum=k
    )
    if nodes and not shown:
        yield f"There are fewer than {k} people in all, so no result can be shown."
        return
    named = pools(nodes)
    for pool in named:
        yield f"{listed([node.name for node in pool.members])} are always shown together, as “{pool.name}”."
    settled = {node.id for pool in named for node in pool.members}
    small = {node.id: node for node in nodes if 0 < node.total_headcount < k}
    by_group: dict[units.Group | None, list[str]] = {}
    for node in small.values():
        if node.parent_id in small or node.id in settled:
            continue
        holding = [group for group in shown if node.id in group.departments]
        by_group.setdefault(min(holding, key=lambda g: len(g.departments), default=None), []).append(node.name)
    for group, names in by_group.items():
        yield _sentence(group, names, k)


def _sentence(group: units.Group | None, names: Sequence[str], k: int) -> str:
    several = len(names) > 1
    few = f"{listed(names)} {'have' if several else 'has'} fewer than {k} people"
    whose = "their" if several else "its"
    if group is None:
        return f"{few}: {whose} answers are shown only as part of the whole organisation."
    if not group.pooled:
        return f"{few}: {whose} answers are shown only as part of {group.name}."
    others = [member for member in group.members if member not in names]
    if not others:
        return f"{few} each: their answers are shown only together."
    return f"{few}: {whose} answers are shown only together with those of {listed(others)}."
