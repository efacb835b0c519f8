"""The addresses of the walk through the end of a wave."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.closing import forms, pages
from app.errors import ConflictError
from app.sentences import say
from app.waves import ending
from app.waves import queries as waves
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, html_unless_seen, see_other

router = APIRouter()

CLOSE = "/organisations/{organisation_id}/waves/{wave_id}/close"
NO_ALERT = say("There is nothing to be read here yet.")


@router.get(CLOSE, name="closing:walk")
@access("client")
def walk_page(request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID) -> Response:
    """What is to be settled before a wave closes, how far its close is, and what it leaves to do."""
    wave = waves.wave(session, member.organisation_id, wave_id)
    if wave.state == "draft":
        raise ConflictError(say("{label} has not been opened yet, so there is nothing to close.", label=wave.label))
    if wave.state == "cancelled":
        return see_other(request, "waves:wave", organisation_id=member.organisation_id, wave_id=wave_id)
    page = pages.walk(session, wave, now=now)
    return html_unless_seen(request, page) if page.phase == "closing" else html(request, page)


@router.post(CLOSE, name="closing:do")
@access("client")
@noted("wave.ended", read="wave.alert_read")
def settle(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Takes no more answers, at once or after the time that was chosen; or notes who has read what was alerted to."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    if data.text("do") != "read":
        ending.end(session, **place, grace=forms.read_grace(data), now=now)
    elif waves.wave(session, **place).alert is None:
        raise ConflictError(NO_ALERT)
    return see_other(request, "closing:walk", **place)
