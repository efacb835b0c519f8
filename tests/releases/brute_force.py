"""Disclosure by brute force: random organisations, the ordinary wrong rule, and the rank test that finds every leak."""

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.releases.plan import Node, Unit, nodes, tree


@dataclass(frozen=True)
class Organisation:
    """A small organisation: its departments, and each person's department."""

    units: tuple[Unit, ...]
    people: tuple[str, ...]

    @property
    def tree(self) -> Node:
        return tree("Organisation", self.units)


def random_organisation(rng: random.Random, *, most: int = 4) -> Organisation:
    """Three levels, headcounts above the number of people, and people attached to inner nodes."""
    units, people = [], []

    def add(name, parent, answered, absent):
        units.append(Unit(id=name, name=name, parent=parent, function="other", headcount=answered + absent))
        people.extend([name] * answered)

    for a in range(rng.randint(1, 3)):
        add(f"D{a}", None, rng.randint(0, 2), rng.choice([0, 0, 1, 9]))
        for b in range(rng.randint(1, 3)):
            add(f"D{a}T{b}", f"D{a}", rng.randint(0, most), rng.choice([0, 1, 2, 9]))
    return Organisation(tuple(units), tuple(people))


def counts(people: Iterable[str]) -> dict[str, int]:
    """How many people each department has."""
    found: dict[str, int] = {}
    for department in people:
        found[department] = found.get(department, 0) + 1
    return found


def sets_of(published: Iterable[Node], people: Sequence[str], valid: Iterable[int] | None = None) -> list[list[int]]:
    """Each published set as the places of its people, of the valid ones only if given."""
    those = range(len(people)) if valid is None else sorted(valid)
    found = [[place for place in those if people[place] in node.departments] for node in published]
    return [one for one in found if one]


def naive(root: Node, people: Mapping[str, int], k: int) -> list[Node]:
    """What many tools do: hide every cell with fewer than k, and nothing else."""
    return [node for node in nodes(root) if sum(people.get(one, 0) for one in node.departments) >= k]


def smallest_leak(totals: Sequence[Sequence[float]], owner: Sequence[int], k: int) -> tuple[int, ...] | None:
    """Fewer than k people of whom some combination of the totals tells, and of nobody else; None if there are none.

    A total is a row of weights on unknowns, and `owner` says whose unknown each column is. Every set of fewer than k
    people is tried. A combination that rests on such a set rests on every larger one too, so the sets of k - 1 decide
    whether there is any.
    """
    space, owners, people = _row_space(totals), np.array(owner), sorted(set(owner))
    if not any(_tells_of(few, space, owners) for few in itertools.combinations(people, min(k - 1, len(people)))):
        return None
    every = itertools.chain.from_iterable(itertools.combinations(people, size) for size in range(1, k))
    return next(few for few in every if _tells_of(few, space, owners))


def _row_space(totals: Sequence[Sequence[float]]) -> np.ndarray:
    """The projection onto all combinations of the totals."""
    if not totals:
        return np.zeros((0, 0))
    _, singular, rows = np.linalg.svd(np.array(totals, dtype=float), full_matrices=False)
    basis = rows[singular > 1e-9 * max(1.0, singular[0])]
    return np.asarray(basis.T @ basis)


def _tells_of(few: tuple[int, ...], space: np.ndarray, owners: np.ndarray) -> bool:
    """Whether the projection leaves some combination of these people's unknowns as it is: an eigenvalue of 1."""
    if not space.size or not few:
        return False
    theirs = np.isin(owners, few)
    return bool(np.linalg.eigvalsh(space[np.ix_(theirs, theirs)])[-1] > 1 - 1e-7)


def leaks(sets: Sequence[Sequence[int]], everyone: Sequence[int], k: int) -> bool:
    """Whether sums over these sets tell of fewer than k people."""
    totals = [[float(person in one) for person in everyone] for one in {tuple(one) for one in sets}]
    return smallest_leak(totals, everyone, k) is not None
