"""A release as plain data: a line for each number, the dictionary of its keys, and the canonical document. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from app.exports import columns
from app.releases.document import schema
from app.reports.work import Source
from app.web.speech import speech

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


def tidy(source: Source) -> bytes:
    """All numbers as CSV in UTF-8, one a line."""

    def said(value: object) -> str:
        return str(spoken.say(value))

    spoken = speech(source.options.language)
    return _csv([column.name for column in columns.COLUMNS], columns.lines(source.release, said))


def dictionary(source: Source) -> bytes:
    """What the columns and keys of the CSV mean, as CSV."""
    return _csv(("where", "key", "meaning"), columns.dictionary())


def document(source: Source) -> bytes:
    """The canonical document with the name of its schema: without that, its SHA-256 is the one that reports print."""
    return schema.named(source.raw)


def _csv(heads: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_safe(cell) for cell in line] for line in lines)
    # With a mark at the beginning spreadsheets take it for UTF-8.
    return ("\ufeff" + out.getvalue()).encode()


def _safe(cell: object) -> object:
    """Text that no spreadsheet takes for a formula: an apostrophe before what begins like one. Numbers stay."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
