"""The lines of the forecast: how probably each department will be shown, and with whom otherwise. Pure arithmetic."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from app.clients.pools import Pool, pools, proposed_name
from app.clients.queries import DepartmentNode
from app.clients.rules import fold
from app.forecast.views import ALMOST_CERTAIN, Line, Outlook, Proposal, Word
from app.sentences import Listing, say
from scoring.arrays import Flags
from scoring.merges import Merge, lowered, merges
from scoring.visibility import Counts, Level, Plans, Tree, draw, plans, together

OFTEN: Final = 0.5
SELDOM: Final = 0.005


def outlook(
    organisation: str, nodes: Sequence[DepartmentNode], turnout: Sequence[float], *, k: int, k_intervals: int
) -> Outlook:
    """The forecast for departments, depth first, with the turnout expected of each (0 to 1)."""
    places = {node.id: place for place, node in enumerate(nodes)}
    named = pools(nodes)
    group = {node.id: number for number, pool in enumerate(named) for node in pool.members}
    tree = Tree(
        parent=tuple(-1 if node.parent_id is None else places[node.parent_id] for node in nodes),
        headcount=tuple(node.headcount for node in nodes),
        group=tuple(group.get(node.id, -1) for node in nodes),
    )
    responses = draw(tree.headcount, turnout)
    found = plans(tree, responses, k=k, k_intervals=k_intervals)
    teller = _Teller(organisation, nodes, named, found, k)
    low = draw(tree.headcount, lowered(turnout))
    kinds = {function: number for number, function in enumerate(dict.fromkeys(node.function for node in nodes))}
    merged = merges(tree, [kinds[node.function] for node in nodes], responses, low, k=k)
    return Outlook(
        lines=tuple(teller.lines()),
        proposals=tuple(_proposals(nodes, named, merged, teller, tree.totals(responses), tree.totals(low))),
        nothing=_percent(responses.sum(axis=1) < k),
    )


class _Teller:
    """Puts the plans of all draws into words."""

    def __init__(
        self, organisation: str, nodes: Sequence[DepartmentNode], named: Sequence[Pool], found: Plans, k: int
    ) -> None:
        self.organisation, self.nodes, self.named, self.found, self.k = organisation, nodes, named, found, k
        self.levels = {level.parent: level for level in found.levels}
        self.level_of = {one: level for level in found.levels for one in level.children}
        self.shared = {level.parent: together(level) for level in found.levels}
        self.expected = found.answers.mean(axis=0)
        self.last = self._last()
        self.departments = [self._department(place) for place in range(len(nodes))]

    def lines(self) -> Iterator[Line]:
        """The departments in their order; after the last one below a parent come that parent's pools."""
        for place in range(len(self.departments)):
            yield self.departments[place]
            for parent in self.last.get(place, ()):
                yield from self._pools(self.levels[parent])

    def _last(self) -> dict[int, list[int]]:
        """The parents whose departments end with a line, the deepest first."""
        ends: dict[int, list[int]] = {}
        above: list[int] = []
        whole = len(self.nodes)
        for place, node in enumerate(self.nodes):
            while len(above) > node.depth:
                ends.setdefault(place - 1, []).append(above.pop())
            above.append(place)
        if self.nodes:
            ends.setdefault(whole - 1, []).extend((*reversed(above), whole))
        return {end: [one for one in parents if one in self.levels] for end, parents in ends.items()}

    def _department(self, place: int) -> Line:
        node, answers = self.nodes[place], self.found.answers[:, place]
        seen = self.found.row[:, place] & (answers >= self.k)
        share = float(seen.mean())
        always = node.pool is not None or (0 < node.total_headcount < self.k)
        nobody = node.total_headcount == 0
        return Line(
            name=node.name,
            depth=node.depth,
            pooled=False,
            people=node.total_headcount,
            answers=round(float(answers.mean())),
            shown=None if always or nobody else _percent(seen),
            word="nobody here" if nobody else "always pooled" if always else _word(share),
            interval=None if always or nobody else _percent(self.found.interval[:, place]),
            otherwise="" if nobody or share > 1 - SELDOM else self._otherwise(place),
        )

    def _otherwise(self, place: int) -> str:
        """With whom a department is shown, most often, when it is not shown on its own."""
        level, node = self.level_of[place], self.nodes[place]
        at = level.children.index(place)
        pooled = level.shown & (level.pool[:, at] >= 0)
        above = self.organisation if node.parent_id is None else self.nodes[level.parent].name
        if pooled.mean() <= (~level.shown).mean():
            whole = say("only as part of the whole organisation")
            return say("only as part of {above}", above=above) if node.parent_id else whole
        if node.pool is not None:
            pool = next(pool for pool in self.named if node in pool.members)
            return say("in the pool “{pool}”", pool=pool.name)
        often = np.flatnonzero(self.shared[level.parent][at] >= OFTEN)
        names: list[str] = [self.nodes[level.children[one]].name for one in often if one != at]
        central = float((level.own[pooled] == level.pool[pooled, at]).mean()) >= OFTEN
        names += [say("the people of {above} itself", above=above)] if central else []
        alone = say("with the smallest department beside it")
        return say("with {names}", names=Listing(names)) if names else alone

    def _pools(self, level: Level) -> Iterator[Line]:
        """The pools of a parent that are named, and that of its small teams where it is likely to be there."""
        for number in range(level.stands.shape[1]):
            stands = level.stands[:, number]
            named = number < len(level.groups)
            if not named and stands.mean() < OFTEN:
                continue
            yield self._pool(level, number, stands, named=named)

    def _pool(self, level: Level, number: int, stands: Flags, *, named: bool) -> Line:
        """A pool as it usually is: with the departments and the central people that it most often holds."""
        whole = level.parent == len(self.nodes)
        inside, central = _usual(level, number)
        if named and not inside:
            group = self.named[level.groups[number]].members
            inside = tuple(at for at, one in enumerate(level.children) if self.nodes[one] in group)
        members = [self.nodes[level.children[one]] for one in inside]
        own = [] if not central else [say("the people of {above} itself", above=self.nodes[level.parent].name)]
        people = sum(one.total_headcount for one in members) + (self.nodes[level.parent].headcount if central else 0)
        seen = stands & (level.people[:, number] >= self.k)
        title = self.named[level.groups[number]].name if named else self._small_teams(level.parent, members, central)
        return Line(
            name=title,
            depth=0 if whole else self.nodes[level.parent].depth + 1,
            pooled=True,
            people=people,
            answers=self._answers(level, inside, central=central),
            shown=_percent(seen),
            word=_word(float(seen.mean())),
            interval=_percent(level.interval[:, number]),
            members=_members([one.name for one in members], own, title),
        )

    def _answers(self, level: Level, inside: Sequence[int], *, central: bool) -> int:
        """How many answers to expect of these children, and of the parent's own people (`central`)."""
        own = self.expected[level.parent] - sum(self.expected[one] for one in level.children) if central else 0.0
        return round(float(sum(self.expected[level.children[one]] for one in inside) + own))

    def _small_teams(self, parent: int, members: Sequence[DepartmentNode], central: bool) -> str:
        """The name of a pool that nobody named, as the release words it."""
        told = say("{name}, central and small teams") if central else say("{name}, small teams")
        if not members:
            told = say("{name}, central")
        above = self.organisation if parent == len(self.nodes) else self.nodes[parent].name
        return told.filled({"name": above})


