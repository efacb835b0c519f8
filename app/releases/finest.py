"""The finest sets of which shares are told: how each is printed by itself, and how it enters a roll-up (P7, P11).

A further release of a wave may tell of sets as one of which the first told apart. Their shares then are those of what
the first one printed, so that no subtraction of the two gives what a bound hides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.releases.plan import Node
from app.releases.tallies import Tally
from scoring.arrays import Flags, Floats, Integers
from scoring.printed import printed_shares

Rolled = Callable[[Integers, Integers], Floats]
"""The shares (sets, kinds) with which answers of these kinds enter a roll-up, and of how many people (sets,)."""
Printed = Callable[[Integers, Integers], tuple[Integers, Integers]]
"""How they are printed: whole per cent, and -1 or 1 beyond a bound."""


@dataclass(frozen=True, slots=True)
class Finest:
    """Each node of a tree as a finest set, (nodes, kinds): its share in a roll-up, what is printed of it, and -1 or 1
    beyond a bound. `alone` (nodes,) are the finest sets of which no other release told in parts.
    """

    rolled: Floats
    percent: Integers
    beyond: Integers
    alone: Flags


def finest(
    root: Node, tally: Tally, departments: Sequence[str], answers: Integers, *, rolled: Rolled, printed: Printed
) -> Finest:
    """The finest sets of a tree of a tally, from the answers (departments, kinds) of its people."""
    layout = root.layout
    n = layout.counted(tally.people)
    found = layout.placed(departments, answers)
    shares, (percent, beyond) = rolled(found, n), printed(found, n)
    parts = [held for held in tally.told if held <= root.departments and any(tally.people.get(one) for one in held)]
    if not parts:
        return Finest(shares, percent, beyond, layout.leaves & (n > 0))
    before, several = _before(root, tally, departments, answers, parts=parts, rolled=rolled)
    percent_before, beyond_before = printed_shares(before, n=n[:, np.newaxis])
    line = several[:, np.newaxis]
    return Finest(
        np.where(line, before, shares),
        np.where(line, percent_before, percent),
        np.where(line, beyond_before, beyond),
        layout.leaves & (n > 0) & ~several,
    )


def _before(
    root: Node,
    tally: Tally,
    departments: Sequence[str],
    answers: Integers,
    *,
    parts: Sequence[frozenset[str]],
    rolled: Rolled,
) -> tuple[Floats, Flags]:
    """The shares of each node (nodes, kinds) as means of what was told of its parts, by their people; and which nodes
    hold several."""
    number = {name: place for place, held in enumerate(parts) for name in held}
    part = np.array([number.get(name, len(parts)) for name in departments], dtype=np.intp)
    people = np.array([tally.people.get(name, 0) for name in departments], dtype=np.intp)
    sums, n = np.zeros((len(parts) + 1, answers.shape[1]), dtype=np.intp), np.zeros(len(parts) + 1, dtype=np.intp)
    np.add.at(sums, part, answers)
    np.add.at(n, part, people)
    counts = (rolled(sums, n) * n[:, np.newaxis])[:-1]
    names = [min(held) for held in parts]
    layout = root.layout
    whole = np.maximum(layout.counted(tally.people), 1)[:, np.newaxis]
    several = layout.placed(names, np.ones(len(parts), dtype=np.intp)) > 1
    return layout.placed(names, counts) / whole, several
