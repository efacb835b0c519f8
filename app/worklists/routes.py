"""The addresses of lists of workflows: the inventory as a file, and a list to take in."""

from dataclasses import replace

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted
from app.clients import queries as clients
from app.errors import InvalidError
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, takes_lists
from app.web.views import html, see_other
from app.workflows import queries as workflows
from app.workflows.service import Author
from app.worklists import files, forms, pages, service
from app.worklists.table import ColumnsMissingError

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
def import_list(request: Request, member: ClientMember, data: FormDep, session: WriteSession, now: Now) -> Response:
    """Says what a list would do, does it once that was seen, or reports every line that is wrong."""
    organisation = clients.organisation(session, member.organisation_id)
    clients.lock_tree(session, organisation.id)
    sent = forms.read(data)
    try:
        sent = forms.with_file(sent, data.files["file"]) if data.files.get("file") else sent
        table, plan, found = service.look(session, organisation.id, sent)
    except InvalidError as error:
        missing = error if isinstance(error, ColumnsMissingError) else None
        page = pages.import_page(organisation, sent, refusal=error.message, missing=missing)
        return html(request, page, status=error.status)
    page = pages.import_page(organisation, sent, table=table, plan=plan, preview=found)
    if found is None or data.text("do") != "take":
        return html(request, page, status=422 if found is None else 200)
    if data.text("seen") != found.digest:
        return html(request, replace(page, meanwhile=service.CHANGED), status=409)
    author = Author(name=member.user_name, way="file", now=now)
    service.take(session, organisation.id, found, author=author)
    return see_other(request, "workflows:inventory", organisation_id=organisation.id, done="listed")


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
