"""What a list of people holds: its lines, and which column is what. Pure; `spreadsheets` reads the file.

What is kept of a list until somebody takes it is its text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.errors import InvalidError
from app.sentences import say
from app.spreadsheets.listing import separated
from app.spreadsheets.reading import columns

MOST_ROWS: Final = 50_000

# What a column may be called. Compared without spaces and marks, in any case.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "department": ("department", "departmentname", "unit", "abteilung", "service", "departamento", "القسم"),
    "mail": (
        "mail",
        "email",
        "emailaddress",
        "mailaddress",
        "address",
        "emailadresse",
        "adresse",
        "courriel",
        "correo",
        "correoelectronico",
        "البريدالإلكتروني",
    ),
    "name": ("name", "fullname", "person", "vorundnachname", "nom", "nombre", "الاسم"),
    "reference": ("reference", "id", "number", "employeeid", "personnelnumber", "referenz", "personalnummer"),
    "language": ("language", "sprache", "langue", "idioma", "اللغة"),
    "level": ("rolelevel", "level", "role", "rolle", "position"),
}
NEEDED: Final = "department"
KEYS: Final = ("reference", "mail", "name")

_KNOWN = {spelling: column for column, spellings in HEADINGS.items() for spelling in spellings}


def lines_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The values of each line that has any, with the number of the line where it begins, from 1."""
    for begins, values in separated(text, _KNOWN):
        yield begins, [" ".join(value.split()) for value in values]


def checked(text: str) -> tuple[list[str], int]:
    """The headings of a list and how many lines follow. InvalidError for none, and for more than 50,000."""
    lines = lines_of(text)
    _, headings = next(lines, (0, []))
    rows = sum(1 for _ in lines)
    if not rows:
        raise InvalidError(
            say("The list is empty. Its first line names the columns, for example department, name, mail.")
        )
    if rows > MOST_ROWS:
        raise InvalidError(
            say("The list has {count} people. Send at most {most} at a time.", count=rows, most=MOST_ROWS)
        )
    return headings, rows


def guessed(headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by their headings."""
    return columns(headings, _KNOWN)


def missing(columns: Mapping[str, int]) -> str | None:
    """What has to be chosen before a list can be read, None when nothing has."""
    if NEEDED not in columns:
        return say("Choose the column that holds the department.")
    if not any(key in columns for key in KEYS):
        return say("Choose a column that tells people apart: the mail address, a reference or the name.")
    return None
