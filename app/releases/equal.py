"""What has to be equal if a combination rests on few people: in tables, for the auditor (docs/privacy.md).

A person whose weights in two columns cancel is rested on unless the two values are equal in a scale of each column, and
one with a weight in one column alone unless that value is 0. Where enough people say so of the same two values, these
are equal in every combination that rests on fewer. Values that are equal become one, and people are counted again. If
nobody is left whose values differ, no combination rests on fewer people.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from app.releases.membership import Counts
from app.releases.support import Number, Rows

NOTHING: Final = -1
"""Stands for 0 among columns."""

Nodes = npt.NDArray[np.intp]
Pair = tuple[int, int]


def equated(shapes: Sequence[Rows], columns: int) -> Sequence[frozenset[Pair]] | None:
    """For each shape the pairs of columns, or of `NOTHING` and a column, that are equal where it is not rested on.

    None where columns have no scale in which every row of two columns says that they are equal, or rows have three.
    """
    scale: dict[int, Number] = {}
    rows = sorted({row for shape in shapes for row in shape}, key=len)
    if any(len(row) > 2 for row in rows):
        return None
    two = [(one, other, -1 / Fraction(factor)) for (one, _), (other, factor) in (row for row in rows if len(row) == 2)]
    for _ in range(columns):
        for one, other, ratio in two:
            if one in scale:
                scale.setdefault(other, scale[one] * ratio)
            elif other in scale:
                scale[one] = scale[other] / ratio
        loose = [one for one in range(columns) if one not in scale]
        if not loose:
            break
        scale[loose[0]] = Fraction(1)
    if any(scale[other] != scale[one] * ratio for one, other, ratio in two):
        return None
    return [_pairs(shape) for shape in shapes]


def _pairs(shape: Rows) -> frozenset[Pair]:
    inside: dict[int, frozenset[int]] = {}
    for row in shape:
        ends = [column for column, _ in row] if len(row) == 2 else [NOTHING, row[0][0]]
        together = frozenset().union(*(inside.get(one, {one}) for one in ends))
        inside.update(dict.fromkeys(together, together))
    return frozenset((one, other) for one, held in inside.items() for other in held if one < other)


def all_equal(nodes: Nodes, people: Counts, pairs: Sequence[frozenset[Pair]], *, count: int, limit: int) -> bool:
    """Whether no values differ in any combination that rests on fewer than `limit` people, and on one at least.

    `nodes` (classes, columns) are the values of each class of places in each column, below `count`; 0 is the value 0.
    `people` (classes, shapes) are counted by how they enter, `pairs` by shape from `equated`.
    """
    ends = np.column_stack([nodes, np.zeros(len(nodes), dtype=np.intp)])
    edges = [
        (np.flatnonzero(people[:, shape]), shape, one, other)
        for shape, of_shape in enumerate(pairs)
        for one, other in of_shape
    ]
    if not edges:
        return True
    group = np.concatenate([classes * people.shape[1] + shape for classes, shape, _, _ in edges])
    one = np.concatenate([ends[classes, first] for classes, _, first, _ in edges])
    other = np.concatenate([ends[classes, second] for classes, _, _, second in edges])
    of_group = people.ravel()
    while (apart := one != other).any():
        # A person says it once of two values, however many columns do.
        low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
        said, first = np.unique((low * count + high) * people.size + group[apart], return_index=True)
        which, where = np.unique(said // people.size, return_inverse=True)
        weight = np.bincount(where, weights=of_group[group[apart][first]])
        heavy = which[weight >= limit]
        if not heavy.size:
            return False
        graph = coo_array((np.ones(heavy.size), (heavy // count, heavy % count)), shape=(count, count))
        _, root = connected_components(graph, directed=False)
        one, other = root[one], root[other]
    return True
