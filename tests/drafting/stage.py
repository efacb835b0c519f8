"""Own templates for tests: addresses, and the form as a browser sends it."""

import re
from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from app.db import Database
from app.documents import keeping, owned
from app.documents.keeping import Came
from app.documents.own import Tree
from app.documents.owned import Own
from app.documents.service import Author
from app.documents.shelf import template
from app.drafting.pages import copied
from tests.cast import Cast

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

OWN_TEMPLATE = "own_decision_log"
TITLE = "What we decided and why"


def address(cast: Cast, code: str = "", more: str = "") -> str:
    """Where an own template is."""
    return "/".join(("", "organisations", str(cast.organisation), "own-templates", code, more)).rstrip("/")


def a_tree(source: str = "decision_log", title: str = TITLE) -> Tree:
    """A copy of one of the service's templates under another title."""
    return {**copied(template(source)), "title": {"en": title, "de": "Was wir beschlossen haben und warum"}}


def own_template(
    database: Database, organisation_id: UUID, now: datetime, tree: Tree | None = None, *, used: bool = True
) -> Own:
    """An own template, in use or as a draft."""
    author, found = Author("Ada", now), tree or a_tree()
    with database.writing() as session:
        came = Came(copied_from=str(found.get("instead_of", "")))
        code = keeping.begin(session, organisation_id, uuid4(), found, came=came, author=author)
        if used:
            keeping.bring_into_use(session, organisation_id, code, seen=1, author=author)
        return owned.own_template(session, organisation_id, code)


def form_of(client: "TestClient", at: str, **changes: str) -> dict[str, str]:
    """What a browser would send of the form at an address, with what is typed into it; __ stands for a dot."""
    text = client.get(at).text
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", text, re.DOTALL):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag, re.DOTALL)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent[name[1]] = unescape(value[1]) if value else ""
    for name_of, words in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL):
        sent[name_of] = unescape(words)
    for name_of, body in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent[name_of] = unescape(chosen[1]) if chosen else ""
    return {**sent, **{name.replace("__", "."): words for name, words in changes.items()}}


def posted(
    client: "TestClient",
    at: str,
    data: dict[str, str] | None = None,
    files: Mapping[str, tuple[str, str | bytes, str]] | None = None,
) -> "Response":
    """The page on which somebody ends who sends a form."""
    answer = client.post(at, data=data, files=files)
    return client.get(answer.headers["location"]) if answer.status_code == 303 else answer
