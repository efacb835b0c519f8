"""The library of actions, for consultants."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.clients import queries as clients
from app.errors import NotFoundError
from app.playbooks import pages, proposing
from app.playbooks.asking import read_asked
from app.playbooks.beside import library_of
from app.releases import store
from app.web.access import access
from app.web.database import Now, ReadSession
from app.web.speech import language_of
from app.web.views import html

router = APIRouter(prefix="/organisations/{organisation_id}")


@router.get("/playbooks", name="playbooks:library")
@access("client")
def library_page(request: Request, session: ReadSession, member: ClientMember) -> Response:
    """All actions, by dimension."""
    organisation = clients.organisation(session, member.organisation_id)
    there = library_of(session, member.organisation_id)
    page = pages.library_page(there, organisation, request.query_params, language=language_of(request))
    return html(request, page)


@router.get("/playbooks/{action_id}", name="playbooks:action")
@access("client")
def action_page(request: Request, session: ReadSession, member: ClientMember, action_id: str) -> Response:
    """An action of the library in full, in the language of the page; 404 for an id that it does not have."""
    there = library_of(session, member.organisation_id)
    action = there.known(action_id)
    if action is None:
        raise NotFoundError
    organisation = clients.organisation(session, member.organisation_id)
    return html(request, pages.action_page(there, organisation, action, language=language_of(request)))


@router.get("/waves/{wave_id}/proposal/{row_id}", name="playbooks:proposal")
@access("client")
def proposal_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID, row_id: str
) -> Response:
    """What is proposed for one row of the newest release of a wave."""
    stored = store.latest(session, member.organisation_id, wave_id)
    row = stored.document.row(row_id) if stored else None
    if stored is None or row is None:
        raise NotFoundError
    organisation = clients.organisation(session, member.organisation_id)
    asked = read_asked(request.query_params)
    stands = proposing.standing(session, member.organisation_id, row, asked, now=now)
    page = proposing.proposal_page(
        library_of(session, member.organisation_id),
        organisation,
        stored.document,
        row,
        asked,
        stands,
        wave_id=str(wave_id),
        language=language_of(request),
    )
    return html(request, page, status=422 if asked.errors else 200)
