"""A release from the answers of a wave: pure, and the same bytes for the same answers in whatever order they come."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from app.releases.document import notes
from app.releases.document.approvals import Approval
from app.releases.document.certified import worded
from app.releases.document.release import (
    CHECKING,
    Cell,
    Certificate,
    DimensionHead,
    Hidden,
    ModuleHead,
    NoChange,
    NoChangeReason,
    Occasion,
    Policy,
    Release,
    Row,
    Scored,
    Small,
    WaveFacts,
)
from app.releases.plan.coarsening import Department, Node, count, nodes
from app.releases.plan.ledger import Ledger
from app.releases.statistics import left_out
from app.releases.statistics.aside import aside
from app.releases.statistics.beside import Figures
from app.releases.statistics.change import Compared, Earlier, Refusal, Trend, compared, earlier, trends_of
from app.releases.statistics.columns import DepartmentAnswers
from app.releases.statistics.driving import driven
from app.releases.statistics.gaps import gaps
from app.releases.statistics.gates import with_gates
from app.releases.statistics.margins import margins, role_levels
from app.releases.statistics.planning import (
    NOTHING,
    PlannedWave,
    PreviousWave,
    begin,
    function_of,
    planned_wave,
    survey_before,
    with_tallies,
)
from app.releases.statistics.printed import block_index, cells, lines_of
from app.releases.statistics.ratings import workflow_heads
from app.releases.statistics.screened import Screened
from app.releases.statistics.sites import by_site
from app.releases.statistics.tested import Changes, tested
from app.releases.statistics.uncollected import uncollected
from scoring.printed import printed_rate
from surveys.compare import Asking
from surveys.model import Form, Instrument

__all__ = ["Department", "DepartmentAnswers", "PreviousWave", "build"]

SCHEMA: Final = 1
METHOD: Final = "1"


@dataclass(frozen=True, slots=True)
class Made:
    """A release, and the plans from which it was made: of its wave and of the comparison with the wave before."""

    release: Release
    wave: PlannedWave
    trends: Mapping[str, Trend | Refusal]


@uncollected()
def build(
    *,
    facts: WaveFacts,
    policy: Policy,
    number: int,
    instrument: Instrument,
    form: Form,
    departments: tuple[Department, ...],
    answers: Mapping[str, DepartmentAnswers],
    corrected: frozenset[str],
    previous: PreviousWave | None,
    told: Ledger = NOTHING,
    occasion: Occasion = "closed",
    approvals: tuple[Approval, ...] = (),
    nothing_before: NoChangeReason = "first_wave",
    roster: Mapping[str, int] | None = None,
    screened: Screened | None = None,
) -> Made:
    """Score, plan and print one wave.

    `answers` has the used answer sheets by department id; a department without any may be missing. `corrected` are
    the departments whose headcount was found wrong; more answers than the headcount count as a headcount of as many.
    ValueError for answers of a department that is not among these, for answers beyond an item's scale, and for a
    policy with k_intervals below k_means. `told` is the ledger of the wave's first release, whose strata a later one
    only merges. `nothing_before` says why there is no previous wave, `roster` is that of the first release, `screened`
    has the sheets that were left out, None where there was no rule.
    """
    name, before_it = facts.organisation, nothing_before if previous is None else None
    with _before(name, previous, Asking(instrument, form)) as before:
        begun = begin(name, instrument, form, departments, answers, policy, told=told, roster=roster)
        # This takes longest and needs no plan.
        with aside(partial(driven, begun.driving, begun.survey.sheets)) as drivers:
            wave = with_tallies(planned_wave(begun))
            trends, figures = _trends(wave, before()), Figures(wave)
            found = _cells(wave, _changes(wave, trends, nothing_before=before_it), figures)
            rows = tuple(_rows(wave, found, corrected))
            release = figures.added_to(_document(wave, trends, rows, facts=facts, policy=policy, number=number))
            omitted = None if screened is None else left_out.told(wave, screened)
            release = left_out.noted(replace(with_gates(release, wave), drivers=drivers()), omitted)
    return Made(worded(replace(release, occasion=occasion, approvals=approvals)), wave, trends)


@contextmanager
def _before(organisation: str, previous: PreviousWave | None, now: Asking) -> Iterator[Callable[[], Earlier | None]]:
    """Within it the wave before is planned beside this one, as far as it is compared."""
    if previous is None:
        yield lambda: None
        return
    with aside(lambda: earlier(survey_before(organisation, previous), now=now)) as found:
        yield found


def _document(
    wave: PlannedWave,
    trends: Mapping[str, Trend | Refusal],
    rows: tuple[Row, ...],
    *,
    facts: WaveFacts,
    policy: Policy,
    number: int,
) -> Release:
    levels = role_levels(wave)
    return Release(
        schema=SCHEMA,
        number=number,
        method=METHOD,
        wave=facts,
        policy=policy,
        dimensions=_dimension_heads(wave),
        modules=_module_heads(wave),
        rows=rows,
        small=_small(wave),
        comparable=tuple(one for one, found in trends.items() if isinstance(found, Trend)),
        not_comparable={one: found.sentence for one, found in trends.items() if isinstance(found, Refusal)},
        certificate=_certificate(wave, policy, rows, trends),
        notes=tuple(_notes(wave, policy, rows)),
        margins=(*margins(wave, levels), *by_site(wave)),
        gaps=gaps(wave, levels),
        workflows=tuple(workflow_heads(wave.survey.instrument, wave.rows)),
    )


def _trends(wave: PlannedWave, before: Earlier | None) -> dict[str, Trend | Refusal]:
    if before is None:
        return {}
    return trends_of(before, wave.survey)


def _changes(
    wave: PlannedWave, trends: Mapping[str, Trend | Refusal], *, nothing_before: NoChangeReason | None
) -> Changes:
    """The change of every dimension and row."""
    found = tested({one: dict(_compared(wave.rows, trends.get(one), nothing_before)) for one in wave.survey.own})
    # Module items are no anchors: a module is asked in the full form only and has no trend. Nor have ratings.
    never = NoChange(reason=nothing_before or "not_comparable")
    asked = {key: [row for row, of_row in wave.module_of.items() if of_row == key] for key in wave.modules}
    of_ratings = {key: {one: never for rated, one in wave.rating_of.items() if rated == key} for key in wave.ratings}
    if CHECKING in of_ratings:
        of_ratings[CHECKING] = dict.fromkeys([one.id for one in nodes(wave.rows)], never)
    return found | {one.column.id: dict.fromkeys(asked[key], never) for key, one in wave.modules.items()} | of_ratings


def _compared(
    rows: Node, found: Trend | Refusal | None, nothing_before: NoChangeReason | None
) -> Iterator[tuple[str, Compared | NoChange]]:
    if isinstance(found, Trend) and nothing_before is None:
        return compared(rows, found)
    refused = found.reason if isinstance(found, Refusal) else "not_comparable"
    return ((row.id, NoChange(reason=nothing_before or refused)) for row in nodes(rows))


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a release by column and row: of dimensions and modules, and of the anchors alone."""

    own: Mapping[str, Mapping[str, Cell]]
    anchors: Mapping[str, Mapping[str, Cell]]


