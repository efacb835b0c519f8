"""The finest sets of which shares are told: how each is printed by itself, and how it enters a roll-up (P7, P11).

A further release of a wave may tell of sets as one of which the first told apart. Their shares then are those of what
the first one printed, so that no subtraction of the two gives what a bound hides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.releases.plan.coarsening import Node
from app.releases.plan.layout import Slices, side_by_side
from app.releases.plan.tallies import Tally
from scoring.arrays import Flags, Floats, Integers
from scoring.printed import printed_shares

Rolled = Callable[[Integers, Integers], Floats]
"""The shares (sets, kinds) with which answers of these kinds enter a roll-up, and of how many people (sets,)."""
Printed = Callable[[Integers, Integers], tuple[Integers, Integers]]
"""How they are printed: whole per cent, and -1 or 1 beyond a bound."""


@dataclass(frozen=True)
class Divided:
    """A tree of a tally, with the answers (departments, kinds) of its people."""

    root: Node
    tally: Tally
    departments: Sequence[str]
    answers: Integers

    @cached_property
    def n(self) -> Integers:
        """How many people count at each node itself, shape (nodes,)."""
        return self.root.layout.counted(self.tally.people)

    @cached_property
    def placed(self) -> Integers:
        """The answers by node, shape (nodes, kinds)."""
        return self.root.layout.placed(self.departments, self.answers)

    @cached_property
    def told(self) -> list[frozenset[str]]:
        """The sets of which the first release told and which this tree holds, none in that release itself."""
        people = self.tally.people
        return [
            held for held in self.tally.told if held <= self.root.departments and any(people.get(one) for one in held)
        ]


@dataclass(frozen=True, slots=True)
class Finest:
    """Each node of several trees side by side as a finest set, (nodes, kinds): its share in a roll-up, what is printed
    of it, and -1 or 1 beyond a bound. `alone` (nodes,) are the finest sets of which no other release told in parts.
    """

    nodes: Slices
    rolled: Floats
    percent: Integers
    beyond: Integers
    alone: Flags


def finest(trees: Sequence[Divided], *, rolled: Rolled, printed: Printed) -> Finest:
    """The finest sets of some trees, of which there is at least one."""
    n, answers = np.concatenate([one.n for one in trees]), np.concatenate([one.placed for one in trees])
    nodes = side_by_side([one.root.layout for one in trees])
    percent, beyond = printed(answers, n)
    found = Finest(nodes, rolled(answers, n), percent, beyond, nodes.leaves & (n > 0))
    start = 0
    for one in trees:
        if one.told:
            _put_before(found, one, rolled, start)
        start += one.n.size
    return found


def _put_before(found: Finest, one: Divided, rolled: Rolled, start: int) -> None:
    """Puts what the first release told in parts in place of what the whole would tell."""
    before, several = _before(one, rolled)
    percent, beyond = printed_shares(before, n=one.n[:, np.newaxis])
    places = start + np.flatnonzero(several)
    found.rolled[places], found.percent[places], found.beyond[places] = (
        before[several],
        percent[several],
        beyond[several],
    )
    found.alone[places] = False


def _before(one: Divided, rolled: Rolled) -> tuple[Floats, Flags]:
    """The shares of each node (nodes, kinds) as means of what was told of its parts, by their people; and which nodes
    hold several."""
    parts, counted = one.told, one.tally.people
    number = {name: place for place, held in enumerate(parts) for name in held}
    part = np.array([number.get(name, len(parts)) for name in one.departments], dtype=np.intp)
    people = np.array([counted.get(name, 0) for name in one.departments], dtype=np.intp)
    sums, n = np.zeros((len(parts) + 1, one.answers.shape[1]), dtype=np.intp), np.zeros(len(parts) + 1, dtype=np.intp)
    np.add.at(sums, part, one.answers)
    np.add.at(n, part, people)
    counts = (rolled(sums, n) * n[:, np.newaxis])[:-1]
    names = [min(held) for held in parts]
    layout = one.root.layout
    whole = np.maximum(one.n, 1)[:, np.newaxis]
    several = layout.placed(names, np.ones(len(parts), dtype=np.intp)) > 1
    return layout.placed(names, counts) / whole, several
