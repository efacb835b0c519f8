"""What the auditor is given of a wave: its counted answer sheets, and what its documents do not show by themselves."""

from collections.abc import Iterable, Mapping

from app.releases import compute
from app.releases.audit import Told
from app.releases.change import Trend
from app.releases.columns import DepartmentAnswers, dimension_columns, module_columns, sheets
from app.releases.estimate import PlannedColumn, Spreads
from app.releases.membership import Family, People, membership
from surveys.model import Form, Instrument, asked
from tests.releases.waves import ATR


def families(form: Form, instrument: Instrument = ATR) -> list[Family]:
    """The families of a form: dimensions with their anchors, and modules."""
    found = []
    for one in instrument.dimensions:
        items = asked(one, form)
        columns = {"cells": frozenset(item.id for item in items)}
        if form == "full":
            columns["anchors"] = frozenset(item.id for item in items if item.anchor)
        found.append(Family(id=one.id, items=tuple(item.id for item in items), columns=columns))
    for module in module_columns(instrument, form).values():
        items = tuple(item.id for item in module.items)
        found.append(Family(id=module.id, items=items, columns={"cells": frozenset(items)}))
    return found


def people(answers: Mapping[str, DepartmentAnswers], form: Form, instrument: Instrument = ATR) -> People:
    """The answer sheets of a wave, counted."""
    columns = [*dimension_columns(instrument, form), *module_columns(instrument, form).values()]
    items = [item for one in columns for item in one.items]
    found = sheets(answers, items)
    return membership(
        departments=found.departments,
        department=found.department,
        items=[item.id for item in items],
        valid=found.of(items) > 0,
        families=families(form, instrument),
    )


def told(wave: compute._Wave) -> list[Told]:
    """The sets that lend their spread to the intervals and grades of a wave's columns."""
    columns: list[PlannedColumn] = [*wave.survey.own.values(), *wave.modules.values()]
    columns += [one for one in wave.anchors.values() if one is not None]
    return [one for column in columns for one in _spreads(column, column.spreads)]


def compared(trends: Mapping[str, object], *, before: bool) -> list[Told]:
    """The sets on which the changes of a release rest, of the earlier wave or of its own."""
    found = []
    for trend in trends.values():
        if isinstance(trend, Trend):
            column = trend.before if before else trend.now
            items = column.column.item_ids
            for pair in {id(pair): pair for pair in trend.pair_of.values()}.values():
                held = pair.before.departments if before else pair.now.departments
                row = "compared with " + ", ".join(sorted(held))
                found.append(
                    Told(family=column.column.id, kind="means", items=items, row=row, departments=held, change=True)
                )
            found += _spreads(column, trend.spread_before if before else trend.spread_now)
    return found


def _spreads(column: PlannedColumn, spreads: Spreads) -> Iterable[Told]:
    for held, _ in spreads.groups:
        row = "spread of " + ", ".join(sorted(held))
        yield Told(family=column.column.id, kind="spreads", items=column.column.item_ids, row=row, departments=held)
