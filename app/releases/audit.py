"""The auditor: proves of a release that no combination of its numbers rests on fewer people than it promises.

It shares no code with the planner and trusts none of its decisions. It takes the release documents of a wave and the
counted answer sheets (`releases.membership`), and works out for itself what the documents tell of whom:

* a printed mean tells the sum of the scores of the row's people who have one; a hidden cell tells nothing;
* a printed interval or number of answers tells the sum of their squared scores, and how many of the row's used sheets
  have a score; a grade tells the former for all people of the column's topmost row;
* a printed number of responses tells how many used sheets a row has.

A roll-up is a weighted sum of the sets that the rows in it leave, the *atoms*, each with equal weights inside. The rows
of a release lie inside each other or apart, so what they span is what their atoms span, whatever the weights are.
What no document shows by itself is handed in as `Told` (`releases.evidence`) and audited like the rest: the strata by
which roll-ups are weighted, the sets on which two waves are compared, the sets that lend their spread to an interval or
a grade, and weights that are not equal.

All numbers of one family (the same answers: both scores of a dimension) are combined with single answers as unknowns:
a person's score is the sum of the valid answers divided by their number. `releases.support` finds the smallest number
of people on whom a combination rests; the argument why that is exact stands there and in docs/privacy.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final, Literal

from app.errors import ConflictError
from app.releases.document import Change, Release, Row, Scored
from app.releases.membership import Family, People
from app.releases.spans import reduced
from app.releases.support import (
    Form,
    Number,
    Rows,
    Support,
    UnprovenError,
    alone,
    basis,
    plain,
    scaled,
    smallest_support,
)

Kind = Literal["means", "spreads", "numbers", "participation"]

_WORDS: Final[Mapping[Kind, str]] = {
    "means": "means",
    "spreads": "intervals",
    "numbers": "numbers of answers",
    "participation": "numbers of responses",
}
PARTICIPATION: Final = "participation"
"""The family and the kind of what is told of numbers of responses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that is told of a set of departments and that no release document shows by itself.

    `items` are the items asked for the column, `release` the place of the release among those audited under whose
    departments the set is named, `row` how it is called. `change` marks the sets on which two waves are compared.
    `answers` are those to the context question that a margin's group gave. `weights` are the departments' weights for
    each scored person, all alike by default.
    """

    family: str
    kind: Literal["means", "spreads", "participation"]
    row: str
    departments: frozenset[str]
    items: frozenset[str] = frozenset()
    release: int = 0
    change: bool = False
    answers: frozenset[int] | None = None
    weights: Mapping[str, Number] | None = None

    def weights_in(self, people: People) -> dict[str, Number]:
        """The weight of each place for each of its scored people."""
        places = people.places(self.departments, release=self.release)
        if self.answers is not None:
            places = frozenset(place for place in places if people.answers.get(place, 0) in self.answers)
        if self.weights is None:
            return dict.fromkeys(places, 1)
        return {
            place: self.weights[name]
            for place in places
            if (name := people.departments[place][self.release]) is not None
        }


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


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sum over the people of places, with the weight of each place, and the name of the row that tells it."""

    row: str
    weights: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column's statements, reduced: each place's form in the variables, and the people of each variable."""

    forms: Mapping[str, Form]
    held: Mapping[int, Mapping[str, Number]]


_Bases = dict[tuple[frozenset[int], frozenset[str]], list[Mapping[str, Number]]]
"""Reduced bases by their statements' weights, as objects, and places: many columns tell of the same sets."""

Statements = Mapping[tuple[str, Kind], Mapping[int, list[_Statement]]]


