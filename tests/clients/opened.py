"""Changing and closing a department as a browser does: with what its form had shown."""

import html
import re
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient


def seen(client: "TestClient", organisation: UUID, department: UUID) -> str:
    """What the form of a department says that it showed."""
    page = client.get(f"/organisations/{organisation}/departments?change={department}").text
    (first, *_) = re.findall(r'name="seen" value="([^"]*)"', page)
    return html.unescape(first)


def change(client: "TestClient", organisation: UUID, department: UUID, **typed: str) -> "Response":
    """Opens the form of a department and sends what was typed."""
    address = f"/organisations/{organisation}/departments/{department}/change"
    return client.post(address, data={**typed, "seen": seen(client, organisation, department)})


def close(client: "TestClient", organisation: UUID, department: UUID) -> "Response":
    """Opens the form of a department and closes it."""
    address = f"/organisations/{organisation}/departments/{department}/close"
    return client.post(address, data={"seen": seen(client, organisation, department)})
