"""The smallest set of people on which some combination of statements rests, found exactly (docs/privacy.md).

A *statement* is a sum over people, each with a vector of weights on that person's answers. A combination of statements
gives each of them a number x; it *rests on* the people whose weighted answers do not cancel. People with the same
weights in all statements form a `Group`. Its `rows` are the linear forms in x that have to be 0, all of them, for the
combination not to rest on the group; where one is not 0, it rests on every one of its people.

Searched is the smallest number of people, above 0, on which a combination rests. All arithmetic is in integers and
fractions. The steps:

1. *One statement alone.* With x = 1 for one statement and 0 for the others the answer is at most U. Where every
   statement rests on U people or more whatever is combined with it, the answer is U.
2. *What is too large to be touched.* If the groups in whose span a form lies have U people or more, no smaller
   combination can have a value other than 0 there: the form is set to 0, and one x is eliminated. Repeated, this leaves
   little in an organisation whose sets are large.
3. *A minimum cut.* What is left mostly has forms x and x - y only (after a change of scale). Give every x a node and
   add a node for 0. A group whose forms say "these nodes are equal" is an edge of its size; one that says it of three
   nodes is a triangle of edges of half its size, because every division of three nodes cuts two of them. A combination
   is a labelling of the nodes with numbers, 0 for the node 0, and rests on the people of all edges between different
   labels. Take one label a other than 0: "label a or not" costs no more, since edges that it cuts were cut before;
   and if the labelling costs anything, one of its labels does. So two labels are enough, and the smallest is the
   smallest positive cut: a connected component's minimum cut (Stoer and Wagner 1997).
4. *Search.* Where the forms are no differences, branches on "this group is not touched" and "it is", with all that
   follows, within a number of steps; if that does not suffice, `UnprovenError` is raised, and nothing is published.
"""

import operator
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from app.releases.audit.cuts import minimum_cut

Number = int | Fraction
Form = tuple[tuple[int, Number], ...]
Rows = tuple[Form, ...]

_ZERO: Final = -1
_MOST_STEPS: Final = 20_000


class UnprovenError(Exception):
    """No proof was found within the number of steps allowed."""


@dataclass(frozen=True, slots=True)
class Support:
    """A combination of statements, and the number of people on whom it rests."""

    people: int
    combination: Mapping[int, Number]


class Forced:
    """Linear forms that are 0: each eliminated variable in terms of those that are left."""

    def __init__(self, known: "Forced | None" = None) -> None:
        self._value: dict[int, dict[int, Number]] = dict(known._value) if known else {}

    def rewrite(self, form: Form) -> Form:
        """The form in the variables that are left, its first coefficient 1; empty if it is 0."""
        now = self.resolved(form)
        return now if not now or now[0][1] == 1 else scaled(dict(now))

    def resolved(self, form: Form) -> Form:
        """The form in the variables that are left, equal to what it was; empty if it is 0."""
        known = [self._value.get(variable) for variable, _ in form]
        if known.count(None) == len(known):
            return form
        if not any(known):
            return tuple(one for one, value in zip(form, known, strict=True) if value is None)
        found: dict[int, Number] = {}
        for variable, factor in form:
            _add(found, self._resolved(variable), factor)
        return tuple(sorted(found.items()))

    def add(self, form: Form) -> None:
        """Notes that a linear form is 0: its first variable is from now on told by the others."""
        form = self.rewrite(form)
        if form:
            (first, _), *rest = form
            self._value[first] = {variable: -factor for variable, factor in rest}

    def values(self, free: Mapping[int, Number], variables: Iterable[int]) -> dict[int, Number]:
        """The value of each variable, given those of the ones that are left; 0 where none is given."""
        return {
            one: value
            for one in variables
            if (value := sum((free.get(v, 0) * f for v, f in self._resolved(one).items()), 0))
        }

    def _resolved(self, variable: int) -> dict[int, Number]:
        if variable not in self._value:
            return {variable: 1}
        value = self._value[variable]
        if any(one in self._value for one in value):
            resolved: dict[int, Number] = {}
            for one, factor in value.items():
                _add(resolved, self._resolved(one), factor)
            self._value[variable] = value = resolved
        return value


def scaled(form: Mapping[int, Number]) -> Form:
    """A form in its one written shape: variables in order, the first coefficient 1, none 0."""
    kept = sorted((variable, plain(factor)) for variable, factor in form.items() if factor)
    if not kept or kept[0][1] == 1:
        return tuple(kept)
    if kept[0][1] == -1:
        return tuple((variable, -factor) for variable, factor in kept)
    first = Fraction(kept[0][1])
    return tuple((variable, plain(factor / first)) for variable, factor in kept)


