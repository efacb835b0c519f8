"""What the auditor is handed of a wave: its answer sheets, counted, and what its documents do not show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from app.releases.audit.membership import Answered, Family, People, counted
from app.releases.audit.membership import everything as valid_everywhere
from app.releases.audit.statements import RESPONSES, Held, Kind, Statement, Strata, Told, printed
from app.releases.document.release import Release
from app.releases.plan.ledger import Ledger
from app.releases.statistics.agreement import COMPLETE, agreement_id, complete_id, groups_id, reliability_id
from app.releases.statistics.change import OF_ITEMS, Refusal, Side, Trend, ledger_id
from app.releases.statistics.columns import (
    Codes,
    DepartmentAnswers,
    checking_column,
    counted_up_to,
    module_columns,
)
from app.releases.statistics.driving import drivers_id
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.ratings import rating_columns
from app.releases.statistics.shares import LEAST_POINTS, UNKNOWN, shares_id, unknown_id
from app.releases.statistics.strata import Spreads
from surveys.codes import DK, NX
from surveys.model import Form, Instrument, asked

_MOST_POINTS: Final = 9
_PEOPLE_AT_ONCE: Final = 4096
"""So many sheets are turned round at once that they stay near the processor."""
_UNKNOWN: Final = (DK[0], NX[0])


def families(instrument: Instrument, form: Form) -> tuple[Family, ...]:
    """The families of a form: dimensions, in the full form with their anchors beside them, modules, and tallies.

    A tally is a family by itself: no sum of shares, of don't-knows or of products of complete answers is a sum of
    another kind, because these are functions of a person's answers of which none is a sum of multiples of the others
    (docs/decisions/0011). Whoever counts in it has one answer, to a question that stands for "counts".
    """
    return (*_scored(instrument, form), *(_tally(name) for name in _tallies(instrument, form)))


def _scored(instrument: Instrument, form: Form) -> list[Family]:
    found = []
    for one in instrument.dimensions:
        items = asked(one, form)
        columns = {"cells": frozenset(item.id for item in items)}
        if form == "full":
            columns["anchors"] = frozenset(item.id for item in items if item.anchor)
        found.append(Family(id=one.id, items=tuple(item.id for item in items), columns=columns))
    for module in module_columns(instrument, form).values():
        of_module = tuple(item.id for item in module.items)
        found.append(Family(id=module.id, items=of_module, columns={"cells": frozenset(of_module)}))
    checking = checking_column(instrument)
    for single in (*rating_columns(instrument).values(), *((checking,) if checking else ())):
        found.append(Family(id=single.id, items=single.key, columns={"cells": single.item_ids}))
    return found


def _tally(name: str) -> Family:
    return Family(id=name, items=(name,), columns={name.partition(":")[0]: frozenset({name})})


def _tallies(instrument: Instrument, form: Form) -> dict[str, tuple[str, ...]]:
    """The tallies of a form, and the questions by which people count in them."""
    dimensions = {one.id: asked(one, form) for one in instrument.dimensions}
    every = [item for items in dimensions.values() for item in items]
    every += [item for one in module_columns(instrument, form).values() for item in one.items]
    shown = {one.id for one in instrument.scales.values() if len(one.points) >= LEAST_POINTS}
    return {
        **{shares_id(item.id): (item.id,) for item in every if item.scale in shown},
        **{unknown_id(item.id): (item.id,) for item in every if item.allow_dk},
        **{complete_id(name): tuple(item.id for item in items) for name, items in dimensions.items()},
        **{name: () for name in _driven(instrument)},
    }


def _driven(instrument: Instrument) -> list[str]:
    """The tally of people who have a score in everything, where an outcome is asked."""
    return [drivers_id(one.id) for one in instrument.dimensions if one.block == "criterion"][:1]


def people(answers: Mapping[str, DepartmentAnswers], instrument: Instrument, form: Form) -> People:
    """The used answer sheets of a wave, counted. ValueError where sheets do not fit their items."""
    role = next((item.id for item in instrument.context if item.scale == "role"), None)
    names = sorted(answers)
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, name in enumerate(names):
        alike.setdefault(answers[name].item_ids, []).append(number)
    unknown = [name for name in _tallies(instrument, form) if name.startswith(UNKNOWN)]
    dimensions = [[item.id for item in asked(one, form)] for one in instrument.dimensions]
    everything = [(name, dimensions) for name in _driven(instrument)]
    limits = counted_up_to(instrument)
    sheets = [
        _answered(items, {one: answers[names[one]].codes for one in numbers}, role, unknown, everything, limits)
        for items, numbers in alike.items()
    ]
    scored = _scored(instrument, form)
    apart = [*unknown, *(name for name, _ in everything)]
    found = counted(departments=names, sheets=sheets, families=[*scored, *map(_tally, apart)])
    held = {item: family for family in scored for item in family.items}
    patterns = {
        name: found.patterns.get(name) or valid_everywhere(found, held[of[0]], of)
        for name, of in _tallies(instrument, form).items()
    }
    every = {one.id: one for one in families(instrument, form)}
    return replace(found, families=every, patterns={**found.patterns, **patterns})


def _answered(
    items: tuple[str, ...],
    codes: Mapping[int, Codes],
    role: str | None,
    unknown: Sequence[str],
    scored: Sequence[tuple[str, Sequence[Sequence[str]]]],
    limits: Mapping[str, int],
) -> Answered:
    """The sheets of departments that were asked the same items. The codes b"1" to b"9" are answers, all others none,
    and so is one above what `limits` says of its item.

    Each tally of those who answered, if that they do not know, is one more item, which they have answered; and so is
    each of those who have a score in several dimensions, which are told by their items.
    """
    if any(one.shape[1] != len(items) for one in codes.values()):
        raise ValueError(f"answer sheets do not fit their {len(items)} items")
    place = {item: number for number, item in enumerate(items)}
    offered = {name: place[item] for name in unknown if (item := name.removeprefix(UNKNOWN)) in place}
    every = (*items, *offered, *(name for name, _ in scored))
    valid = _valid(codes, asked=len(items), every=len(every))
    for item, highest in limits.items():
        if item in place:
            given = np.concatenate([sheets[:, place[item]] for sheets in codes.values()])
            valid[place[item]] &= given - np.uint8(ord("1")) < highest
    for row, one in enumerate(offered.values(), start=len(items)):
        said = np.concatenate([given[:, one] for given in codes.values()])
        valid[row] = valid[one] | (said == _UNKNOWN[0]) | (said == _UNKNOWN[1])
    for row, (_, dimensions) in enumerate(scored, start=len(items) + len(offered)):
        valid[row] = _scored_in_all(valid, place, dimensions)
    answers = None if role is None else np.zeros(valid.shape[1], dtype=np.uint8)
    if role in place and answers is not None:
        level = np.concatenate([given[:, place[role]] for given in codes.values()]) - np.uint8(ord("0"))
        answers[:] = np.where(valid[place[role]], level, 0)
    department = np.repeat(list(codes), [len(one) for one in codes.values()])
    return Answered(items=every, department=department, valid=valid.T, answers=answers)


def _valid(codes: Mapping[int, Codes], *, asked: int, every: int) -> npt.NDArray[np.bool_]:
    """Whether each code is an answer, item by item: (every, people), of which the first `asked` rows are filled."""
    found = np.empty((every, sum(len(one) for one in codes.values())), dtype=np.bool_)
    start = 0
    for one in codes.values():
        for first in range(0, len(one), _PEOPLE_AT_ONCE):
            some = np.ascontiguousarray(one[first : first + _PEOPLE_AT_ONCE].T)
            # In bytes, what is below b"1" becomes large.
            found[:asked, start : start + some.shape[1]] = some - np.uint8(ord("1")) < _MOST_POINTS
            start += some.shape[1]
    return found


def _scored_in_all(
    valid: npt.NDArray[np.bool_], place: Mapping[str, int], dimensions: Sequence[Sequence[str]]
) -> npt.NDArray[np.bool_]:
    """Who answered at least half of the items of each dimension; `valid` is (items, people)."""
    found = np.ones(valid.shape[1], dtype=np.bool_)
    for items in dimensions:
        given = np.zeros(valid.shape[1], dtype=np.uint8)
        for item in items:
            if item in place:
                given += valid[place[item]]
        found &= given >= (len(items) + 1) // 2
    return found


def drivers(release: Release, *, place: int = 0) -> Iterator[Told]:
    """What the weights of a release tell of the people who have a score in everything: products, and their number."""
    if release.drivers is None or release.drivers.n is None:
        return
    name = drivers_id(release.drivers.outcome)
    everybody = frozenset(release.organisation.departments)
    kinds: tuple[Kind, ...] = ("tallies", "numbers")
    for kind in kinds:
        yield Told(
            family=name, kind=kind, items=frozenset({name}), row="everybody", departments=everybody, release=place
        )


def told_in(
    ledger: Ledger, instrument: Instrument, form: Form, *, release: int = 0, change: bool = False
) -> Iterator[Statement]:
    """Every stratum of means and every set that lends its spread, as the ledger of a release names them.

    Numbers of responses are not among them: a document shows all that it tells of these. With `change` the strata of
    means explain the changes that the documents print.
    """
    columns: dict[str, tuple[str, frozenset[str]]] = {}
    for one in _scored(instrument, form):
        columns[one.id] = one.id, one.columns["cells"]
        columns[ledger_id(one.id)] = one.id, one.columns.get("anchors", frozenset())
    for name in _tallies(instrument, form):
        columns[name] = name, frozenset({name})
        if name.startswith(COMPLETE):
            dimension = name.removeprefix(COMPLETE)
            columns[agreement_id(dimension)] = columns[reliability_id(dimension)] = columns[name]
            columns[groups_id(dimension)] = columns[dimension]
    basis = {reliability_id(one.id): f"reliability of {one.id}" for one in instrument.dimensions}
    basis |= {groups_id(one.id): f"groups of {one.id}" for one in instrument.dimensions}
    # Most sets are those of many columns.
    named: dict[tuple[str, ...], Held] = {}
    for (column, kind), entries in groupby(ledger.entries, key=attrgetter("column", "kind")):
        if kind == "responses":
            continue
        sets = []
        for entry in entries:
            of = entry.departments
            if of not in named:
                named[of] = Held(frozenset(of), f"the set of {', '.join(of)}")
            sets.append(named[of])
        family, items = columns[column] if OF_ITEMS not in column else _named(column)
        yield Strata(family, kind, sets, items, release, change and kind == "means", basis.get(column, ""))


def _named(column: str) -> tuple[str, frozenset[str]]:
    """The family and the questions of a column that a comparison told of (`change.told_of`)."""
    family, _, items = column.partition(OF_ITEMS)
    return family, frozenset(items.split("+"))


def beside_rows(release: Release, instrument: Instrument, form: Form, *, place: int = 0) -> Iterator[Statement]:
    """Everything that a release tells of the whole organisation beside its rows."""
    yield from margins(release, instrument, form, place=place)
    yield from gaps(release, instrument, form, place=place)
    yield from drivers(release, place=place)


def margins(release: Release, instrument: Instrument, form: Form, *, place: int = 0) -> Iterator[Told]:
    """What the margins of a release tell of the groups that gave some answers to the context question, or of sites.

    `place` is the release's among those audited.
    """
    everybody = frozenset(release.organisation.departments)
    items = {one.id: one.columns["cells"] for one in _scored(instrument, form)}
    for margin in release.margins:
        for group in margin.groups:
            if group.departments:
                of_group = partial(Told, row=group.name, departments=frozenset(group.departments), release=place)
            else:
                answers = frozenset(group.answers) or _answers_by_name(group.name, margin.id, instrument)
                of_group = partial(Told, row=group.name, departments=everybody, answers=answers, release=place)
            yield of_group(family=RESPONSES, kind="responses")
            for column, kind in printed(group):
                yield of_group(family=column, kind=kind, items=items[column])


def gaps(release: Release, instrument: Instrument, form: Form, *, place: int = 0) -> Iterator[Told]:
    """What the gaps between leaders and staff tell of both sides: a mean each, its spread, and a number of answers."""
    if release.gaps is None:
        return
    items = {one.id: one.columns["cells"] for one in _scored(instrument, form)}
    of_all = partial(Told, departments=frozenset(release.organisation.departments), release=place)
    kinds: tuple[Kind, ...] = ("means", "spreads", "numbers")
    for side in ("leaders", "staff"):
        answers = frozenset[int](getattr(release.gaps, side))
        for one in release.gaps.cells:
            for kind in kinds:
                yield of_all(family=one.dimension, kind=kind, items=items[one.dimension], row=side, answers=answers)


def _answers_by_name(name: str, item: str, instrument: Instrument) -> frozenset[int]:
    """The answers of a group of a stored release from before groups noted theirs, as its name quotes them.

    Without this, no further release of such a wave could be proven.
    """
    points = instrument.scales[instrument.item(item).scale].points
    quoted = {point.value for point in points if f"“{point.label}”" in name}
    return frozenset(quoted | ({0} if name.endswith("or did not say") else set()))


def compared(trends: Mapping[str, Trend | Refusal], *, side: Side, release: int = 0) -> Iterator[Strata]:
    """The sets on which the changes of a release rest: of the wave before, or of its own.

    `release` is the place of the release among those of that wave under whose departments the sets are named.
    """
    named: dict[frozenset[str], Held] = {}
    for trend in trends.values():
        if isinstance(trend, Trend):
            column = trend.before if side == "before" else trend.now
            pairs = {pair.departments: getattr(pair, side).departments for pair in trend.pair_of.values()}
            yield _sets(column, pairs.values(), "means", release, named)
            spreads: Spreads = trend.spread_before if side == "before" else trend.spread_now
            lenders = [held for held, _ in (*column.spreads.groups, *spreads.groups)]
            yield _sets(column, lenders, "spreads", release, named)


def _sets(
    column: PlannedColumn,
    sets: Iterable[frozenset[str]],
    kind: Literal["means", "spreads"],
    release: int,
    named: dict[frozenset[str], Held],
) -> Strata:
    """The sets of a column; `named` are those that other columns have too."""
    name, items = column.column.id, column.column.item_ids
    found = []
    for held in sets:
        if held not in named:
            named[held] = Held(held, f"the set of {', '.join(sorted(held))} in the comparison")
        found.append(named[held])
    return Strata(name, kind, found, items, release, kind == "means")
