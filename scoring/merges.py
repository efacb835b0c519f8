"""Which departments to show together, so that what is shown stays the same over the quarters: proposals, by arithmetic.

A proposal rests on headcounts and an expected turnout alone. A department that reaches k answers with a probability
below 90 % would come and go from quarter to quarter; such departments are put together until they reach k with 95 %
even when ten points fewer answer than expected (measurement design, section 9, P4: pools are chosen before launch).
The distance between the two keeps a pool that was accepted from being questioned by the next small change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.visibility import Counts, Tree

ALONE: Final = 0.90
SURE: Final = 0.95
MARGIN: Final = 0.10
LOWEST_TURNOUT: Final = 0.05


@dataclass(frozen=True, slots=True)
class Merge:
    """Departments of one parent to be shown together. `group` is the named pool that they join, -1 for a new one."""

    parent: int
    members: tuple[int, ...]
    group: int


@dataclass(slots=True)
class _Team:
    """A department, or a named pool, as one: its departments, its pool, the function of its first, its answers.

    `low` are the answers when ten points fewer answer.
    """

    members: tuple[int, ...]
    group: int
    function: int
    answers: Counts
    low: Counts

    def weak(self, k: int) -> bool:
        """Whether it may well miss k."""
        return bool((self.answers >= k).mean() < ALONE)

    def sure(self, k: int) -> bool:
        """Whether it reaches k answers with near certainty, also at the lowered turnout."""
        return bool((self.low >= k).mean() >= SURE)

    def with_(self, other: "_Team") -> "_Team":
        """Both as one. A pool that has a name keeps it."""
        group = self.group if self.group >= 0 else other.group
        members = tuple(sorted((*self.members, *other.members)))
        return _Team(members, group, self.function, self.answers + other.answers, self.low + other.low)


def lowered(turnout: Sequence[float]) -> tuple[float, ...]:
    """A turnout that proposals must bear: ten points lower than expected."""
    return tuple(max(LOWEST_TURNOUT, one - MARGIN) for one in turnout)


def merges(tree: Tree, functions: Sequence[int], responses: Counts, low: Counts, *, k: int) -> tuple[Merge, ...]:
    """Proposed pools, by parent. `functions` numbers what each department does; `responses` (draws x departments) are
    drawn at the expected turnout, `low` at the lowered one.

    A parent whose breakdown may well not be shown gets no proposal, nor does one whose departments would all be
    together: then the parent itself is what is shown.
    """
    answers, lows, below = tree.totals(responses), tree.totals(low), tree.children()
    own, own_low = (np.pad(one, ((0, 0), (0, 1))) for one in (responses, low))
    found: list[Merge] = []
    waiting = [len(tree.parent)]
    while waiting:
        parent = waiting.pop(0)
        if (answers[:, parent] >= k).mean() < ALONE:
            continue
        children = below.get(parent, [])
        teams = _teams(tree, functions, children, answers, lows)
        central = _Team((), -1, -1, own[:, parent], own_low[:, parent])
        found += (Merge(parent, team.members, team.group) for team in _proposed(teams, central, k))
        merged = {one for team in teams if len(team.members) > 1 for one in team.members}
        merged |= {one for merge in found for one in merge.members}
        waiting += (one for one in children if one in below and one not in merged)
    return tuple(found)


def _teams(tree: Tree, functions: Sequence[int], children: Sequence[int], answers: Counts, lows: Counts) -> list[_Team]:
    """The children with people, those of a named pool as one, in the order of the tree."""
    found: dict[tuple[int, int], _Team] = {}
    for one in children:
        if not answers[:, one].any():
            continue
        key = (tree.group[one], -1 if tree.group[one] >= 0 else one)
        team = _Team((one,), tree.group[one], functions[one], answers[:, one], lows[:, one])
        found[key] = found[key].with_(team) if key in found else team
    return list(found.values())


def _proposed(teams: Sequence[_Team], central: _Team, k: int) -> Iterator[_Team]:
    """The teams that are new or larger than before, each of several departments and sure.

    `central` are the people of the parent itself. Where they miss k they join a pool; with one pool that is always the
    same, so no second one is proposed.
    """
    weak = [team for team in teams if team.weak(k)]
    if not weak:
        return
    others = sorted((team for team in teams if not team.weak(k)), key=lambda team: float(team.answers.mean()))
    groups = [_one(weak)] if central.answers.any() and central.weak(k) else _covered(weak, k)
    while others and (not groups[-1].sure(k) or len(groups[-1].members) < 2):
        groups[-1] = groups[-1].with_(others.pop(0))
    everybody = len(groups) == 1 and len(groups[0].members) == sum(len(team.members) for team in teams)
    before = {team.members for team in teams}
    if not everybody:
        yield from (one for one in groups if one.sure(k) and len(one.members) > 1 and one.members not in before)


def _covered(weak: Sequence[_Team], k: int) -> list[_Team]:
    """The weak teams in as many sure groups as their order gives, those of one function beside each other."""
    groups: list[_Team] = []
    for team in sorted(weak, key=lambda team: (team.function, team.members)):
        if groups and not groups[-1].sure(k):
            groups[-1] = groups[-1].with_(team)
        else:
            groups.append(team)
    if len(groups) > 1 and not groups[-1].sure(k):
        last = groups.pop()
        groups[-1] = groups[-1].with_(last)
    return groups


def _one(weak: Sequence[_Team]) -> _Team:
    first, *others = weak
    for other in others:
        first = first.with_(other)
    return first
