"""A new client, the department tree, and its import from a list."""

from dataclasses import replace
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember, Consultant
from app.acts.noting import noted, say_about
from app.clients import forms, importing, queries, service
from app.clients.meanwhile import ChangedMeanwhileError
from app.clients.views import DepartmentsPage, departments_page, empty_import, import_page, new_organisation
from app.errors import ConflictError, InvalidError, PlumblineError
from app.numerals import whole
from app.sentences import say
from app.spreadsheets.listing import ColumnsMissingError
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()

DEPARTMENTS = "/organisations/{organisation_id}/departments"
NOTICES = {
    "added": say("The department has been added."),
    "changed": say("The change is saved. Waves that have opened keep the departments as they were."),
    "closed": say("The department has been closed. Earlier waves keep it."),
    "renamed": say("The pool has its new name. Waves that have opened keep the old one."),
    "dissolved": say("The pool is dissolved. Waves that have opened keep it."),
}


@router.get("/organisations/new", name="clients:new")
@access("account")
def new_page(request: Request, user: Consultant) -> Response:
    """The form for a new client."""
    return html(request, new_organisation())


@router.post("/organisations/new", name="clients:new")
@access("account")
def create_organisation(request: Request, user: Consultant, data: FormDep, session: WriteSession, now: Now) -> Response:
    """Makes a client and goes on to its departments."""
    typed = forms.read_organisation(data)
    try:
        organisation_id = service.create_organisation(
            session,
            name=typed.name,
            time_zone=typed.time_zone,
            user_id=user.user_id,
            now=now,
            organisation_id=typed.form,
        )
    except InvalidError as error:
        return html(request, new_organisation(typed, error.fields), status=error.status)
    return see_other(request, "clients:import", organisation_id=organisation_id)


@router.get(DEPARTMENTS, name="clients:departments")
@access("client")
def departments(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    change: UUID | None = None,
    parent: UUID | None = None,
    undo: UUID | None = None,
) -> Response:
    """The tree; `?change=` opens a department's form, `?parent=` puts a new department below one, `?undo=` offers to
    take a change back."""
    request.state.notice = _notice(request)
    return html(request, _page(session, member.organisation_id, change=change, parent=parent, undo=undo))


@router.post(DEPARTMENTS + "/add", name="clients:add")
@access("client")
@noted("client.department_added")
def add_department(request: Request, member: ClientMember, data: FormDep, session: WriteSession, now: Now) -> Response:
    """Adds a department; the next one can be typed at once, below the same parent."""
    typed = forms.read_department(data)
    try:
        given = forms.parse_department(typed)
        made = service.add_department(
            session,
            member.organisation_id,
            name=given.name,
            parent_id=given.parent_id,
            function=given.function,
            headcount=given.headcount,
            site=given.site,
            now=now,
            department_id=typed.form,
        )
    except PlumblineError as error:
        return _refused(request, session, member.organisation_id, error, typed=typed)
    say_about(request, subject_id=made)
    return see_other(
        request, "clients:departments", organisation_id=member.organisation_id, done="added", parent=given.parent_id
    )


@router.post(DEPARTMENTS + "/{department_id}/change", name="clients:change")
@access("client")
@noted("client.department_changed")
def change_department(
    request: Request, member: ClientMember, data: FormDep, session: WriteSession, now: Now, department_id: UUID
) -> Response:
    """Renames or moves a department, or sets its function, headcount and site."""
    typed = forms.read_department(data)
    try:
        service.require_open_department(session, member.organisation_id, department_id)
        given = forms.parse_department(typed)
        service.change_department(
            session,
            member.organisation_id,
            department_id,
            name=given.name,
            parent_id=given.parent_id,
            function=given.function,
            headcount=given.headcount,
            site=given.site,
            together=given.together,
            seen=typed.seen,
            now=now,
        )
    except ConflictError as error:
        return _changed_meanwhile(request, session, member.organisation_id, error, change=department_id, typed=typed)
    except InvalidError as error:
        return _refused(request, session, member.organisation_id, error, typed=typed, change=department_id)
    return see_other(request, "clients:departments", organisation_id=member.organisation_id, done="changed")


@router.post(DEPARTMENTS + "/{department_id}/close", name="clients:close")
@access("client")
@noted("client.department_closed")
def close_department(
    request: Request, member: ClientMember, data: FormDep, session: WriteSession, now: Now, department_id: UUID
) -> Response:
    """Takes a department out of later waves; the page that follows offers to take that back."""
    seen = forms.read_seen(data.text("seen"))
    try:
        made = service.close_department(session, member.organisation_id, department_id, seen=seen, now=now)
    except ChangedMeanwhileError as error:
        return _changed_meanwhile(request, session, member.organisation_id, error, change=department_id)
    return see_other(request, "clients:departments", organisation_id=member.organisation_id, done="closed", undo=made)


