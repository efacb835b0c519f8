"""Documents for tests: a workflow of which everything is known, addresses, and forms as a browser sends them."""

import re
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

from app.db import Database
from app.workflows import service as workflows
from app.workflows.facts import FLAGS, Facts
from app.workflows.service import Author, Wanted
from tests.cast import Cast
from tests.conftest import Clock

if TYPE_CHECKING:
    from starlette.testclient import TestClient

NAME = "Match invoices & orders, daily"
KNOWN = Facts(
    description="A supplier’s invoice is compared with order and receipt.",
    trigger="An invoice arrives",
    owner="Dana Doe",
    systems=("Ledger", "Mail"),
    data=("payment",),
    times=400,
    minutes=6,
    people=5,
    data_ready=4,
    undo=4,
    consequence=3,
    affects_persons=False,
    external_effect=True,
    legal={flag: flag == "payment_release" for flag in FLAGS},
)


def a_workflow(
    database: Database, cast: Cast, clock: Clock, facts: Facts = KNOWN, *, name: str = NAME, to: str = "Legal"
) -> UUID:
    """A workflow of a department."""
    wanted = Wanted(department_id=cast.departments[to], name=name, facts=facts)
    with database.writing() as session:
        author = Author(name="Ada", way="console", now=clock())
        return workflows.add(session, cast.organisation, wanted, author=author)


def address(cast: Cast, subject: UUID, template: str = "", more: str = "") -> str:
    """Where a document is."""
    steps = ("", "organisations", str(cast.organisation), "documents", str(subject), template, more)
    return "/".join(steps).rstrip("/")


def form_of(client: "TestClient", at: str, **changes: str) -> dict[str, str]:
    """What a browser would send of the form at an address: what stands there, and what is typed into it.

    A change is named by its path, with __ for each dot.
    """
    text = client.get(at).text
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    sent |= {
        name: words.removeprefix("\n")
        for name, words in re.findall(r'name="(t\.[^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    }
    for name, body in re.findall(r'<select id="[^"]+" name="(t\.[^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    sent = {name: unescape(words) for name, words in sent.items()}
    typed = {name.replace("__", "."): words for name, words in changes.items()}
    assert {name for name in typed if name.startswith("t.")} <= set(sent), "the form has no such field"
    return {**sent, **typed}
