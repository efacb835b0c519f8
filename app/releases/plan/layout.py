"""Sums over all sets of a tree at once: where its departments are, and where each set ends (`scoring.rollups`)."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, repeat
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scoring.arrays import Flags, Integers

_Number = TypeVar("_Number", np.intp, np.float64)


class Slices:
    """Nodes that stand parents first, of one tree or of several side by side: `ends` (nodes,) has where that ends which
    lies below each."""

    ends: Integers
    leaves: Flags
    """Which nodes are finest sets, shape (nodes,)."""

    def __init__(self, ends: Integers) -> None:
        self.ends = ends
        starts = np.arange(ends.size)
        self.leaves = ends == starts + 1
        # A slice of reduceat ends where the next one begins, so that each second one is nobody's.
        self._slices: Integers = np.stack([starts, ends], axis=1).ravel()

    def below(self, values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
        """The sums of values (nodes, ...) over each node and everything below it, shape (nodes, ...)."""
        longer = np.zeros((len(values) + 1, *values.shape[1:]), dtype=values.dtype)
        longer[:-1] = values
        found: npt.NDArray[_Number] = np.add.reduceat(longer, self._slices, axis=0)[::2]
        return found


def side_by_side(trees: Sequence[Slices]) -> Slices:
    """The nodes of several trees, one tree behind the other."""
    starts = accumulate((one.ends.size for one in trees), initial=0)
    ends = [one.ends + start for one, start in zip(trees, starts, strict=False)]
    return Slices(np.concatenate([np.zeros(0, dtype=np.intp), *ends]))


class Layout(Slices):
    """A tree: `place_of` has for each department the place of the lowest node that holds it."""

    place_of: Mapping[str, int]

    def __init__(self, place_of: Mapping[str, int], ends: Sequence[int]) -> None:
        super().__init__(np.array(ends, dtype=np.intp))
        self.place_of = place_of
        self._places = np.fromiter(place_of.values(), dtype=np.intp, count=len(place_of))
        self._sheets: tuple[Mapping[str, int], Integers] | None = None
        self._asked: tuple[Sequence[str], Placing] | None = None

    def counted(self, people: Mapping[str, int]) -> Integers:
        """The people counted by department, by the lowest node that holds them: shape (nodes,)."""
        found = np.zeros(self.ends.size, dtype=np.intp)
        np.add.at(found, self._places, list(map(people.get, self.place_of, repeat(0))))
        return found

    def placed(self, departments: Sequence[str], values: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
        """Values (departments, ...) by the lowest node that holds each, shape (nodes, ...); others are left out."""
        # Mostly they are the same departments, those of all sheets, again and again.
        if self._asked is None or self._asked[0] is not departments:
            self._asked = departments, Placing(list(map(self.place_of.get, departments, repeat(-1))))
        return self._asked[1].sums(values, nodes=self.ends.size)

    def sheets(self, used: Mapping[str, int]) -> Integers:
        """`counted` of the answer sheets, which are the same ones for every column."""
        if self._sheets is None or self._sheets[0] is not used:
            self._sheets = used, self.counted(used)
        return self._sheets[1]

    def small(self, own: Integers, used: Mapping[str, int] | None, *, k: int) -> Flags:
        """Which nodes are finest sets of 1 to k - 1 people, or divided with people beside the finest sets or nobody.

        `own` (nodes, columns) are the people counted. With `used` sheets by department, finest sets without people that
        have fewer than `k` sheets are small too.
        """
        divided = ~self.leaves[:, np.newaxis]
        small = (own > 0) & ((own < k) | divided)
        if divided.any():
            small |= divided & (self.below(own) == 0)
        if used is not None:
            sheets = self.sheets(used)[:, np.newaxis]
            small |= (own == 0) & (sheets > 0) & (sheets < k)
        found: Flags = small
        return found

    def settled(self, small: Flags) -> list[bool]:
        """For each node whether nothing in it is small."""
        found: list[bool] = (self.below(small.astype(np.intp)) == 0).tolist()
        return found


class Placing:
    """Where values lie, -1 for nowhere: they are brought into the order of their places and summed up there."""

    def __init__(self, places: Sequence[int]) -> None:
        at = np.array(places, dtype=np.intp)
        order = np.argsort(at, kind="stable")
        self._order = order[np.count_nonzero(at < 0) :]
        self._places, self._starts = np.unique(at[self._order], return_index=True)

    def sums(self, values: npt.NDArray[_Number], *, nodes: int) -> npt.NDArray[_Number]:
        """The sums of values (departments, ...) by place, shape (nodes, ...)."""
        found = np.zeros((nodes, *values.shape[1:]), dtype=values.dtype)
        if self._starts.size:
            found[self._places] = np.add.reduceat(values[self._order], self._starts, axis=0)
        return found
