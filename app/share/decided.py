"""The decision that goes with a shared result: what sponsors see whole, and leads of their own department."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Member, ResultReader
from app.accounts.roles import LEAD
from app.autonomy import queries as autonomy
from app.autonomy import sharing
from app.autonomy.sharing import Shown
from app.clients import queries as clients
from app.errors import NotFoundError
from app.opportunity import shown as opportunities
from app.opportunity.shown import Wanted, allowed_by
from app.releases import store
from app.releases.narrowing import of_workflows
from app.releases.store import StoredRelease
from app.sentences import say
from app.share import queries
from app.share.views import DecidedPage, OpportunitiesPage
from app.web.access import access
from app.web.database import Now, ReadSession
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


@router.get("/results/{wave_id}/opportunities", name="share:opportunities")
@access("reader")
def opportunities_page(
    request: Request,
    session: ReadSession,
    member: ResultReader,
    now: Now,
    wave_id: UUID,
    department: str = "",
    level: str = "",
    day: str = "",
) -> Response:
    """Which work is wanted and possible, on the shared result; for a lead in their own department."""
    found = told_of_workflows(session, member, wave_id)
    if found is None:
        raise NotFoundError
    own = member.department_id if member.role == LEAD else None
    wanted = Wanted(department=department, level=level, day=day)
    record = autonomy.newest_of_release(session, member.organisation_id, found.id)
    name = say("What record {number} allows", number=record.number if record else 0)
    decided = allowed_by(record.decision, name) if record else None
    told = opportunities.shown(session, found, wanted, own=own, now=now, decided=decided)
    return html(request, OpportunitiesPage(clients.organisation(session, member.organisation_id), wave_id, told))


def told_of_workflows(session: Session, member: Member, wave_id: UUID) -> StoredRelease | None:
    """The release that is shared, where it tells a member of workflows; a lead sees those of what is theirs."""
    there = queries.of_wave(session, member.organisation_id, wave_id)
    found = None if there is None else store.by_id(session, member.organisation_id, there.release_id)
    if found is None or (member.role == LEAD and member.department_id is None):
        return None
    own = member.department_id if member.role == LEAD else None
    return found if of_workflows(found.document, own).workflows else None


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