def plain(value: Number) -> Number:
    """A whole number as an int, which is faster to reckon with."""
    if isinstance(value, int):
        return value
    return value.numerator if value.denominator == 1 else value


def basis(rows: Iterable[Form]) -> Rows:
    """The one reduced basis of what these forms, written as `scaled` does, span: its rows, in order."""
    rows = list(rows)
    if len(rows) <= 1:
        return tuple(rows) if rows and rows[0] else ()
    found: dict[int, dict[int, Number]] = {}
    for row in rows:
        rest = dict(row)
        for pivot, known in found.items():
            if factor := rest.get(pivot):
                _add(rest, known, -factor)
        shape = scaled(rest)
        if not shape:
            continue
        pivot, new = shape[0][0], dict(shape)
        for known in found.values():
            if factor := known.get(pivot):
                _add(known, new, -factor)
        found[pivot] = new
    return tuple(sorted(scaled(one) for one in found.values()))


def _add(to: dict[int, Number], other: Mapping[int, Number], factor: Number) -> None:
    for variable, value in other.items():
        total = plain(to.get(variable, 0) + factor * value)
        if total:
            to[variable] = total
        else:
            to.pop(variable, None)


def smallest_support(groups: Mapping[Rows, int], *, k: int) -> Support | None:
    """The smallest positive number of people on whom a combination rests, with that combination; None without people.

    `groups` has the number of people by reduced rows (`basis`). What rests on fewer than `k` people is found in any
    case; where step 4 is needed, the number given is otherwise an upper bound. Raises UnprovenError.
    """
    best = _single(alone(groups))
    return None if best is None else smaller_support(groups, best, k=k)


def smaller_support(groups: Mapping[Rows, int], best: Support, *, k: int) -> Support:
    """The same where `best` is known already, and `groups` are those on whom what rests on fewer people can rest."""
    forced, left = _reduced(groups, best.people)
    for part in _components(left):
        found = _cut(part, best.people)
        if found is None:
            found = _Search(min(k, best.people)).run(part)
        if found and found.people < best.people:
            variables = {variable for rows in groups for row in rows for variable, _ in row}
            best = Support(found.people, forced.values(found.combination, variables))
    return best


def alone(groups: Mapping[Rows, int]) -> dict[int, int]:
    """The number of people on whom each statement rests by itself."""
    cost: dict[int, int] = defaultdict(int)
    for rows, people in groups.items():
        for variable in {variable for row in rows for variable, _ in row}:
            cost[variable] += people
    return cost


def _single(costs: Mapping[int, int]) -> Support | None:
    people, variable = min(((people, variable) for variable, people in costs.items() if people), default=(0, 0))
    return Support(people, {variable: 1}) if people else None


def _reduced(groups: Mapping[Rows, int], limit: int) -> tuple[Forced, dict[Rows, int]]:
    """Step 2: the forms that must be 0 for fewer than `limit` people, and the groups that may still be touched."""
    forced = Forced()
    left = {rows: people for rows, people in groups.items() if rows and people}
    while large := _too_large(left, limit):
        for form in large:
            forced.add(form)
        left = rewritten(left, forced)
    return forced, left


def _too_large(groups: Mapping[Rows, int], limit: int) -> list[Form]:
    weight: dict[Form, int] = defaultdict(int)
    pairs: dict[tuple[int, int], int] = defaultdict(int)
    for rows, people in groups.items():
        for row in rows:
            weight[row] += people
        if len(rows) == 2 and len(rows[0]) == len(rows[1]) == 1:
            pairs[rows[0][0][0], rows[1][0][0]] += people
    for form in weight:
        if len(form) == 2:
            weight[form] += pairs.get((form[0][0], form[1][0]), 0)
    return [form for form, people in weight.items() if people >= limit]


def rewritten(groups: Mapping[Rows, int], forced: Forced) -> dict[Rows, int]:
    """The groups in the variables that are left; those that are no longer touched are gone."""
    found: dict[Rows, int] = defaultdict(int)
    for rows, people in groups.items():
        changed = [one for row in rows if (one := forced.rewrite(row))]
        same = len(changed) == len(rows) and all(map(operator.is_, changed, rows))
        now = rows if same else basis(changed)
        if now:
            found[now] += people
    return found


def _components(groups: Mapping[Rows, int]) -> list[dict[Rows, int]]:
    """The groups apart by the variables that they share."""
    label: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for rows in groups:
        variables = {variable for row in rows for variable, _ in row}
        joined = {label[one] for one in variables if one in label}
        fresh = [one for one in variables if one not in label]
        into = max(joined, key=lambda one: len(members[one])) if joined else fresh[0]
        gone = [one for old in joined - {into} for one in members.pop(old)]
        members.setdefault(into, []).extend([*fresh, *gone])
        label.update(dict.fromkeys([*fresh, *gone], into))
    found: dict[int, dict[Rows, int]] = defaultdict(dict)
    for rows, people in groups.items():
        found[label[rows[0][0][0]]][rows] = people
    return list(found.values())


