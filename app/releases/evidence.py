"""What the auditor is handed of a wave: its answer sheets, counted, and what its documents do not show."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Literal

from app.releases.audit import PARTICIPATION, Told
from app.releases.change import Refusal, Trend, ledger_id
from app.releases.columns import DepartmentAnswers, dimension_columns, module_columns, sheets
from app.releases.document import Release, Scored
from app.releases.estimate import PlannedColumn, Spreads
from app.releases.ledger import Ledger
from app.releases.membership import Family, People, membership
from surveys.model import Form, Instrument, asked

Which = Literal["before", "now"]


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
    role = next((item for item in instrument.context if item.scale == "role"), None)
    found = sheets(answers, [*items, *([role] if role else [])])
    return membership(
        departments=found.departments,
        department=found.department,
        items=[item.id for item in items],
        valid=found.of(items) > 0,
        families=families(instrument, form),
        answers=found.of([role])[:, 0] if role else None,
    )


def told_in(ledger: Ledger, instrument: Instrument, form: Form, *, release: int = 0) -> Iterator[Told]:
    """Every stratum of means and every set that lends its spread, as the ledger of a release names them.

    Numbers of responses are not among them: a document shows all that it tells of these.
    """
    columns: dict[str, tuple[str, frozenset[str]]] = {}
    for one in families(instrument, form):
        columns[one.id] = one.id, one.columns["cells"]
        columns[ledger_id(one.id)] = one.id, one.columns.get("anchors", frozenset())
    for entry in ledger.entries:
        if entry.kind != "responses":
            row = f"the set of {', '.join(entry.departments)}"
            held = frozenset(entry.departments)
            family, items = columns[entry.column]
            yield Told(family=family, kind=entry.kind, items=items, row=row, departments=held, release=release)


def margins(release: Release, instrument: Instrument, form: Form, *, place: int = 0) -> Iterator[Told]:
    """What the margins of a release tell of the groups that gave some answers to the context question.

    `place` is the release's among those audited.
    """
    everybody = frozenset(release.organisation.departments)
    items = {one.id: one.columns["cells"] for one in families(instrument, form)}
    for margin in release.margins:
        for group in margin.groups:
            answers = frozenset(group.answers) or _answers_by_name(group.name, margin.id, instrument)
            of_group = partial(Told, row=group.name, departments=everybody, answers=answers, release=place)
            yield of_group(family=PARTICIPATION, kind="participation")
            for column, cell in group.cells.items():
                if isinstance(cell, Scored):
                    yield of_group(family=column, kind="means", items=items[column])


def _answers_by_name(name: str, item: str, instrument: Instrument) -> frozenset[int]:
    """The answers of a group of a stored release from before groups noted theirs, as its name quotes them.

    Without this, no further release of such a wave could be proven.
    """
    points = instrument.scales[instrument.item(item).scale].points
    quoted = {point.value for point in points if f"“{point.label}”" in name}
    return frozenset(quoted | ({0} if name.endswith("or did not say") else set()))


def compared(trends: Mapping[str, Trend | Refusal], *, side: Which, release: int = 0) -> Iterator[Told]:
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
