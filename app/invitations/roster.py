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
from app.sentences import say
from app.waves.queries import WaveDepartmentFacts

MOST_ROWS = 5000
ANOTHER = say("another department")
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
        raise _unusable(
            say("The roster is empty. Its first line is department,reference; each further line is a person.")
        )
    columns = _columns(lines[0][1])
    if len(lines) - 1 > MOST_ROWS:
        raise _unusable(
            say("The roster has {count} people. Send at most {most} at a time.", count=len(lines) - 1, most=MOST_ROWS)
        )
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
            raise _unusable(
                say("Line {begins} can't be read. Look for a quotation mark that is not closed.", begins=begins)
            ) from None
        if any(cells):
            yield begins, cells


def _columns(headings: Sequence[str]) -> list[int]:
    folded = [heading.casefold() for heading in headings]
    missing = [name for name in HEADINGS if name not in folded]
    if missing:
        raise _unusable(
            say("The first line must name the columns department,reference. “{column}” is missing.", column=missing[0])
        )
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
        return say("No department is given.")
    if not found:
        return say("There is no department “{name}” in this wave.", name=name[:60])
    if len(found) > 1:
        return say(
            "{count} departments are called “{name}”. Write the path, for example Finance / {name}.",
            count=len(found),
            name=name,
        )
    return None


def _about_reference(
    reference: str, department: UUID, seen: Mapping[str, int], known: Mapping[str, UUID], names: Mapping[UUID, str]
) -> str | None:
    if not reference:
        return say("No reference is given.")
    if len(reference) > LONGEST_REFERENCE:
        return say(
            "The reference has {count} characters. Use at most {longest}.",
            count=len(reference),
            longest=LONGEST_REFERENCE,
        )
    if reference in seen:
        return say("“{reference}” is in line {line} already.", reference=reference, line=seen[reference])
    if known.get(reference, department) != department:
        return say(
            "“{reference}” has a link in {department} already.",
            reference=reference,
            department=names.get(known[reference], ANOTHER),
        )
    return None


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _unusable(sentence: str) -> InvalidError:
    return InvalidError(sentence, fields={"roster": sentence})
