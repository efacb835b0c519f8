"""The addresses of posters. They are made on request and kept nowhere, because each holds a link."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded
from app.clients import brand
from app.clients import queries as clients
from app.clients.brand import Brand
from app.errors import ConflictError, InvalidError, NotFoundError
from app.invitations import queries as invitations
from app.posters import poster
from app.posters.views import PosterPage
from app.sentences import say
from app.waves import instruments, languages
from app.waves import queries as waves
from app.waves.queries import WaveDepartmentFacts, WaveView
from app.web.access import access
from app.web.database import ReadSession
from app.web.qr import qr
from app.web.views import html
from surveys.languages import LANGUAGES

router = APIRouter()

WAVE = "/organisations/{organisation_id}/waves/{wave_id}"
ALL = "all"
NO_LINK = say("There is no shared link to print. Make it on the page with the survey links first.")
TOO_LONG = say("Write at most {most} characters.", most=poster.LONGEST_CONTACT)


@router.get(WAVE + "/posters/{department_id}", name="posters:poster")
@access("client")
def poster_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    wave_id: UUID,
    department_id: UUID,
    contact: str | None = None,
) -> Response:
    """The code on screen, and what can be printed."""
    wave = waves.wave(session, member.organisation_id, wave_id)
    department, link = _linked(request, session, wave, department_id)
    named = poster.usual_contact(wave) if contact is None else contact
    page = PosterPage(
        organisation=clients.organisation(session, wave.organisation_id),
        wave=wave,
        department=department,
        link=link,
        code=qr(link),
        languages=tuple(LANGUAGES[tag] for tag in _offered(session, wave)),
        contact=named,
    )
    if len(named) > poster.LONGEST_CONTACT:
        return html(request, replace(page, errors={"contact": TOO_LONG}), status=422)
    return html(request, page)


@router.get(
    WAVE + "/posters/{department_id}/poster.pdf", name="posters:pdf", dependencies=[downloaded("download.poster")]
)
@access("client")
def poster_pdf(
    request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, department_id: UUID,
    language: str = ALL, contact: str | None = None,
) -> Response:  # fmt: skip
    """A department's poster in one language, or in all of them, one a page."""
    wave = waves.wave(session, member.organisation_id, wave_id)
    department, link = _linked(request, session, wave, department_id)
    sheet = poster.sheet(session, wave, department, link, contact=_contact(wave, contact))
    return _printed(request, [sheet], _chosen(session, wave, language), brand.brand(session, wave.organisation_id))


@router.get(WAVE + "/posters.pdf", name="posters:all", dependencies=[downloaded("download.posters")])
@access("client")
def posters_pdf(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    wave_id: UUID,
    language: str = ALL,
    contact: str | None = None,
) -> Response:
    """The posters of all departments, one a page."""
    wave = waves.wave(session, member.organisation_id, wave_id)
    links = _links(request, session, wave)
    there = waves.wave_departments(session, wave.organisation_id, wave.id)
    sheets = [
        poster.sheet(session, wave, one, links[one.department_id], contact=_contact(wave, contact))
        for one in there
        if one.department_id in links
    ]
    return _printed(request, sheets, _chosen(session, wave, language), brand.brand(session, wave.organisation_id))


def _printed(request: Request, sheets: Sequence[poster.Sheet], chosen: Sequence[str], look: Brand) -> Response:
    content = request.app.state.press.pdf(poster.document(sheets, chosen, look))
    headers = {"Content-Disposition": 'inline; filename="poster.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


def _linked(request: Request, session: Session, wave: WaveView, department_id: UUID) -> tuple[WaveDepartmentFacts, str]:
    """A department with its shared link. NotFoundError for one that is not in the wave, ConflictError without one."""
    found = waves.wave_departments(session, wave.organisation_id, wave.id, only=department_id)
    if not found and wave.state != "draft":
        raise NotFoundError
    links = _links(request, session, wave)
    if department_id not in links:
        raise ConflictError(NO_LINK)
    return found[0], links[department_id]


def _links(request: Request, session: Session, wave: WaveView) -> Mapping[UUID, str]:
    """The shared links of an open wave by department. ConflictError where there is none."""
    state = request.app.state
    made = invitations.links(
        session,
        link_key=state.link_key,
        organisation_id=wave.organisation_id,
        wave_id=wave.id,
        base_url=state.settings.base_url,
    )
    found = {one.department_id: one.url for one in made if one.kind == "shared"}
    if wave.state != "open" or not found:
        raise ConflictError(NO_LINK)
    return found


def _offered(session: Session, wave: WaveView) -> tuple[str, ...]:
    return tuple(languages.offered(session, wave, instruments.asked(session, wave)))


def _chosen(session: Session, wave: WaveView, language: str) -> tuple[str, ...]:
    """One language that the wave offers, or all of them. NotFoundError for another one."""
    offered = _offered(session, wave)
    if language == ALL:
        return offered
    if language not in offered:
        raise NotFoundError
    return (language,)


def _contact(wave: WaveView, text: str | None) -> str:
    """Whom to ask, on one line: who the wave names, unless told. InvalidError when it is too long for a poster."""
    if text is None:
        return poster.usual_contact(wave)
    told = " ".join(text.split())
    if len(told) > poster.LONGEST_CONTACT:
        raise InvalidError(TOO_LONG)
    return told
