"""The finest sets of which shares are told: how each is printed by itself, and how it enters a roll-up (P7, P11).

A further release of a wave may tell of sets as one of which the first told apart. Their shares then are those of what
the first one printed, so that no subtraction of the two gives what a bound hides.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from app.releases.plan.coarsening import Node
from app.releases.plan.layout import Slices, side_by_side
from app.releases.plan.tallies import Tally
from scoring.arrays import Flags, Floats, Integers
from scoring.printed import printed_shares

_NONE: Final[Integers] = np.zeros(0, dtype=np.intp)

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
    n, answers = _placed(trees)
    nodes = side_by_side([one.root.layout for one in trees])
    percent, beyond = printed(answers, n)
    found = Finest(nodes, rolled(answers, n), percent, beyond, nodes.leaves & (n > 0))
    start = 0
    for one in trees:
        size = one.root.layout.ends.size
        if one.told:
            _put_before(found, one, rolled, (start, n[start : start + size]))
        start += size
    return found


def _placed(trees: Sequence[Divided]) -> tuple[Integers, Integers]:
    """How many people count at each node itself, (nodes,), and the answers, (nodes, kinds), of trees side by side.

    Most questions have the same tree, and are put there at once.
    """
    alike: dict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(trees):
        alike[id(one.root)].append(place)
    n, answers = [_NONE] * len(trees), [_NONE] * len(trees)
    for places in alike.values():
        some = [trees[place] for place in places]
        layout, departments = some[0].root.layout, some[0].departments
        people = layout.placed(departments, np.stack([one.tally.numbers for one in some], axis=1))
        given = layout.placed(departments, np.stack([one.answers for one in some], axis=1))
        for number, place in enumerate(places):
            n[place], answers[place] = people[:, number], given[:, number]
    return np.concatenate(n), np.concatenate(answers)


def _put_before(found: Finest, one: Divided, rolled: Rolled, nodes: tuple[int, Integers]) -> None:
    """Puts what the first release told in parts in place of what the whole would tell. `nodes` are the first of its
    nodes and the people of each.
    """
    start, n = nodes
    before, several = _before(one, rolled, n)
    percent, beyond = printed_shares(before, n=n[:, np.newaxis])
    places = start + np.flatnonzero(several)
    found.rolled[places], found.percent[places], found.beyond[places] = (
        before[several],
        percent[several],
        beyond[several],
    )
    found.alone[places] = False


def _before(one: Divided, rolled: Rolled, n: Integers) -> tuple[Floats, Flags]:
    """The shares of each node (nodes, kinds) as means of what was told of its parts, by their people; and which nodes
    hold several."""
    parts = one.told
    number = {name: place for place, held in enumerate(parts) for name in held}
    part = np.array([number.get(name, len(parts)) for name in one.departments], dtype=np.intp)
    sums = np.zeros((len(parts) + 1, one.answers.shape[1]), dtype=np.intp)
    of_part = np.zeros(len(parts) + 1, dtype=np.intp)
    np.add.at(sums, part, one.answers)
    np.add.at(of_part, part, one.tally.numbers)
    counts = (rolled(sums, of_part) * of_part[:, np.newaxis])[:-1]
    names = [min(held) for held in parts]
    layout = one.root.layout
    whole = np.maximum(n, 1)[:, np.newaxis]
    several = layout.placed(names, np.ones(len(parts), dtype=np.intp)) > 1
    return layout.placed(names, counts) / whole, several