def audit(documents: Sequence[Release], people: People, *, told: Iterable[Told] = ()) -> Audit:
    """Audit all releases of one wave together, the new one last, with everything else that is told of its people.

    `people` counts the sheets of the wave for each of the documents (`membership.joined` for more than one). The
    thresholds are those of the last document's policy. ValueError for what names an unknown family or release.
    """
    told = tuple(told)
    policy = documents[-1].policy
    statements = _gathered(documents, people, told)
    offending = [*_unexplained(documents, people, told), *_small_rows(documents)]
    smallest: dict[bool, list[int]] = {False: [], True: []}
    bases: _Bases = {}
    for (family, kind), columns in statements.items():
        second = kind in ("spreads", "numbers")
        k = policy.k_intervals if second else policy.k_means
        found, names = _family(family, kind, columns, people, k, bases)
        smallest[second] += found
        offending += names
    return Audit(
        passed=not offending,
        k_means=policy.k_means,
        k_intervals=policy.k_intervals,
        smallest_support=min(smallest[False], default=None),
        smallest_interval_support=min(smallest[True], default=None),
        statistics=sum(len(found) for columns in statements.values() for found in columns.values()),
        offending=tuple(dict.fromkeys(offending)),
    )


def refuse(found: Audit) -> None:
    """Raise ConflictError, which names the rows and columns, unless the audit was passed."""
    if not found.passed:
        raise ConflictError(
            "The release is not made: its numbers could be combined to tell of too few people. "
            f"{'; '.join(found.offending[:10])}."
        )


def _gathered(documents: Sequence[Release], people: People, told: Sequence[Told]) -> Statements:
    """All statements, by family and kind and then by the items of their column."""
    found: dict[tuple[str, Kind], dict[int, list[_Statement]]] = defaultdict(lambda: defaultdict(list))
    for number, release in enumerate(documents):
        places = {row.id: _of_row(row, number, documents, people) for row in release.rows}
        found[PARTICIPATION, "participation"][0] += [places[row.id] for row in release.rows if row.n is not None]
        for family in people.families.values():
            for name, items in family.columns.items():
                of_items = family.pattern(items)
                for kind, statement in _printed(release, places, people, family, name):
                    found[family.id, kind][of_items].append(statement)
    alike: dict[tuple[int, frozenset[str]], Mapping[str, Number]] = {}
    for one in told:
        column = 0 if one.kind == PARTICIPATION else people.families[one.family].pattern(one.items)
        if one.answers is not None or one.weights is not None:
            weights: Mapping[str, Number] = one.weights_in(people)
        else:
            key = (one.release, one.departments)
            weights = alike[key] = alike.get(key) or one.weights_in(people)
        found[one.family, one.kind][column].append(_Statement(one.row, weights))
    return found


def _of_row(row: Row, number: int, documents: Sequence[Release], people: People) -> _Statement:
    title = row.name if len(documents) == 1 else f"{row.name} (release {documents[number].number})"
    return _Statement(title, dict.fromkeys(people.places(row.departments, release=number), 1))


def _printed(
    release: Release, places: Mapping[str, _Statement], people: People, family: Family, name: str
) -> Iterator[tuple[Kind, _Statement]]:
    """What the rows of a release tell in one column."""
    shown = {row.id for row in release.rows if isinstance(_cell(row, family, name), Scored)}
    parents = {row.id: row.parent for row in release.rows}
    for row in release.rows:
        cell = _cell(row, family, name)
        if not isinstance(cell, Scored):
            continue
        told = places[row.id]
        yield "means", told
        own = cell.n is not None or cell.interval is not None or cell.everyone
        if own:
            yield "numbers", told
        # The grade of every cell rests on the spread of its column where the column has enough answers for one.
        topmost = name == "cells" and not shown & _above(row.id, parents)
        if own or (topmost and _scored(people, family, name, told.weights) >= release.policy.k_intervals):
            yield "spreads", told


def _cell(row: Row, family: Family, name: str) -> object:
    return (row.anchors if name == "anchors" else row.cells).get(family.id)


def _above(row: str, parents: Mapping[str, str | None]) -> set[str]:
    found: set[str] = set()
    parent = parents.get(row)
    while parent is not None:
        found.add(parent)
        parent = parents.get(parent)
    return found


