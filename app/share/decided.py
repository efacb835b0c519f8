"""The decision that goes with a shared result: what sponsors see whole, and leads of their own department."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Member, ResultReader
from app.accounts.roles import LEAD
from app.autonomy import sharing
from app.autonomy.sharing import Shown
from app.clients import queries as clients
from app.errors import NotFoundError
from app.share import queries
from app.share.views import DecidedPage
from app.web.access import access
from app.web.database import ReadSession
from app.web.views import html

router = APIRouter(prefix="/organisations/{organisation_id}")


@router.get("/results/{wave_id}/autonomy", name="share:autonomy")
@access("reader")
def autonomy_page(request: Request, session: ReadSession, member: ResultReader, wave_id: UUID) -> Response:
    """How far agents may go, as the newest record on the shared result says; for a lead their own department."""
    shown = shown_to(session, member, wave_id)
    if shown is None:
        raise NotFoundError
    return html(request, DecidedPage(clients.organisation(session, member.organisation_id), wave_id, shown))


def shown_to(session: Session, member: Member, wave_id: UUID) -> Shown | None:
    """What a member sees of the newest record on the release that is shared; None where none was issued on it.

    A lead sees their own department and those below it, and nothing of others.
    """
    there = queries.of_wave(session, member.organisation_id, wave_id)
    if there is None:
        return None
    own = member.department_id if member.role == LEAD else None
    if member.role == LEAD and own is None:
        return None
    return sharing.shown(session, member.organisation_id, there.release_id, own=own)
