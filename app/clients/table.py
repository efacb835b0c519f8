"""Reading a list of departments: its columns and its lines, all bad ones in one go.

Pure; `spreadsheets` reads files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.clients.functions import FUNCTIONS
from app.clients.imports import ImportRow, Problem
from app.clients.rules import (
    LARGEST_HEADCOUNT,
    about_name,
    about_short_name,
    nearest_function,
    read_function,
    read_headcount,
)
from app.errors import InvalidError
from app.sentences import Passage, say
from app.spreadsheets.listing import ColumnsMissingError, separated
from app.spreadsheets.reading import columns as columns_of
from app.spreadsheets.writing import without_guard

MOST_ROWS = 2000  # as many as a client can have: parts of a longer list would not fit either
TOO_MANY: Final = say(
    "The list has {count} departments, and a client has at most {most}. Leave out the lowest level and add its people "
    "to the department above it, or make a client of each part of the organisation."
)
LARGEST_WORKBOOK: Final = 20_000_000  # bytes, unpacked: 2,000 departments are a twentieth of it
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id",),
    "department": ("department", "departmentname", "name", "unit", "abteilung"),
    "parent": ("parent", "parentdepartment", "parentpath", "belongsto", "liesbelow", "übergeordnet"),
    "function": ("function", "funktion"),
    "headcount": ("headcount", "headcounts", "people", "employees", "staff", "kopfzahl", "personen"),
    "pool": ("pool", "showntogether"),
    "site": ("site", "location", "place", "standort"),
}
NEEDED: Final = ("department", "function", "headcount")
EXAMPLE: Final = "department,parent,function,headcount"

_KNOWN = {spelling: column for column, spellings in HEADINGS.items() for spelling in spellings}


@dataclass(frozen=True)
class Table:
    """The rows of a list and what is wrong with them.

    A row with a problem is among the rows when its name can be read, with a stand-in for what could not be, so that
    rows below it can be judged too; whoever imports leaves the lines with problems out. `headings` are those of the
    list, and `columns` says which of them holds what.
    """

    rows: tuple[ImportRow, ...]
    problems: tuple[Problem, ...]
    headings: tuple[str, ...] = ()
    columns: Mapping[str, int] | None = None

    @property
    def lines(self) -> int:
        """How many lines have something in them, the headings not counted."""
        return len({row.line for row in self.rows} | {problem.line for problem in self.problems})


def read_table(text: str, chosen: Mapping[str, int] | None = None) -> Table:
    """All rows and all problems of a list; raises InvalidError when it has no usable first line, or too many lines.

    `chosen` says which column holds what where a person did, instead of its headings. Of a list that is too long no
    more is kept than its number of lines.
    """
    lines = separated(text, _KNOWN)
    _, headings = next(lines, (0, []))
    if not headings:
        raise InvalidError(say("The list is empty. Its first line names the columns: {example}.", example=EXAMPLE))
    columns = dict(chosen) if chosen else columns_of(headings, _KNOWN)
    _check_columns(columns, headings)
    rows, problems, count = [], [], 0
    for line, values in lines:
        count += 1
        if count > MOST_ROWS:
            continue
        row, message = _read(line, values, columns, len(headings))
        if row is not None:
            rows.append(row)
        if message is not None:
            problems.append(Problem(line, message))
    if count > MOST_ROWS:
        raise InvalidError(TOO_MANY.filled({"count": count, "most": MOST_ROWS}))
    if not count:
        raise InvalidError(say("The list has headings and no line below them. Add a line for each department."))
    return Table(tuple(rows), tuple(problems), tuple(headings), columns)


def _check_columns(columns: Mapping[str, int], headings: Sequence[str]) -> None:
    needed = (*NEEDED, "parent") if "id" in columns else NEEDED
    missing = [column for column in needed if column not in columns]
    if missing:
        sentence = say(
            "The first line must name the columns: {example}. There is no column “{missing}” in “{headings}”.",
            example=EXAMPLE,
            missing="” and no “".join(missing),
            headings=", ".join(headings)[:120],
        )
        raise ColumnsMissingError(sentence, headings, columns)


def _read(
    line: int, values: Sequence[str], columns: Mapping[str, int], width: int
) -> tuple[ImportRow | None, str | None]:
    """A row, if its name can be read, and what is wrong with it in one text, if anything is."""

    def value(column: str) -> str:
        place = columns.get(column, len(values))
        return without_guard(" ".join(values[place].split("\t"))) if place < len(values) else ""

    name = value("department")
    if "\n" in "".join(values):
        return None, say("A quotation mark is opened here and closed only lines later. Close it, or take it out.")
    about = about_name(" ".join(name.split()))
    if about is not None:
        return None, about
    function, headcount = read_function(value("function")), read_headcount(value("headcount"))
    pool, site = (" ".join(value(one).split()) if one in columns else None for one in ("pool", "site"))
    wrong = [
        _about_width(values, width),
        _about_function(name, value("function")) if function is None else None,
        _about_headcount(name, value("headcount")) if headcount is None else None,
        about_short_name(say("site"), site or ""),
        _about_id(name, value("id")),
    ]
    row = ImportRow(line, name, value("parent"), function or "other", headcount or 0, pool, site, _id(value("id")))
    return row, " ".join(text for text in wrong if text) or None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _about_id(name: str, text: str) -> str | None:
    if not text or _id(text) is not None:
        return None
    return say(
        "“{text}” is no id of a department. Leave that of {name} as it was downloaded, or empty for a new department.",
        text=text[:40],
        name=name,
    )


def _about_width(values: Sequence[str], width: int) -> str | None:
    if not any(values[width:]):
        return None
    return say(
        "There are {count} values for {width} columns. Put a value that has a comma in it in quotation marks.",
        count=len(values),
        width=width,
    )


def _about_function(name: str, text: str) -> str:
    if not text:
        return say("{name} has no function. Write one of: {functions}.", name=name, functions=_functions())
    near = nearest_function(text)
    hint = (
        say("Did you mean “{near}”?", near=near) if near else say("Write one of: {functions}.", functions=_functions())
    )
    return Passage([say("“{text}” is not a function.", text=text), hint])


def _about_headcount(name: str, text: str) -> str:
    wanted = say(
        "Write a whole number from 0 to {largest} without a point or comma.",
        largest=LARGEST_HEADCOUNT,
    )
    if not text:
        return Passage([say("{name} has no headcount.", name=name), wanted])
    return Passage([say("“{text}” is not a headcount.", text=text), wanted])


def _functions() -> str:
    return ", ".join(label.lower() for label in FUNCTIONS.values())
