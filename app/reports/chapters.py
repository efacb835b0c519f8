"""The report of one release as a view: everything its template prints, taken from the release and nothing else."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from babel import Locale

from app.releases.document.attested import approvals, checked, languages
from app.releases.document.release import DimensionHead, Release, Row, Scored
from app.reports import beside, findings, summary, tables
from app.reports.annex import Annex, annex
from app.reports.figures import IntervalPlot, interval_plot
from app.reports.findings import MovedRow
from app.reports.options import Options
from app.reports.phrases import row_name
from app.reports.summary import Statement
from app.reports.tables import Column, Group, ProfileRow, TableRow
from app.sentences import say
from app.web.views import View
from surveys.languages import LANGUAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the table of contents."""

    href: str
    label: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The chapter on change: a reason why there is none, or the sentences and the table."""

    reason: str | None
    headline: str
    confirmed: tuple[MovedRow, ...]
    likely: tuple[MovedRow, ...]
    compared: int
    previous: str
    rows: tuple[TableRow, ...]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleScore:
    """The score of a department's own questions: its name, the value and what it rests on."""

    name: str
    value: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One row of the heatmap as a strip of cells with the plot beside it; no plot where nothing is shown."""

    title: str
    previous: str
    rows: tuple[ProfileRow, ...]
    plot: IntervalPlot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentPage:
    """One page of one row: a message, who answered, three sentences, its profile."""

    anchor: str
    name: str
    above: str
    members: str
    headline: str
    answered: str
    sentences: tuple[str, ...]
    profile: Profile
    module: ModuleScore | None
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The facts of the last chapter."""

    form: str
    items: int
    instrument: str
    instrument_sha256: str
    release_number: int
    release_sha256: str
    roster_sha256: str
    scoring: str
    policy: str
    k_means: int
    k_intervals: int
    certificate: str
    checked: tuple[str, ...]
    approvals: tuple[str, ...]
    languages: str
    notes: tuple[str, ...]
    not_comparable: tuple[str, ...]


@dataclass(frozen=True)
class ReportDocument(View):
    """The whole report. Dates are those of the wave, so the same release gives the same bytes on any day."""

    template: ClassVar[str] = "reports/document.html"
    options: Options
    title: str
    client: str
    assessment: str
    wave: str
    period: str
    form: str
    closed_on: str
    result: str
    contents: tuple[Entry, ...]
    statements: tuple[Statement, ...]
    limits: tuple[str, ...]
    whole: Profile
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    heat: tuple[TableRow, ...]
    heat_headline: str
    marks: frozenset[str]
    changes: Changes
    departments: tuple[DepartmentPage, ...]
    method: Method
    annex: Annex | None


FORMS = {"full": say("full survey"), "pulse": say("pulse survey")}


def build(release: Release, *, sha256: str, options: Options) -> ReportDocument:
    """The report of a release whose canonical bytes have that SHA-256, with these options."""
    wave = release.wave
    pages, added = tuple(_page(release, row) for row in release.rows[1:]), annex(release)
    return ReportDocument(
        options=options,
        title=say(
            "Trust in AI agents and readiness for them: {organisation}, {wave}",
            organisation=wave.organisation,
            wave=wave.label,
        ),
        client=wave.organisation,
        assessment=wave.assessment,
        wave=wave.label,
        period=say(
            "{first} to {last}", first=date.fromisoformat(wave.opened_on), last=date.fromisoformat(wave.closed_on)
        ),
        form=FORMS[wave.form],
        closed_on=wave.closed_on,
        result=findings.result(release),
        contents=_contents(pages, annexed=added is not None),
        statements=summary.summary(release),
        limits=summary.limits(release),
        whole=_profile(release, release.organisation),
        columns=tables.columns(release),
        groups=tables.groups(release),
        heat=tables.heat_rows(release),
        heat_headline=findings.heat_headline(release),
        marks=tables.occurring(release),
        changes=_changes(release),
        departments=pages,
        method=_method(release, sha256, options.language),
        annex=added,
    )


def _contents(pages: tuple[DepartmentPage, ...], *, annexed: bool) -> tuple[Entry, ...]:
    chapters = (
        ("summary", say("Executive summary")),
        ("reading", say("How to read this report")),
        ("heatmap", say("Heatmap")),
        ("changes", say("What changed")),
        ("departments", say("Department by department")),
    )
    return (
        *(Entry(href=f"#{anchor}", label=label, level=1) for anchor, label in chapters),
        *(Entry(href=f"#{page.anchor}", label=page.name, level=2) for page in pages),
        Entry(href="#method", label=say("Method and limits"), level=1),
        *([Entry(href="#annex", label=say("Technical annex"), level=1)] if annexed else []),
    )


def _changes(release: Release) -> Changes:
    reason = findings.no_comparison(release)
    return Changes(
        reason=reason,
        headline=findings.change_headline(release),
        confirmed=findings.moved_rows(release, "confirmed"),
        likely=findings.moved_rows(release, "seems"),
        compared=findings.compared(release),
        previous=release.wave.previous_label or "",
        rows=() if reason else tables.change_rows(release),
        reasons=tables.change_reasons(release),
    )


def _page(release: Release, row: Row) -> DepartmentPage:
    above = release.row(row.parent) if row.parent else None
    return DepartmentPage(
        anchor=tables.anchor(release, row),
        name=row_name(row),
        above=above.name if above else release.wave.organisation,
        members=", ".join(row.members),
        headline=beside.page_headline(release, row),
        answered=findings.answered(row),
        sentences=beside.page_sentences(release, row),
        profile=_profile(release, row),
        module=_module(release, row),
        corrected=row.headcount_corrected,
    )


def _profile(release: Release, row: Row) -> Profile:
    shown = any(isinstance(row.cells.get(head.id), Scored) for head in release.dimensions)
    return Profile(
        title=say("{row}, {wave}", row=row_name(row), wave=release.wave.label),
        previous=release.wave.previous_label or "",
        rows=tables.profile(release, row),
        plot=interval_plot(release, row) if shown else None,
    )


def _module(release: Release, row: Row) -> ModuleScore | None:
    head = next((module for module in release.modules if module.id == row.module), None)
    if head is None:
        return None
    cell = row.cells.get(head.id)
    value = findings.value(row, cell) if isinstance(cell, Scored) else say("not shown, to protect a small group")
    return ModuleScore(name=head.name, value=value, items=head.items)


def _method(release: Release, sha256: str, language: str) -> Method:
    names: dict[str, DimensionHead] = {head.id: head for head in release.dimensions}
    wave, certificate = release.wave, release.certificate
    return Method(
        form=FORMS[wave.form],
        items=sum(head.items for head in release.dimensions),
        instrument=f"{wave.instrument} {wave.instrument_version}",
        instrument_sha256=wave.instrument_sha256,
        release_number=release.number,
        release_sha256=sha256,
        roster_sha256=wave.roster_sha256,
        scoring=release.method,
        policy=release.policy.version,
        k_means=release.policy.k_means,
        k_intervals=release.policy.k_intervals,
        certificate=certificate.statement,
        checked=checked(release),
        approvals=approvals(release),
        languages=languages(release, names=_names_of_languages(language)) or "",
        notes=release.notes,
        not_comparable=tuple(
            say("{dimension}: {reason}", dimension=names[key].name if key in names else key, reason=reason)
            for key, reason in release.not_comparable.items()
        ),
    )


def _names_of_languages(language: str) -> dict[str, str]:
    """What that language calls the others."""
    return {tag: Locale.parse(tag).get_display_name(language) or one.name for tag, one in LANGUAGES.items()}
