"""Sending a list of departments as a browser does: looking at what it would change, then taking it."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient


def imported(client: "TestClient", address: str, text: str, **more: str) -> "Response":
    """Takes a list where it can be taken; else the page that says why not, or that there is nothing to change."""
    looked = client.post(address, data={"list": text, **more})
    button = taken(looked.text)
    return client.post(address, data={"list": text, **more, **button}) if button else looked


def taken(page: str) -> dict[str, str]:
    """What the button that changes the departments sends, with what it is beside; nothing where there is none."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {**hidden, "do": "take"} if "seen" in hidden else {}
