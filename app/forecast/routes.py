"""What a wave will show, before it opens."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.errors import InvalidError
from app.forecast import forms, pages, service
from app.sentences import say
from app.waves import queries as waves
from app.web.access import access
from app.web.database import ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()

FORECAST = "/organisations/{organisation_id}/waves/{wave_id}/forecast"


@router.get(FORECAST, name="forecast:forecast")
@access("client")
def forecast_page(
    request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, turnout: str = "", done: str = ""
) -> Response:
    """How probably each department is shown if `?turnout=` per cent answer; a wave that has opened shows itself."""
    if waves.wave(session, member.organisation_id, wave_id).state != "draft":
        return see_other(request, "waves:wave", organisation_id=member.organisation_id, wave_id=wave_id)
    if done == "merged":
        request.state.notice = say("They are shown together from now on, and the forecast counts them so.")
    page = pages.page(session, member.organisation_id, wave_id, percent=forms.percent(turnout))
    return html(request, page)


@router.post(FORECAST, name="forecast:accept")
@access("client")
@noted("client.pools_accepted")
def accept_proposal(
    request: Request, member: ClientMember, session: WriteSession, data: FormDep, wave_id: UUID
) -> Response:
    """Shows the departments of a proposal together under the name that was typed."""
    typed = forms.read_accepted(data)
    try:
        where = {"organisation_id": member.organisation_id, "wave_id": wave_id}
        service.accept(session, **where, name=typed.name, members=typed.members)
    except InvalidError as error:
        page = pages.page(
            session, member.organisation_id, wave_id, percent=typed.turnout, typed=typed, error=error.message
        )
        return html(request, page, status=error.status)
    return see_other(
        request,
        "forecast:forecast",
        organisation_id=member.organisation_id,
        wave_id=wave_id,
        turnout=typed.turnout,
        done="merged",
    )
