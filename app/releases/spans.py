"""What the statements of one column span: the one reduced basis of sums over sets of people, in exact arithmetic."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from app.releases.support import Number, plain

Weights = Mapping[str, Number]


def reduced(statements: Iterable[Weights], *, within: frozenset[str]) -> list[Weights]:
    """The reduced row echelon form of these sums, as weights by place; only places `within` count.

    It is unique. Where the sets of the statements lie inside each other or apart, it is the indicators of what each
    set has beyond those inside it: these are disjoint, and disjoint sets are in reduced form already.
    """
    form = _Echelon()
    for one in _distinct(statements, within):
        form.add(one)
    return list(form.rows.values())


def _distinct(statements: Iterable[Weights], within: frozenset[str]) -> list[dict[str, Number]]:
    """The different sums, the small ones first."""
    seen: dict[frozenset[tuple[str, Number]], None] = {}
    for one in statements:
        seen[frozenset((place, weight) for place, weight in one.items() if weight and place in within)] = None
    return [dict(one) for one in sorted(seen, key=len)]


class _Echelon:
    """Rows by pivot; each pivot is in its own row only. `_holders` has the rows in which a place occurs."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Number]] = {}
        self._holders: dict[str, set[str]] = defaultdict(set)

    def add(self, row: dict[str, Number]) -> None:
        for pivot in [place for place in row if place in self.rows]:
            _subtract(row, self.rows[pivot], row[pivot])
        if not row:
            return
        pivot = min(row)
        lead = row[pivot]
        if lead != 1:
            row = {place: plain(Fraction(value) / lead) for place, value in row.items()}
        for other in list(self._holders[pivot]):
            self._clear(other, pivot, row)
        self._keep(pivot, row)

    def _clear(self, other: str, pivot: str, row: Weights) -> None:
        for place in self.rows[other]:
            self._holders[place].discard(other)
        _subtract(self.rows[other], row, self.rows[other][pivot])
        self._keep(other, self.rows[other])

    def _keep(self, pivot: str, row: dict[str, Number]) -> None:
        self.rows[pivot] = row
        for place in row:
            self._holders[place].add(pivot)


def _subtract(row: dict[str, Number], other: Weights, factor: Number) -> None:
    for place, weight in other.items():
        value = plain(row.get(place, 0) - factor * weight)
        if value:
            row[place] = value
        else:
            row.pop(place, None)
