"""Reading a roster, a CSV of departments and references, and writing links as CSV. Pure."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.errors import InvalidError
from app.invitations.queries import Link
from app.waves.queries import WaveDepartmentFacts

MOST_ROWS = 5000
LONGEST_REFERENCE = 120
DELIMITERS: Final = (",", ";", "\t")
HEADINGS: Final = ("department", "reference")
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class BadRow:
    """What is wrong in a line and what to do."""

    line: int
    message: str


@dataclass(frozen=True)
class Roster:
    """The people of a roster, each a department and a reference, and the lines that can't be used."""

    people: tuple[tuple[UUID, str], ...]
    bad: tuple[BadRow, ...]


def read_roster(text: str, departments: Sequence[WaveDepartmentFacts], known: Mapping[str, UUID]) -> Roster:
    """All people and all bad lines of a roster. `known` has the references that have a link, with their department.

    A department is written by its name, or as a path where two have the same name: Finance / Tax. InvalidError when
    the text is no such table at all.
    """
    lines = list(_lines(text))
    if len(lines) < 2:
        raise _unusable("The roster is empty. Its first line is department,reference; each further line is a person.")
    columns = _columns(lines[0][1])
    if len(lines) - 1 > MOST_ROWS:
        raise _unusable(f"The roster has {len(lines) - 1:,} people. Send at most {MOST_ROWS:,} at a time.")
    places = _places(departments)
    names = {department.department_id: department.name for department in departments}
    seen: dict[str, int] = {}
    people: list[tuple[UUID, str]] = []
    bad: list[BadRow] = []
    for line, cells in lines[1:]:
        department, reference = (cells[column] if column < len(cells) else "" for column in columns)
        found = places.get(_fold(department), [])
        message = _about_department(department, found) or _about_reference(reference, found[0], seen, known, names)
        if message:
            bad.append(BadRow(line, message))
        else:
            people.append((found[0], reference))
        seen.setdefault(reference, line)
    return Roster(tuple(people), tuple(bad))


def links_as_csv(links: Iterable[Link], names: Mapping[UUID, str]) -> str:
    """The links as a table: department, reference, kind, link. No cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["department", "reference", "kind", "link"])
    for link in links:
        writer.writerow(
            [_safe(cell) for cell in (names[link.department_id], link.reference or "", link.kind, link.url)]
        )
    return out.getvalue()


def paths(departments: Sequence[WaveDepartmentFacts]) -> dict[UUID, str]:
    """The path of each department: Finance / Tax. Parents come before their children."""
    found: dict[UUID, str] = {}
    for department in departments:
        above = found.get(department.parent_id) if department.parent_id else None
        found[department.department_id] = f"{above} / {department.name}" if above else department.name
    return found


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has any, with the line's number from 1."""
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=max(DELIMITERS, key=first.count))
    while True:
        begins = reader.line_num + 1
        try:
            cells = [" ".join(cell.split()) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            raise _unusable(f"Line {begins} can't be read. Look for a quotation mark that is not closed.") from None
        if any(cells):
            yield begins, cells


def _columns(headings: Sequence[str]) -> list[int]:
    folded = [heading.casefold() for heading in headings]
    missing = [name for name in HEADINGS if name not in folded]
    if missing:
        raise _unusable(f"The first line must name the columns department,reference. “{missing[0]}” is missing.")
    return [folded.index(name) for name in HEADINGS]


def _places(departments: Sequence[WaveDepartmentFacts]) -> dict[str, list[UUID]]:
    """Departments by folded name and by folded path; a name that several have leads to all of them."""
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    whole = paths(departments)
    for department in departments:
        id = department.department_id
        for key in {_fold(department.name), _fold(whole[id])}:
            found[key].append(id)
    return found


def _about_department(name: str, found: Sequence[UUID]) -> str | None:
    if not name:
        return "No department is given."
    if not found:
        return f"There is no department “{name[:60]}” in this wave."
    if len(found) > 1:
        return f"{len(found)} departments are called “{name}”. Write the path, for example Finance / {name}."
    return None


def _about_reference(
    reference: str, department: UUID, seen: Mapping[str, int], known: Mapping[str, UUID], names: Mapping[UUID, str]
) -> str | None:
    if not reference:
        return "No reference is given."
    if len(reference) > LONGEST_REFERENCE:
        return f"The reference has {len(reference)} characters. Use at most {LONGEST_REFERENCE}."
    if reference in seen:
        return f"“{reference}” is in line {seen[reference]} already."
    if known.get(reference, department) != department:
        return f"“{reference}” has a link in {names.get(known[reference], 'another department')} already."
    return None


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _unusable(sentence: str) -> InvalidError:
    return InvalidError(sentence, fields={"roster": sentence})
