"""The addresses of the inventory: a client's workflows, one of them, and the library to pick from."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember, Member, ResultReader
from app.acts.noting import noted, say_about
from app.errors import UNCLEAR, ConflictError, InvalidError, NotFoundError
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import language_of
from app.web.views import html, see_other
from app.workflows import law, library, pages, service
from app.workflows import typed as forms
from app.workflows.facts import NOTHING, Facts
from app.workflows.reach import reach
from app.workflows.service import Author, ChangedMeanwhileError, Wanted

router = APIRouter(prefix="/organisations/{organisation_id}")

NOTICES = {
    "added": say("The workflow is in the inventory."),
    "picked": say("They are in the inventory. Add how often each is done and how long it takes."),
    "listed": say("The list is taken. Each workflow that it changed has a new version."),
    "changed": say("The change is saved as a new version."),
    "confirmed": say("The answer is confirmed, with your name and the day."),
    "kept": say("The answer stays as it was confirmed. The proposal is set aside, and its version keeps it."),
    "retired": say("The workflow is retired. Its history stays, and waves that asked about it keep it."),
    "back": say("The workflow is back in the inventory."),
}
NOTHING_PICKED = say("Nothing is picked. Tick the workflows that the department does.")


@router.get("/workflows", name="workflows:inventory")
@access("reader")
def inventory_page(request: Request, session: ReadSession, member: ResultReader, done: str = "") -> Response:
    """The workflows of a client; a lead sees those of their own department."""
    request.state.notice = NOTICES.get(done)
    return html(request, pages.inventory(session, member))


@router.get("/workflows/new", name="workflows:new")
@access("reader")
def new_page(request: Request, session: ReadSession, member: ResultReader, department: UUID | None = None) -> Response:
    """The form of a new workflow."""
    _require_some(session, member, department)
    typed = forms.empty(str(department or reach(session, member).own or ""))
    return html(request, pages.form_page(session, member, typed))


@router.post("/workflows/new", name="workflows:add")
@access("reader")
@noted("workflow.added")
def add(request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Puts a workflow into the inventory."""
    typed = forms.read(data)
    _require_some(session, member, None)
    try:
        wanted = _wanted(session, member, typed, NOTHING)
        author = Author(name=member.user_name, way="console", now=now)
        made = service.add(session, member.organisation_id, wanted, author=author, workflow_id=typed.form)
    except InvalidError as error:
        page = pages.form_page(session, member, typed, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, subject_id=made)
    return see_other(request, "workflows:inventory", organisation_id=member.organisation_id, done="added")


@router.get("/workflows/library/{department_id}", name="workflows:library")
@access("reader")
def library_page(request: Request, session: ReadSession, member: ResultReader, department_id: UUID) -> Response:
    """What departments of this function usually do."""
    node = pages.department(session, member, department_id)
    return html(request, pages.library_page(session, member, node, language_of(request)))


@router.post("/workflows/library/{department_id}", name="workflows:pick")
@access("reader")
@noted("workflow.picked")
def pick(
    request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep, department_id: UUID
) -> Response:
    """Takes workflows of the library into the inventory of a department."""
    node = pages.department(session, member, department_id)
    language = language_of(request)
    chosen = [seed for seed in library.of_function(node.function) if data.text(f"seed-{seed.key}")]
    try:
        if not chosen:
            raise InvalidError(NOTHING_PICKED, fields={"seeds": NOTHING_PICKED})
        author = Author(name=member.user_name, way="library", now=now)
        service.pick(session, member.organisation_id, department_id, chosen, language=language, author=author)
    except InvalidError as error:
        page = pages.library_page(session, member, node, language, error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "workflows:inventory", organisation_id=member.organisation_id, done="picked")


@router.get("/workflows/{workflow_id}", name="workflows:workflow")
@access("reader")
def workflow_page(
    request: Request, session: ReadSession, member: ResultReader, workflow_id: UUID, done: str = ""
) -> Response:
    """What is known of a workflow, and each version of it."""
    request.state.notice = NOTICES.get(done)
    return html(request, pages.workflow_page(session, member, workflow_id))