def _cut(groups: Mapping[Rows, int], limit: int) -> Support | None:
    """Step 3: the smallest positive cut below the limit, or `limit` people; None where the forms are no differences."""
    scale = _scale(groups)
    edges: dict[tuple[int, int], int] = defaultdict(int)
    for rows, people in groups.items():
        nodes = None if scale is None else _equal_nodes(rows, scale)
        if nodes is None:
            return None
        # Twice the number of people, so that half of them is a whole number too.
        for one, other in pairwise(nodes):
            edges[one, other] += people if len(nodes) == 3 else 2 * people
        if len(nodes) == 3:
            edges[nodes[0], nodes[2]] += people
    side, twice = minimum_cut(edges, 2 * limit, apart=_ZERO)
    assert scale is not None
    return Support(twice // 2, {node: scale[node] for node in side})


def _scale(groups: Mapping[Rows, int]) -> dict[int, Number] | None:
    """A factor for each variable x, x = factor * label, with which every form of two variables is a difference."""
    forms = [row for rows in groups for row in rows]
    if any(len(row) > 2 for row in forms):
        return None
    ratio: dict[int, list[tuple[int, Number]]] = {variable: [] for row in forms for variable, _ in row}
    for row in forms:
        if len(row) == 2:
            (one, _), (other, factor) = row
            ratio[one].append((other, -1 / Fraction(factor)))
            ratio[other].append((one, -factor))
    scale: dict[int, Number] = {}
    for start in ratio:
        if start not in scale:
            _spread_scale(start, ratio, scale)
    fits = all(scale[other] == plain(scale[one] * factor) for one in ratio for other, factor in ratio[one])
    return scale if fits else None


def _spread_scale(start: int, ratio: Mapping[int, list[tuple[int, Number]]], scale: dict[int, Number]) -> None:
    scale[start] = 1
    waiting = [start]
    while waiting:
        one = waiting.pop()
        for other, factor in ratio[one]:
            if other not in scale:
                scale[other] = plain(scale[one] * factor)
                waiting.append(other)


def _equal_nodes(rows: Rows, scale: Mapping[int, Number]) -> list[int] | None:
    """The two or three nodes that must have one label for a group not to be touched, or None where it is not that."""
    nodes: set[int] = set()
    for row in rows:
        nodes |= {variable for variable, _ in row} | ({_ZERO} if len(row) == 1 else set())
    # Rows that are independent differences of len(rows) + 1 nodes connect them all.
    return sorted(nodes) if len(nodes) == len(rows) + 1 <= 3 else None


class _Search:
    """Step 4: the smallest support below `limit`, by branching."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._steps = 0
        self._best: Support | None = None

    def run(self, groups: Mapping[Rows, int]) -> Support | None:
        """What was found, or None. Raises UnprovenError."""
        self._branch(sorted(groups, key=lambda rows: -groups[rows]), groups, Forced(), [])
        return self._best

    def _branch(
        self, order: Sequence[Rows], groups: Mapping[Rows, int], forced: Forced, touched: Sequence[Rows]
    ) -> None:
        """Decides the groups in this order; `touched` are those already decided to be rested on."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise UnprovenError
        if any(all(not forced.rewrite(row) for row in rows) for rows in touched):
            return
        if sum(groups[rows] for rows in touched) >= self._limit:
            return
        open_ones = [rows for rows in order if any(forced.rewrite(row) for row in rows)]
        if not open_ones:
            if touched:
                self._record(groups, forced, touched)
            return
        first, rest = open_ones[0], open_ones[1:]
        untouched = Forced(forced)
        for row in first:
            untouched.add(row)
        self._branch(rest, groups, untouched, touched)
        self._branch(rest, groups, forced, [*touched, first])

    def _record(self, groups: Mapping[Rows, int], forced: Forced, touched: Sequence[Rows]) -> None:
        people = sum(groups[rows] for rows in touched)
        variables = sorted({variable for rows in groups for row in rows for variable, _ in row})
        # Powers of one number: for some small base no form that is not 0 vanishes.
        for base in range(2, 1000):
            free = {variable: base**power for power, variable in enumerate(variables)}
            values = forced.values(free, variables)
            if all(any(sum(f * values.get(v, 0) for v, f in row) for row in rows) for rows in touched):
                self._limit, self._best = people, Support(people, values)
                return
        raise UnprovenError
