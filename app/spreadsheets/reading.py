"""Reading a list from CSV or a workbook, whichever program wrote it, and the first line's columns. Pure.

A workbook becomes lines of text with tabs between the values, so that what follows reads one kind of list.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from app.errors import InvalidError
from app.sentences import Sentence, say

CHUNK: Final = 1_000_000
LARGEST_WORKBOOK: Final = 120_000_000  # bytes, unpacked: 50,000 people with many columns are a quarter of it
WORKBOOK: Final = b"PK\x03\x04"
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
DAMAGED: Final = say(
    "The workbook can't be read. It may be damaged or locked with a password. Save it again, or as CSV."
)
TOO_LARGE: Final = say("The workbook is too large. Save the sheet with the list as CSV.")
TOO_MANY_LINES: Final = say(
    "The list has {count} lines. Import at most {most} at a time, each part with the first line that names the columns."
)
SHEETS: Final = "xl/worksheets/"
ROW: Final = b"<row"
VALUES: Final = (b"<v>", b"<is>", b"<v ")


def text_of(
    content: bytes,
    *,
    largest: int = LARGEST_WORKBOOK,
    most: int | None = None,
    too_many: Sentence = TOO_MANY_LINES,
) -> str:
    """The text of a file, of a workbook the first sheet with something in it; `largest` is in bytes, unpacked.

    InvalidError says what else it is. A workbook in which every sheet has more than `most` lines below its first one
    is refused before it is read, with `too_many`.
    """
    if content.startswith(WORKBOOK):
        _require_few(_unpacked(content, largest) - 1, most, too_many)
        return _sheet(content)
    if content.startswith(OLD_WORKBOOK):
        raise InvalidError(
            say("This is a workbook of an old kind (.xls). Save it as .xlsx or CSV and choose that file.")
        )
    return decode(content)


def decode(content: bytes) -> str:
    """The text of a file that is no workbook; raises InvalidError for what is no text."""
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


def columns(headings: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    """Which column holds what, by headings compared without spaces and marks, in any case."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = known.get(re.sub(r"[^\w]|_", "", heading.casefold()))
        if column is not None:
            found.setdefault(column, place)
    return found


def _require_few(lines: int, most: int | None, too_many: Sentence) -> None:
    if most is not None and lines > most:
        raise InvalidError(too_many.filled({"count": lines, "most": most}))


def _sheet(content: bytes) -> str:
    """The first sheet with something in it, its values with tabs between them."""
    # Loaded when the first workbook comes.
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(io.BytesIO(content))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
            if any(cell != "" for row in rows[:100] for cell in row):
                return _as_text(rows)
    except CalamineError as error:
        raise InvalidError(DAMAGED) from error
    raise InvalidError(say("The workbook has nothing in it."))


def _unpacked(content: bytes, largest: int) -> int:
    """Unpacks and counts, keeping nothing: a small file may become a huge one, whatever it says of its size.

    Gives the fewest rows with a value in them that a sheet has, of those with any; 0 where no sheet has one.
    """
    left, rows = largest, []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for part in packed.infolist():
                rows.append(0)
                for size, found in _read_through(packed, part):
                    left -= size
                    rows[-1] += found
                    if left < 0:
                        raise InvalidError(TOO_LARGE)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InvalidError(DAMAGED) from error
    return min(filter(None, rows), default=0)


def _read_through(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[int, int]]:
    """The size of each piece of a part and, of a sheet, how many rows with a value in them end in it."""
    is_sheet, rest = part.filename.startswith(SHEETS), b""
    with packed.open(part) as unpacked:
        while piece := unpacked.read(CHUNK):
            *rows, rest = (rest + piece).split(ROW) if is_sheet else (b"",)
            rest = rest[-CHUNK:]
            yield len(piece), sum(any(value in row for value in VALUES) for row in rows)
    yield 0, int(any(value in rest for value in VALUES))


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
