"""The addresses of the action plan: as a list, as a board, of a department, of one action."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember, Member, ResultReader
from app.actions import forms, pages, service, taking
from app.actions.facts import STATUSES, Facts
from app.actions.places import places
from app.actions.service import Author, ChangedMeanwhileError, Wanted
from app.actions.sight import Sight, changeable
from app.acts.noting import noted, say_about
from app.errors import UNCLEAR, InvalidError, NotFoundError
from app.playbooks.asking import read_asked
from app.playbooks.beside import library_of
from app.playbooks.proposing import standing
from app.releases import store
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}")

PLAN: Final = "/plan"
PROPOSAL: Final = "/waves/{wave_id}/proposal/{row_id}/take"

NOTICES: Final = {
    "added": say("The action is in the plan."),
    "taken": say("The actions are in the plan. Give each to somebody."),
    "changed": say("The change is saved as a new version."),
    "hours": say("The hours are set."),
}
NOBODYS: Final = say("Choose the department that takes this on.")


@router.get(PLAN, name="actions:plan")
@access("reader")
def plan_page(request: Request, session: ReadSession, member: ResultReader, now: Now, done: str = "") -> Response:
    """The plan by department; a lead sees that of their own."""
    request.state.notice = NOTICES.get(done)
    return html(request, pages.plan_page(session, member, now=now))


@router.get(PLAN + "/board", name="actions:board")
@access("reader")
def board_page(
    request: Request, session: ReadSession, member: ResultReader, now: Now, department: str = ""
) -> Response:
    """The plan as a board."""
    return html(request, pages.board_page(session, member, department=department, now=now))


@router.get(PLAN + "/new", name="actions:new")
@access("reader")
def new_page(
    request: Request, session: ReadSession, member: ResultReader, now: Now, department: str = "", action: str = ""
) -> Response:
    """The form of a new action."""
    typed = pages.new_form(session, member, department=department, action_id=action, now=now)
    return html(request, pages.form_page(session, member, typed, now=now))


@router.post(PLAN + "/new", name="actions:add")
@access("reader")
@noted("plan.taken")
def add(request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Takes an action on."""
    _require_some(member)
    typed = forms.read(data)
    try:
        facts = _facts(session, member, typed)
        begins = Sight(session, member, now).begins(facts.department_id)
        found = library_of(session, member.organisation_id).by_id.get(typed.action)
        wanted = Wanted(id=typed.form, facts=facts, begins=begins)
        if found is not None:
            wanted = service.of_library(found, wanted)
        service.take(session, member.organisation_id, (wanted,), author=Author(member.user_name, now))
    except InvalidError as error:
        page = pages.form_page(session, member, typed, now=now, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, subject_id=facts.department_id)
    return see_other(request, "actions:plan", organisation_id=member.organisation_id, done="added")


@router.get(PLAN + "/departments/{department_id}", name="actions:department")
@access("reader")
def department_page(
    request: Request, session: ReadSession, member: ResultReader, now: Now, department_id: UUID, done: str = ""
) -> Response:
    """The ninety days of a department."""
    request.state.notice = NOTICES.get(done)
    return html(request, pages.department_page(session, member, department_id, now=now))


@router.post(PLAN + "/departments/{department_id}", name="actions:hours")
@access("reader")
@noted("plan.hours")
def set_hours(
    request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep, department_id: UUID
) -> Response:
    """Sets the hours of a department's ninety days."""
    page = pages.department_page(session, member, department_id, now=now)
    if not page.can_change:
        raise NotFoundError
    department_id = page.department_id
    typed = data.text("hours")
    try:
        service.set_hours(
            session, member.organisation_id, department_id, page.begins, typed=typed, seen=data.text("seen")
        )
    except InvalidError as error:
        again = pages.department_page(session, member, department_id, now=now, typed=typed, errors=error.fields)
        return html(request, again, status=error.status)
    place = {"organisation_id": member.organisation_id, "department_id": department_id}
    return see_other(request, "actions:department", **place, done="hours")


@router.get(PLAN + "/{planned_id}", name="actions:action")
@access("reader")
def action_page(
    request: Request, session: ReadSession, member: ResultReader, now: Now, planned_id: UUID, done: str = ""
) -> Response:
    """An action of the plan, and each version of it."""
    request.state.notice = NOTICES.get(done)
    return html(request, pages.action_page(session, member, planned_id, now=now))


@router.get(PLAN + "/{planned_id}/change", name="actions:form")
@access("reader")
def change_page(request: Request, session: ReadSession, member: ResultReader, now: Now, planned_id: UUID) -> Response:
    """The form of an action as it is."""
    typed = pages.shown(session, member, planned_id, now=now)
    return html(request, pages.form_page(session, member, typed, now=now, planned_id=planned_id))


