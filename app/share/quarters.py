"""The plan quarter by quarter: whole for who runs the client, of what is shared for sponsors, their own for leads."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Member, ResultReader
from app.clients import queries as clients
from app.effects.gathering import account
from app.effects.pages import Address, Reader, quarters_page
from app.effects.told import Shown
from app.share.acted import own_department, shown_results
from app.web.access import access
from app.web.database import Now, ReadSession
from app.web.views import html

router = APIRouter(prefix="/organisations/{organisation_id}")


@router.get("/plan/quarters", name="share:quarters")
@access("reader")
def quarters(request: Request, session: ReadSession, member: ResultReader, now: Now) -> Response:
    """What was decided, done and measured, for each quarter."""
    shown = None if member.runs_it else shown_results(session, member.organisation_id)
    told = account(session, member.organisation_id, now=now, shown=shown)
    organisation = clients.organisation(session, member.organisation_id)
    page = quarters_page(
        organisation,
        told,
        Reader(member=member, own=own_department(session, member), address=_addresses(request, member)),
    )
    return html(request, page)


def _addresses(request: Request, member: Member) -> Address:
    name = "explore:cell" if member.runs_it else "share:cell"

    def address(wave_id: UUID, shown: Shown) -> str:
        if shown.row_id is None or shown.change is None:
            return ""
        place = {"organisation_id": member.organisation_id, "wave_id": wave_id, "row_id": shown.row_id}
        return str(request.app.url_path_for(name, **place, dimension_id=shown.dimension))

    return address
