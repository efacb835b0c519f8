"""What addresses, titles and refusals give away: nothing of a hidden cell, no link, no other client."""

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute

from app.accounts import service as accounts
from app.db import Database
from app.lineage import queries as lineage
from app.main import routes_of
from app.waves import queries
from app.waves import service as waves
from app.web.access import access_of
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.privacy.scene import drafted, everything, set_up, signed_in, workflow_of
from tests.privacy.walk import look
from tests.world import World

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

pytestmark = [pytest.mark.lived_in, pytest.mark.parametrize("template", ["sqlite"], indirect=True)]

TITLE = re.compile(r"<title>(.*?)</title>", re.S)
LINKED = re.compile(r'(?:href|src|action|hx-\w+)="([^"]*)"')
LABELS = re.compile(
    r"20\d\d-Q[1-4]|20\d\d|LEG1|T1a|^G-\d\d |^\d+ of \d+: "
)  # a wave, question or guardrail, a page's place


def test_titles_and_addresses_of_pages_carry_no_numbers_of_a_result_and_no_links(
    database: Database, cast: Cast, lived_in: World, clock: Clock, application: "FastAPI", client: "TestClient"
) -> None:
    scene = set_up(database, cast, lived_in, clock())
    where = everything(application, scene)
    seen = look(signed_in(client), where)
    titles = 0
    for address in where.member:
        head = seen[address].body.decode("latin-1").partition("</head>")[0]  # pictures below have titles of their own
        for title in TITLE.findall(head):
            titles += 1
            assert not re.search(r"\d", LABELS.sub("", unescape(title))), (address, title)
    assert titles > 50
    for address in where.member:
        told = LINKED.findall(seen[address].body.decode("latin-1"))
        # Links into the survey stand in fields to copy from, where they are given out: nobody is led through one by a
        # click, into what somebody else has saved.
        assert not [one for one in told if re.search(r"/[rs]/[a-z2-7]{20}", one)], address
        assert "referrer-policy" in dict(seen[address].headers)
    for address in where.public:
        # A page behind a read-only link says nothing of where it is left from; the one that asks for its password keeps
        # the rule of all pages, by which browsers name the origin alone.
        hidden = address.startswith(("/shared/", "/delivered/")) and b'name="password"' not in seen[address].body
        hidden = hidden or (address.startswith("/told/") and seen[address].status == 200)
        assert dict(seen[address].headers)["referrer-policy"] == ("no-referrer" if hidden else "strict-origin"), address
        outside = [
            one for one in LINKED.findall(seen[address].body.decode("latin-1")) if one.startswith(("http", "//"))
        ]
        assert outside == [], address


def test_what_another_client_has_and_what_nobody_has_look_the_same(
    database: Database, cast: Cast, lived_in: World, application: "FastAPI", client: "TestClient", clock: Clock
) -> None:
    foreign = _foreign(database, cast, clock)
    sign_in(client, "Ada")
    compared = 0
    for route in routes_of(application):
        for method, real, made_up, names in _pairs(route, cast, lived_in, foreign):
            answers = []
            for path in (real, made_up):
                answer = client.request(method, path, data=_form(names) if method == "POST" else None)
                ids = [*map(str, foreign.values()), *(part for part in path.split("/") if len(part) == 36)]
                text = answer.text
                for id in ids:
                    text = text.replace(id, "*")
                headers = [one for one in answer.headers.multi_items() if one[0] not in ("content-length", "location")]
                answers.append((answer.status_code, headers, text))
            assert answers[0] == answers[1], f"{method} {real}"
            assert answers[0][0] in (303, 404, 409), f"{method} {real}: {answers[0][0]}"
            compared += 1
    assert compared > 40


def _foreign(database: Database, cast: Cast, clock: Clock) -> dict[str, object]:
    """Things of the other client and of another person, by the parameter that would name them."""
    from app.clients.service import add_department

    with database.writing() as session:
        department = add_department(
            session, cast.other, name="Press", parent_id=None, function="other", headcount=12, now=clock()
        )
        wave = waves.plan_assessment(
            session,
            organisation_id=cast.other,
            name="Theirs",
            instrument="atr",
            label="2026-Q4",
            form="pulse",
            planned_close=None,
            now=clock(),
        )
        waves.open_wave(session, organisation_id=cast.other, wave_id=wave, now=clock())
        accounts.sign_in(session, user_id=cast.ben, device="Theirs", now=clock(), hours=1)
        assessment = queries.wave(session, cast.other, wave).assessment_id
    return {
        "organisation_id": cast.other,
        "wave_id": wave,
        "earlier_id": wave,
        "assessment_id": assessment,
        "department_id": department,
        "subject_id": department,
        "change_id": _change_of(database, cast.other),
        "row_id": department,
        "user_id": cast.ben,
        "instrument_id": drafted(database, cast.other, cast.ben, clock()),
        "workflow_id": workflow_of(database, cast.other, department, clock()),
    }


def _change_of(database: Database, organisation_id: UUID) -> UUID:
    """A change of departments of the other client."""
    with database.reading() as session:
        return lineage.done(session, organisation_id)[-1].id


def _own(cast: Cast, lived_in: World) -> dict[str, object]:
    """What stands in addresses of the client itself; made up where it has nothing of the kind."""
    return {
        "organisation_id": cast.organisation,
        "wave_id": lived_in.closed,
        "earlier_id": lived_in.running,
        "assessment_id": uuid4(),
        "department_id": cast.departments["Legal"],
        "change_id": uuid4(),
        "row_id": cast.departments["Operations"],
        "dimension_id": "T1",
        "figure": "dimensions",
        "comment_id": uuid4(),
        "user_id": uuid4(),
        "invitation_id": uuid4(),
        "instrument_id": uuid4(),
        "workflow_id": uuid4(),
        "attestation_id": uuid4(),
        "rating_id": uuid4(),
        "planned_id": uuid4(),
        "subject_id": cast.departments["Legal"],
        "template_id": "decision_log",
        "drawing_id": "flow_now",
        "code": "OWN-R3-nothing-here",
        "own_code": "own_nothing_here",
        "number": 1,
        "format_key": "pdf",
        "item_id": "LEG1",
        "language": "de",
        "kind": "invitation",
        "action_id": "R3-low-permitted-uses",
        "guardrail_id": "G-07",
    }


def _pairs(
    route: APIRoute, cast: Cast, lived_in: World, foreign: dict[str, object]
) -> Iterator[tuple[str, str, str, list[str]]]:
    """For each id in a route of a client: the method, the address with a foreign id there, and with a made-up one."""
    if access_of(route) not in ("client", "owner", "reviewer", "reader"):
        return
    own = _own(cast, lived_in)
    parameters = list(route.param_convertors)
    for parameter in parameters:
        if parameter not in foreign:
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            real, made_up = (_path(route.path, own | {parameter: one}) for one in (foreign[parameter], uuid4()))
            yield method, real, made_up, parameters


def _path(path: str, values: dict[str, object]) -> str:
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: str(values[found[1]]), path)


def _form(names: list[str]) -> dict[str, str]:
    return {"name": "x", "headcount": "12", "do": "shared"}