@router.post(PLAN + "/{planned_id}/change", name="actions:change")
@access("reader")
@noted("plan.changed")
def change(
    request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep, planned_id: UUID
) -> Response:
    """Saves an action as a new version; who comes second sees what the first saved."""
    changeable(Sight(session, member, now), planned_id)
    answer = _save(request, session, member, forms.read(data), planned_id, now)
    place = {"organisation_id": member.organisation_id, "planned_id": planned_id}
    return answer or see_other(request, "actions:action", **place, done="changed")


@router.post(PLAN + "/{planned_id}/move", name="actions:move")
@access("reader")
@noted("plan.moved")
def move(
    request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep, planned_id: UUID
) -> Response:
    """Moves an action on; where more has to be said first, the form asks for it."""
    typed = forms.moved(pages.shown(session, member, planned_id, now=now), data)
    if typed.fields["status"] not in STATUSES:
        raise InvalidError(UNCLEAR)
    answer = _save(request, session, member, typed, planned_id, now)
    if answer is not None:
        return answer
    place = {"organisation_id": member.organisation_id}
    if data.text("back") == "action":
        return see_other(request, "actions:action", **place, planned_id=planned_id)
    back = "actions:board" if data.text("back") == "board" else "actions:plan"
    wanted = {"department": data.text("department")} if back == "actions:board" and data.text("department") else {}
    return see_other(request, back, **place, **wanted)


@router.get(PROPOSAL, name="actions:taking")
@access("client")
def taking_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID, row_id: str
) -> Response:
    """What is proposed for a row of the newest release of a wave, to be taken into the plan."""
    source = _source(session, member, wave_id, row_id, request.query_params, now)
    return html(request, taking.page(Sight(session, member, now), source))


@router.post(PROPOSAL, name="actions:take")
@access("client")
@noted("plan.taken")
def take(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID, row_id: str
) -> Response:
    """Takes what is ticked into the plan."""
    source = _source(session, member, wave_id, row_id, data.fields, now)
    try:
        # Whatever is wrong with the hours or with one action, none is taken.
        with session.begin_nested():
            department = taking.take(session, member, source, data, now=now)
    except InvalidError as error:
        page = taking.page(Sight(session, member, now), source, data=data, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, subject_id=department, wave_id=wave_id)
    place = {"organisation_id": member.organisation_id, "department_id": department}
    return see_other(request, "actions:department", **place, done="taken")


def _source(
    session: Session, member: Member, wave_id: UUID, row_id: str, sent: Mapping[str, str], now: datetime
) -> taking.Source:
    """The row for which something is proposed, with the controls that lack; NotFoundError where there is none."""
    stored = store.latest(session, member.organisation_id, wave_id)
    row = stored.document.row(row_id) if stored else None
    if stored is None or row is None:
        raise NotFoundError
    asked = read_asked(sent)
    stands = standing(session, member.organisation_id, row, asked, now=now)
    lacking = asked.lacking or stands.lacking
    asked = replace(asked, lacking=lacking, typed_lacking=asked.typed_lacking or ", ".join(lacking))
    return taking.Source(wave_id, stored.document, row, asked, stands)


def _save(
    request: Request, session: Session, member: Member, typed: forms.Typed, planned_id: UUID, now: datetime
) -> Response | None:
    """Saves what was typed; the page that asks again where it can't be, else None."""
    try:
        facts = _facts(session, member, typed)
        author = Author(member.user_name, now)
        service.change(
            session,
            member.organisation_id,
            planned_id,
            facts,
            author=author,
            seen=service.NOT_TOLD if typed.seen is None else typed.seen,
        )
    except ChangedMeanwhileError as error:
        page = pages.meanwhile_page(session, member, typed, planned_id, error, now)
        return html(request, page, status=error.status)
    except InvalidError as error:
        page = pages.form_page(session, member, typed, now=now, planned_id=planned_id, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, subject_id=facts.department_id)
    return None


def _facts(session: Session, member: Member, typed: forms.Typed) -> Facts:
    """What was typed. InvalidError for a department that is not open, or not the lead's own."""
    department_id = forms.read_id(typed.department)
    open_ones = places(session, member.organisation_id)
    wanted = None if department_id is None else open_ones.now(department_id)
    if wanted is None or not open_ones.is_open(wanted) or not open_ones.may_change(member, wanted):
        raise InvalidError(NOBODYS, fields={"department": NOBODYS})
    return forms.facts_of(typed, department_id=wanted, languages=[key for key, _ in pages.LANGUAGES])


def _require_some(member: Member) -> None:
    """NotFoundError for whoever may change no department's plan."""
    if not member.runs_it and member.department_id is None:
        raise NotFoundError
