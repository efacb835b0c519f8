"""Reading a list of people from CSV or a workbook, whichever program wrote it. Pure.

A file becomes lines of text with tabs between the values once; what is kept until somebody takes it is that text.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from app.clients.table import decode, filled
from app.errors import InvalidError
from app.sentences import say

MOST_ROWS: Final = 50_000
LARGEST_WORKBOOK: Final = 120_000_000  # bytes, unpacked: 50,000 people with many columns are a quarter of it
CHUNK: Final = 1_000_000
DELIMITERS: Final = (",", ";", "\t", "|")
WORKBOOK: Final = b"PK\x03\x04"
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"

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


def text_of(content: bytes) -> str:
    """The text of a file, of a workbook the first sheet with something in it. InvalidError says what else it is."""
    if content.startswith(WORKBOOK):
        return _sheet(content)
    if content.startswith(OLD_WORKBOOK):
        raise InvalidError(
            say("This is a workbook of an old kind (.xls). Save it as .xlsx or CSV and choose that file.")
        )
    return decode(content)


def lines_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The values of each line that has any, with the number of the line where it begins, from 1."""
    text = text.removeprefix("\ufeff")
    first = next((line for line in io.StringIO(text) if line.strip(" \t,;|\r\n")), "")
    delimiter = max(
        DELIMITERS, key=lambda sign: (len(guessed(next(csv.reader([first], delimiter=sign), []))), first.count(sign))
    )
    for begins, values in filled(io.StringIO(text, newline=""), delimiter):
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
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = _KNOWN.get(re.sub(r"[^\w]|_", "", heading.casefold()))
        if column is not None:
            found.setdefault(column, place)
    return found


def missing(columns: Mapping[str, int]) -> str | None:
    """What has to be chosen before a list can be read, None when nothing has."""
    if NEEDED not in columns:
        return say("Choose the column that holds the department.")
    if not any(key in columns for key in KEYS):
        return say("Choose a column that tells people apart: the mail address, a reference or the name.")
    return None


def _sheet(content: bytes) -> str:
    """The first sheet with something in it, its values with tabs between them."""
    # Loaded when the first workbook comes.
    from python_calamine import CalamineError, load_workbook

    _require_small(content)
    try:
        book = load_workbook(io.BytesIO(content))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
            if any(cell != "" for row in rows[:100] for cell in row):
                return _as_text(rows)
    except CalamineError as error:
        raise InvalidError(
            say("The workbook can't be read. It may be damaged or locked with a password. Save it again, or as CSV.")
        ) from error
    raise InvalidError(say("The workbook has nothing in it."))


def _require_small(content: bytes) -> None:
    """Unpacks and counts, keeping nothing: a small file may become a huge one, whatever it says of its size."""
    left = LARGEST_WORKBOOK
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for part in packed.infolist():
                with packed.open(part) as unpacked:
                    while piece := unpacked.read(CHUNK):
                        left -= len(piece)
                        if left < 0:
                            raise InvalidError(say("The workbook is too large. Save the sheet with the people as CSV."))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InvalidError(
            say("The workbook can't be read. It may be damaged or locked with a password. Save it again, or as CSV.")
        ) from error


def _as_text(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> str:
    """A cell as it is shown: a number of employees is 4711 and not 4711.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
