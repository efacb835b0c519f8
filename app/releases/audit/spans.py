"""What the sums of one column span: the one reduced basis of sums over places, in whole numbers and fractions.

Mostly the places of the sums lie inside each other or apart. What they span is then spanned by the indicators of what
each has beyond those inside it: these are disjoint, and disjoint sets are in reduced row echelon form already. Sums
that cross others, and those with weights, are added to that form one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.releases.audit.statements import Places, Sum
from app.releases.audit.support import Form, Number, plain, scaled

Weights = Mapping[int, Number]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Span:
    """The reduced basis of a column's sums, with one variable x for each of its rows: 0 to `variables` - 1.

    `label` has for each place which of the `forms` in the x is its weight in a combination; form 0 is 0. Where
    `crossed` is None, form l is x(l - 1) alone, and where nobody has label l, that x stands for nothing. Otherwise
    `crossed` are the forms. Where neither the sums apart nor those that cross them cross each other, `parts` has for
    each form the innermost sum of the one and of the other kind around the places that have it, 0 for none: a place's
    weight is what the two have in a combination, added up.
    """

    label: Places
    variables: int
    crossed: tuple[Form, ...] | None = None
    parts: tuple[Places, Places] | None = None

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return self.variables + 1 if self.crossed is None else len(self.crossed)

    @cached_property
    def scaled(self) -> tuple[Form, ...]:
        """The crossed forms, each with 1 as its first factor."""
        return tuple(scaled(dict(form)) for form in self.crossed or ())

    @cached_property
    def held(self) -> tuple[Places, Places]:
        """Which variables occur in which forms: labels and variables, side by side."""
        if self.crossed is None:
            return np.arange(1, self.labels), np.arange(self.variables)
        pairs = [(label, variable) for label, form in enumerate(self.crossed) for variable, _ in form]
        labels, variables = zip(*pairs, strict=True) if pairs else ((), ())
        return np.array(labels, dtype=np.intp), np.array(variables, dtype=np.intp)


def spanned(sums: Sequence[Sum], *, places: int, within: Flags) -> Span:
    """The span of different sums over so many places; only places `within` count where sums cross each other."""
    return Nest(sums, places=places).spanned(range(len(sums)), within)


class Nest:
    """Different sums, and how their places lie inside each other: written down once for all columns that tell them."""

    def __init__(self, sums: Sequence[Sum], *, places: int) -> None:
        self._sums, self._places = sums, places
        sizes = np.array([one.places.size for one in sums], dtype=np.intp)
        plain_ones = [one.weights is None and not one.across for one in sums]
        self._apart: Flags = np.array(plain_ones, dtype=np.bool_) & (sizes > 0)
        self._crossing: Flags = (sizes > 0) & ~self._apart
        # Large sums come first, in every place.
        order = np.argsort(-sizes, kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(order.size)
        member = np.concatenate([np.empty(0, dtype=np.intp), *(one.places for one in sums)])
        of = np.repeat(np.arange(sizes.size), sizes)
        listed = np.lexsort((rank[of], member))
        self._order, self._member, self._of = order, member[listed], of[listed]

    def spanned(self, numbers: Iterable[int], within: Flags) -> Span:
        """The span of the sums with these numbers."""
        chosen = np.zeros(len(self._sums), dtype=np.bool_)
        chosen[list(numbers)] = True
        crossing = np.flatnonzero(chosen & self._crossing).tolist()
        apart = chosen & self._apart
        label, crosses = self._nested(apart)
        while crosses.any():
            crossing += self._order[crosses[self._order]].tolist()
            apart &= ~crosses
            label, crosses = self._nested(apart)
        if not crossing:
            return Span(label, int(apart.sum()))
        found = _crossed(label, [self._sums[one] for one in crossing], within)
        return replace(found, parts=self._parts(found, label, crossing))

    def _parts(self, found: Span, label: Places, crossing: Sequence[int]) -> tuple[Places, Places] | None:
        """See `Span.parts`; None too where a sum has weights."""
        chosen = np.zeros(len(self._sums), dtype=np.bool_)
        chosen[crossing] = True
        across, crosses = self._nested(chosen)
        if crosses.any() or any(self._sums[one].weights is not None for one in crossing):
            return None
        some_place = np.zeros(found.labels, dtype=np.intp)
        some_place[found.label] = np.arange(found.label.size)
        # Form 0 is 0, and of places without people, whatever is around them.
        there = np.arange(found.labels) > 0
        return np.where(there, label[some_place], 0), np.where(there, across[some_place], 0)

    def _nested(self, chosen: Flags) -> tuple[Places, Flags]:
        """The innermost of the chosen sums, 1, 2, ... from the largest on, for each place, 0 for none; and which cross
        others.

        Sums lie inside each other or apart if and only if all places of each have the same next larger sum around them:
        follow these from a place in two of them.
        """
        in_order = self._order[chosen[self._order]]
        number_of = np.zeros(len(self._sums), dtype=np.intp)
        number_of[in_order] = np.arange(1, in_order.size + 1)
        listed = chosen[self._of]
        place, of = self._member[listed], self._of[listed]
        number = number_of[of]
        same = place[1:] == place[:-1]
        around = np.concatenate([[0], np.where(same, number[:-1], 0)])[: number.size]
        # All places of a sum are compared with one of them.
        one_around = np.zeros(len(self._sums), dtype=np.intp)
        one_around[of] = around
        crosses = np.zeros(len(self._sums), dtype=np.bool_)
        crosses[of[one_around[of] != around]] = True
        label = np.zeros(self._places, dtype=np.intp)
        innermost = np.concatenate([~same, [True]])[: number.size]
        label[place[innermost]] = number[innermost]
        return label, crosses


def _crossed(label: Places, crossing: Iterable[Sum], within: Flags) -> Span:
    """The span of disjoint sets, by their labels, and of further sums."""
    form = _Echelon()
    inside = np.flatnonzero(within & (label > 0))
    apart: dict[int, dict[int, Number]] = defaultdict(dict)
    for place, of in zip(inside.tolist(), label[inside].tolist(), strict=True):
        apart[of][place] = 1
    for row in apart.values():
        form.keep(min(row), row)
    further = [{place: weight for place, weight in one.by_place().items() if within[place]} for one in crossing]
    for row in sorted(further, key=len):
        form.add(row)
    weights: dict[int, list[tuple[int, Number]]] = defaultdict(list)
    for variable, pivot in enumerate(sorted(form.rows)):
        for place, weight in form.rows[pivot].items():
            weights[place].append((variable, weight))
    numbers: dict[Form, int] = {(): 0}
    found = np.zeros(label.size, dtype=np.intp)
    for place, of_place in weights.items():
        found[place] = numbers.setdefault(tuple(of_place), len(numbers))
    return Span(found, len(form.rows), tuple(numbers))


class _Echelon:
    """Rows by pivot, the first place of each; each pivot is in its own row only."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, Number]] = {}
        self._holders: dict[int, set[int]] = defaultdict(set)

    def add(self, row: dict[int, Number]) -> None:
        """Take in what a row tells beyond the others."""
        for pivot in [place for place in row if place in self.rows]:
            _subtract(row, self.rows[pivot], row[pivot])
        if not row:
            return
        pivot = min(row)
        lead = row[pivot]
        if lead == -1:
            row = {place: -value for place, value in row.items()}
        elif lead != 1:
            row = {place: plain(Fraction(value) / lead) for place, value in row.items()}
        for other in list(self._holders[pivot]):
            self._clear(other, pivot, row)
        self.keep(pivot, row)

    def keep(self, pivot: int, row: dict[int, Number]) -> None:
        """Note a row that is reduced already."""
        self.rows[pivot] = row
        for place in row:
            self._holders[place].add(pivot)

    def _clear(self, other: int, pivot: int, row: Weights) -> None:
        for place in self.rows[other]:
            self._holders[place].discard(other)
        _subtract(self.rows[other], row, self.rows[other][pivot])
        self.keep(other, self.rows[other])


def _subtract(row: dict[int, Number], other: Weights, factor: Number) -> None:
    for place, weight in other.items():
        value = plain(row.get(place, 0) - factor * weight)
        if value:
            row[place] = value
        else:
            row.pop(place, None)
