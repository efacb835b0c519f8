"""The proof of a release, before it is stored: the auditor's verdict, which becomes its certificate.

Audited are all releases of the wave together, with what their documents do not show, and the releases of the wave
before, because a comparison tells of that wave too. A release that fails is not made (`audit.refuse`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Final

from app.releases import evidence
from app.releases.audit.auditor import Audit, audit, refuse
from app.releases.audit.membership import joined
from app.releases.audit.omitted import omissions
from app.releases.audit.spoken import tongues
from app.releases.audit.statements import Statement, Strata
from app.releases.compute import Made
from app.releases.document.release import Release, dumped
from app.releases.plan import ledger
from app.releases.plan.ledger import Ledger
from app.releases.statistics import planning
from app.releases.statistics.aside import aside
from app.releases.statistics.change import Refusal, Trend
from app.releases.statistics.columns import DepartmentAnswers
from app.releases.statistics.gaps import gaps
from app.releases.statistics.margins import role_levels
from app.releases.statistics.uncollected import uncollected
from surveys.model import Form, Instrument

_MANY_ROWS: Final = 100
Trends = Mapping[str, Trend | Refusal]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A wave as the auditor takes it: its used answer sheets, and its releases so far with their ledgers, oldest first.

    `sent` has the numbers of all sheets by department, those that were left out too; None where all are used.
    `languages` has the same by language. `compared` is what releases of later waves told of this one by comparing.
    """

    instrument: Instrument
    form: Form
    answers: Mapping[str, DepartmentAnswers]
    releases: tuple[tuple[Release, Ledger | None], ...]
    sent: Mapping[str, int] | None = None
    languages: Mapping[str, int] = field(default_factory=dict)
    compared: tuple[Ledger, ...] = ()


@dataclass(frozen=True, slots=True)
class Proven:
    """A release with its certificate, its canonical bytes, and those of its ledger."""

    release: Release
    document: bytes
    ledger: bytes


@uncollected()
def proven(made: Made, wave: Dossier, before: Dossier | None) -> Proven:
    """The release with its certificate; ConflictError, which names rows and columns, where it tells of too few.

    Its bytes are written while the releases of both waves are audited beside. A small one is audited sooner than a
    child process has begun. Gaps between leaders and staff that tell too much beside all else are left out first.
    """
    with ExitStack() as children:
        of_now, *of_before = _audits(made, wave, before)
        beside = [children.enter_context(aside(one)) for one in of_before]
        if len(made.release.rows) >= _MANY_ROWS:
            of_now = children.enter_context(aside(of_now))
        document, entries = dumped(made.release), ledger.dump(planning.ledger(made.wave))
        found = of_now()
        if not found.passed and (fewer := without_gaps(made, found)) is not made.release:
            made = replace(made, release=fewer)
            document, found = dumped(fewer), next(_audits(made, wave, before))()
        refuse(found)
        for one in beside:
            refuse(one())
    release = certified(made.release, found)
    return Proven(release, document(release.certificate), entries)


def _audits(made: Made, wave: Dossier, before: Dossier | None) -> Iterator[Callable[[], Audit]]:
    """The audit of the wave with its new release and, where it is compared, of the wave before."""

    def of_now() -> Audit:
        now = replace(wave, releases=(*wave.releases, (made.release, planning.ledger(made.wave))))
        return _audited(now, evidence.compared(made.trends, side="now", release=len(wave.releases)))

    yield of_now
    if before is not None and before.releases:
        yield lambda: _audited(before, evidence.compared(made.trends, side="before"), only_sets=True)


def without_gaps(made: Made, found: Audit) -> Release:
    """The release without the gaps between leaders and staff of dimensions in which the audit found too much told.

    Both sides cross the departments. They are looked at beside each column of a dimension (`statistics.gaps`), and all
    columns together only here. Which are left out follows from who answered, never from what; the others are tested
    anew, because what is corrected for several tests would tell of those that are gone.
    """
    release = made.release
    told = () if release.gaps is None else tuple(one.dimension for one in release.gaps.cells)
    refused = {one for one in told if any(text.startswith(f"{one}, ") for text in found.offending)}
    if not refused:
        return release
    left = gaps(made.wave, role_levels(made.wave), without=refused)
    return replace(release, gaps=left if left is not None and left.cells else None)


def both_proven(trends: Trends, *, earlier: Dossier, later: Dossier, drawn: Release) -> tuple[Audit, Audit]:
    """The audits of two waves, each with all that was told of it and with the sets on which they are compared.

    `drawn` is a release of the later wave that prints their differences. ConflictError, which names rows and columns,
    where either wave would tell of too few. Both have a release.
    """
    place = len(later.releases)
    with_it = replace(later, releases=(*later.releases, (drawn, None)))
    found = (
        _audited(earlier, evidence.compared(trends, side="before"), only_sets=True),
        _audited(with_it, evidence.compared(trends, side="now", release=place), only_sets=True),
    )
    for one in found:
        refuse(one)
    return found


def certified(release: Release, found: Audit) -> Release:
    """The release with the auditor's numbers in its certificate."""
    certificate = replace(
        release.certificate,
        smallest_support=found.smallest_support,
        smallest_interval_support=found.smallest_interval_support,
        statistics=found.statistics,
        audited=True,
    )
    return replace(release, certificate=certificate)


def _audited(wave: Dossier, compared: Iterator[Strata], *, only_sets: bool = False) -> Audit:
    # The changes that the wave's own documents print were explained, and audited, when they were made.
    told = [*_told(wave, change=only_sets), *compared]
    people = evidence.people(wave.answers, wave.instrument, wave.form)
    documents = [release for release, _ in wave.releases]
    found = audit(documents, joined([people] * len(documents)), told=told, proven=only_sets)
    sent = people.used if wave.sent is None else wave.sent
    used = sum(people.used.values())
    faults = (
        *omissions(documents, used=used, sent=sum(sent.values())),
        *tongues(documents, used=used, sent=wave.languages),
    )
    return replace(found, passed=found.passed and not faults, offending=(*faults, *found.offending))


def _told(wave: Dossier, *, change: bool) -> Iterator[Statement]:
    for place, (release, told) in enumerate(wave.releases):
        if told is not None:
            yield from evidence.told_in(told, wave.instrument, wave.form, release=place, change=change)
        yield from evidence.beside_rows(release, wave.instrument, wave.form, place=place)
    for told in wave.compared:
        yield from evidence.told_in(told, wave.instrument, wave.form)
