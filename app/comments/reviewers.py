"""Who reviews a client's comments, and the page from which they begin."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as naming
from app.accounts.access import ClientMember, Reviewing
from app.accounts.roles import REVIEWER
from app.acts.noting import noted
from app.clients import queries as clients
from app.comments import pages, service
from app.comments.views import ReviewersPage
from app.errors import ConflictError, InvalidError, NotFoundError
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}")


@router.get("/comments", name="comments:waves")
@access("reviewer")
def of_organisation(request: Request, session: ReadSession, member: Reviewing) -> Response:
    """The waves whose comments are reviewed."""
    return html(request, pages.of_organisation(session, member))


@router.get("/reviewers", name="comments:reviewers")
@access("client")
def reviewers(request: Request, session: ReadSession, member: ClientMember) -> Response:
    """Who reviews the comments of the client."""
    return html(request, _page(session, member.organisation_id))


@router.post("/reviewers", name="comments:reviewers")
@access("client")
@noted("access.reviewer_named")
def name_reviewer(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Names somebody; whoever had no account gets a link that is shown on the answer and nowhere else."""
    name, email = data.text("name"), data.text("email")
    try:
        user_id = naming.name_reviewer(session, organisation_id=member.organisation_id, email=email, name=name, now=now)
    except (InvalidError, ConflictError) as error:
        errors = error.fields if isinstance(error, InvalidError) else {"email": str(error)}
        page = replace(_page(session, member.organisation_id), name=name, email=email, errors=errors)
        return html(request, page, status=error.status)
    return _answered(request, session, member.organisation_id, user_id, now=now)


@router.post("/reviewers/{user_id}/link", name="comments:reviewer_link")
@access("client")
@noted("access.link_made")
def make_link(request: Request, member: ClientMember, session: WriteSession, now: Now, user_id: UUID) -> Response:
    """A new link for somebody who has not chosen a password yet."""
    if user_id not in {one.id for one in service.reviewers(session, member.organisation_id)}:
        raise NotFoundError
    return _answered(request, session, member.organisation_id, user_id, now=now)


@router.post("/reviewers/{user_id}/remove", name="comments:remove_reviewer")
@access("client")
@even_archived
@noted("access.reviewer_removed")
def remove_reviewer(request: Request, member: ClientMember, session: WriteSession, user_id: UUID) -> Response:
    """Ends somebody's review; what they decided stays."""
    place = {"organisation_id": member.organisation_id}
    if not accounts.remove_member(session, **place, user_id=user_id, role=REVIEWER):
        raise NotFoundError
    return see_other(request, "comments:reviewers", **place)


def _answered(request: Request, session: Session, organisation_id: UUID, user_id: UUID, *, now: datetime) -> Response:
    """The page, with a link for whoever needs one to begin."""
    user = naming.waiting_reviewer(session, organisation_id=organisation_id, user_id=user_id)
    if user is None:
        return see_other(request, "comments:reviewers", organisation_id=organisation_id)
    token = naming.make_start_link(session, user_id=user_id, now=now)
    link = f"{request.app.state.settings.base_url}{request.app.url_path_for('accounts:start', token=token)}"
    return html(request, replace(_page(session, organisation_id), linked=user.name, link=link))


def _page(session: Session, organisation_id: UUID) -> ReviewersPage:
    organisation = clients.organisation(session, organisation_id)
    return ReviewersPage(organisation, service.reviewers(session, organisation_id))
