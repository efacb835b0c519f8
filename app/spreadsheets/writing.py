"""Writing a table as CSV or as a workbook, in which no cell can be taken for a formula. Pure."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
GUARD: Final = "'"
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET: Final = "Departments"

_OPEN: Final = "http://schemas.openxmlformats.org"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_OPEN}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{XLSX}.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_OPEN}/package/2006/relationships"><Relationship Id="rId1"'
        f' Type="{_OPEN}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_OPEN}/spreadsheetml/2006/main" xmlns:r="{_OPEN}/officeDocument/2006/relationships">'
        f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_OPEN}/package/2006/relationships"><Relationship Id="rId1"'
        f' Type="{_OPEN}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)

Row = Sequence[str | int]


def as_csv(rows: Iterable[Row]) -> bytes:
    """The rows as CSV in UTF-8 with its mark; what a spreadsheet would take for a formula has a `'` before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_workbook(rows: Iterable[Row], sheet: str = SHEET) -> bytes:
    """The rows as a workbook with one sheet of this name.

    Texts are kept as texts, which no program reckons; no formula is written. The same rows give the same bytes.
    """
    out = io.BytesIO()
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    page = f'<worksheet xmlns="{_OPEN}/spreadsheetml/2006/main"><sheetData>{lines}</sheetData></worksheet>'
    named = _PARTS["xl/workbook.xml"].replace(SHEET, escape(sheet))
    parts = {**_PARTS, "xl/workbook.xml": named, "xl/worksheets/sheet1.xml": page}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(zipfile.ZipInfo(name, date_time=_EPOCH), (_HEAD + part).encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def guarded(cell: str) -> str:
    """A text as CSV may hold it: a `'` before what would be taken for a formula."""
    return GUARD + cell if cell.startswith(FORMULA_SIGNS) else cell


def without_guard(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[len(GUARD) :] if cell.startswith(GUARD) and cell[len(GUARD) :].startswith(FORMULA_SIGNS) else cell


def _cell(cell: str | int) -> str:
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    told = "".join(sign for sign in cell if sign.isprintable() or sign in "\t\n")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(told)}</t></is></c>'