def _cells(wave: PlannedWave, changes: Changes, figures: Figures) -> _Cells:
    rows = wave.rows.every
    silent = frozenset(one.id for one in rows if one.kind != "organisation" and not count(one, wave.responses))
    columns = [*wave.survey.own.values(), *wave.modules.values(), *wave.ratings.values()]
    lines = iter(lines_of([*((one, False) for one in columns), *((one, True) for one in wave.anchors.values() if one)]))
    own = {
        one.column.id: dict(
            cells(rows, one, next(lines), changes=changes[one.column.id], silent=silent, beside=figures.of(one))
        )
        for one in columns
    }
    withheld = dict.fromkeys([one.id for one in rows], Hidden(reason="withheld"))
    anchors = {
        name: dict(cells(rows, one, next(lines), changes=changes[name], silent=silent)) if one else withheld
        for name, one in wave.anchors.items()
    }
    return _Cells(own, anchors)


def _rows(wave: PlannedWave, found: _Cells, corrected: frozenset[str]) -> Iterator[Row]:
    yield from _rows_below(wave.rows, wave, found, corrected, parent=None, depth=0)


def _rows_below(
    node: Node, wave: PlannedWave, found: _Cells, corrected: frozenset[str], *, parent: str | None, depth: int
) -> Iterator[Row]:
    yield _row(node, wave, found, corrected, parent=parent, depth=depth)
    for child in node.children:
        yield from _rows_below(child, wave, found, corrected, parent=node.id, depth=depth + 1)


