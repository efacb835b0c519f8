"""What is the same of columns that are planned on the same sets of people: where these lie, and who lends a spread.

Of a small organisation most columns are. Their numbers are then summed up at once, in arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from app.releases.plan.coarsening import Node
from app.releases.plan.layout import Placing
from app.releases.statistics.columns import Scores
from app.releases.statistics.strata import placed, spreads, stratum
from scoring.arrays import Floats, Integers
from scoring.estimates import Spread, column_spreads
from scoring.moments import LEAST_SPREAD
from scoring.rollups import Lenders, Strata


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """People with a score of sets of departments, their means and sums of squared deviations: (sets, columns)."""

    n: Integers
    mean: Floats
    m2: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Disjoint sets of departments: `at` has the set of each department, -1 for none."""

    at: Integers
    size: int
    placing: Placing

    @classmethod
    def of(cls, sets: Sequence[frozenset[str]], departments: Sequence[str]) -> "_Parts":
        """Sets among the departments that have sheets."""
        number = {name: place for place, held in enumerate(sets) for name in held}
        places = [number.get(name, -1) for name in departments]
        return cls(np.array(places, dtype=np.intp), len(sets), Placing(places))

    def summed(self, scores: Sequence[Scores]) -> _Sums:
        """The moments of each of the sets in each of some columns (`scoring.moments.merged`)."""
        people = np.stack([one.people for one in scores], axis=1)
        means = np.stack([one.means for one in scores], axis=1)
        squares = np.stack([one.squares for one in scores], axis=1)
        n = self.placing.sums(people, nodes=self.size)
        mean = self.placing.sums(people * means, nodes=self.size) / np.maximum(n, 1)
        away = means - mean[self.at] if self.size else means
        return _Sums(n, mean, self.placing.sums(squares + people * away * away, nodes=self.size))


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The strata of columns and the sets that lend them a spread, without what differs from column to column.

    `strata` and `lenders` are those of one of the columns, `ends` those of all nodes of the trees.
    """

    strata: Strata
    lenders: Lenders
    ends: Integers
    _strata: _Parts
    _lenders: _Parts

    @classmethod
    def of(cls, trees: Sequence[Node], scores: Scores, sets: Sequence[frozenset[str]]) -> "Frame":
        """The frame of columns with the same trees and sets, in which the same departments have scores: as they are in
        the first one."""
        starts = accumulate((len(root.every) for root in trees), initial=0)
        ends = [start + end for start, root in zip(starts, trees, strict=False) for end in root.ends]
        every = (node for root in trees for node in root.every)
        found = [
            (place, one)
            for place, node in enumerate(every)
            if not node.children and (one := stratum(node, scores)) is not None
        ]
        lending = spreads(sets, scores)
        strata, lenders = placed(found, lending, ends)
        return cls(
            strata,
            lenders,
            np.array(ends, dtype=np.intp),
            _Parts.of([one.answered for _, one in found], scores.departments),
            _Parts.of([held for held, _ in lending.groups], scores.departments),
        )

    def filled(self, columns: Sequence[Scores]) -> list[tuple[Strata, Lenders, Integers, Spread]]:
        """The strata and lenders of each of the columns, with `ends` and the column's spread."""
        strata, lenders = self._strata.summed(columns), self._lenders.summed(columns)
        df = (lenders.n - 1).astype(np.float64)
        known = (df > 0) & (lenders.m2 > LEAST_SPREAD * lenders.n)
        variance: Floats = np.where(known, lenders.m2, 0.0) / np.maximum(df, 1)
        of_columns = column_spreads(variance.T, df.T)
        found = []
        for place, spread in enumerate(of_columns):
            own = Strata(
                place=self.strata.place,
                headcount=self.strata.headcount,
                n=strata.n[:, place],
                used=self.strata.used,
                mean=strata.mean[:, place],
                lender=self.strata.lender,
            )
            lent = Lenders(variance=variance[:, place], df=df[:, place], top=self.lenders.top)
            found.append((own, lent, self.ends, spread))
        return found
