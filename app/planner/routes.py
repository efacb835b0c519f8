"""The addresses of the year of an assessment."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.clients import calendar
from app.errors import InvalidError
from app.planner import forms, lists, pages, service
from app.planner.service import ChangedMeanwhileError
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()

LISTS = {"take_lists": lists.turn_on, "keep_lists": lists.turn_off}
YEAR = "/organisations/{organisation_id}/assessments/{assessment_id}/year"


@router.get(YEAR, name="planner:year")
@access("client")
def year_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, assessment_id: UUID, done: str = ""
) -> Response:
    """The waves of an assessment over a year: those that have been, those planned, and those proposed."""
    if done == "saved":
        request.state.notice = say("The plan is saved. Waves with dates open and close by themselves.")
    return html(request, pages.year(session, member.organisation_id, assessment_id, now=now))


@router.post(YEAR, name="planner:save")
@access("client")
@noted("wave.year", calendar="client.calendar", take_lists="links.lists_go_on", keep_lists="links.lists_stay")
def save_year(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, assessment_id: UUID
) -> Response:
    """Keeps the plan, the month with which the financial year begins, or whether lists of people go on."""
    place = {"organisation_id": member.organisation_id, "assessment_id": assessment_id}
    planned = service.drafts(service.of_assessment(session, **place))
    if data.text("do") == "calendar":
        calendar.set_year(session, member.organisation_id, month=data.text("year_starts"))
        return see_other(request, "planner:year", **place)
    if data.text("do") in LISTS:
        LISTS[data.text("do")](session, planned, now=now)
        return see_other(request, "planner:year", **place)
    typed = forms.read_year(data)
    try:
        # Whatever is wrong with one wave, no other is changed either.
        with session.begin_nested():
            service.save(session, **place, typed=typed, now=now)
    except ChangedMeanwhileError as error:
        page = pages.year(session, member.organisation_id, assessment_id, now=now, typed=typed, changes=error.changes)
        return html(request, page, status=error.status)
    except InvalidError as error:
        page = pages.year(session, member.organisation_id, assessment_id, now=now, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "planner:year", **place, done="saved")
