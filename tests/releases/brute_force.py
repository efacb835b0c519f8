"""Disclosure by brute force: random organisations, the ordinary wrong rule, and the rank test that finds every leak."""

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.releases.plan.coarsening import Department, Node, nodes, tree


@dataclass(frozen=True)
class Organisation:
    """A small organisation: its departments, and each person's department."""

    departments: tuple[Department, ...]
    people: tuple[str, ...]

    @property
    def tree(self) -> Node:
        return tree("Organisation", self.departments)


def random_organisation(rng: random.Random, *, most: int = 4) -> Organisation:
    """Three levels, headcounts above and sometimes below the number of people, and people attached to inner nodes.

    In every second organisation some departments belong to a pool that was chosen before launch.
    """
    departments, people = [], []
    pools = rng.choice([(None,), (None, "Back office", "Front office")])

    def add(name, parent, answered, absent):
        headcount, pool = max(0, answered + absent), rng.choice(pools)
        departments.append(
            Department(id=name, name=name, parent=parent, function="other", headcount=headcount, pool=pool)
        )
        people.extend([name] * answered)

    for a in range(rng.randint(1, 3)):
        add(f"D{a}", None, rng.randint(0, 2), rng.choice([-1, 0, 0, 1, 9]))
        for b in range(rng.randint(1, 3)):
            add(f"D{a}T{b}", f"D{a}", rng.randint(0, most), rng.choice([-2, 0, 1, 2, 9]))
    return Organisation(tuple(departments), tuple(people))


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
    people is tried, the small ones first.
    """
    people = sorted(set(owner))
    if not totals or not people:
        return None
    share = _shares(np.array(totals, dtype=float), np.array(owner), people)
    for size in range(1, min(k, len(people) + 1)):
        sets = np.array(list(itertools.combinations(range(len(people)), size)))
        # A combination of length 1 whose part on these people has length 1 rests on nobody else.
        told = np.linalg.eigvalsh(share[sets].sum(axis=1))[:, -1] > 1 - 1e-7
        if told.any():
            return tuple(people[place] for place in sets[told.argmax()])
    return None


def _shares(totals: np.ndarray, owner: np.ndarray, people: Sequence[int]) -> np.ndarray:
    """For each person the quadratic form that says how much of a combination of the totals rests on them."""
    _, singular, rows = np.linalg.svd(totals, full_matrices=False)
    basis = rows[singular > 1e-9 * max(1.0, singular[0])]
    return np.stack([basis[:, owner == person] @ basis[:, owner == person].T for person in people])


def leaks(sets: Sequence[Sequence[int]], everyone: Sequence[int], k: int) -> bool:
    """Whether sums over these sets tell of fewer than k people."""
    totals = [[float(person in one) for person in everyone] for one in {tuple(one) for one in sets}]
    return smallest_leak(totals, everyone, k) is not None
