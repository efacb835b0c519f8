"""The people of a family by the forms that must be 0 for a combination not to rest on them, counted in tables.

In nearly all families it is enough to add up these tables, column by column. Only people whose sums are small are
looked at group by group (`releases.support`, and docs/privacy.md for why that is exact).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.releases.audit.equal import Said, Values
from app.releases.audit.membership import Counts
from app.releases.audit.spans import Flags, Span
from app.releases.audit.support import Forced, Form, Number, Rows, Support, basis, plain, scaled, smaller_support

Labels = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Groups:
    """People by where they are and by how they enter the columns of their family.

    `spans` are the columns', whose variables are numbered one column after the other. `labels` (classes, columns) has
    the labels that places of a class have in the spans, `people` (classes, shapes) how many of them enter the columns
    in which of the `shapes` (`effects.shape`).
    """

    spans: Sequence[Span]
    shapes: Sequence[Rows]
    labels: Labels
    people: Counts

    @cached_property
    def firsts(self) -> tuple[int, ...]:
        """The number of each column's first variable."""
        return tuple(np.cumsum([0, *(span.variables for span in self.spans[:-1])]).tolist())

    @cached_property
    def alone(self) -> Counts:
        """The number of people on whom each variable rests by itself."""
        return np.concatenate([self._alone(column) for column in range(len(self.spans))])

    def _alone(self, column: int) -> Counts:
        span = self.spans[column]
        people = self._by_label(column, self._enters[column])
        labels, variables = span.held
        return _sums(variables, people[labels], span.variables)

    @cached_property
    def _enters(self) -> Flags:
        """Whether people of a shape enter a column at all: (columns, shapes)."""
        columns = range(len(self.spans))
        found = [[any(column == one for row in shape for one, _ in row) for shape in self.shapes] for column in columns]
        return np.array(found, dtype=np.bool_)

    def _by_label(self, column: int, shapes: Flags) -> Counts:
        """How many people of some shapes a column's labels have."""
        return _sums(self.labels[:, column], self.people[:, shapes].sum(axis=1), self.spans[column].labels)

    def smallest(self, k: int, *, known: int | None = None) -> Support | None:
        """The smallest positive number of people on whom a combination rests, and that combination; see `support`.

        With `known`, where no combination rests on fewer people than that and than k, it is that of one sum alone,
        which may not be the smallest. Raises UnprovenError.
        """
        there = np.flatnonzero(self.alone)
        if not there.size:
            return None
        variable = int(there[self.alone[there].argmin()])
        best = Support(int(self.alone[variable]), {variable: 1})
        limit = best.people if known is None else min(best.people, max(known, k))
        found = self._smaller(Support(limit, {}), k)
        return best if found is None else found

    def _smaller(self, bound: Support, k: int) -> Support | None:
        """What rests on fewer people than `bound` says, None where nothing does. Raises UnprovenError."""
        limit = bound.people
        zero = [self._zero(column, limit) for column in range(len(self.spans))]
        if all(of_column.all() for of_column in zero):
            return None
        if any(span.parts for span in self.spans) and self._settled(None, limit):
            return None
        columns = [self._below(column, limit, of_column) for column, of_column in enumerate(zero)]
        if self._settled([one.forms for one in columns], limit):
            return None
        groups = self._touched([one.forms for one in columns])
        found = smaller_support(groups, bound, k=k) if groups else bound
        if found is bound:
            return None
        values = dict(found.combination)
        for first, one in zip(self.firsts, columns, strict=True):
            own = {variable - first: value for variable, value in found.combination.items()}
            values |= {first + variable: value for variable, value in one.forced.values(own, one.variables).items()}
        return Support(found.people, values)

    def _zero(self, column: int, limit: int) -> Flags:
        """A column's variables that are 0 if fewer than `limit` people are rested on, or that stand for nobody."""
        span, people, first = self.spans[column], self._alone_in(column), self.firsts[column]
        zero: Flags = people[1:] >= limit if span.crossed is None else _zero(span, people, limit)
        nobody: Flags = self.alone[first : first + span.variables] == 0
        return zero | nobody

    def _alone_in(self, column: int) -> Counts:
        """The people by label who have a row of this column alone in their shape, which nothing of others cancels."""
        alone = np.array([((column, 1),) in shape for shape in self.shapes], dtype=np.bool_)
        return self._by_label(column, alone)

    def _below(self, column: int, limit: int, zero: Flags) -> "_Left":
        """A column's forms once those are 0 that rest on `limit` people, whatever other columns are combined with it.

        `zero` are variables that are 0 then, all of them where no sums cross each other.
        """
        span, first, people = self.spans[column], self.firsts[column], self._alone_in(column)
        if span.crossed is None:
            few = np.flatnonzero(~zero).tolist()
            return _Left({variable + 1: ((first + variable, 1),) for variable in few}, Forced(), range(0))
        if zero.all():
            return _Left({}, Forced(), range(0))
        forced, forms = Forced(), list(span.scaled)
        for variable in np.flatnonzero(zero).tolist():
            forced.add(((variable, 1),))
        now = {form: forced.rewrite(form) for form in set(forms)}
        forms = [now[form] for form in forms]
        while large := _large(forms, people.tolist(), limit):
            for form in large:
                forced.add(form)
            now = {form: forced.rewrite(form) for form in set(forms)}
            forms = [now[form] for form in forms]
        # Not in one scale: forms of several columns are added up.
        left = {label: forced.resolved(span.crossed[label]) for label, form in enumerate(forms) if form}
        return _Left({label: _from(first, form) for label, form in left.items()}, forced, range(span.variables))

    def _settled(self, forms: Sequence[Mapping[int, Form]] | None, limit: int) -> bool:
        """Whether nothing smaller than `limit` can rest on anybody, by what has to be equal (`releases.equal`).

        With `forms` only these of each column, by label, are not 0.
        """
        if forms is not None and not any(forms):
            return True
        near, far = np.zeros(self.labels.shape, dtype=np.intp), np.zeros(self.labels.shape, dtype=np.intp)
        count = 1
        for column, span in enumerate(self.spans):
            label = self.labels[:, column]
            if span.parts is not None and forms is None:
                for values, part in zip((near, far), span.parts, strict=True):
                    values[:, column] = np.where(part > 0, count + part, 0)[label]
                    count += int(part.max()) + 1
                continue
            # What differs between labels of a column counts as different: a combination can do no more than that.
            there = (
                np.arange(span.labels) > 0 if forms is None else np.isin(np.arange(span.labels), list(forms[column]))
            )
            near[:, column] = np.where(there, count + np.arange(span.labels), 0)[label]
            count += span.labels
        said = Said.by(self.shapes, self.people, Values(near, far, count))
        return said is not None and said.makes_all_equal(limit)

    def _touched(self, forms: Sequence[Mapping[int, Form]]) -> dict[Rows, int]:
        """The people on whom a combination of these forms, by column and label, can rest: by their reduced rows."""
        touched = np.zeros(self.people.shape, dtype=np.bool_)
        for column, of_column in enumerate(forms):
            alive = np.zeros(self.spans[column].labels, dtype=np.bool_)
            alive[list(of_column)] = True
            touched |= np.outer(alive[self.labels[:, column]], self._enters[column])
        found: dict[Rows, int] = defaultdict(int)
        for line, shape in zip(*(one.tolist() for one in np.nonzero(touched & (self.people > 0))), strict=True):
            of_line = tuple([forms[column].get(label, ()) for column, label in enumerate(self.labels[line].tolist())])
            found[self._rows(shape, of_line)] += int(self.people[line, shape])
        found.pop((), None)
        return found

    def _rows(self, shape: int, forms: tuple[Form, ...]) -> Rows:
        """What has to be 0 for people of a shape, with these forms in the columns' variables."""
        if any(len(form) > 1 or (form and form[0][1] != 1) for form in forms):
            return basis(_substituted(row, forms) for row in self.shapes[shape])
        # Each column is a variable or 0. Variables come in the order of the columns, so a reduced basis in the columns
        # stays one when they are named; and there are few of them, as every line has the same few.
        there = tuple([bool(form) for form in forms])
        if (shape, there) not in self._bases:
            kept = ([(column, factor) for column, factor in row if there[column]] for row in self.shapes[shape])
            self._bases[shape, there] = basis(scaled(dict(row)) for row in kept)
        return tuple(
            [tuple([(forms[column][0][0], factor) for column, factor in row]) for row in self._bases[shape, there]]
        )

    @cached_property
    def _bases(self) -> dict[tuple[int, tuple[bool, ...]], Rows]:
        """The reduced bases of shapes in the columns that are not 0, as they are asked for."""
        return {}