def _row(
    node: Node, wave: PlannedWave, found: _Cells, corrected: frozenset[str], *, parent: str | None, depth: int
) -> Row:
    cells = {name: told[node.id] for name, told in found.own.items() if node.id in told}
    module = wave.module_of.get(node.id)
    n = _printed_n(node, wave)
    headcount = _printed_headcount(node, wave)
    return Row(
        id=node.id,
        kind=node.kind,
        name=node.name,
        parent=parent,
        depth=depth,
        headcount=headcount,
        n=n,
        rate=None if n is None else printed_rate(n, headcount),
        departments=tuple(one for one in wave.departments if one in node.departments),
        members=node.members,
        function=function_of(node, wave.departments),
        headcount_corrected=_is_corrected(node, wave, corrected),
        trust=block_index([cells[one.id] for one in wave.survey.instrument.dimensions if one.block == "trust"]),
        readiness=block_index([cells[one.id] for one in wave.survey.instrument.dimensions if one.block == "readiness"]),
        cells=cells,
        anchors={name: told[node.id] for name, told in found.anchors.items()},
        module=None if module is None else wave.modules[module].column.id,
    )


def _printed_headcount(node: Node, wave: PlannedWave) -> int:
    """The people of a row: those of the roster, or as many as answered where that is more.

    Taken for the row as a whole: with the larger number of each department, the headcount of a pool would tell how
    many of a small member answered.
    """
    return max(_roster(node, wave), _printed_n(node, wave) or 0)


def _is_corrected(node: Node, wave: PlannedWave, corrected: frozenset[str]) -> bool:
    """Whether a row's headcount was corrected: by somebody, or because more people answered than the roster has.

    The second for a finest row as a whole, too: a mark for each department would tell of a small member of a pool
    whether more of it answered than it has people.
    """
    held = node.departments if not node.children else frozenset({node.id})
    return bool(held & corrected) or (not node.children and (_printed_n(node, wave) or 0) > _roster(node, wave))


def _roster(node: Node, wave: PlannedWave) -> int:
    return sum(wave.recorded[one] for one in node.departments)


def _printed_n(node: Node, wave: PlannedWave) -> int | None:
    """The used responses of a row, None where there are none or, for the organisation, too few to say."""
    n = count(node, wave.responses)
    return n if n >= wave.survey.k[0] else None


def _dimension_heads(wave: PlannedWave) -> tuple[DimensionHead, ...]:
    return tuple(
        DimensionHead(
            id=one.id,
            name=one.name,
            short=one.short,
            definition=one.definition,
            block=one.block,
            items=len(wave.survey.own[one.id].column.items),
        )
        for one in wave.survey.instrument.dimensions
    )


def _module_heads(wave: PlannedWave) -> tuple[ModuleHead, ...]:
    """The modules that some row was asked."""
    modules = wave.survey.instrument.modules
    return tuple(
        ModuleHead(
            id=column.column.id, function=modules[key].function, name=modules[key].name, items=len(column.column.items)
        )
        for key, column in wave.modules.items()
        if key in wave.module_of.values()
    )


def _small(wave: PlannedWave) -> tuple[Small, ...]:
    """The departments without a row of their own, and the rows that hold them."""
    rows = {one.id: one for one in nodes(wave.rows)}
    holders = {department: one.id for one in nodes(wave.rows) for department in one.departments}
    return tuple(
        Small(id=one.id, name=one.name, row=holders[one.id]) for one in wave.departments.values() if one.id not in rows
    )


def _certificate(
    wave: PlannedWave, policy: Policy, rows: Sequence[Row], trends: Mapping[str, Trend | Refusal]
) -> Certificate:
    cells = [one for row in rows for one in (*row.cells.values(), *row.anchors.values())]
    shown = [one for one in cells if isinstance(one, Scored)]
    anchors = [side for one in trends.values() if isinstance(one, Trend) for side in (one.before, one.now)]
    stored = [one for one in wave.anchors.values() if one is not None]
    columns = [*wave.survey.own.values(), *stored, *wave.modules.values(), *wave.ratings.values(), *anchors]
    supports = [n for column in columns for n in column.supports]
    return Certificate(
        statement="",
        k_means=policy.k_means,
        k_intervals=policy.k_intervals,
        means_published=len(shown),
        means_hidden=sum(isinstance(one, Hidden) for one in cells),
        intervals_published=sum(one.interval is not None for one in shown),
        smallest_support=min(supports, default=None),
    )


def _notes(wave: PlannedWave, policy: Policy, rows: Sequence[Row]) -> Iterator[str]:
    """What a reader has to know of this release as a whole, in sentences."""
    if rows[0].n is None:
        yield str(notes.FEW.filled({"k": policy.k_means}))
    if names := [row.name for row in rows if row.headcount_corrected]:
        yield str(notes.CORRECTED.filled({"names": ", ".join(names)}))
