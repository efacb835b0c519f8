"""What is told beside scores, from as many people on as an interval needs: of whom, and in which sets (P1, P5).

A *tally* counts people: those with a valid answer to a question, those who answered it at all, those who answered all
questions of a dimension. Each has a plan of its own, so that no set of which it is told, and no difference of two, has
fewer people who count. How these people answered decides nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.releases.plan.coarsening import Node, count, plan_columns
from app.releases.plan.layout import Placing
from app.releases.plan.ledger import Entry, Ledger, entry
from scoring.arrays import Integers


@dataclass(frozen=True)
class Tally:
    """The `numbers` of people who count in each of the `departments`, and the trees of sets of which their answers may
    be told, with how many people of each node count, parents first.

    `told` are the finest sets of which the wave's first release told, none in that release itself.
    """

    id: str
    departments: Sequence[str]
    numbers: Integers
    trees: tuple[Node, ...]
    counted: tuple[Integers, ...]
    told: tuple[frozenset[str], ...] = ()

    @cached_property
    def people(self) -> Mapping[str, int]:
        """The people who count, by department."""
        return dict(zip(self.departments, self.numbers.tolist(), strict=True))

    @cached_property
    def published(self) -> Mapping[str, Node]:
        """The published sets of all trees by id, also those within others."""
        return {node.id: node for root in self.trees for node in root.every}

    def strata(self, node: Node) -> tuple[Node, ...]:
        """The finest sets within a published one in which anybody counts."""
        return tuple(leaf for leaf in node.leaves if self.n(leaf))

    def n(self, node: Node) -> int:
        """How many people of a set count."""
        return count(node, self.people)

    def rows(self) -> Iterator[tuple[Node, Integers]]:
        """The trees, and how many people of each of their nodes count."""
        return zip(self.trees, self.counted, strict=True)

    def entries(self) -> Iterator[Entry]:
        """The finest sets for the ledger."""
        for root, counted in self.rows():
            for leaf, n in zip(root.every, counted.tolist(), strict=True):
                if not leaf.children:
                    yield entry(self.id, "tallies", leaf.departments, n)


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A tally to be planned: its id, how many people of each department count, and the trees on whose strata."""

    id: str
    people: Integers
    on: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans tallies: with `k` people, beside what the wave's first release `told`, and with all `used` sheets."""

    k: int
    told: Ledger
    used: Mapping[str, int]

    def plan(self, ids: Sequence[str], departments: Sequence[str], people: Integers, on: Sequence[Node]) -> list[Tally]:
        """Plan tallies of `people` (departments, tallies) on the strata of these trees.

        A set without anybody who counts is merged where it has fewer than k sheets, else it would tell of them that all
        left the question out.
        """
        told = [self.told.told(one, "tallies") for one in ids]
        found: list[list[tuple[Node, Integers]]] = [[] for _ in ids]
        for root in on:
            chosen = [place for place, sets in enumerate(told) if only_merges(root, sets, self.used)]
            own = root.layout.placed(departments, people[:, chosen])
            trees = plan_columns(root, own, k=self.k, told=[told[place] for place in chosen], used=self.used)
            counted = root.layout.below(own)
            for number, (place, tree) in enumerate(zip(chosen, trees, strict=True)):
                if tree is root:
                    found[place].append((tree, counted[:, number]))
                elif tree is not None:
                    layout = tree.layout
                    found[place].append((tree, layout.below(layout.placed(departments, people[:, place]))))
        return [
            Tally(one, departments, people[:, place], *_apart(found[place]), told[place])
            for place, one in enumerate(ids)
        ]

    def plan_each(self, wanted: Sequence[Wanted], departments: Sequence[str]) -> list[Tally]:
        """Plan tallies, each on trees of its own; those that have the same ones are planned at once."""
        alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for place, one in enumerate(wanted):
            alike[tuple(map(id, one.on))].append(place)
        found: dict[int, Tally] = {}
        for places in alike.values():
            some = [wanted[place] for place in places]
            people = np.stack([one.people for one in some], axis=1)
            found |= zip(places, self.plan([one.id for one in some], departments, people, some[0].on), strict=True)
        return [found[place] for place in range(len(wanted))]


def _apart(trees: Sequence[tuple[Node, Integers]]) -> tuple[tuple[Node, ...], tuple[Integers, ...]]:
    """Trees, and how many people of their nodes count."""
    return tuple([tree for tree, _ in trees]), tuple([counted for _, counted in trees])


class Sets:
    """Sets of departments, and where in the order of `departments` these are; `names` has one department of each."""

    def __init__(self, sets: Sequence[frozenset[str]], departments: Sequence[str]) -> None:
        self.names = [min(one) for one in sets if one]
        number = {name: place for place, held in enumerate(filter(None, sets)) for name in held}
        self._placing = Placing([number.get(name, -1) for name in departments])

    def sums(self, people: Integers) -> Integers:
        """How many people (departments, ...) each of the sets has, (sets, ...)."""
        return self._placing.sums(people, nodes=len(self.names))


class Crossed:
    """Sets of departments, and the parts of each that lie in others, the `finest` sets; `departments` have sheets."""

    def __init__(
        self, sets: Sequence[frozenset[str]], finest: Sequence[frozenset[str]], departments: Sequence[str]
    ) -> None:
        self._size = len(sets)
        held, part = ({name: place for place, one in enumerate(of) for name in one} for of in (sets, finest))
        self._inside = np.array([place for place, name in enumerate(departments) if name in held], dtype=np.intp)
        names = [departments[place] for place in self._inside.tolist()]
        # People of no finest set are a part of their own.
        cell = np.array([held[one] * (len(finest) + 1) + part.get(one, len(finest)) for one in names], dtype=np.intp)
        cells, self._part = np.unique(cell, return_inverse=True)
        self._of = cells // (len(finest) + 1)

    def least(self, one: Integers, other: Integers) -> Integers:
        """The sum over the parts of each set of what is less of two numbers of people (departments,): (sets,)."""
        parts = (np.bincount(self._part, of[self._inside], minlength=self._of.size) for of in (one, other))
        found: Integers = np.bincount(self._of, np.minimum(*parts), minlength=self._size).astype(np.intp)
        return found


def only_merges(root: Node, told: Sequence[frozenset[str]], responses: Mapping[str, int]) -> bool:
    """Whether something may be told of this row in a later release, of which these sets were told.

    What is told of some rows only, as a module is, has no total of the organisation. Where a row now holds a part of
    such a set, or such sets and other people, their difference would be told; of that row it is not shown.
    """
    touched = [held for held in told if not held.isdisjoint(root.departments)]
    if not touched:
        return True
    answered = {one for one in root.departments if responses.get(one)}
    return answered <= frozenset().union(*touched) <= root.departments
