"""Sums over all sets of a tree at once: where its departments are, and where each set ends (`scoring.rollups`)."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scoring.arrays import Flags, Integers

_Number = TypeVar("_Number", np.intp, np.float64)


class Layout:
    """A tree whose nodes stand parents first: `ends` (nodes,) has where that ends which lies below each.

    `place_of` has for each department the place of the lowest node that holds it.
    """

    place_of: Mapping[str, int]
    ends: Integers
    leaves: Flags
    """Which nodes are finest sets, shape (nodes,)."""

    def __init__(self, place_of: Mapping[str, int], ends: Sequence[int]) -> None:
        self.place_of = place_of
        self.ends = np.array(ends, dtype=np.intp)
        self._places = np.fromiter(place_of.values(), dtype=np.intp, count=len(place_of))
        self.leaves = self.ends == np.arange(1, self.ends.size + 1)

    def counted(self, people: Mapping[str, int]) -> Integers:
        """The people counted by department, by the lowest node that holds them: shape (nodes,)."""
        found = np.zeros(self.ends.size, dtype=np.intp)
        np.add.at(found, self._places, list(map(people.get, self.place_of, repeat(0))))
        return found

    def placed(self, departments: Sequence[str], values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
        """Values (departments, ...) by the lowest node that holds each, shape (nodes, ...); others are left out."""
        elsewhere = self.ends.size
        places = list(map(self.place_of.get, departments, repeat(elsewhere)))
        found = np.zeros((elsewhere + 1, *values.shape[1:]), dtype=values.dtype)
        np.add.at(found, np.array(places, dtype=np.intp), values)
        return found[:-1]

    def below(self, values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
        """The sums of values (nodes, ...) over each node and everything below it, shape (nodes, ...)."""
        # A slice of reduceat ends where the next one begins, so that each second one is nobody's.
        slices = np.stack([np.arange(self.ends.size), self.ends], axis=1).ravel()
        nothing = np.zeros((1, *values.shape[1:]), dtype=values.dtype)
        found: npt.NDArray[_Number] = np.add.reduceat(np.concatenate([values, nothing]), slices, axis=0)[::2]
        return found

    def settled(self, people: Mapping[str, int], used: Mapping[str, int] | None, *, k: int) -> list[bool]:
        """For each node whether all finest sets in it have 0 or at least `k` people, and nobody is beside them.

        With `used` sheets by department, none without people may have fewer than `k` sheets either.
        """
        own, divided = self.counted(people), ~self.leaves
        small = (own > 0) & ((own < k) | divided) | divided & (self.below(own) == 0)
        if used is not None:
            sheets = self.counted(used)
            small |= (own == 0) & (sheets > 0) & (sheets < k)
        found: list[bool] = (self.below(small.astype(np.intp)) == 0).tolist()
        return found