def _members(names: Sequence[str], own: Sequence[str], title: str) -> str:
    """Who is in a pool, unless its title says it already."""
    told = Listing([*names, *own])
    return told if names and told != title else ""


def _usual(level: Level, number: int) -> tuple[tuple[int, ...], bool]:
    """The places of the children that a pool most often holds, and whether the parent's own people are in it."""
    stands = level.stands[:, number]
    if not stands.any():
        return (), False
    held = np.column_stack([level.pool[stands] == number, level.own[stands] == number])
    sets, times = np.unique(np.packbits(held, axis=1), axis=0, return_counts=True)
    usual = np.unpackbits(sets[times.argmax()], count=held.shape[1]).astype(bool)
    return tuple(int(one) for one in np.flatnonzero(usual[:-1])), bool(usual[-1])


def _proposals(
    nodes: Sequence[DepartmentNode],
    named: Sequence[Pool],
    merged: Sequence[Merge],
    teller: _Teller,
    totals: Counts,
    low: Counts,
) -> Iterator[Proposal]:
    taken = {fold(node.name) for node in nodes} | {fold(pool.name) for pool in named}
    for merge in merged:
        members = tuple(nodes[one] for one in merge.members)
        joins = named[merge.group].name if merge.group >= 0 else None
        name = joins or proposed_name([node.name for node in members], taken)
        taken.add(fold(name))
        yield Proposal(
            name=name,
            joins=joins,
            members=members,
            people=sum(node.total_headcount for node in members),
            answers=round(float(totals[:, merge.members].sum(axis=1).mean())),
            surely=_percent(low[:, merge.members].sum(axis=1) >= teller.k),
            alone=tuple(teller.departments[one].shown for one in merge.members),
        )


def _word(share: float) -> Word:
    if 100 * share >= ALMOST_CERTAIN:
        return "almost certain"
    if share >= 0.7:
        return "likely"
    return "uncertain" if share >= 0.3 else "unlikely"


def _percent(flags: Flags) -> int:
    """A share of the draws in whole per cent; 0 and 100 only where it is so in every draw."""
    share = 100 * float(flags.mean())
    return round(share) if share in (0, 100) else min(99, max(1, round(share)))
