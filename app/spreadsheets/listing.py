"""A list with headings: the sign between its values, its lines, and which column holds what. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.errors import InvalidError
from app.spreadsheets.reading import columns, filled

DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Column:
    """What a list may hold, at its form: the field's name, its label, and which column does, as text."""

    name: str
    label: str
    place: str


class ColumnsMissingError(InvalidError):
    """The list has no column for something that is needed; a person can choose one of its `headings`."""

    def __init__(self, sentence: str, headings: Sequence[str], columns: Mapping[str, int]) -> None:
        super().__init__(sentence)
        self.headings = tuple(headings)
        self.columns = columns


def separated(text: str, known: Mapping[str, str]) -> Iterator[tuple[int, list[str]]]:
    """The values of each line that has any, from the headings on, with the number of the line where it begins, from 1.

    Between them stands the sign by which the headings have the most names of `known`, else the one they have most of.
    """
    text = text.removeprefix("\ufeff")
    first = next((line for line in io.StringIO(text) if line.strip(" |\t,;\r\n")), "")

    def fits(sign: str) -> tuple[int, int]:
        headings = next(csv.reader([first], delimiter=sign), [])
        return len(columns(headings, known)), first.count(sign)

    return filled(io.StringIO(text, newline=None), max(DELIMITERS, key=fits))
