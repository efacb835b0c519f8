"""What somebody asked for, and typed, while nobody was signed in: kept in the sign-in form, not on the server."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from app.web.forms import MAX_FILE, MOST_CELLS, FormData, most_fields

LONGEST_ADDRESS = 2000
LARGEST = 1_000_000  # characters of all kept fields together

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """Where to go on after signing in. `fields` is None for a page, the typed form otherwise."""

    address: str
    fields: Fields | None = None
    lost: bool = False

    @property
    def sealed(self) -> str:
        """The form as one hidden field; JSON, because names repeat and browsers change line ends."""
        return "" if self.fields is None else json.dumps({"fields": self.fields, "lost": self.lost})


def local_address(text: str) -> str:
    """An address of this service; the start page instead of anything that would lead elsewhere."""
    leads_away = not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable()
    return "/" if leads_away or " " in text or len(text) > LONGEST_ADDRESS else text


def kept_in(data: FormData) -> Kept:
    """What a sign-in form carries."""
    address = local_address(data.text("next", "/"))
    if not data.text("kept"):
        return Kept(address)
    try:
        found = json.loads(data.text("kept"))
        fields = tuple((str(name), str(value)) for name, value in found["fields"][:MOST_CELLS])
        return Kept(address, fields, bool(found["lost"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return Kept("/")


async def kept_from(request: Request) -> Kept:
    """What a refused request asked for, with the fields of its form; files and anything too large are lost.

    A form with a password in it is not kept at all.
    """
    query = request.scope["query_string"].decode("latin-1")
    address = local_address(quote(request.scope["path"]) + (f"?{query}" if query else ""))
    if request.method != "POST":
        return Kept(address)
    try:
        # Where a dependency has read the form already, this is that form again.
        form = await request.form(max_fields=most_fields(request), max_files=4, max_part_size=MAX_FILE)
    except (MultiPartException, HTTPException, ClientDisconnect):
        return Kept(address, (), lost=True)
    await form.close()
    items = form.multi_items()
    if any("password" in name for name, _ in items):
        return Kept("/")
    typed = tuple((name, value) for name, value in items if not isinstance(value, UploadFile))
    if sum(len(name) + len(value) for name, value in typed) > LARGEST:
        return Kept(address, (), lost=True)
    return Kept(address, typed, lost=any(isinstance(value, UploadFile) and value.size for _, value in items))
