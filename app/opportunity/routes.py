"""The address of the opportunity map."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.opportunity import pages
from app.opportunity.shown import Wanted
from app.web.access import access
from app.web.database import Now, ReadSession
from app.web.views import html

router = APIRouter(prefix="/organisations/{organisation_id}")


@router.get("/opportunities", name="opportunity:map")
@access("client")
def map_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    now: Now,
    department: str = "",
    level: str = "",
    day: str = "",
) -> Response:
    """Which work is wanted and possible, of the whole client or of one department, as of a day."""
    wanted = Wanted(department=department, level=level, day=day)
    return html(request, pages.map_page(session, member.organisation_id, wanted, now=now))
