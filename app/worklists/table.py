"""Reading a list of workflows: its columns and its lines. Pure; `spreadsheets` reads files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.errors import InvalidError
from app.sentences import say
from app.spreadsheets.listing import ColumnsMissingError, separated
from app.spreadsheets.reading import TOO_MANY_LINES, columns
from app.spreadsheets.writing import without_guard
from app.worklists.cells import KNOWN, NEEDED

MOST_ROWS: Final = 5000
LARGEST_WORKBOOK: Final = 60_000_000  # bytes, unpacked: 5,000 workflows with long texts are a third of it


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: what its cells say, by column; `problem` where it can't be read at all."""

    number: int
    cells: Mapping[str, str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a list, its headings, and which of them holds what."""

    lines: tuple[Line, ...]
    headings: tuple[str, ...]
    columns: Mapping[str, int]


def read_table(text: str, chosen: Mapping[str, int]) -> Table:
    """The lines of a list. `chosen` says which column holds what, where a person did, instead of its headings.

    InvalidError when it has no usable first line, no other, or too many; ColumnsMissingError where a column is missing.
    """
    lines = separated(text, KNOWN)
    _, headings = next(lines, (0, []))
    if not headings:
        raise InvalidError(say("The list is empty. Its first line names the columns: department, workflow and more."))
    found = dict(chosen) if chosen else columns(headings, KNOWN)
    missing = [column for column in NEEDED if column not in found]
    if missing:
        about = say(
            "The list has no column “{missing}”. Its first line has to name the columns department and workflow; "
            "choose below which of its columns they are.",
            missing="”, “".join(missing),
        )
        raise ColumnsMissingError(about, headings, found)
    read: list[Line] = []
    count = 0
    for number, values in lines:
        count += 1
        if count <= MOST_ROWS:
            read.append(_read(number, values, found, len(headings)))
    if count > MOST_ROWS:
        raise InvalidError(TOO_MANY_LINES.filled({"count": count, "most": MOST_ROWS}))
    if not count:
        raise InvalidError(say("The list has headings and no line below them. Add a line for each workflow."))
    return Table(tuple(read), tuple(headings), found)


def _read(number: int, values: Sequence[str], found: Mapping[str, int], width: int) -> Line:
    cells = {name: without_guard(values[at]) if at < len(values) else "" for name, at in found.items()}
    if any("\n" in value for value in values):
        about = say("A quotation mark is opened here and closed only lines later. Close it, or take it out.")
        return Line(number, cells, about)
    if any(values[width:]):
        about = say(
            "There are {count} values for {width} columns. Put a value that has a comma in it in quotation marks.",
            count=len(values),
            width=width,
        )
        return Line(number, cells, about)
    return Line(number, cells)
