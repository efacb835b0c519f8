"""What the auditor is handed of a wave: its answer sheets, counted, and what its documents do not show."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from app.releases.audit import PARTICIPATION, Told
from app.releases.change import Refusal, Trend, ledger_id
from app.releases.columns import DepartmentAnswers, dimension_columns, module_columns, sheets
from app.releases.estimate import PlannedColumn, Spreads
from app.releases.ledger import Ledger
from app.releases.membership import Family, People, membership
from surveys.model import Form, Instrument, asked


def families(instrument: Instrument, form: Form) -> tuple[Family, ...]:
    """The families of a form: dimensions, in the full form with their anchors beside them, and modules."""
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
    return tuple(found)


def people(answers: Mapping[str, DepartmentAnswers], instrument: Instrument, form: Form) -> People:
    """The used answer sheets of a wave, counted."""
    columns = [*dimension_columns(instrument, form), *module_columns(instrument, form).values()]
    items = [item for one in columns for item in one.items]
    found = sheets(answers, items)
    return membership(
        departments=found.departments,
        department=found.department,
        items=[item.id for item in items],
        valid=found.of(items) > 0,
        families=families(instrument, form),
    )


def told_in(ledger: Ledger, instrument: Instrument, form: Form, *, release: int = 0) -> Iterator[Told]:
    """Every stratum that the ledger of a release names: rows, means and the sets that lend their spread."""
    columns: dict[str, tuple[str, frozenset[str]]] = {}
    for one in families(instrument, form):
        columns[one.id] = one.id, one.columns["cells"]
        columns[ledger_id(one.id)] = one.id, one.columns.get("anchors", frozenset())
    for entry in ledger.entries:
        row = f"the set of {', '.join(entry.departments)}"
        held = frozenset(entry.departments)
        if entry.kind == "responses":
            yield Told(family=PARTICIPATION, kind=PARTICIPATION, row=row, departments=held, release=release)
        else:
            family, items = columns[entry.column]
            yield Told(family=family, kind=entry.kind, items=items, row=row, departments=held, release=release)


def compared(
    trends: Mapping[str, Trend | Refusal], *, side: Literal["before", "now"], release: int = 0
) -> Iterator[Told]:
    """The sets on which the changes of a release rest: of the wave before, or of its own.

    `release` is the place of the release among those of that wave under whose departments the sets are named.
    """
    for trend in trends.values():
        if isinstance(trend, Trend):
            column = trend.before if side == "before" else trend.now
            pairs = {pair.departments: getattr(pair, side).departments for pair in trend.pair_of.values()}
            yield from _sets(column, pairs.values(), "means", release)
            spreads: Spreads = trend.spread_before if side == "before" else trend.spread_now
            yield from _sets(
                column, [held for held, _ in (*column.spreads.groups, *spreads.groups)], "spreads", release
            )


def _sets(
    column: PlannedColumn, sets: Iterable[frozenset[str]], kind: Literal["means", "spreads"], release: int
) -> Iterator[Told]:
    for held in sets:
        yield Told(
            family=column.column.id,
            kind=kind,
            items=column.column.item_ids,
            row=f"the set of {', '.join(sorted(held))} in the comparison",
            departments=held,
            release=release,
            change=kind == "means",
        )
