"""Reading a list of departments from CSV, whichever program wrote it. Pure; all bad lines are found in one go."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

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

MOST_ROWS = 2000
DELIMITERS: Final = (",", ";", "\t")
HEADINGS: Final = {
    "department": ("department", "departmentname", "name", "unit"),
    "parent": ("parent", "parentdepartment", "parentpath", "belongsto"),
    "function": ("function",),
    "headcount": ("headcount", "headcounts", "people", "employees", "staff"),
    "pool": ("pool", "showntogether"),
    "site": ("site", "location", "place"),
}
NEEDED: Final = ("department", "function", "headcount")
EXAMPLE: Final = "department,parent,function,headcount"

_KNOWN = {spelling: column for column, spellings in HEADINGS.items() for spelling in spellings}


@dataclass(frozen=True)
class Table:
    """The rows of a list and what is wrong with them.

    A row with a problem is among the rows when its name can be read, with a stand-in for what could not be, so that
    rows below it can be judged too; whoever imports leaves the lines with problems out.
    """

    rows: tuple[ImportRow, ...]
    problems: tuple[Problem, ...]

    @property
    def lines(self) -> int:
        """How many lines have something in them, the headings not counted."""
        return len({row.line for row in self.rows} | {problem.line for problem in self.problems})


def decode(content: bytes) -> str:
    """The text of a file; raises InvalidError for what is no text."""
    if content.startswith(b"PK\x03\x04"):
        raise InvalidError(
            say("This is a workbook. Save it as CSV in your spreadsheet program, then choose that file.")
        )
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InvalidError(
        say("The file is not text in UTF-8 or Windows-1252. Save it as CSV (UTF-8) and choose it again.")
    )


def read_table(text: str) -> Table:
    """All rows and all problems of a list; raises InvalidError when it has no usable first line, or too many lines."""
    lines = text.removeprefix("\ufeff").splitlines()
    start = next((number for number, line in enumerate(lines) if line.strip(" \t,;")), None)
    if start is None:
        raise InvalidError(say("The list is empty. Its first line names the columns: {example}.", example=EXAMPLE))
    delimiter = max(DELIMITERS, key=lambda sign: len(_columns(lines[start].split(sign))))
    cells = list(filled((f"{line}\n" for line in lines), delimiter))
    columns = _columns(cells[0][1])
    _check_columns(columns, cells[0][1])
    if len(cells) - 1 > MOST_ROWS:
        raise InvalidError(
            say(
                "The list has {count} lines. Import at most {most} at a time.",
                count=len(cells) - 1,
                most=MOST_ROWS,
            )
        )
    rows, problems = [], []
    for line, values in cells[1:]:
        row, message = _read(line, values, columns, len(cells[0][1]))
        if row is not None:
            rows.append(row)
        if message is not None:
            problems.append(Problem(line, message))
    if not cells[1:]:
        raise InvalidError(say("The list has headings and no line below them. Add a line for each department."))
    return Table(tuple(rows), tuple(problems))


def filled(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The values of each line that has any, with the number of the line where it begins, from 1.

    The lines have their ends. InvalidError names one that can't be read.
    """
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        begins = reader.line_num + 1
        try:
            values = [value.strip() for value in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            raise InvalidError(
                say("Line {begins} can't be read. Look for a quotation mark that is not closed.", begins=begins)
            ) from None
        if any(values):
            yield begins, values


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """Which column of the list holds what."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = _KNOWN.get(re.sub(r"[^a-z]", "", heading.casefold()))
        if column is not None:
            found.setdefault(column, place)
    return found


def _check_columns(columns: dict[str, int], headings: Sequence[str]) -> None:
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise InvalidError(
            say(
                "The first line must name the columns: {example}. There is no column “{missing}” in “{headings}”.",
                example=EXAMPLE,
                missing="” and no “".join(missing),
                headings=", ".join(headings)[:120],
            )
        )


def _read(line: int, values: Sequence[str], columns: dict[str, int], width: int) -> tuple[ImportRow | None, str | None]:
    """A row, if its name can be read, and what is wrong with it in one text, if anything is."""

    def value(column: str) -> str:
        place = columns.get(column, len(values))
        return " ".join(values[place].split("\t")) if place < len(values) else ""

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
    ]
    row = ImportRow(line, name, value("parent"), function or "other", headcount or 0, pool, site)
    return row, " ".join(text for text in wrong if text) or None


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
