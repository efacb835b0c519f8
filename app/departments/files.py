"""The departments as a file to take away, to change and to send back. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from app.clients.imports import SEPARATOR
from app.clients.queries import DepartmentNode
from app.spreadsheets.writing import CSV, XLSX, Row, as_csv, as_workbook

Form = Literal["csv", "xlsx"]
TYPES: Final[dict[Form, str]] = {"csv": CSV, "xlsx": XLSX}
HEADINGS: Final = ("id", "department", "parent", "function", "headcount", "pool", "site")
EXAMPLE: Final[tuple[Row, ...]] = (
    ("", "Finance", "", "finance", 2, "", ""),
    ("", "Tax", "Finance", "finance", 4, "", ""),
    ("", "VAT", "Finance / Tax", "finance", 3, "", ""),
    ("", "Legal", "", "legal", 8, "", ""),
)


def file(tree: Sequence[DepartmentNode], form: Form) -> bytes:
    """The open departments as a list that the import reads; an example where there are none."""
    rows = [HEADINGS, *(_rows(tree) if tree else EXAMPLE)]
    return as_csv(rows) if form == "csv" else as_workbook(rows)


def _rows(tree: Sequence[DepartmentNode]) -> Iterator[Row]:
    paths: dict[object, str] = {None: ""}
    for node in tree:
        above = paths[node.parent_id]
        paths[node.id] = above + SEPARATOR + node.name if above else node.name
        yield str(node.id), node.name, above, node.function, node.headcount, node.pool or "", node.site or ""
