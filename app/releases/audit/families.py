"""What is told of the same answers, family by family, and the smallest number of people on whom some of it rests.

The least of many families is looked for in all of them at once, because a table of one is small: sums that neither
cross each other nor share a person's answers with others are added up together, and families of the same questions are
taken for one, of whose columns each place has as many parts as there are families. What a combination rests on in one
family it does not lose by what is combined in another, so the smallest support of all is that of one of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from app.releases.audit.effects import scores, shape
from app.releases.audit.groups import Groups
from app.releases.audit.membership import Counts, People
from app.releases.audit.spans import Nest, Span
from app.releases.audit.statements import RESPONSES, Column, Kind, Places, Sums
from app.releases.audit.support import Rows, Support, UnprovenError

_WORDS: Final[Mapping[Kind, str]] = {
    "means": "means",
    "spreads": "intervals",
    "numbers": "numbers of answers",
    "tallies": "shares",
    "responses": "numbers of responses",
}
_OF_SCORES: Final[frozenset[Kind]] = frozenset({"means", "spreads", "tallies"})


class Spans:
    """What columns span, and whom they can tell of. Many columns tell of the same sets, which are taken apart once."""

    def __init__(self, sums: Sums, people: People) -> None:
        self.sums, self.people = sums, people
        self.used = np.array(list(people.used.values()), dtype=np.int64)
        self._nest = Nest(sums.different, places=len(people.names))
        self._nested: dict[frozenset[int], Span] = {}
        self._crossed: dict[tuple[frozenset[int], bytes], Span] = {}
        self._scored: dict[tuple[str, int], Counts] = {}

    def scored(self, family: str, items: int) -> Counts:
        """How many people of each place have a score from these items of a family."""
        key = family, items
        if key not in self._scored:
            self._scored[key] = scores(self.people, self.people.families[family], items)
        return self._scored[key]

    def of(self, column: Column, there: Counts) -> Span:
        """The span of a column; `there` is how many people of each place it can tell of."""
        key, within = frozenset(column.sums), there > 0
        if key in self._nested:
            return self._nested[key]
        exact = key, within.tobytes()
        if exact not in self._crossed:
            found = self._nest.spanned(key, within)
            if found.crossed is None:
                # Which people a column can tell of matters only where its sums cross each other.
                self._nested[key] = found
                return found
            self._crossed[exact] = found
        return self._crossed[exact]


@dataclass(frozen=True, slots=True)
class Found:
    """The smallest support of a family in one kind, if there is one, and the names of what rests on too few."""

    people: tuple[int, ...] = ()
    offending: tuple[str, ...] = ()


@dataclass(frozen=True)
class Family:
    """What is told of a family in one kind."""

    family: str
    kind: Kind
    columns: Mapping[int, Column]
    told: Spans

    @cached_property
    def asked(self) -> tuple[int, ...]:
        """The items of the columns, as patterns."""
        return tuple(sorted(self.columns))

    @cached_property
    def there(self) -> list[Counts]:
        """How many people of each place each of the columns can tell of."""
        if self.kind in _OF_SCORES:
            return [self.told.scored(self.family, items) for items in self.asked]
        return [self.told.used] * len(self.asked)

    @cached_property
    def spans(self) -> list[Span]:
        """What the columns span."""
        return [self.told.of(self.columns[items], there) for items, there in zip(self.asked, self.there, strict=True)]

    @property
    def crossed(self) -> bool:
        """Whether sums of a column cross each other."""
        return any(span.crossed is not None for span in self.spans)

    @property
    def apart(self) -> bool:
        """Whether each of the columns can be looked at by itself: nothing crosses, and no person's weights in two of
        them may cancel."""
        return not self.crossed and (self.kind not in _OF_SCORES or len(self.spans) == 1)

    def smallest(self, k: int, *, known: int | None) -> Found:
        """The smallest support, and what rests on fewer than k people.

        Where that is not smaller than `known`, of another family, and not below k, it may be a larger number.
        """
        groups = grouped([self])
        where = _WORDS[self.kind] if self.family == RESPONSES else f"{self.family}, {_WORDS[self.kind]}"
        try:
            smallest = groups.smallest(k, known=known)
        except UnprovenError:
            return Found(offending=(f"{where}: no proof was found that all combinations rest on {k} people",))
        if smallest is None:
            return Found()
        if smallest.people >= k:
            return Found((smallest.people,))
        alone = np.flatnonzero((groups.alone > 0) & (groups.alone < k)).tolist()
        few = [Support(int(groups.alone[one]), {one: 1}) for one in alone] or [smallest]
        rows = self._rows()
        names = [_name(self._held(one, groups), rows) for one in few]
        # Without the number of people: the sentence is shown, and would tell what is not published.
        return Found((smallest.people,), tuple(f"{where}: {name}" for name in names))

    def entries(self, number: dict[Rows, int]) -> tuple[Places, Places, Counts]:
        """How people enter the columns: by place and shape how many there are, side by side. `number` has the numbers
        of the shapes, and is given those of new ones."""
        if self.kind not in _OF_SCORES:
            # Whether a sheet has a score, or is there, is one unknown for each column.
            one_each: Rows = tuple(((column, 1),) for column in range(len(self.asked)))
            used = self.told.used
            return np.arange(used.size), np.full(used.size, number.setdefault(one_each, len(number))), used
        patterns = self.told.people.patterns[self.family]
        of_kind = [shape(pattern, self.asked, self.kind == "spreads") for pattern in patterns.kinds]
        numbers = np.array([number.setdefault(one, len(number)) for one in of_kind], dtype=np.intp)
        return patterns.place, numbers[patterns.kind], patterns.people

    def _rows(self) -> dict[str, frozenset[int]]:
        """The places of the rows by name."""
        different = self.told.sums.different
        return {
            row: frozenset(different[number].places.tolist())
            for items in self.asked
            for number, row in zip(self.columns[items].sums, self.columns[items].rows, strict=True)
        }

    def _held(self, found: Support, groups: Groups) -> frozenset[int]:
        """The places with people that the variables of a combination stand for."""
        places: set[int] = set()
        for first, span, people in zip(groups.firsts, groups.spans, self.there, strict=True):
            labels, variables = span.held
            chosen = np.isin(span.label, labels[np.isin(variables + first, list(found.combination))])
            places.update(np.flatnonzero(chosen & (people > 0)).tolist())
        return frozenset(places)


def grouped(families: Sequence[Family]) -> Groups:
    """The people of families by the forms that have to be 0: of one, or of several of the same questions and kind in
    which nothing crosses, as one family."""
    columns = range(len(families[0].asked))
    spans = (
        families[0].spans if len(families) == 1 else [_beside([one.spans[at] for one in families]) for at in columns]
    )
    labels = np.column_stack([span.label for span in spans])
    first = class_of = np.zeros(len(labels), dtype=np.intp)
    for column, span in enumerate(spans):
        key = class_of * span.labels + labels[:, column]
        _, first, class_of = np.unique(key, return_index=True, return_inverse=True)
    number: dict[Rows, int] = {}
    places, size = [np.zeros(0, dtype=np.intp)], len(families[0].told.used)
    enters, counts = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.int64)]
    for start, one in enumerate(families):
        place, entering, count = one.entries(number)
        places.append(place + start * size)
        enters.append(entering)
        counts.append(count)
    shapes = list(number) or [()]
    cells = class_of[np.concatenate(places)] * len(shapes) + np.concatenate(enters)
    # Reckoned in floating point, which is exact for whole numbers below 2^53.
    people = np.bincount(cells, weights=np.concatenate(counts), minlength=len(first) * len(shapes)).astype(np.int64)
    return Groups(spans, shapes, labels[first], people.reshape(len(first), len(shapes)))


def _beside(spans: Sequence[Span]) -> Span:
    """Spans of which nothing crosses as that of one column over so many times as many places."""
    firsts = np.cumsum([0, *(span.variables for span in spans)]).tolist()
    labels = [np.where(one.label > 0, one.label + first, 0) for one, first in zip(spans, firsts, strict=False)]
    return Span(np.concatenate(labels), firsts[-1])


@dataclass
class Smallest:
    """The smallest support of families in some kinds that is known so far, and by family and kind what rests on fewer
    than `k` people."""

    k: int
    people: int | None = None
    offending: dict[tuple[str, Kind], tuple[str, ...]] = field(default_factory=dict)

    def look(self, families: Sequence[Family]) -> None:
        """Look at families; those that are quickly looked at come first: of the others it is enough that nothing
        smaller rests on anybody."""
        rest = self._apart([one for one in families if one.apart])
        alike: dict[tuple[Kind, tuple[int, ...]], list[Family]] = defaultdict(list)
        for one in families:
            if not one.apart and not one.crossed:
                alike[one.kind, one.asked].append(one)
        rest += [one for some in alike.values() for one in self._together(some)]
        rest += [one for one in families if one.crossed]
        for one in rest:
            found = one.smallest(self.k, known=self.people)
            self._note(found.people)
            self.offending[one.family, one.kind] = found.offending

    def _apart(self, families: Sequence[Family]) -> list[Family]:
        """Looks at families whose columns can be looked at by themselves: what each sum leaves beside those inside it.
        Gives those of which something rests on too few."""
        columns = [(span, there) for one in families for span, there in zip(one.spans, one.there, strict=True)]
        if not columns:
            return []
        starts = np.cumsum([0, *(span.labels for span, _ in columns)])
        cells = np.concatenate([span.label + start for (span, _), start in zip(columns, starts.tolist(), strict=False)])
        left = np.bincount(cells, weights=np.concatenate([there for _, there in columns]), minlength=starts[-1])
        left[starts[:-1]] = 0  # beyond all sums
        nobody = left.sum() + 1
        least = np.minimum.reduceat(np.where(left > 0, left, nobody), starts[:-1])
        sizes = np.cumsum([0, *(len(one.spans) for one in families)])[:-1]
        of_family = np.minimum.reduceat(least, sizes)
        self._note(of_family[(of_family >= self.k) & (of_family < nobody)].astype(int).tolist())
        return [one for one, few in zip(families, (of_family < self.k).tolist(), strict=True) if few]

    def _together(self, families: Sequence[Family]) -> Sequence[Family]:
        """Looks at families of the same questions as if they were one. Gives them all where something rests on too few,
        or is not proven."""
        if len(families) == 1:
            return families
        try:
            found = grouped(families).smallest(self.k, known=self.people)
        except UnprovenError:
            return families
        if found is None:
            return ()
        if found.people < self.k:
            return families
        self._note([found.people])
        return ()

    def _note(self, people: Iterable[int]) -> None:
        self.people = min([*people, *([] if self.people is None else [self.people])], default=None)


def _name(places: frozenset[int], rows: Mapping[str, frozenset[int]]) -> str:
    """The rows that tell it: the smallest one that holds all of its places, and those inside it to be taken away."""
    around = sorted((row for row, inside in rows.items() if places <= inside), key=lambda row: len(rows[row]))
    if not around:
        parts = sorted(row for row, inside in rows.items() if inside & places)
        return " with ".join(parts[:4])
    inside = [row for row, some in rows.items() if some < rows[around[0]] and not some & places]
    largest = sorted(row for row in inside if not any(rows[row] < rows[other] for other in inside))
    return around[0] if not largest else f"{around[0]} without {', '.join(largest[:4])}"