@router.post(DEPARTMENTS + "/{department_id}/pool", name="clients:pool")
@access("client")
@noted("client.pool_renamed", dissolve="client.pool_dissolved")
def change_pool(
    request: Request, member: ClientMember, data: FormDep, session: WriteSession, department_id: UUID
) -> Response:
    """Renames the pool that a department is in, or dissolves it."""
    name, seen = data.text("name"), data.text("seen")
    try:
        if data.text("dissolve"):
            service.dissolve_pool(session, member.organisation_id, department_id, seen=seen)
        else:
            service.rename_pool(session, member.organisation_id, department_id, name=name, seen=seen)
    except (InvalidError, ChangedMeanwhileError) as error:
        page = _page(session, member.organisation_id, pool=(department_id, name, error.message))
        return html(request, page, status=error.status)
    done = "dissolved" if data.text("dissolve") else "renamed"
    return see_other(request, "clients:departments", organisation_id=member.organisation_id, done=done)


@router.get(DEPARTMENTS + "/import", name="clients:import")
@access("client")
def import_form(request: Request, session: ReadSession, member: ClientMember) -> Response:
    """The form for a list of departments."""
    return html(request, empty_import(queries.organisation(session, member.organisation_id)))


@router.post(DEPARTMENTS + "/import", name="clients:import")
@access("client")
@noted("client.list_looked", take="client.departments_imported")
def import_list(request: Request, member: ClientMember, data: FormDep, session: WriteSession, now: Now) -> Response:
    """Says what a list would do, does it once that was seen, or reports every line that is wrong."""
    organisation = queries.organisation(session, member.organisation_id)
    queries.lock_tree(session, organisation.id)
    sent = forms.read_import(data)
    try:
        sent = forms.with_file(sent, data.files["file"]) if data.files.get("file") else sent
        table, plan, found = importing.look(session, organisation.id, sent)
    except InvalidError as error:
        headings = error if isinstance(error, ColumnsMissingError) else None
        page = import_page(organisation, sent, refusal=error.message, missing=headings)
        return html(request, page, status=error.status)
    page = import_page(organisation, sent, table=table, plan=plan, preview=found)
    if found is None or data.text("do") != "take":
        return html(request, page, status=422 if found is None else 200)
    if data.text("seen") != found.digest:
        return html(request, replace(page, changes=(importing.CHANGED,)), status=409)
    is_first = not queries.departments(session, organisation.id)
    done, made = importing.take(session, organisation.id, found, now=now)
    if is_first:
        return see_other(request, "waves:organisation", organisation_id=organisation.id, imported=done.added)
    place = {"organisation_id": organisation.id, "added": done.added, "changed": done.changed, "closed": done.closed}
    return see_other(request, "clients:departments", **place, done="imported", undo=made)


def _changed_meanwhile(
    request: Request,
    session: Session,
    organisation_id: UUID,
    error: ConflictError,
    *,
    change: UUID,
    typed: forms.DepartmentForm | None = None,
) -> Response:
    """The page with what somebody else changed, and everything that was typed: for a new department where the one that
    it was about is closed."""
    changes = error.changes if isinstance(error, ChangedMeanwhileError) else (error.message,)
    if not isinstance(error, ChangedMeanwhileError) and typed is not None:
        page = _page(session, organisation_id, typed=replace(typed, form=uuid4(), seen=None), changes=changes)
    else:
        typed = replace(typed, seen=None) if typed else None
        page = _page(session, organisation_id, change=change, typed=typed, changes=changes)
    return html(request, page, status=error.status)


def _page(
    session: Session,
    organisation_id: UUID,
    *,
    change: UUID | None = None,
    parent: UUID | None = None,
    typed: forms.DepartmentForm | None = None,
    errors: dict[str, str] | None = None,
    pool: tuple[UUID, str, str] | None = None,
    changes: tuple[str, ...] = (),
    undo: UUID | None = None,
) -> DepartmentsPage:
    organisation = queries.organisation(session, organisation_id)
    tree = queries.departments(session, organisation_id)
    page = departments_page(organisation, tree, change=change, parent=parent, typed=typed, errors=errors, pool=pool)
    return replace(page, changes=changes, undo=undo)


def _refused(
    request: Request,
    session: Session,
    organisation_id: UUID,
    error: PlumblineError,
    *,
    typed: forms.DepartmentForm,
    change: UUID | None = None,
) -> Response:
    """The page with everything that was typed and a sentence at each field."""
    errors = error.fields if isinstance(error, InvalidError) else {"name": error.message}
    page = _page(session, organisation_id, change=change, typed=typed, errors=errors)
    return html(request, page, status=error.status)


def _notice(request: Request) -> str | None:
    """What has just been done, from the address that the change led to."""
    done = request.query_params.get("done", "")
    if done != "imported":
        return NOTICES.get(done)
    added, changed, closed = (whole(request.query_params.get(name, "")) for name in ("added", "changed", "closed"))
    if added is None or changed is None or closed is None:
        return None
    return say(
        "Departments added: {added}. Changed: {changed}. Closed: {closed}.",
        added=added,
        changed=changed,
        closed=closed,
    )
