"""The auditor: proves of a release that no combination of its numbers rests on fewer people than it promises.

It shares no code with the planner and trusts none of its decisions. It takes the release documents of a wave and the
counted answer sheets (`releases.membership`), and works out for itself what the documents tell of whom
(`releases.statements`).

A roll-up is a weighted sum of the sets that the rows in it leave, each with equal weights inside. The rows of a release
lie inside each other or apart, so what they span is what these sets span, whatever the weights are. What no document
shows is handed in as `Told` and audited like the rest: the strata by which roll-ups are weighted, the sets on which two
waves are compared, the sets that lend their spread to an interval or a grade, and weights that are not equal.

All numbers of one family (the same answers: both scores of a dimension) are combined with single answers as unknowns:
a person's score is the sum of the valid answers divided by their number. `releases.groups` and `releases.support` find
the smallest number of people on whom a combination rests; the argument why that is exact is in docs/privacy.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.errors import ConflictError
from app.releases import refusals
from app.releases.audit.effects import scores, shape
from app.releases.audit.explained import small_rows, unexplained
from app.releases.audit.founded import not_of_quality, unfounded
from app.releases.audit.groups import Groups
from app.releases.audit.membership import Counts, People
from app.releases.audit.spans import Nest, Span
from app.releases.audit.statements import RESPONSES, Column, Kind, Places, Statement, Strata, Sums, Told, gathered
from app.releases.audit.support import Rows, Support, UnprovenError
from app.releases.document.release import Release

__all__ = ["RESPONSES", "Audit", "Statement", "Strata", "Told", "audit", "refuse"]

_WORDS: Final[Mapping[Kind, str]] = {
    "means": "means",
    "spreads": "intervals",
    "numbers": "numbers of answers",
    "tallies": "shares",
    "responses": "numbers of responses",
}


_MEANS: Final[frozenset[Kind]] = frozenset({"means", "responses"})
"""What is told from as many people on as a mean needs; everything else from as many as an interval needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The result: `smallest_support` is the smallest number of people on whom any combination of means or of numbers
    of responses rests, `smallest_interval_support` the same for intervals and numbers of answers; None where there is
    nothing of the kind. `statistics` counts what was combined; `offending` names rows and columns that tell too much.
    """

    passed: bool
    k_means: int
    k_intervals: int
    smallest_support: int | None
    smallest_interval_support: int | None
    statistics: int
    offending: tuple[str, ...]


def audit(
    documents: Sequence[Release], people: People, *, told: Iterable[Statement] = (), proven: bool = False
) -> Audit:
    """Audit all releases of one wave together, the new one last, with everything else that is told of its people.

    `people` counts the sheets of the wave for each of the documents (`membership.joined` for more than one). The
    thresholds are those of the last document's policy. `proven` says that the last document was audited before, and
    that only what is `told` besides is new. ValueError for what names an unknown family or release.
    """
    told = tuple(told)
    policy = documents[-1].policy
    sums = Sums(people)
    offending = [*unexplained(documents, people, told), *small_rows(documents)]
    without = [] if proven else unfounded(documents[-1], people, told, place=len(documents) - 1)
    # Sums over unions of what is told anyway add nothing to it.
    statements = gathered(documents, people, told if without else not_of_quality(told), sums)
    offending += without
    spans = _Spans(sums, people)
    families = [_Family(family, kind, columns, people, spans) for (family, kind), columns in statements.items()]
    means, few = _smallest([one for one in families if one.kind in _MEANS], policy.k_means)
    spreads, more = _smallest([one for one in families if one.kind not in _MEANS], policy.k_intervals)
    named = {**few, **more}
    offending += [name for one in families for name in named[one.family, one.kind]]
    return Audit(
        passed=not offending,
        k_means=policy.k_means,
        k_intervals=policy.k_intervals,
        smallest_support=means,
        smallest_interval_support=spreads,
        statistics=sum(len(found.sums) for columns in statements.values() for found in columns.values()),
        offending=tuple(dict.fromkeys(offending)),
    )


def _smallest(families: Sequence["_Family"], k: int) -> tuple[int | None, Mapping[tuple[str, Kind], tuple[str, ...]]]:
    """The smallest support in some families, None for none, and by family and kind the names of what rests on fewer.

    Those that are quickly looked at come first: of the others it is enough that nothing smaller rests on anybody.
    """
    smallest: int | None = None
    offending: dict[tuple[str, Kind], tuple[str, ...]] = {}
    for one in sorted(families, key=lambda family: len(family.columns)):
        found = one.smallest(k, known=smallest)
        smallest = min([*found.people, *([] if smallest is None else [smallest])], default=None)
        offending[one.family, one.kind] = found.offending
    return smallest, offending


def refuse(found: Audit) -> None:
    """Raise ConflictError, which names the rows and columns, unless the audit was passed."""
    if not found.passed:
        raise ConflictError(refusals.COMBINED.filled({"offending": "; ".join(found.offending[:10])}))


class _Spans:
    """What columns span. Many columns tell of the same sets, which are taken apart once."""

    def __init__(self, sums: Sums, people: People) -> None:
        self.sums = sums
        self._nest = Nest(sums.different, places=len(people.names))
        self._nested: dict[frozenset[int], Span] = {}
        self._crossed: dict[tuple[frozenset[int], bytes], Span] = {}

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
class _Found:
    """The smallest support of a family in one kind, if there is one, and the names of what rests on too few."""

    people: tuple[int, ...] = ()
    offending: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Family:
    """What is told of a family in one kind."""

    family: str
    kind: Kind
    columns: Mapping[int, Column]
    people: People
    spans: _Spans

    def smallest(self, k: int, *, known: int | None) -> _Found:
        """The smallest support, and what rests on fewer than k people.

        Where that is not smaller than `known`, of another family, and not below k, it may be a larger number.
        """
        asked = tuple(sorted(self.columns))
        there = {items: self._there(items) for items in asked}
        spans = [self.spans.of(self.columns[items], there[items]) for items in asked]
        apart = self._apart(spans, list(there.values()))
        if apart is not None and min(apart, default=k) >= k:
            return _Found(apart[:1])
        groups = self._groups(asked, spans)
        where = _WORDS[self.kind] if self.family == RESPONSES else f"{self.family}, {_WORDS[self.kind]}"
        try:
            smallest = groups.smallest(k, known=known)
        except UnprovenError:
            return _Found(offending=(f"{where}: no proof was found that all combinations rest on {k} people",))
        if smallest is None:
            return _Found()
        if smallest.people >= k:
            return _Found((smallest.people,))
        alone = np.flatnonzero((groups.alone > 0) & (groups.alone < k)).tolist()
        few = [Support(int(groups.alone[one]), {one: 1}) for one in alone] or [smallest]
        rows = self._rows(asked)
        names = [_name(self._held(one, groups, list(there.values())), rows) for one in few]
        # Without the number of people: the sentence is shown, and would tell what is not published.
        return _Found((smallest.people,), tuple(f"{where}: {name}" for name in names))

    def _apart(self, spans: Sequence[Span], there: Sequence[Counts]) -> tuple[int, ...] | None:
        """The smallest number of people whom a sum leaves beside those inside it, by column, the least first.

        None where that is not the answer: where sums cross each other, or a person's weights in two columns may cancel.
        """
        if any(span.crossed is not None for span in spans) or (self._of_scores and len(spans) > 1):
            return None
        left = [np.bincount(span.label, weights=of, minlength=1)[1:] for span, of in zip(spans, there, strict=True)]
        return tuple(sorted(int(one[one > 0].min()) for one in left if one.any()))

    @property
    def _of_scores(self) -> bool:
        return self.kind in ("means", "spreads", "tallies")

    def _there(self, items: int) -> Counts:
        """How many people of each place a column can tell of."""
        if self._of_scores:
            return scores(self.people, self.people.families[self.family], items)
        return np.array(list(self.people.used.values()), dtype=np.int64)

    def _groups(self, asked: tuple[int, ...], spans: Sequence[Span]) -> Groups:
        labels = np.column_stack([span.label for span in spans])
        first = class_of = np.zeros(len(labels), dtype=np.intp)
        for column, span in enumerate(spans):
            key = class_of * span.labels + labels[:, column]
            _, first, class_of = np.unique(key, return_index=True, return_inverse=True)
        shapes, place, enters, count = self._entries(asked)
        cells = class_of[place] * len(shapes) + enters
        # Reckoned in floating point, which is exact for whole numbers below 2^53.
        people = np.bincount(cells, weights=count, minlength=len(first) * len(shapes)).astype(np.int64)
        return Groups(spans, shapes, labels[first], people.reshape(len(first), len(shapes)))

    def _entries(self, asked: tuple[int, ...]) -> tuple[Sequence[Rows], Places, Places, Counts]:
        """How people enter the columns: the shapes, and by place and shape how many there are, side by side."""
        if not self._of_scores:
            # Whether a sheet has a score, or is there, is one unknown for each column.
            one_each: Rows = tuple(((column, 1),) for column in range(len(asked)))
            used = self._there(0)
            return [one_each], np.arange(used.size), np.zeros(used.size, dtype=np.intp), used
        patterns = self.people.patterns[self.family]
        of_kind = [shape(pattern, asked, self.kind == "spreads") for pattern in patterns.kinds]
        number: dict[Rows, int] = {}
        numbers = np.array([number.setdefault(one, len(number)) for one in of_kind], dtype=np.intp)
        return list(number) or [()], patterns.place, numbers[patterns.kind], patterns.people

    def _rows(self, asked: tuple[int, ...]) -> dict[str, frozenset[int]]:
        """The places of the rows by name."""
        different = self.spans.sums.different
        return {
            row: frozenset(different[number].places.tolist())
            for items in asked
            for number, row in zip(self.columns[items].sums, self.columns[items].rows, strict=True)
        }

    def _held(self, found: Support, groups: Groups, there: Sequence[Counts]) -> frozenset[int]:
        """The places with people that the variables of a combination stand for."""
        places: set[int] = set()
        for first, span, people in zip(groups.firsts, groups.spans, there, strict=True):
            labels, variables = span.held
            chosen = np.isin(span.label, labels[np.isin(variables + first, list(found.combination))])
            places.update(np.flatnonzero(chosen & (people > 0)).tolist())
        return frozenset(places)


def _name(places: frozenset[int], rows: Mapping[str, frozenset[int]]) -> str:
    """The rows that tell it: the smallest one that holds all of its places, and those inside it to be taken away."""
    around = sorted((row for row, inside in rows.items() if places <= inside), key=lambda row: len(rows[row]))
    if not around:
        parts = sorted(row for row, inside in rows.items() if inside & places)
        return " with ".join(parts[:4])
    inside = [row for row, some in rows.items() if some < rows[around[0]] and not some & places]
    largest = sorted(row for row in inside if not any(rows[row] < rows[other] for other in inside))
    return around[0] if not largest else f"{around[0]} without {', '.join(largest[:4])}"
