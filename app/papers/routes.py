"""The addresses of the papers: a page for the consultant, and what a review link opens without an account."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.errors import ConflictError, InvalidError
from app.papers import forms, pages, service, views
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import language_of
from app.web.views import html, see_other
from surveys.languages import LANGUAGES

router = APIRouter()

CONSOLE = "/organisations/{organisation_id}/waves/{wave_id}/papers"
REVIEW = "/review/{token}"


@router.get(CONSOLE, name="papers:console")
@access("client")
def console_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """The review links of a wave, and what was decided with them."""
    return html(request, _console(request, session, member.organisation_id, wave_id))


@router.post(CONSOLE, name="papers:make")
@access("client")
@noted("wave.papers")
def make_link(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Makes the review link of a reader."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    reader = data.text("reader")
    try:
        service.make_link(session, link_key=request.app.state.link_key, **place, reader=reader, now=now)
    except InvalidError as error:
        page = _console(request, session, member.organisation_id, wave_id)
        return html(request, replace(page, typed=reader, errors=error.fields), status=error.status)
    return see_other(request, "papers:console", **place)


@router.post(CONSOLE + "/take-back", name="papers:revoke")
@access("client")
@even_archived
@noted("wave.papers_taken_back")
def revoke_link(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Takes a review link back; decisions stay."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    service.revoke(session, **place, link_id=forms.link_id(data), now=now)
    return see_other(request, "papers:console", **place)


@router.get(REVIEW, name="papers:start")
@access("link")
def start_page(request: Request, session: ReadSession, token: str) -> Response:
    """The papers of a wave, and the decision on them."""
    return html(request, pages.start(session, service.enter(session, token)))


@router.post(REVIEW, name="papers:decide")
@access("link")
def decide(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Records an approval or an objection."""
    reading, typed = service.enter(session, token), forms.read_decision(data)
    try:
        service.decide(
            session,
            reading,
            name=typed.name,
            decision=typed.decision,
            remark=typed.remark,
            read_sha256=typed.papers,
            now=now,
        )
    except (InvalidError, ConflictError) as error:
        fields = error.fields if isinstance(error, InvalidError) else {"papers": error.message}
        page = replace(pages.start(session, reading), typed=typed, errors=fields)
        return html(request, page, status=error.status)
    return see_other(request, "papers:start", token=reading.token)


@router.get(REVIEW + "/questionnaire", name="papers:questionnaire")
@access("link")
def questionnaire_page(request: Request, session: ReadSession, token: str, words: str = "") -> Response:
    """Every question with its answers, in the `words` of a language."""
    return html(request, pages.questionnaire(session, service.enter(session, token), _words(request, words)))


@router.get(REVIEW + "/promise", name="papers:promise")
@access("link")
def promise_page(request: Request, session: ReadSession, token: str, words: str = "") -> Response:
    """The promise as respondents read it."""
    return html(request, pages.promise(session, service.enter(session, token), _words(request, words)))


@router.get(REVIEW + "/mails", name="papers:mails")
@access("link")
def mails_page(request: Request, session: ReadSession, now: Now, token: str, words: str = "") -> Response:
    """The mails as people get them."""
    reading, sent = service.enter(session, token), views.sent_from(request.app.state.settings)
    return html(request, pages.mails(session, reading, _words(request, words), sent=sent, now=now))


@router.get(REVIEW + "/impact-assessment", name="papers:assessment")
@access("link")
def assessment_page(request: Request, session: ReadSession, token: str) -> Response:
    """The draft of the impact assessment."""
    return html(request, pages.assessment(session, service.enter(session, token), language_of(request)))


@router.get(REVIEW + "/information", name="papers:information")
@access("link")
def information_page(request: Request, session: ReadSession, token: str) -> Response:
    """The information sheet for the works council."""
    return html(request, pages.information(session, service.enter(session, token), language_of(request)))


@router.get(REVIEW + "/sample", name="papers:sample")
@access("link")
def sample_page(request: Request, session: ReadSession, token: str) -> Response:
    """A made-up result."""
    return html(request, pages.sample_report(session, service.enter(session, token), language_of(request)))


def _console(request: Request, session: Session, organisation_id: UUID, wave_id: UUID) -> views.ConsolePage:
    state = request.app.state
    return pages.console(session, organisation_id, wave_id, link_key=state.link_key, base_url=state.settings.base_url)


def _words(request: Request, chosen: str) -> str:
    """The language in whose words somebody reads what respondents read: the chosen one, else that of the page."""
    return chosen if chosen in LANGUAGES else language_of(request)