def _scored(people: People, family: Family, name: str, places: Iterable[str]) -> int:
    asked = family.pattern(family.columns[name])
    patterns = people.patterns[family.id]
    return sum(
        count for place in places for pattern, count in patterns.get(place, {}).items() if _valid(pattern, asked)
    )


def _valid(pattern: int, asked: int) -> int:
    """The items that make a person's score: the valid ones if they are at least half of those asked, else none."""
    valid = pattern & asked
    return valid if valid and 2 * valid.bit_count() >= asked.bit_count() else 0


def _family(
    family: str, kind: Kind, columns: Mapping[int, list[_Statement]], people: People, k: int, bases: _Bases
) -> tuple[list[int], list[str]]:
    """The smallest support of a family in one kind, and the names of what rests on fewer than k people."""
    asked = tuple(sorted(columns))
    reduced_columns: list[_Column] = []
    for items in asked:
        there = _places_with_people(family, kind, items, people)
        variables = sum(len(one.held) for one in reduced_columns)
        reduced_columns.append(_reduced(columns[items], there, bases, first=variables))
    groups = _groups(family, kind, asked, reduced_columns, people)
    statements = [one for items in asked for one in columns[items]]
    held = {variable: places for column in reduced_columns for variable, places in column.held.items()}
    where = _WORDS[kind] if family == PARTICIPATION else f"{family}, {_WORDS[kind]}"
    try:
        smallest = smallest_support(groups, k=k)
    except UnprovenError:
        return [], [f"{where}: no proof was found that all combinations rest on {k} people"]
    if smallest is None:
        return [], []
    few = [Support(count, {variable: 1}) for variable, count in alone(groups).items() if 0 < count < k]
    if not few and smallest.people < k:
        few = [smallest]
    # Without the number of people: the sentence is shown, and would tell what is not published.
    return [smallest.people], [f"{where}: {_name(one, statements, held)}" for one in few]


def _places_with_people(family: str, kind: Kind, items: int, people: People) -> frozenset[str]:
    if kind not in ("means", "spreads"):
        return frozenset(place for place, count in people.used.items() if count)
    return frozenset(
        place
        for place, patterns in people.patterns[family].items()
        if any(count and _valid(pattern, items) for pattern, count in patterns.items())
    )


def _reduced(statements: Sequence[_Statement], there: frozenset[str], bases: _Bases, *, first: int) -> _Column:
    """A column's variables, numbered from `first`: one for each sum of the reduced basis of its statements."""
    key = frozenset(id(one.weights) for one in statements), there
    if key not in bases:
        bases[key] = reduced([one.weights for one in statements], within=there)
    held = dict(enumerate(bases[key], start=first))
    forms: dict[str, list[tuple[int, Number]]] = defaultdict(list)
    for variable, weights in held.items():
        for place, weight in weights.items():
            forms[place].append((variable, weight))
    return _Column({place: tuple(form) for place, form in forms.items()}, held)


