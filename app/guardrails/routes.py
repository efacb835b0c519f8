"""The addresses of guardrails: for who runs a client, for sponsors, and for leads those of their own department."""

from datetime import datetime

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember, Member, ResultReader
from app.acts.noting import noted, say_about
from app.errors import ConflictError, InvalidError
from app.guardrails import forms, pages, service
from app.guardrails.sight import Shared, Sight, sight
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, takes_tables
from app.web.speech import language_of
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/guardrails")

NOTICES = {
    "noted": say("What counsel said is kept as a new version."),
    "countries": say("The countries are saved."),
}


@router.get("", name="guardrails:list")
@access("reader")
def guardrails_page(
    request: Request,
    session: ReadSession,
    member: ResultReader,
    now: Now,
    department: str = "",
    level: str = "",
    state: str = "",
    done: str = "",
) -> Response:
    """Which guardrails count, and how each stands."""
    request.state.notice = NOTICES.get(done)
    asked = {"department": department, "level": level, "state": state}
    return html(
        request, pages.guardrails_page(_seen(request, session, member, now), **asked, language=language_of(request))
    )


@router.get("/countries", name="guardrails:countries")
@access("client")
def countries_page(request: Request, session: ReadSession, member: ClientMember, now: Now) -> Response:
    """Where the client and its departments work."""
    return html(request, pages.countries_page(_seen(request, session, member, now)))


@router.post("/countries", name="guardrails:set_countries")
@access("client")
@noted("client.countries")
@takes_tables
def set_countries(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Sets where they work, or shows what somebody else set meanwhile, with everything that was ticked."""
    seen = _seen(request, session, member, now)
    ticked = forms.read_countries(data, (one.id for one in seen.spots))
    try:
        service.set_countries(session, member.organisation_id, ticked, seen=forms.read_seen(data.text("seen")))
    except InvalidError as error:
        page = pages.countries_page(seen, typed=ticked, errors=error.fields)
        return html(request, page, status=error.status)
    except ConflictError as error:
        page = pages.countries_page(seen, typed=ticked, meanwhile=error.message)
        return html(request, page, status=error.status)
    return see_other(request, "guardrails:list", organisation_id=member.organisation_id, done="countries")


@router.get("/{guardrail_id}", name="guardrails:one")
@access("reader")
def guardrail_page(
    request: Request, session: ReadSession, member: ResultReader, now: Now, guardrail_id: str, done: str = ""
) -> Response:
    """One guardrail."""
    request.state.notice = NOTICES.get(done)
    one = pages.found_guardrail(guardrail_id)
    return html(request, pages.guardrail_page(_seen(request, session, member, now), one, language=language_of(request)))


@router.post("/{guardrail_id}", name="guardrails:note")
@access("client")
@noted("decision.counsel")
def note(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, guardrail_id: str
) -> Response:
    """Keeps what counsel said, or shows what somebody else wrote meanwhile, with everything that was typed."""
    one, typed = pages.found_guardrail(guardrail_id), forms.read_note(data)
    said = forms.said(typed, seen=data.number("seen"))
    told: dict[str, str] = {}
    try:
        service.note(session, member.organisation_id, one, said, made_by=member.user_name, now=now)
    except (InvalidError, ConflictError) as error:
        wrong, meanwhile = (error.fields, "") if isinstance(error, InvalidError) else (told, error.message)
        page = pages.guardrail_page(
            _seen(request, session, member, now),
            one,
            language=language_of(request),
            typed=typed,
            errors=wrong,
            meanwhile=meanwhile,
        )
        return html(request, page, status=error.status)
    say_about(request, detail=one.id)
    place = {"organisation_id": member.organisation_id, "guardrail_id": one.id}
    return see_other(request, "guardrails:one", **place, done="noted")


def _seen(request: Request, session: Session, member: Member, now: datetime) -> Sight:
    shared: Shared = request.app.state.shared_releases
    return sight(session, member, shared=shared, now=now)
