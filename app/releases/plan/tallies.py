"""What is told beside scores, from as many people on as an interval needs: of whom, and in which sets (P1, P5).

A *tally* counts people: those with a valid answer to a question, those who answered it at all, those who answered all
questions of a dimension. Each has a plan of its own, so that no set of which it is told, and no difference of two, has
fewer people who count. How these people answered decides nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.releases.plan.coarsening import Node, count, plan_column
from app.releases.plan.ledger import Entry, Ledger, entry
from scoring.arrays import Integers


@dataclass(frozen=True)
class Tally:
    """The people who count, by department, and the trees of sets of which their answers may be told.

    `told` are the finest sets of which the wave's first release told, none in that release itself.
    """

    id: str
    people: Mapping[str, int]
    trees: tuple[Node, ...]
    told: tuple[frozenset[str], ...] = ()

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

    @cached_property
    def counted(self) -> tuple[Integers, ...]:
        """How many people of each node of each tree count, parents first."""
        return tuple(root.layout.below(root.layout.counted(self.people)) for root in self.trees)

    def rows(self) -> Iterator[tuple[Node, Integers]]:
        """The trees, and how many people of each of their nodes count."""
        return zip(self.trees, self.counted, strict=True)

    def entries(self) -> Iterator[Entry]:
        """The finest sets for the ledger."""
        for root, counted in self.rows():
            for leaf, n in zip(root.every, counted.tolist(), strict=True):
                if not leaf.children:
                    yield entry(self.id, "tallies", leaf.departments, n)


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans tallies: with `k` people, beside what the wave's first release `told`, and with all `used` sheets."""

    k: int
    told: Ledger
    used: Mapping[str, int]

    def plan(self, tally_id: str, people: Mapping[str, int], on: Sequence[Node]) -> Tally:
        """Plan a tally on the strata of these trees.

        A set without anybody who counts is merged where it has fewer than k sheets, else it would tell of them that all
        left the question out.
        """
        told = self.told.told(tally_id, "tallies")
        trees = (
            plan_column(root, people, k=self.k, told=told, used=self.used)
            for root in on
            if only_merges(root, told, self.used)
        )
        return Tally(tally_id, people, tuple(one for one in trees if one is not None), told)


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
