"""Looking at a list before anybody waits for a turn to write: with many lines, and wrong ones, that takes a while."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.accounts.access import ClientMember
from app.clients import queries as clients
from app.clients.queries import OrganisationFacts
from app.db import Database
from app.errors import InvalidError
from app.spreadsheets.listing import ColumnsMissingError
from app.web.forms import FormData, FormDep
from app.worklists import forms, pages, service
from app.worklists.service import Preview, Sent
from app.worklists.table import Table, read_table
from app.worklists.views import ImportPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of a list: the page that says it, and what taking it would do; no preview while lines are wrong."""

    organisation: OrganisationFacts
    sent: Sent
    page: ImportPage
    status: int
    table: Table | None = None
    preview: Preview | None = None


def _look(request: Request, member: ClientMember, data: FormDep) -> Look:
    database: Database = request.app.state.database
    with database.reading() as session:
        organisation = clients.organisation(session, member.organisation_id)
    read = _read(organisation, data)
    with database.reading() as session:
        return again(session, read)


Looked = Annotated[Look, Depends(_look)]
"""The list of a form. A route names it before its WriteSession."""


def again(session: Session, look: Look) -> Look:
    """The same list beside the inventory as it is now; one that can't be used as a whole stays as it is."""
    if look.table is None:
        return look
    plan, found = service.look(session, look.organisation.id, look.table, form=look.sent.form)
    page = pages.import_page(look.organisation, look.sent, table=look.table, plan=plan, preview=found)
    return replace(look, page=page, status=422 if found is None else 200, preview=found)


def _read(organisation: OrganisationFacts, data: FormData) -> Look:
    """The lines of a list, or why it has none."""
    sent = forms.read(data)
    try:
        sent = forms.with_file(sent, data.files["file"]) if data.files.get("file") else sent
        table = read_table(sent.text, sent.columns)
    except InvalidError as error:
        missing = error if isinstance(error, ColumnsMissingError) else None
        page = pages.import_page(organisation, sent, refusal=error.message, missing=missing)
        return Look(organisation=organisation, sent=sent, page=page, status=error.status)
    return Look(
        organisation=organisation, sent=sent, page=pages.import_page(organisation, sent), status=200, table=table
    )