@router.get("/workflows/{workflow_id}/change", name="workflows:form")
@access("reader")
def change_page(request: Request, session: ReadSession, member: ResultReader, workflow_id: UUID) -> Response:
    """The form of a workflow as it is."""
    one = pages.seen_by(session, member, workflow_id)
    _require_own(session, member, one.department_id)
    typed = forms.shown(one, proposing=not member.runs_it)
    return html(request, pages.form_page(session, member, typed, workflow_id=workflow_id))


@router.post("/workflows/{workflow_id}/change", name="workflows:change")
@access("reader")
@noted("workflow.changed")
def change(
    request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep, workflow_id: UUID
) -> Response:
    """Saves a workflow as a new version; who comes second sees what the first saved."""
    before = pages.seen_by(session, member, workflow_id)
    _require_own(session, member, before.department_id)
    typed = forms.read(data)
    try:
        wanted = _wanted(session, member, typed, before.facts)
        author = Author(name=member.user_name, way="console", now=now)
        service.change(session, member.organisation_id, workflow_id, wanted, author=author, seen=forms.told(typed))
    except ChangedMeanwhileError as error:
        page = pages.meanwhile_page(session, member, typed, workflow_id, error)
        return html(request, page, status=error.status)
    except InvalidError as error:
        page = pages.form_page(session, member, typed, workflow_id=workflow_id, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, subject_id=workflow_id)
    place = {"organisation_id": member.organisation_id, "workflow_id": workflow_id}
    return see_other(request, "workflows:workflow", **place, done="changed")


@router.post("/workflows/{workflow_id}/retire", name="workflows:retire")
@access("reader")
@noted("workflow.retired", back="workflow.back")
def retire(
    request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep, workflow_id: UUID
) -> Response:
    """Retires a workflow, or brings it back."""
    _require_own(session, member, pages.seen_by(session, member, workflow_id).department_id)
    author, do = Author(name=member.user_name, way="console", now=now), data.text("do")
    deeds = {"retire": (service.retire, "retired"), "back": (service.bring_back, "back")}
    if do not in deeds:
        raise InvalidError(UNCLEAR)
    deed, done = deeds[do]
    deed(session, member.organisation_id, workflow_id, author=author)
    say_about(request, subject_id=workflow_id)
    place = {"organisation_id": member.organisation_id, "workflow_id": workflow_id}
    return see_other(request, "workflows:workflow", **place, done=done)


@router.post("/workflows/{workflow_id}/law", name="workflows:law")
@access("client")
@noted("workflow.law_confirmed", keep="workflow.law_kept")
def settle(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, workflow_id: UUID
) -> Response:
    """Confirms an answer about the law that somebody proposed, or leaves it as it was confirmed before."""
    service.require_there(session, member.organisation_id, workflow_id)
    seen, do = data.number("seen"), data.text("do")
    if do not in ("confirm", "keep") or seen is None:
        raise InvalidError(UNCLEAR)
    author = Author(name=member.user_name, way="console", now=now)
    place = {"organisation_id": member.organisation_id, "workflow_id": workflow_id}
    service.settle(session, **place, flag=data.text("flag"), take=do == "confirm", author=author, seen=seen)
    say_about(request, subject_id=workflow_id)
    return see_other(request, "workflows:workflow", **place, done="confirmed" if do == "confirm" else "kept")


def _wanted(session: Session, member: Member, typed: forms.Typed, before: Facts) -> Wanted:
    """What was typed. InvalidError for a department that is not open, or not the lead's own.

    Who does not run the client only proposes what they say about the law.
    """
    facts = (law.confirmed if member.runs_it else law.proposed)(before, forms.facts_of(typed))
    department_id = forms.read_id(typed.department)
    try:
        node = pages.department(session, member, department_id) if department_id is not None else None
    except (NotFoundError, ConflictError):
        node = None
    if node is None:
        sentence = say("Choose the department whose people do this work.")
        raise InvalidError(sentence, fields={"department": sentence})
    return Wanted(department_id=node.id, name=typed.fields["name"], facts=facts, rated=typed.rated)


def _require_own(session: Session, member: Member, department_id: UUID) -> None:
    if not reach(session, member).may_change(department_id):
        raise NotFoundError


def _require_some(session: Session, member: Member, department_id: UUID | None) -> None:
    """NotFoundError for whoever may change none of the client's workflows, or not those of this department."""
    if department_id is not None:
        pages.department(session, member, department_id)
    elif not member.runs_it and member.department_id is None:
        raise NotFoundError
