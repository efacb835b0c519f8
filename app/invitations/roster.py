"""Writing the links of a wave as CSV, for whoever sends them out by other means. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from app.invitations.queries import Link
from app.rosters.queries import PersonFacts
from app.waves.queries import WaveDepartmentFacts

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


def links_as_csv(links: Iterable[Link], names: Mapping[UUID, str], people: Mapping[UUID, PersonFacts]) -> str:
    """The links as a table: department, reference, kind, link, name, mail. No cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["department", "reference", "kind", "link", "name", "mail"])
    for link in links:
        person = people.get(link.invitation_id)
        told = (person.name, person.mail or "") if person else ("", "")
        cells = (names[link.department_id], link.reference or "", link.kind, link.url, *told)
        writer.writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def paths(departments: Sequence[WaveDepartmentFacts]) -> dict[UUID, str]:
    """The path of each department: Finance / Tax. Parents come before their children."""
    found: dict[UUID, str] = {}
    for department in departments:
        above = found.get(department.parent_id) if department.parent_id else None
        found[department.department_id] = f"{above} / {department.name}" if above else department.name
    return found


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
