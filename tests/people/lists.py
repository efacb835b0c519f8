"""Lists of people as tests send them: through the page, and as workbooks."""

import io
import zipfile
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def people_of(organisation: UUID, wave: UUID) -> str:
    """The address of the list of a wave."""
    return f"/organisations/{organisation}/waves/{wave}/people"


def send_list(client: "TestClient", address: str, text: str) -> "Response":
    """Sends a list that is pasted; it waits to be taken then."""
    return client.post(f"{address}/import", data={"do": "upload", "pasted": text})


def send_file(client: "TestClient", address: str, content: bytes, name: str = "people.csv") -> "Response":
    """Sends a list as a file."""
    return client.post(f"{address}/import", data={"do": "upload"}, files={"file": (name, content, "x/y")})


def take(client: "TestClient", address: str, **more: str) -> "Response":
    """Takes the list that waits."""
    return client.post(f"{address}/import", data={"do": "take", **more})


def take_list(client: "TestClient", address: str, text: str, *, complete: bool = False) -> "Response":
    """Sends a list and takes it."""
    assert send_list(client, address, text).status_code == 303
    if complete:
        assert client.post(f"{address}/import", data=columns(text) | {"complete": "yes"}).status_code == 303
    return take(client, address)


def columns(text: str) -> dict[str, str]:
    """The form that chooses the columns of a list whose headings are our own."""
    headings = text.split("\n", 1)[0].strip().split(",")
    return {"do": "columns", **{f"column_{name}": str(place) for place, name in enumerate(headings)}}


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook with one sheet."""
    lines = "".join(f"<row>{''.join(_cell(value) for value in row)}</row>" for row in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATION}"><sheets>'
        '<sheet name="People" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{lines}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
