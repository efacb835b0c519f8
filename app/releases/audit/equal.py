"""What has to be equal if a combination rests on few people: in tables, for the auditor (docs/privacy.md).

A person whose weights in two columns cancel is rested on unless the two values are equal in a scale of each column, and
one with a weight in one column alone unless that value is 0. Where enough people say so of the same two values, these
are equal in every combination that rests on fewer. Values that are equal become one, and people are counted again. If
nobody is left whose values differ, no combination rests on fewer people.

Where sums cross each other, a value is a difference: *near* less *far*, of the departments and of the role level, say.
What a person says then is that near and far are equal. Of two columns the difference of their near values becomes a
value of its own: it is 0 where the two are equal, and it is the one where the other is 0.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
import numpy.typing as npt

from app.releases.audit.membership import Counts
from app.releases.audit.support import Number, Rows

Nodes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Values:
    """The values of each class of places in each column, (classes, columns), below `count`; 0 is the value 0."""

    near: Nodes
    far: Nodes
    count: int


@dataclass(frozen=True, slots=True)
class Said:
    """What people say: that `one` and `other` are equal. `group` is who says it, `people` how many each group has.

    `differences` (3, some) are values that are differences of two others, the difference first; all are below `count`.
    """

    one: Nodes
    other: Nodes
    group: Nodes
    people: Counts
    differences: Nodes
    count: int

    @classmethod
    def by(cls, shapes: Sequence[Rows], people: Counts, values: Values) -> "Said | None":
        """What people (classes, shapes) of these shapes say; None where it is more than that two values are equal."""
        if not _comparable(tuple(shapes), values.near.shape[1]):
            return None
        nobody, none = np.zeros(0, dtype=np.intp), np.zeros((3, 0), dtype=np.intp)
        found = cls(nobody, nobody, nobody, people.ravel(), none, values.count)
        for columns, group in _who(shapes, people).items():
            places = group // len(shapes)
            more = found.with_rows(values.near[places][:, columns], values.far[places][:, columns], group)
            if more is None:
                return None
            found = more
        return found

    def with_rows(self, near: Nodes, far: Nodes, group: Nodes) -> "Said | None":
        """With what groups say by rows of one column or two, (groups, columns); None where far values of both count."""
        crossing = np.flatnonzero(far.any(axis=0)).tolist()
        differences, count = self.differences, self.count
        if near.shape[1] == 1:
            first, second = near[:, 0], far[:, 0]
        elif not crossing:
            first, second = near[:, 0], near[:, 1]
        elif len(crossing) == 1:
            base = crossing[0]
            pairs, which = np.unique(near[:, base] * count + near[:, 1 - base], return_inverse=True)
            new = np.stack([count + np.arange(pairs.size), *np.divmod(pairs, count)])
            first, second = count + which, far[:, base]
            differences, count = np.concatenate([differences, new], axis=1), count + pairs.size
        else:
            return None
        one, other = np.concatenate([self.one, first]), np.concatenate([self.other, second])
        return Said(one, other, np.concatenate([self.group, group]), self.people, differences, count)

    def makes_all_equal(self, limit: int) -> bool:
        """Whether no values differ in any combination that rests on fewer than `limit` people, and on one at least."""
        one, other, differences, zero = self.one, self.other, self.differences, 0
        while (apart := one != other).any():
            low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
            # A person says it once of two values, however many columns do.
            said, first = np.unique((low * self.count + high) * self.people.size + self.group[apart], return_index=True)
            which, where = np.unique(said // self.people.size, return_inverse=True)
            weight = np.bincount(where, weights=self.people[self.group[apart][first]])
            heavy = np.stack(np.divmod(which[weight >= limit], self.count))
            pairs = np.concatenate([heavy, _following(differences, zero)], axis=1)
            if not pairs.size:
                return False
            root = _joined(pairs, self.count)
            one, other, differences, zero = root[one], root[other], root[differences], int(root[zero])
        return True


def _who(shapes: Sequence[Rows], people: Counts) -> dict[tuple[int, ...], Nodes]:
    """The groups of people, class times shapes plus shape, who say something by a row of these columns."""
    found: dict[tuple[int, ...], list[Nodes]] = defaultdict(list)
    for number, shape in enumerate(shapes):
        there = np.flatnonzero(people[:, number]) * len(shapes) + number
        for row in shape:
            found[tuple(column for column, _ in row)].append(there)
    return {columns: np.concatenate(groups) for columns, groups in found.items()}


def _following(differences: Nodes, zero: int) -> Nodes:
    """What else has to be equal, two rows: each difference is 0 where its two values are equal, and so on."""
    found, first, second = differences
    nothing = np.full_like(found, zero)
    every = [
        (found == zero, first, second),
        (first == second, found, nothing),
        (second == zero, found, first),
        (found == first, second, nothing),
    ]
    pairs = np.concatenate([np.stack([one, other])[:, where] for where, one, other in every], axis=1)
    return pairs[:, pairs[0] != pairs[1]]


def _joined(pairs: Nodes, count: int) -> Nodes:
    """For each value below `count` the least of those to which pairs, two rows, join it."""
    root = np.arange(count, dtype=np.intp)
    while True:
        one, other = root[pairs]
        if (one == other).all():
            return root
        # Each of these is the least of those that were joined so far. The larger of two goes below the smaller, so that
        # nothing is below itself.
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while ((above := root[root]) != root).any():
            root = above


@cache
def _comparable(shapes: tuple[Rows, ...], columns: int) -> bool:
    """Whether each column has a scale in which every row of two columns says that they are equal; no row has three."""
    rows = sorted({row for shape in shapes for row in shape}, key=len)
    if any(len(row) > 2 for row in rows):
        return False
    two = [(one, other, -1 / Fraction(factor)) for (one, _), (other, factor) in (row for row in rows if len(row) == 2)]
    scale: dict[int, Number] = {}
    for start in range(columns):
        scale.setdefault(start, Fraction(1))
        for _ in range(columns):
            for one, other, ratio in two:
                if one in scale:
                    scale.setdefault(other, scale[one] * ratio)
                elif other in scale:
                    scale[one] = scale[other] / ratio
    return all(scale[other] == scale[one] * ratio for one, other, ratio in two)
