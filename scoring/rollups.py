"""The roll-ups of all sets of a tree at once: the same numbers as `scoring.estimates.roll_up`, set by set (P2, P8).

A tree is told by its nodes in the order parents first: what lies below a node stands right behind it, and `ends` has
where that ends. So the sum over everything below is the sum of a slice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from typing import Final

import numpy as np

from scoring.arrays import Flags, Floats, Integers
from scoring.errors import NotCountsError, NotFiniteError, TooFewError
from scoring.estimates import Spread


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strata:
    """The strata of a column in which somebody has a score, an entry of each array for each.

    `place` is the lowest node that holds the stratum, `n` has its people with a score, `used` its answer sheets with or
    without, `mean` is in points, and `lender` is the set that lends it a spread, -1 for none.
    """

    place: Integers
    headcount: Integers
    n: Integers
    used: Integers
    mean: Floats
    lender: Integers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lenders:
    """The sets that may lend their spread: its square in points, its degrees of freedom, and the lowest node that holds
    the whole set; -1 where it holds people of no stratum, so that no roll-up rests on it alone."""

    variance: Floats
    df: Floats
    top: Integers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RollUps:
    """The roll-ups of all nodes, an entry of each array for each; without any strata a node has n of 0 and NaN.

    `strata` counts the strata, `headcount` the people they stand for, `everyone` says that all of these answered.
    `own` tells whether a roll-up rests on its own spread; else it has the column's, and n are the answer sheets. `df`
    is NaN where se is 0.
    """

    strata: Integers
    headcount: Integers
    everyone: Flags
    own: Flags
    n: Integers
    mean: Floats
    se: Floats
    df: Floats

    def part(self, start: int, end: int) -> "RollUps":
        """Those of some nodes behind each other."""
        return RollUps(**{name: getattr(self, name)[start:end] for name in _ROLLED})


_ROLLED: Final = tuple(one.name for one in fields(RollUps))


def side_by_side(parts: Sequence[RollUps]) -> RollUps:
    """Roll-ups one behind the other, of which there is at least one."""
    return RollUps(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in _ROLLED})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beside:
    """Trees of several columns side by side, the nodes of one behind those of the other, with what `roll_ups` takes.

    `column` has the spread of the column of each stratum, and its degrees of freedom at each node.
    """

    strata: Strata
    lenders: Lenders
    ends: Integers
    column: "Pooled"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pooled:
    """The spread of a column for each stratum, `s` (strata,) in points, and for each node, `df` (nodes,)."""

    s: Floats
    df: Floats


def beside(trees: Sequence[tuple[Strata, Lenders, Integers, Spread]]) -> Beside:
    """Trees with the spreads of their columns, side by side. Their roll-ups are the same as those of each by itself."""
    strata, lenders, ends, spreads = zip(*trees, strict=True)
    nodes = list(accumulate((one.size for one in ends), initial=0))
    lent = list(accumulate((one.top.size for one in lenders), initial=0))
    sizes = [one.place.size for one in strata]
    return Beside(
        strata=Strata(
            place=_shifted([one.place for one in strata], nodes),
            headcount=np.concatenate([one.headcount for one in strata]),
            n=np.concatenate([one.n for one in strata]),
            used=np.concatenate([one.used for one in strata]),
            mean=np.concatenate([one.mean for one in strata]),
            lender=_shifted([one.lender for one in strata], lent),
        ),
        lenders=Lenders(
            variance=np.concatenate([one.variance for one in lenders]),
            df=np.concatenate([one.df for one in lenders]),
            top=_shifted([one.top for one in lenders], nodes),
        ),
        ends=_shifted(ends, nodes),
        column=Pooled(
            s=np.repeat([one.s for one in spreads], sizes),
            df=np.repeat([one.df for one in spreads], [one.size for one in ends]),
        ),
    )


def _shifted(places: Sequence[Integers], starts: Sequence[int]) -> Integers:
    """Places one behind the other, each counted from its own start; -1 stays what it is."""
    moved = [np.where(one < 0, one, one + start) for one, start in zip(places, starts, strict=False)]
    return np.concatenate(moved)


def roll_ups(strata: Strata, lenders: Lenders, ends: Integers, *, column: Spread | Pooled, finite: bool) -> RollUps:
    """The mean of every node over the strata within it, weighted by headcount, with its standard error.

    A roll-up rests on its own spread where every set that lends one to its strata lies within the node; otherwise the
    column's spread stands for all, because the spread of a part of such a set must not be told. Formulas and `finite`
    are those of `scoring.estimates.roll_up`. TooFewError for a stratum without a score, NotCountsError for a negative
    number of people, NotFiniteError for a mean or spread that is NaN or infinite.
    """
    _refuse_bad(strata, lenders, column)
    tree = _Tree(strata.place, ends)
    own = tree.least(np.append(lenders.top, -1)[strata.lender]) >= np.arange(ends.size)
    fine = _Weighted(strata.headcount, strata.n, np.append(lenders.variance, 0.0)[strata.lender], finite)
    coarse = _Weighted(strata.headcount, strata.used, np.broadcast_to(np.square(column.s), strata.place.shape), finite)
    terms = np.bincount(strata.lender + 1, fine.variances, minlength=lenders.top.size + 1)[1:]
    shares = np.divide(terms**2, lenders.df, out=np.zeros(terms.size), where=terms > 0)
    inside = lenders.top >= 0
    below = _Tree(lenders.top[inside], ends).sums(shares[inside])
    variance = np.where(own, tree.sums(fine.variances), tree.sums(coarse.variances))
    heads = np.where(own, tree.sums(fine.heads), tree.sums(coarse.heads))
    totals = np.where(own, tree.sums(fine.heads * strata.mean), tree.sums(coarse.heads * strata.mean))
    with np.errstate(invalid="ignore", divide="ignore"):
        df = np.where(own, variance**2 / below, column.df)
        df[variance <= 0] = np.nan
        found = RollUps(
            strata=tree.sums(np.ones(strata.place.size)).astype(np.intp),
            headcount=tree.sums(strata.headcount).astype(np.intp),
            everyone=tree.sums(strata.n < strata.headcount) == 0,
            own=own,
            n=np.where(own, tree.sums(strata.n), tree.sums(strata.used)).astype(np.intp),
            mean=totals / heads,
            se=np.sqrt(variance) / heads,
            df=df,
        )
    return found


def borrowed(strata: Strata, ends: Integers, *, column: Spread | Pooled) -> RollUps:
    """The roll-ups as far as they may be told without any spread of their own: with the column's (P2).

    Without the finite population correction, which would tell how many of a small group gave a valid answer. Errors of
    `roll_ups`.
    """
    nobody = np.full(strata.place.size, -1, dtype=np.intp)
    alone = Strata(
        place=strata.place,
        headcount=strata.headcount,
        n=strata.n,
        used=strata.used,
        mean=strata.mean,
        lender=nobody,
    )
    none = Lenders(variance=np.empty(0), df=np.empty(0), top=np.empty(0, dtype=np.intp))
    return roll_ups(alone, none, ends, column=column, finite=False)


def _refuse_bad(strata: Strata, lenders: Lenders, column: Spread | Pooled) -> None:
    if min(one.min(initial=1) for one in (strata.n, strata.used)) < 1:
        raise TooFewError("a mean needs strata, and each of them a score")
    if strata.headcount.min(initial=0) < 0:
        raise NotCountsError("a stratum has a negative number of people")
    if not all(np.isfinite(one).all() for one in (strata.mean, lenders.variance, column.s)):
        raise NotFiniteError("the mean or the spread of a stratum is not finite")


class _Weighted:
    """Strata with the weights and the variances that a spread of each gives them; `n` people of each have answered.

    More people than the headcount count as a headcount of as many (P16).
    """

    def __init__(self, headcount: Integers, n: Integers, variance: Floats, finite: bool) -> None:
        self.heads: Integers = np.maximum(headcount, n)
        unseen = 1 - n / self.heads if finite else 1.0
        self.variances: Floats = self.heads.astype(np.float64) ** 2 * unseen * variance / n


class _Tree:
    """Sums over everything below each node, of values that lie at places of their own."""

    def __init__(self, place: Integers, ends: Integers) -> None:
        self._place, self._size = place, ends.size
        # A slice of reduceat ends where the next one begins, so that each second one is nobody's.
        self._slices: Integers = np.stack([np.arange(ends.size), ends], axis=1).ravel()

    def sums(self, values: Integers | Floats | Flags) -> Floats:
        """The sum of the values below each node."""
        at = np.bincount(self._place, values, minlength=self._size + 1)
        found: Floats = np.add.reduceat(at, self._slices)[::2]
        return found

    def least(self, values: Integers) -> Integers:
        """The least of the values below each node, -1 where there is none."""
        none = np.iinfo(np.intp).max
        at = np.full(self._size + 1, none)
        np.minimum.at(at, self._place, values)
        found: Integers = np.minimum.reduceat(at, self._slices)[::2]
        return np.where(found == none, -1, found)
