"""Forms that arrive slowly or never whole: they hold up nobody, and whoever hangs up leaves no trace in the log."""

import logging
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from app.db import POOL_SIZE
from app.main import create_app, routes_of
from app.settings import read_settings
from app.web import database
from tests.cast import PASSWORD, Cast, sign_in
from tests.conftest import SAME_ORIGIN, SECRET, Clock
from tests.live import live_settings, served
from tests.processes import PATIENT_SECONDS

WHO = {"_client_member", "_current_user", "_visitor", "_sign_in", "_current_password", "read_form"}


@pytest.fixture
def address(database_url: str, tmp_path: Path, clock: Clock, cast: Cast) -> Iterator[str]:
    """The address of the application behind a real server."""
    with served(live_settings(database_url, tmp_path / "data"), clock) as base:
        yield base


# Forms that change nothing in the database: the code of a room that stands in no address, answers that are shown in
# another language, and a cookie.
ONLY_READ = {"join:find", "respond:receipt", "accounts:speak"}


def writing_routes(application: FastAPI) -> list[APIRoute]:
    posted = [route for route in routes_of(application) if "POST" in (route.methods or set())]
    assert {route.name for route in posted} >= ONLY_READ
    return [route for route in posted if route.name not in ONLY_READ]


def path_of(route: APIRoute, cast: Cast) -> str:
    known = {"organisation_id": str(cast.organisation), "token": "a" * 26, "page": "t1"}
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: known.get(found[1], str(uuid4())), route.path)


@contextmanager
def half_sent(address: str, path: str, cookie: str) -> Iterator[None]:
    """A POST that announced 100 bytes and sent two; it stays like that until the end."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENT_SECONDS) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Cookie: plumbline={cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: 100\r\n\r\na=".encode()
        )
        yield


@pytest.mark.both
def test_forms_that_trickle_in_hold_up_no_other_writer(address: str, application: FastAPI, cast: Cast) -> None:
    ada = {"email": "ada@example.org", "password": PASSWORD}
    with httpx2.Client(base_url=address, headers=SAME_ORIGIN, timeout=PATIENT_SECONDS) as browser, ExitStack() as slow:
        cookie = browser.post("/sign-in", data=ada).cookies["plumbline"]
        routes = writing_routes(application)
        assert len(routes) > 15
        for route in routes:
            for _ in range(POOL_SIZE + 1 if route.name == "respond:begin" else 1):
                slow.enter_context(half_sent(address, path_of(route, cast), cookie))
        assert browser.get("/health").status_code == 200
        assert browser.post("/sign-in", data=ada).status_code == 303
        assert browser.post(f"/s/{'a' * 26}", data={"E1": "1"}).status_code == 404


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "nobody"])
def test_a_sender_who_hangs_up_gets_a_quiet_refusal(
    application: FastAPI, client: TestClient, cast: Cast, caplog: pytest.LogCaptureFixture, signed_in: bool
) -> None:
    cookie = sign_in(client, "Ada").cookies["plumbline"] if signed_in else ""
    caplog.set_level(logging.WARNING)
    for route in writing_routes(application):
        assert client.portal is not None
        status = client.portal.call(partial(cut_off, application, path_of(route, cast), cookie))
        assert 400 <= status < 500, route.name
    assert caplog.records == []


# Any: the messages of ASGI have no closer type.
async def cut_off(application: FastAPI, path: str, cookie: str) -> int:
    """Sends the application two bytes of a form and hangs up; gives the status of its answer."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"a=", "more_body": True},
        {"type": "http.disconnect"},
    ]
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if len(messages) > 1 else messages[0]

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = {
        "host": "testserver",
        "sec-fetch-site": "same-origin",
        "cookie": f"plumbline={cookie}",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": "100",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("testclient", 50000),
        "server": ("testserver", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    await application(scope, receive, send)
    [status] = statuses
    return status


def test_every_route_asks_who_it_is_before_it_waits_for_its_turn_to_write(tmp_path: Path) -> None:
    application = create_app(read_settings(demo=True, data_dir=tmp_path, secret_key=SECRET))
    seen = 0
    for route in writing_routes(application):
        order = in_order(route.dependant)
        assert database._write_slot.__name__ in order, f"{route.name}: writes without a turn"
        after = set(order[order.index(database._write_slot.__name__) :])
        late = (WHO & after) - set(order[: order.index(database._write_slot.__name__)])
        assert late == set(), f"{route.name}: put {late} before the WriteSession"
        seen += 1
    assert seen > 15


def in_order(dependant: Dependant) -> list[str]:
    """The names of what a route depends on, in the order in which FastAPI makes it."""
    found: list[str] = []
    for inner in dependant.dependencies:
        found += [*in_order(inner), getattr(inner.call, "__name__", "")]
    return found
