"""The addresses of owners: the links of a workflow, and what one of them opens without an account."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted, say_about
from app.errors import ConflictError, InvalidError
from app.owners import forms, pages, service
from app.sentences import say
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other
from app.workflows import typed as facts_forms
from app.workflows.service import ChangedMeanwhileError

router = APIRouter()
CONSOLE = "/organisations/{organisation_id}/workflows/{workflow_id}/owner"
FACTS = "/facts/{token}"
NOTICES = {
    "sent": say("The link is on its way by mail. It is shown nowhere, and works until its last day."),
    "back": say("The link is taken back. What was saved with it stays."),
    "saved": say("Saved. Thank you. You can come back with the same link and correct it."),
}


@router.get(CONSOLE, name="owners:links")
@access("client")
def links_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, workflow_id: UUID, done: str = ""
) -> Response:
    """The links with which the owner of a workflow says its facts."""
    request.state.notice = NOTICES.get(done)
    page = pages.links_page(session, member.organisation_id, workflow_id, sends=_sends(request), now=now)
    return html(request, page)


@router.post(CONSOLE, name="owners:make")
@access("client")
@noted("workflow.link_made")
def make_link(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, workflow_id: UUID
) -> Response:
    """Makes the link of an owner: sent by mail, or shown on this answer and never again."""
    typed, state, sends = forms.read(data), request.app.state, _sends(request)
    organisation = member.organisation_id
    try:
        token = service.make(
            session,
            forms.wanted(typed),
            organisation_id=organisation,
            workflow_id=workflow_id,
            user_id=member.user_id,
            link_key=state.link_key,
            sends=sends,
            now=now,
        )
    except (InvalidError, ConflictError) as error:
        errors = error.fields if isinstance(error, InvalidError) else {"reader": error.message}
        typed = typed if isinstance(error, InvalidError) else forms.another(typed)
        page = pages.links_page(session, organisation, workflow_id, sends=sends, now=now, typed=typed, errors=errors)
        return html(request, page, status=error.status)
    say_about(request, subject_id=workflow_id)
    if typed.mail:
        return see_other(request, "owners:links", organisation_id=organisation, workflow_id=workflow_id, done="sent")
    made = f"{state.settings.base_url}/facts/{token}"
    return html(request, pages.links_page(session, organisation, workflow_id, sends=sends, now=now, made=made))


@router.post(CONSOLE + "/take-back", name="owners:revoke")
@access("client")
@even_archived
@noted("workflow.link_taken_back")
def revoke_link(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, workflow_id: UUID
) -> Response:
    """Takes a link back at once."""
    place = {"organisation_id": member.organisation_id, "workflow_id": workflow_id}
    service.revoke(session, **place, link_id=forms.read_id(data.text("link")), now=now)
    say_about(request, subject_id=workflow_id)
    return see_other(request, "owners:links", **place, done="back")


@router.get(FACTS, name="owners:facts")
@access("link")
def facts_page(request: Request, session: ReadSession, now: Now, token: str, done: str = "") -> Response:
    """The facts of a workflow, for who answers for it."""
    request.state.notice = NOTICES.get(done)
    link = service.enter(session, token, now=now)
    return _unlisted(html(request, pages.facts_page(session, link, token.strip().lower())))


@router.post(FACTS, name="owners:save")
@access("link")
def save(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Saves what the owner says."""
    link, typed = service.enter(session, token, now=now), forms.read_facts(data)
    plain = token.strip().lower()
    try:
        service.save(session, link, facts_forms.facts_of(typed), seen=facts_forms.told(typed), now=now)
    except ChangedMeanwhileError as error:
        return _unlisted(html(request, pages.meanwhile_page(session, link, plain, typed, error), status=error.status))
    except (InvalidError, ConflictError) as error:
        errors = error.fields if isinstance(error, InvalidError) else {"description": error.message}
        page = pages.facts_page(session, link, plain, typed=typed, errors=errors)
        return _unlisted(html(request, page, status=error.status))
    return _unlisted(see_other(request, "owners:facts", token=plain, done="saved"))


def _sends(request: Request) -> bool:
    return bool(request.app.state.settings.smtp_host)


def _unlisted(answer: Response) -> Response:
    """The answer of a secret address, which no search engine is to keep."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
