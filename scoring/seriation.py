"""Rows laid beside the rows they are most alike: a tree of likeness, its leaves in the best order (5.1).

Average linkage, then optimal leaf ordering (Bar-Joseph, Gifford and Jaakkola 2001), for looking at patterns only.
"""

import numpy as np

from scoring.arrays import Floats

_APART = 100.0


def leaf_order(values: Floats) -> tuple[int, ...]:
    """The places of the rows of `values` (rows x columns, NaN where nothing is told) in their new order.

    Two rows are as far apart as their values are on average over the columns in which both have one; the whole scale
    where there is none. The order depends on nothing else, and of its two directions the one that begins with the
    higher mean is taken. Fewer than three rows stay as they are.
    """
    if len(values) < 3:
        return tuple(range(len(values)))
    # Takes a third of a second to import: only the web process needs it, which does that when it warms up.
    from scipy.cluster.hierarchy import leaves_list, linkage

    told = _distances(values)
    found = [int(one) for one in leaves_list(linkage(told, "average", optimal_ordering=True))]
    first, last = (_mean(values[found[end]]) for end in (0, -1))
    return tuple(found if first >= last else reversed(found))


def _distances(values: Floats) -> Floats:
    """The distances of all pairs of rows, each pair once, row by row."""
    parts = []
    for place in range(len(values) - 1):
        apart = np.abs(values[place + 1 :] - values[place])
        both = ~np.isnan(apart)
        shared = both.sum(axis=1)
        total = np.where(both, apart, 0.0).sum(axis=1)
        parts.append(np.where(shared > 0, total / np.maximum(shared, 1), _APART))
    return np.concatenate(parts)


def _mean(row: Floats) -> float:
    told = row[~np.isnan(row)]
    return float(told.mean()) if told.size else 0.0
