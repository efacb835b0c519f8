"""The log of a client: a page that can be filtered, and the same as a file."""

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts import queries
from app.acts.kinds import GROUPS
from app.acts.noting import downloaded
from app.clients import queries as clients
from app.journal import telling
from app.journal.forms import Asked, mark_of, read_asked, read_mark, wanted_of
from app.journal.views import JournalPage
from app.web.access import access
from app.web.database import ReadSession
from app.web.speech import speech_of
from app.web.views import html

router = APIRouter(prefix="/organisations/{organisation_id}")

A_PAGE = 100


@router.get("/log", name="journal:log")
@access("client")
def log_page(request: Request, session: ReadSession, member: ClientMember, after: str = "") -> Response:
    """Who did what, the newest first, a hundred on a page."""
    asked = read_asked(request.query_params)
    return html(request, _page(session, member.organisation_id, asked, after))


@router.get("/log.csv", name="journal:csv", dependencies=[downloaded("download.log")])
@access("client")
def log_file(request: Request, session: ReadSession, member: ClientMember) -> Response:
    """All that the filter asks for, as a file for a spreadsheet."""
    organisation = clients.organisation(session, member.organisation_id)
    asked = read_asked(request.query_params)
    found = queries.every(session, organisation.id, wanted_of(asked, organisation.time_zone))
    spoken = speech_of(request)
    text = telling.as_csv(
        found,
        telling.names(session, organisation.id),
        organisation.time_zone,
        lambda sentence: str(spoken.say(sentence)),
    )
    headers = {"Content-Disposition": 'attachment; filename="log.csv"', "Cache-Control": "no-store"}
    # The mark at the beginning tells spreadsheet programs that this is UTF-8.
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


def _page(session: Session, organisation_id: UUID, asked: Asked, after: str) -> JournalPage:
    organisation = clients.organisation(session, organisation_id)
    mark = read_mark(after)
    wanted = wanted_of(asked, organisation.time_zone)
    found = queries.acts(session, organisation_id, wanted, most=A_PAGE + 1, after=mark)
    known = telling.names(session, organisation_id)
    last = found[A_PAGE - 1] if len(found) > A_PAGE else None
    return JournalPage(
        organisation=organisation,
        asked=asked,
        people=tuple((str(id), name) for id, name in queries.doers(session, organisation_id)),
        groups=tuple(GROUPS.items()),
        lines=tuple(telling.line(act, known) for act in found[:A_PAGE]),
        filtered=any(asdict(asked).values()),
        earlier=mark is not None,
        following=mark_of(last.at, last.id) if last else "",
    )