def _groups(
    family: str, kind: Kind, asked: tuple[int, ...], columns: Sequence[_Column], people: People
) -> dict[Rows, int]:
    """The people by the linear forms that must be 0 for a combination not to rest on them."""
    found: dict[Rows, int] = defaultdict(int)
    # Whether a sheet has a score, or is there, is one unknown for each column.
    one_each: Rows = tuple(((column, 1),) for column in range(len(asked)))
    shapes: dict[Rows, int] = {one_each: 0}
    number_of = cache(lambda pattern: shapes.setdefault(_shape(pattern, asked, kind == "spreads"), len(shapes)))
    known: dict[tuple[Form, ...], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for place, used in people.used.items():
        forms = tuple(column.forms.get(place, ()) for column in columns)
        if not any(forms):
            continue
        sizes = known[forms]
        if kind in ("means", "spreads"):
            for pattern, count in people.patterns[family].get(place, {}).items():
                sizes[number_of(pattern)] += count
        else:
            sizes[0] += used
    written = list(shapes)
    for forms, sizes in known.items():
        for shape, count in sizes.items():
            found[_in_variables(written[shape], forms)] += count
    found.pop((), None)
    return found


def _in_variables(shape: Rows, forms: Sequence[Form]) -> Rows:
    """Forms in the columns as forms in their variables."""
    if all(len(form) == 1 and form[0][1] == 1 for form in forms):
        # The variables are numbered in the order of the columns, so a reduced form stays one under their names.
        return tuple(tuple((forms[column][0][0], factor) for column, factor in row) for row in shape)
    return basis(_substituted(row, forms) for row in shape)


def _substituted(row: Form, forms: Sequence[Form]) -> Form:
    total: dict[int, Number] = {}
    for column, factor in row:
        for variable, weight in forms[column]:
            total[variable] = plain(total.get(variable, 0) + factor * weight)
    return scaled(total)


@cache
def _shape(pattern: int, asked: tuple[int, ...], squared: bool) -> Rows:
    """How a person with these valid answers enters the columns of a family: forms in the columns, one an answer.

    An answer counts 1 / v in a column in which the person's score rests on v answers, the one among them; a product of
    two answers, for squared scores, 1 / v^2.
    """
    valid = [_valid(pattern, items) for items in asked]
    answers = range(max(asked).bit_length())
    uses = {frozenset(place for place, items in enumerate(valid) if items >> answer & 1) for answer in answers}
    if squared:
        uses = {one & other for one in uses for other in uses}
    power = 2 if squared else 1
    return basis(scaled({column: Fraction(1, valid[column].bit_count() ** power) for column in used}) for used in uses)


def _name(found: Support, statements: Sequence[_Statement], held: Mapping[int, Mapping[str, Number]]) -> str:
    """The rows that tell it: the smallest one that holds all of its places, and those inside it to be taken away."""
    places = {place for variable in found.combination for place in held[variable]}
    rows = {one.row: set(one.weights) for one in statements}
    around = sorted((row for row, inside in rows.items() if places <= inside), key=lambda row: len(rows[row]))
    if not around:
        parts = sorted(row for row, inside in rows.items() if inside & places)
        return " with ".join(parts[:4])
    inside = [row for row, some in rows.items() if some < rows[around[0]] and not some & places]
    largest = sorted(row for row in inside if not any(rows[row] < rows[other] for other in inside))
    return around[0] if not largest else f"{around[0]} without {', '.join(largest[:4])}"


def _unexplained(documents: Sequence[Release], people: People, told: Sequence[Told]) -> Iterator[str]:
    """What is printed of answers or people that nobody named: a column, or of the new release a group or a change."""
    for release in documents:
        for name in {name for row in release.rows for name in (*row.cells, *row.anchors)} - people.families.keys():
            yield f"{name}: nothing says on which answers this column rests"
    known = {one.row for one in told if one.answers is not None}
    for group in (group for margin in documents[-1].margins for group in margin.groups):
        if group.name not in known:
            yield f"{group.name}: nothing says who is in this group"
    yield from _unexplained_changes(documents[-1], [one for one in told if one.release == len(documents) - 1])


def _unexplained_changes(release: Release, told: Sequence[Told]) -> Iterator[str]:
    sets = defaultdict(list)
    for one in told:
        if one.change:
            sets[one.family].append(one.departments)
    for row in release.rows:
        for column, cell in row.cells.items():
            compared = isinstance(cell, Scored) and isinstance(cell.change, Change)
            if compared and not any(one <= set(row.departments) for one in sets[column]):
                yield f"{column}, change: nothing says on whom the change of {row.name} rests"


def _small_rows(documents: Sequence[Release]) -> Iterator[str]:
    """The rows of too few people by headcount: that nobody of them answered must not be told either."""
    for release in documents:
        for row in release.rows:
            if row.kind != "organisation" and 0 < row.headcount < release.policy.k_means:
                yield f"rows: {row.name} has {row.headcount} people of {release.policy.k_means}"
