"""The page of a list of workflows, put together from what the list says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from app.clients.queries import OrganisationFacts
from app.sentences import Sentence, say
from app.spreadsheets.listing import Column, ColumnsMissingError
from app.workflows.differing import LABELS
from app.workflows.facts import FLAGS
from app.worklists.cells import COLUMNS, LAW
from app.worklists.planning import Plan
from app.worklists.service import Preview, Sent
from app.worklists.table import Table
from app.worklists.views import ImportPage

_NAMES: Final[Mapping[str, Sentence]] = {
    **LABELS,
    **{column: FLAGS[flag] for column, flag in LAW.items()},
    "id": say("Id"),
    "department": say("Department"),
    "workflow": say("Workflow"),
    "status": say("Done or retired"),
    "rated": say("Rated by staff"),
}


def empty_page(organisation: OrganisationFacts) -> ImportPage:
    """The form before anything was sent."""
    return ImportPage(organisation, uuid4(), "")


def import_page(
    organisation: OrganisationFacts,
    sent: Sent,
    *,
    refusal: str = "",
    missing: ColumnsMissingError | None = None,
    table: Table | None = None,
    plan: Plan | None = None,
    preview: Preview | None = None,
) -> ImportPage:
    """The form as it was sent, with every line that is wrong, or with what the list would do."""
    page = ImportPage(organisation, sent.form, sent.text, preview=preview, refusal=refusal)
    if missing is not None:
        page = replace(page, **_columns(missing.headings, missing.columns))
    if table is not None:
        page = replace(page, **_columns(table.headings, table.columns))
    return page if plan is None else replace(page, problems=plan.problems)


def _columns(headings: Sequence[str], columns: Mapping[str, int]) -> dict[str, Any]:  # Any: fields of ImportPage
    return {
        "headings": (("", say("Not in the list")), *((str(at), name) for at, name in enumerate(headings))),
        "columns": tuple(Column(f"column_{one}", _NAMES[one], str(columns.get(one, ""))) for one in COLUMNS),
    }
