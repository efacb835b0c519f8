"""The list of clients, and putting one of them away."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember, ClientOwner, Visitor
from app.accounts.entrance import entrance
from app.accounts.roles import OWNER
from app.acts.noting import noted
from app.desk import pages, service
from app.errors import ConflictError
from app.sentences import say
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()

ARCHIVE = "/organisations/{organisation_id}/archive"
NOTICES = {
    "archived": say("The client is archived. Its page leads to bringing it back."),
    "handed": say("The client is in a colleague’s hands now, and you no longer see it."),
    "back": say("The client is back. What was to happen meanwhile stands below and waits for you."),
}


@router.get("/", name="desk:home")
@access("public")
def home(
    request: Request, session: ReadSession, visitor: Visitor, now: Now, show: str = "", done: str = ""
) -> Response:
    """The clients of whoever is signed in, `?show=archived` those put away; the sign-in page for everybody else."""
    if visitor is None:
        return entrance(request, session)
    request.state.notice = NOTICES.get(done)
    return html(request, pages.home(session, visitor.user_id, archived=show == "archived", now=now))


@router.get(ARCHIVE, name="desk:archive")
@access("client")
def archive_page(request: Request, session: ReadSession, member: ClientMember, now: Now, done: str = "") -> Response:
    """What archiving a client means, or what is overdue of one that is archived."""
    request.state.notice = NOTICES.get(done)
    return html(request, pages.archive(session, member.organisation_id, owns=member.role == OWNER, now=now))


@router.post(ARCHIVE, name="desk:archive")
@access("owner")
@even_archived
@noted("client.archived", back="client.brought_back")
def archive(request: Request, member: ClientOwner, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Puts the client away, or brings it back."""
    place: dict[str, UUID] = {"organisation_id": member.organisation_id}
    if data.text("do") == "back":
        service.bring_back(session, member.organisation_id, now=now)
        overdue = pages.archive(session, member.organisation_id, owns=True, now=now).overdue
        return see_other(request, "waves:organisation" if overdue.is_empty else "desk:archive", **place, done="back")
    try:
        service.archive(session, member.organisation_id, user_id=member.user_id, now=now)
    except ConflictError as error:
        page = pages.archive(session, member.organisation_id, owns=True, now=now, error=error.message)
        return html(request, page, status=error.status)
    return see_other(request, "desk:home", done="archived")
