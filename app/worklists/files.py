"""The inventory as a file to take away, to change and to send back. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal
from uuid import UUID, uuid4

from app.clients.imports import SEPARATOR
from app.clients.queries import DepartmentNode
from app.spreadsheets.writing import CSV, XLSX, as_csv, as_workbook
from app.workflows.facts import FLAGS, Facts
from app.workflows.queries import WorkflowFacts
from app.worklists.cells import COLUMNS, row_of

Form = Literal["csv", "xlsx"]
TYPES: Final[dict[Form, str]] = {"csv": CSV, "xlsx": XLSX}
EXAMPLE: Final = Facts(
    description="Hold an invoice against order and receipt, and clear it or ask.",
    trigger="An invoice comes in",
    owner="Head of Accounts payable",
    systems=("ERP", "Mail"),
    data=("confidential", "payment"),
    times=600,
    minutes=6,
    people=4,
    data_ready=4,
    undo=4,
    consequence=3,
    affects_persons=False,
    external_effect=True,
    money_limit=5000,
    legal=dict.fromkeys(FLAGS, False),
)


def file(inventory: Iterable[WorkflowFacts], paths: Mapping[UUID, str], form: Form) -> bytes:
    """All workflows as a list that the import reads; an example where there are none. `paths` name departments."""
    rows = [row_of(one, paths.get(one.department_id, "")) for one in inventory]
    lines = [COLUMNS, *(rows or [("", *row_of(_EXAMPLE, "Finance")[1:])])]
    return as_csv(lines) if form == "csv" else as_workbook(lines, "Workflows")


def paths_of(tree: Sequence[DepartmentNode], names: Mapping[UUID, str]) -> dict[UUID, str]:
    """How a list names each department: by its path, and one that was closed by its name."""
    found = dict(names)
    for node in tree:
        above = found[node.parent_id] + SEPARATOR if node.parent_id is not None else ""
        found[node.id] = above + node.name
    return found


_EXAMPLE: Final = WorkflowFacts(
    id=uuid4(),
    department_id=uuid4(),
    chosen_id=uuid4(),
    code="",
    name="Check a supplier’s invoice",
    position=0,
    rated=True,
    retired=False,
    version=0,
    facts=EXAMPLE,
)
