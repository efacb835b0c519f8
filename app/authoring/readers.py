"""The addresses with which leads read a draft and remark on it, and the consultant's page about them."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import service as accounts
from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.authoring import forms, reading
from app.authoring.views import RemarksPage
from app.errors import ConflictError, InvalidError
from app.questionnaires import queries, remarks
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import language_of
from app.web.views import html, see_other
from surveys.languages import LANGUAGES

router = APIRouter()

REMARKS = "/organisations/{organisation_id}/questionnaires/{instrument_id}/remarks"
READER = "/questionnaire/{token}"


@router.get(REMARKS, name="authoring:remarks")
@access("client")
def remarks_page(request: Request, session: ReadSession, member: ClientMember, instrument_id: UUID) -> Response:
    """The links of a draft, and what was remarked with them."""
    return html(request, _console(request, session, member.organisation_id, instrument_id))


@router.post(REMARKS, name="authoring:invite")
@access("client")
@noted("questionnaire.reader")
def make_link(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, instrument_id: UUID
) -> Response:
    """Makes the link of a reader."""
    place = {"organisation_id": member.organisation_id, "instrument_id": instrument_id}
    reader = data.text("reader")
    try:
        remarks.make_link(session, link_key=request.app.state.link_key, **place, reader=reader, now=now)
    except InvalidError as error:
        page = _console(request, session, member.organisation_id, instrument_id, typed=reader, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "authoring:remarks", **place)


@router.post(REMARKS + "/settle", name="authoring:settle")
@access("client")
@noted("questionnaire.settled")
def settle(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, instrument_id: UUID
) -> Response:
    """Takes a link back, or marks a remark as resolved or as open again."""
    place = {"organisation_id": member.organisation_id, "instrument_id": instrument_id}
    link, done, again = (forms.read_id(data, name) for name in ("link", "resolve", "reopen"))
    remark = done or again
    queries.instrument(session, member.organisation_id, instrument_id)
    if link is not None:
        remarks.revoke(session, **place, link_id=link, now=now)
    elif remark is not None:
        remarks.resolve(session, **place, remark_id=remark, resolved=done is not None, user_id=member.user_id, now=now)
    else:
        raise InvalidError(say("It is not clear what is meant. Use one of the buttons of the page with the remarks."))
    return see_other(request, "authoring:remarks", **place)


@router.get(READER, name="authoring:read")
@access("link")
def reader_page(request: Request, session: ReadSession, token: str, item: str = "", words: str = "") -> Response:
    """The draft in the `words` of a language, for somebody without an account; `item` is the question to remark on."""
    link = remarks.enter(session, token)
    language = words if words in LANGUAGES else language_of(request)
    return html(request, reading.reader(session, link, token.strip().lower(), language=language, item=item))


@router.post(READER, name="authoring:remark")
@access("link")
def remark(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Keeps a reader's remark about a text; what was typed stays where it is refused."""
    link, typed = remarks.enter(session, token), forms.read_remark(data)
    language = data.text("words") if data.text("words") in LANGUAGES else language_of(request)
    try:
        accounts.require_in_use(session, link.organisation_id)
        about = reading.text_of(session, link, typed.item)
        remarks.write(session, link=link, typed=typed, about=about, now=now)
    except (InvalidError, ConflictError) as error:
        fields = error.fields if isinstance(error, InvalidError) else {"body": error.message}
        page = reading.reader(session, link, token.strip().lower(), language=language, typed=typed, errors=fields)
        return html(request, page, status=error.status)
    return see_other(request, "authoring:read", token=token.strip().lower(), words=data.text("words") or None)


def _console(
    request: Request,
    session: Session,
    organisation_id: UUID,
    instrument_id: UUID,
    *,
    typed: str = "",
    errors: dict[str, str] | None = None,
) -> RemarksPage:
    state = request.app.state
    return reading.console(
        session,
        organisation_id,
        instrument_id,
        link_key=state.link_key,
        base_url=state.settings.base_url,
        typed=typed,
        errors=errors,
    )
