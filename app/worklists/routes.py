"""The addresses of lists of workflows: the inventory as a file, and a list to take in."""

from dataclasses import replace

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted
from app.clients import queries as clients
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep, takes_lists
from app.web.views import html, see_other
from app.workflows import queries as workflows
from app.workflows.service import Author
from app.worklists import files, pages, service
from app.worklists.looking import Look, Looked, again

router = APIRouter()
LIST = "/organisations/{organisation_id}/workflow-list"


@router.get(LIST, name="worklists:form")
@access("client")
def form_page(request: Request, session: ReadSession, member: ClientMember) -> Response:
    """The form for a list of workflows."""
    return html(request, pages.empty_page(clients.organisation(session, member.organisation_id)))


@router.post(LIST, name="worklists:import")
@access("client")
@noted("workflow.list_looked", take="workflow.list_taken")
@takes_lists
def import_list(
    request: Request, member: ClientMember, data: FormDep, look: Looked, session: WriteSession, now: Now
) -> Response:
    """Says what a list would do, does it once that was seen, or reports every line that is wrong."""
    shown = _shown(request, look, data)
    if shown is None:
        clients.lock_tree(session, member.organisation_id)
        look = again(session, look)
        shown = _shown(request, look, data)
    if shown is not None:
        return shown
    assert look.preview is not None  # else there is a page to show
    author = Author(name=member.user_name, way="file", now=now)
    service.take(session, member.organisation_id, look.preview, author=author)
    return see_other(request, "workflows:inventory", organisation_id=member.organisation_id, done="listed")


def _shown(request: Request, look: Look, data: FormData) -> Response | None:
    """The page that says what came of a list; None where it is to be taken, and does what was seen."""
    if look.preview is None or data.text("do") != "take":
        return html(request, look.page, status=look.status)
    if data.text("seen") != look.preview.digest:
        return html(request, replace(look.page, meanwhile=service.CHANGED), status=409)
    return None


@router.get(LIST + ".csv", name="worklists:csv", dependencies=[downloaded("download.workflows")])
@access("client")
def csv_file(session: ReadSession, member: ClientMember) -> Response:
    """All workflows as CSV, which the import reads; an example where there are none."""
    return _file(session, member, "csv")


@router.get(LIST + ".xlsx", name="worklists:xlsx", dependencies=[downloaded("download.workflows")])
@access("client")
def workbook(session: ReadSession, member: ClientMember) -> Response:
    """The same as a workbook."""
    return _file(session, member, "xlsx")


def _file(session: Session, member: ClientMember, form: files.Form) -> Response:
    tree = clients.departments(session, member.organisation_id)
    paths = files.paths_of(tree, clients.department_names(session, member.organisation_id))
    content = files.file(workflows.inventory(session, member.organisation_id), paths, form)
    headers = {"Content-Disposition": f'attachment; filename="workflows.{form}"', "Cache-Control": "no-store"}
    return Response(content, media_type=files.TYPES[form], headers=headers)
