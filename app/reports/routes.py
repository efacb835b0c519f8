"""The report of a wave: asked for, watched while it is made, downloaded."""

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
from app.reports import queries, service
from app.reports.options import SPOKEN, Options, Paper
from app.reports.queries import FAILED, ReportFacts
from app.reports.steps import STEPS
from app.reports.views import File, NoReleasePage, Place, ReportPage
from app.sentences import Sentence, recalled, say
from app.waves import queries as waves
from app.web.access import access
from app.web.catalogs import SOURCE
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import language_of
from app.web.views import html, see_other

router = APIRouter()

SLOW = timedelta(minutes=2)
FAILURES = (FAILED, service.MISSING_LIBRARY)
PAPERS_TOLD: tuple[tuple[Paper, Sentence], ...] = (
    ("A4", say("A4, for most of the world")),
    ("Letter", say("Letter, for the United States and Canada")),
)


@router.get("/organisations/{organisation_id}/waves/{wave_id}/report", name="reports:report")
@access("client")
def report_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, now: Now) -> Response:
    """The page of the report; 503 when the worker lacks the library that makes it."""
    place, state = _place(session, member.organisation_id, wave_id)
    release = store.latest(session, member.organisation_id, wave_id)
    if release is None:
        return html(request, NoReleasePage(place, state))
    facts = queries.reports(session, member.organisation_id, release.id)
    files = tuple(_file(fact, now) for fact in facts)
    page = ReportPage(
        place=place,
        number=release.number,
        under_way=any(fact.under_way for fact in facts),
        files=files,
        languages=tuple((one.tag, one.name) for one in SPOKEN),
        papers=PAPERS_TOLD,
        chosen=Options(language=language_of(request)),
    )
    missing = any(file.error == service.MISSING_LIBRARY for file in files)
    return html(request, page, status=503 if missing else 200)


@router.post("/organisations/{organisation_id}/waves/{wave_id}/report", name="reports:ask")
@access("client")
@noted("result.report")
def ask(
    request: Request, member: ClientMember, session: WriteSession, wave_id: UUID, now: Now, form: FormDep
) -> Response:
    """Asks for the report of the wave's latest release."""
    release = _release(session, member.organisation_id, wave_id)
    options = Options.read(paper=form.text("paper"), language=form.text("language") or SOURCE)
    service.ask(session, organisation_id=member.organisation_id, release_id=release.id, options=options, now=now)
    return see_other(request, "reports:report", organisation_id=member.organisation_id, wave_id=wave_id)


@router.get(
    "/organisations/{organisation_id}/waves/{wave_id}/report.pdf",
    name="reports:pdf",
    dependencies=[downloaded("download.report")],
)
@access("client")
def report_file(
    session: ReadSession, member: ClientMember, wave_id: UUID, paper: str = "A4", language: str = SOURCE
) -> Response:
    """The PDF, under a name that says whose and of which wave it is."""
    release = _release(session, member.organisation_id, wave_id)
    options = Options.read(paper=paper, language=language)
    found = queries.content(session, member.organisation_id, release.id, options)
    if found is None:
        raise ConflictError(say("This report has not been made yet. Ask for it on the page of the report."))
    content, sha256 = found
    wave = release.document.wave
    name = service.file_name(client=wave.organisation, wave=wave.label, number=release.number, options=options)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "ETag": f'"{sha256}"',
    }
    return Response(content, media_type="application/pdf", headers=headers)


def _release(session: Session, organisation_id: UUID, wave_id: UUID) -> store.StoredRelease:
    waves.wave(session, organisation_id, wave_id)
    found = store.latest(session, organisation_id, wave_id)
    if found is None:
        raise NotFoundError(say("There is no result of this wave yet, so there is nothing to report."))
    return found


def _place(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[Place, str]:
    wave = waves.wave(session, organisation_id, wave_id)
    name = clients.organisation(session, organisation_id).name
    place = Place(organisation_id=organisation_id, organisation=name, wave_id=wave_id, wave=wave.label)
    return place, wave.state


def _file(facts: ReportFacts, now: datetime) -> File:
    return File(
        id=f"file-{facts.options.language}-{facts.options.paper.lower()}",
        options=facts.options,
        title=say("{language}, {paper}", language=facts.options.spoken, paper=facts.options.paper),
        state=facts.state,
        step=recalled(facts.step, STEPS),
        done=facts.done_steps,
        current=facts.done_steps + 1,
        steps=facts.steps,
        error=recalled(facts.error or "", FAILURES),
        slow=facts.under_way and now - facts.asked_at > SLOW,
    )
