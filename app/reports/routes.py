"""The files of a wave's result: asked for, watched while they are made, downloaded."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted
from app.clients import queries as clients
from app.errors import ConflictError, NotFoundError
from app.releases import store
from app.releases.document.words import row_name
from app.reports import queries, service
from app.reports.formats import FORMATS
from app.reports.handing import attachment, told_size
from app.reports.options import BOARD, PAPERS_TOLD, ROLES, SPOKEN, Options
from app.reports.queries import FAILED, ReportFacts
from app.reports.steps import STEPS
from app.reports.views import File, NoReleasePage, Place, ReportPage
from app.sentences import recalled, say
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.web.access import access
from app.web.catalogs import SOURCE
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import language_of
from app.web.views import NO_STORE, html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/waves/{wave_id}")

SLOW = timedelta(minutes=2)
FAILURES = (FAILED, service.MISSING_LIBRARY, service.MISSING_SPSS)


@router.get("/report", name="reports:report")
@access("client")
def report_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    wave_id: UUID,
    now: Now,
    language: str = "",
    paper: str = "A4",
) -> Response:
    """The files of the wave's result in one language; 503 when the worker lacks the library that makes one."""
    place, wave = _place(session, member.organisation_id, wave_id)
    release = store.latest(session, member.organisation_id, wave_id)
    if release is None:
        return html(request, NoReleasePage(place, wave.state))
    chosen = Options.read(paper=paper, language=language or language_of(request))
    facts = queries.reports(session, member.organisation_id, release.id)
    files, also = _files(session, release, facts, chosen, now)
    page = ReportPage(
        place=place,
        assessment_id=wave.assessment_id,
        number=release.number,
        under_way=any(fact.under_way for fact in facts),
        files=files,
        also=also,
        editions=_editions(session, release, facts, now),
        unnamed=_unnamed(session, release, facts, chosen, now),
        departments=tuple((row.id, row_name(row)) for row in release.document.rows[1:]),
        cut=tuple((key, one.name) for key, one in FORMATS.items() if one.editions),
        languages=tuple((one.tag, one.name) for one in SPOKEN),
        papers=PAPERS_TOLD,
        chosen=chosen,
    )
    missing = any(file.error == service.MISSING_LIBRARY for file in files)
    return html(request, page, status=503 if missing else 200)


@router.post("/report", name="reports:ask")
@access("client")
@noted("result.report")
def ask(
    request: Request, member: ClientMember, session: WriteSession, wave_id: UUID, now: Now, form: FormDep
) -> Response:
    """Asks for a file of the wave's latest release."""
    release = _release(session, member.organisation_id, wave_id)
    asked = {name: form.text(name) for name in ("language", "paper")}
    options = Options.read(
        paper=asked["paper"],
        language=asked["language"] or SOURCE,
        kind=form.text("format") or "pdf",
        edition=form.text("edition"),
    )
    service.ask(session, organisation_id=member.organisation_id, release_id=release.id, options=options, now=now)
    return see_other(request, "reports:report", organisation_id=member.organisation_id, wave_id=wave_id, **asked)


@router.get("/report.{format_key}", name="reports:file", dependencies=[downloaded("download.report")])
@access("client")
def report_file(
    session: ReadSession,
    member: ClientMember,
    wave_id: UUID,
    format_key: str,
    paper: str = "A4",
    language: str = SOURCE,
    edition: str = BOARD,
) -> Response:
    """A file that is made."""
    release = _release(session, member.organisation_id, wave_id)
    options = Options.read(paper=paper, language=language, kind=format_key, edition=edition)
    found = queries.content(session, member.organisation_id, release.id, options)
    if found is None:
        raise ConflictError(say("This report has not been made yet. Ask for it on the page of the report."))
    return attachment(release, options, found[0], {**NO_STORE, "ETag": f'"{found[1]}"'})


def _release(session: Session, organisation_id: UUID, wave_id: UUID) -> store.StoredRelease:
    waves.wave(session, organisation_id, wave_id)
    found = store.latest(session, organisation_id, wave_id)
    if found is None:
        raise NotFoundError(say("There is no result of this wave yet, so there is nothing to report."))
    return found


def _place(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[Place, WaveView]:
    wave = waves.wave(session, organisation_id, wave_id)
    name = clients.organisation(session, organisation_id).name
    place = Place(organisation_id=organisation_id, organisation=name, wave_id=wave_id, wave=wave.label)
    return place, wave


def _files(
    session: Session, release: store.StoredRelease, facts: tuple[ReportFacts, ...], chosen: Options, now: datetime
) -> tuple[tuple[File, ...], tuple[File, ...]]:
    """Each format in the chosen language and on the chosen paper, and what was made with others."""
    known = {fact.options: fact for fact in facts if fact.options.edition == BOARD}
    shown = [Options.read(paper=chosen.paper, language=chosen.language, kind=key) for key in FORMATS]

    def told(options: Options) -> File:
        return _file(
            options, known.get(options), service.basis(session, release.organisation_id, release.id, options), now
        )

    also = (told(one) for one in known if one not in shown)
    return tuple(map(told, shown)), tuple(replace(one, name=one.title) for one in also)


def _unnamed(
    session: Session, release: store.StoredRelease, facts: tuple[ReportFacts, ...], chosen: Options, now: datetime
) -> tuple[File, ...]:
    """The formats that name people with roles in place of names, as chosen, and what was made with other choices."""
    known = {fact.options: fact for fact in facts if fact.options.edition == ROLES}
    shown = [
        Options.read(paper=chosen.paper, language=chosen.language, kind=key, edition=ROLES)
        for key, one in FORMATS.items()
        if one.names
    ]
    every = (*shown, *(one for one in known if one not in shown))
    return tuple(
        replace(
            _file(one, known.get(one), service.basis(session, release.organisation_id, release.id, one), now),
            name=one.kind.name if one in shown else one.title,
        )
        for one in every
    )


def _editions(
    session: Session, release: store.StoredRelease, facts: tuple[ReportFacts, ...], now: datetime
) -> tuple[File, ...]:
    """The reports of single departments that were asked for, under the departments' names."""
    found = [
        (row, fact)
        for fact in facts
        if fact.options.edition != BOARD and (row := release.document.row(fact.options.edition))
    ]
    return tuple(
        replace(
            _file(fact.options, fact, service.basis(session, release.organisation_id, release.id, fact.options), now),
            name=row_name(row),
            title=say("{department}: {file}", department=row_name(row), file=fact.options.title),
            purpose=fact.options.title,
        )
        for row, fact in found
    )


def _file(options: Options, facts: ReportFacts | None, basis: str, now: datetime) -> File:
    kind = options.kind
    if facts is None:
        return File(options=options, name=kind.name, title=options.title, purpose=kind.purpose)
    return File(
        options=options,
        name=kind.name,
        title=options.title,
        purpose=kind.purpose,
        state=facts.state,
        size=told_size(facts.size) if facts.state == "done" and facts.size is not None else "",
        older=facts.state == "done" and facts.basis != basis,
        step=recalled(facts.step, STEPS),
        done=facts.done_steps,
        current=facts.done_steps + 1,
        steps=facts.steps,
        error=recalled(facts.error or "", FAILURES),
        slow=facts.under_way and now - facts.asked_at > SLOW,
    )
