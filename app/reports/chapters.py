"""The report of one release as a view: everything its template prints, taken from the release and nothing else."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final

from babel import Locale

from app.autonomy.sharing import Shown
from app.clients.brand import PLAIN, Brand
from app.figures.distributions import Asked
from app.figures.dots import Dots, dots
from app.figures.squares import Field, quadrants
from app.planned.sharing import Fixed
from app.releases.document.attested import approvals, checked, languages
from app.releases.document.release import DimensionHead, Release
from app.reports import asked, findings, summary, tables
from app.reports.annex import Annex, annex
from app.reports.automating import Automating, automating, decided
from app.reports.divided import Divided, divided
from app.reports.driven import Driven, driven
from app.reports.extent import Extent, extent
from app.reports.figures import SHORT
from app.reports.findings import MovedRow
from app.reports.groups import Grouped, grouped
from app.reports.looks import Cover, cover
from app.reports.named import TEMPLATE, Source, source
from app.reports.onward import Onward, onward
from app.reports.options import Options
from app.reports.paper import MOST_LINES, NARROW
from app.reports.phrases import row_name
from app.reports.profiles import DepartmentPage, Profile, department_pages, plotted, profile
from app.reports.summary import Statement
from app.reports.sureness import Sure, sure
from app.reports.tables import Column, Group, TableRow
from app.sentences import say
from app.web.views import View
from surveys.languages import LANGUAGES

LONGEST_BESIDE: Final = 60
"""How long a name may be, in letters, for the table to have room beside the square."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the table of contents."""

    href: str
    label: str


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
class Method:
    """The facts of the last chapter."""

    form: str
    items: int
    instrument: str
    instrument_sha256: str
    release_number: int
    release_sha256: str
    roster_sha256: str
    template: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The cover, and what stands at the head of every page.

    `subject` is the department of a department's edition, and empty in the report for the board; `note` says what of
    the release is not printed.
    """

    title: str
    client: str
    subject: str
    assessment: str
    wave: str
    period: str
    form: str
    closed_on: str
    result: str
    answered: str
    note: str


@dataclass(frozen=True)
class ReportDocument(View):
    """The whole report. Dates are those of the wave, so the same release gives the same bytes on any day.

    A chapter of which the release tells nothing is None or empty.
    """

    template: ClassVar[str] = "reports/document.html"
    options: Options
    source: Source
    front: Front
    cover: Cover
    contents: tuple[Entry, ...]
    statements: tuple[Statement, ...]
    statements_title: str
    limits: tuple[str, ...]
    whole: Profile
    square: Field
    square_beside: bool
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    heat: tuple[TableRow, ...]
    heat_headline: str
    marks: frozenset[str]
    dimensions: tuple[Dots, ...]
    changes: Changes
    divided: Divided | None
    driven: Driven | None
    grouped: tuple[Grouped, ...]
    departments: tuple[DepartmentPage, ...]
    plotted: str
    automating: Automating | None
    onward: Onward | None
    sure: Sure
    method: Method
    annex: Annex | None
    asked: tuple[Asked, ...]


FORMS = {"full": say("full survey"), "pulse": say("pulse survey")}


def build(
    release: Release,
    *,
    sha256: str,
    options: Options,
    record: Shown | None = None,
    plan: Fixed | None = None,
    brand: Brand = PLAIN,
) -> ReportDocument:
    """The report of a release whose canonical bytes have that SHA-256, with these options, records, the client's look.

    Raises NotFoundError where the edition is of a department that the release has not.
    """
    told = extent(release, options.row)
    named = source(release, sha256, options, (record, plan), brand)
    document = _document(told, named, options, record, cover(brand, name=release.wave.organisation))
    document = replace(document, onward=onward(plan, record, told))
    return replace(document, contents=_contents(document))


def _document(told: Extent, named: Source, options: Options, record: Shown | None, outside: Cover) -> ReportDocument:
    """All that follows from the release and from the decision record."""
    printed, row, about = told.printed, told.row, told.about
    statements, pages = (*summary.summary(about, row), *decided(record, told)), department_pages(printed)
    square = quadrants(printed)
    return ReportDocument(
        options=options,
        source=named,
        front=_front(told),
        cover=outside,
        contents=(),
        statements=statements,
        statements_title=summary.title(about, row, len(statements)),
        limits=summary.limits(about),
        whole=profile(printed, told.subject, SHORT),
        square=square,
        square_beside=_beside(square),
        columns=tables.columns(printed),
        groups=tables.groups(printed),
        heat=tables.heat_rows(printed),
        heat_headline=findings.heat_headline(about, told.subject),
        marks=tables.occurring(printed),
        dimensions=_dimensions(printed),
        changes=_changes(told),
        divided=divided(printed) if row is None else None,
        driven=driven(printed),
        grouped=grouped(printed),
        departments=pages,
        plotted=plotted(pages),
        automating=automating(record, told),
        onward=None,
        sure=sure(printed),
        method=_method(told.whole, named.release, options.language),
        annex=annex(printed),
        asked=asked.questions(printed, told.subject),
    )


def _front(told: Extent) -> Front:
    wave, row = told.whole.wave, told.row
    name = wave.organisation
    if row is not None:
        name = say("{department}, {organisation}", department=row_name(row), organisation=wave.organisation)
    return Front(
        title=say(
            "Trust in AI agents and readiness for them: {organisation}, {wave}", organisation=name, wave=wave.label
        ),
        client=wave.organisation,
        subject="" if row is None else row_name(row),
        assessment=wave.assessment,
        wave=wave.label,
        period=say(
            "{first} to {last}", first=date.fromisoformat(wave.opened_on), last=date.fromisoformat(wave.closed_on)
        ),
        form=FORMS[wave.form],
        closed_on=wave.closed_on,
        result=findings.result(told.subject),
        answered=findings.answered(told.subject),
        note=told.note,
    )


def _beside(square: Field) -> bool:
    """Whether the names are short enough for the table to stand beside the square."""
    return (
        bool(square.points) and max(len(line[square.table.named_by]) for line in square.table.lines) <= LONGEST_BESIDE
    )


def _dimensions(release: Release) -> tuple[Dots, ...]:
    """Each dimension of all rows; nothing where there is one row alone, or more than a page can hold."""
    if not 2 < len(release.rows) <= MOST_LINES:
        return ()
    return tuple(dots(release, head, NARROW) for head in release.dimensions)


def _contents(document: ReportDocument) -> tuple[Entry, ...]:
    """The chapters that there are."""
    chapters = (
        ("summary", say("Executive summary"), True),
        ("reading", say("How to read this report"), True),
        ("heatmap", say("Heatmap"), True),
        ("dimensions", say("Dimension by dimension"), bool(document.dimensions)),
        ("changes", say("What changed"), True),
        ("divided", say("Splits and gaps"), document.divided is not None),
        ("driven", say("What goes with willingness"), document.driven is not None),
        ("groups", say("Role levels and sites"), bool(document.grouped)),
        ("departments", say("Department by department"), bool(document.departments)),
        ("automating", say("What to automate, and how far"), document.automating is not None),
        *(document.onward.chapters if document.onward else ()),
        ("sure", say("Quality and limits"), True),
        ("method", say("Method"), True),
        ("annex", say("Technical annex"), document.annex is not None),
        ("asked", say("The questions"), bool(document.asked)),
        ("glossary", say("Glossary"), True),
        ("imprint", say("Where the numbers come from"), True),
    )
    return tuple(Entry(href=f"#{anchor}", label=label) for anchor, label, there in chapters if there)


def _changes(told: Extent) -> Changes:
    release, about = told.printed, told.about
    reason = findings.no_comparison(about)
    return Changes(
        reason=reason,
        headline=findings.change_headline(about),
        confirmed=findings.moved_rows(release, "confirmed"),
        likely=findings.moved_rows(release, "seems"),
        compared=findings.compared(told.whole),
        previous=release.wave.previous_label or "",
        rows=() if reason else tables.change_rows(release),
        reasons=tables.change_reasons(release),
    )


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
        template=TEMPLATE,
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