@dataclass(frozen=True, slots=True)
class _Left:
    """A column's forms that are not 0, by label, and how its `variables`, from 0, follow from those that are left."""

    forms: Mapping[int, Form]
    forced: Forced
    variables: range


def _zero(span: Span, people: Counts, limit: int) -> Flags:
    """The variables of crossed sums that have to be 0 for fewer than `limit` people to be rested on.

    A form in which all variables but one are 0 is not 0 where that one is not.
    """
    labels, variables = span.held
    zero = np.zeros(span.variables, dtype=np.bool_)
    while True:
        left = ~zero[variables]
        several = np.bincount(labels[left], minlength=people.size)
        single = left & (several[labels] == 1)
        found = _sums(variables[single], people[labels[single]], span.variables) >= limit
        if not found.any():
            return zero
        zero |= found


def _from(first: int, form: Form) -> Form:
    return tuple((first + variable, factor) for variable, factor in form)


def _large(forms: Sequence[Form], people: Sequence[int], limit: int) -> list[Form]:
    weight: dict[Form, int] = defaultdict(int)
    for form, count in zip(forms, people, strict=True):
        if form:
            weight[form] += count
    return [form for form, count in weight.items() if count >= limit]


def _substituted(row: Form, forms: Sequence[Form]) -> Form:
    """A form in the columns as one in their variables."""
    total: dict[int, Number] = {}
    for column, factor in row:
        for variable, weight in forms[column]:
            total[variable] = plain(total.get(variable, 0) + factor * weight)
    return scaled(total)


def _sums(index: Labels, people: Counts, size: int) -> Counts:
    # Reckoned in floating point, which is exact for whole numbers below 2^53.
    return np.bincount(index, weights=people, minlength=size).astype(np.int64)
