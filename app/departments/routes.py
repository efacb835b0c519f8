"""The addresses of changes of departments: planned and done, drawn, and as files."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted
from app.clients import changes
from app.clients import queries as clients
from app.departments import files, forms, pages, service
from app.errors import UNCLEAR, InvalidError
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()

DEPARTMENTS = "/organisations/{organisation_id}/departments"
NOTICES = {
    "planned": say("The change is planned. It is done by itself on its day."),
    "done": say("The change is done. Waves that have opened keep the departments as they were."),
    "cancelled": say("The change is cancelled. Nothing of it was done."),
    "undone": say("The change is taken back: the departments are what they were before it."),
}


@router.get(DEPARTMENTS + "/changes", name="departments:changes")
@access("client")
def changes_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, kind: str = "", done: str = ""
) -> Response:
    """What is planned and what was done; `?kind=` opens the form of a kind of change."""
    request.state.notice = NOTICES.get(done)
    chosen = forms.KINDS.get(kind, "merge")
    return html(request, pages.changes_page(session, member.organisation_id, now=now, kind=chosen))


@router.post(DEPARTMENTS + "/changes", name="departments:plan")
@access("client")
@noted("client.change_planned")
def plan_change(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Plans a change for a day, or does it where that day has begun."""
    typed = forms.read_change(data)
    place = {"organisation_id": member.organisation_id}
    try:
        wanted, day = forms.parse(typed)
        # Whatever stands in the way, nothing is changed then.
        with session.begin_nested():
            made = service.ask(
                session,
                **place,
                kind=typed.kind,
                wanted=wanted,
                day=day,
                user_id=member.user_id,
                now=now,
                change_id=typed.form,
            )
    except InvalidError as error:
        errors = error.fields or {"day": error.message}
        page = pages.changes_page(session, member.organisation_id, now=now, typed=typed, errors=errors)
        return html(request, page, status=error.status)
    is_done = changes.is_done(session, member.organisation_id, made)
    return see_other(request, "departments:changes", **place, done="done" if is_done else "planned")


@router.post(DEPARTMENTS + "/changes/{change_id}", name="departments:decide")
@access("client")
@noted("client.change_cancelled", again="client.change_again", undo="client.change_undone")
def decide(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, change_id: UUID
) -> Response:
    """Cancels a planned change, tries one again that could not be done, or takes one back that is done."""
    place = {"organisation_id": member.organisation_id, "change_id": change_id}
    do = data.text("do")
    if do == "undo":
        service.undo(session, **place, now=now)
    elif do == "again":
        changes.try_again(session, **place, now=now)
    elif do == "cancel":
        changes.cancel(session, **place)
    else:
        changes.is_done(session, **place)  # of a change that is not there nothing else is said
        raise InvalidError(UNCLEAR)
    done = {"undo": "undone", "again": "done", "cancel": "cancelled"}[do]
    return see_other(request, "departments:changes", organisation_id=member.organisation_id, done=done)


@router.get(DEPARTMENTS + "/lineage", name="departments:lineage")
@access("client")
def lineage_page(request: Request, session: ReadSession, member: ClientMember, now: Now) -> Response:
    """Which department came from which, drawn and as a table."""
    return html(request, pages.lineage_page(session, member.organisation_id, now=now))


@router.get(DEPARTMENTS + "/list.csv", name="departments:csv", dependencies=[downloaded("download.departments")])
@access("client")
def csv_file(session: ReadSession, member: ClientMember) -> Response:
    """The departments as CSV, which the import reads; an example where there are none."""
    return _file(session, member.organisation_id, "csv")


@router.get(DEPARTMENTS + "/list.xlsx", name="departments:xlsx", dependencies=[downloaded("download.departments")])
@access("client")
def workbook(session: ReadSession, member: ClientMember) -> Response:
    """The same as a workbook."""
    return _file(session, member.organisation_id, "xlsx")


def _file(session: Session, organisation_id: UUID, form: files.Form) -> Response:
    tree = clients.departments(session, organisation_id)
    headers = {"Content-Disposition": f'attachment; filename="departments.{form}"', "Cache-Control": "no-store"}
    return Response(files.file(tree, form), media_type=files.TYPES[form], headers=headers)
