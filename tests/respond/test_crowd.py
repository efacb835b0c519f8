"""Many people at once against a real server: no deadlock, nothing lost, nothing twice."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
import uvicorn
from fastapi import FastAPI

from surveys.arrange import layout
from surveys.load import latest
from tests.conftest import SAME_ORIGIN
from tests.respond.stage import Stage

CROWD = 64
MOST_SECONDS = 60.0
FORM = {**SAME_ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def served(application: FastAPI) -> Iterator[int]:
    """The application behind a real server on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(application, log_config=None, access_log=False, ws="none", loop="asyncio")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        deadline = time.monotonic() + MOST_SECONDS
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(MOST_SECONDS)
            assert not thread.is_alive()


def post(port: int, path: str, data: dict[str, str]) -> tuple[int, str]:
    """Status and place of one POST over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
    try:
        connection.request("POST", path, urlencode(data), FORM)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers["location"]
    finally:
        connection.close()


def all_at_once(port: int, requests: list[tuple[str, dict[str, str]]]) -> list[tuple[int, str]]:
    """Sends all requests at the same moment; each has the time limit."""
    gate = threading.Barrier(len(requests))

    def one(request: tuple[str, dict[str, str]]) -> tuple[int, str]:
        gate.wait(MOST_SECONDS)
        return post(port, *request)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(one, requests, timeout=MOST_SECONDS))


@pytest.mark.both
def test_64_people_save_and_send_at_once(stage: Stage, application: FastAPI):
    tokens = [*stage.personal("Operations", CROWD // 2), *stage.personal("Legal", CROWD // 2)]
    with served(application) as port:
        saved = all_at_once(port, [(f"/r/{token}/t1", {"T1a": "3", "T1b": "4"}) for token in tokens])
        assert [status for status, _ in saved] == [303] * CROWD
        assert stage.count("draft") == CROWD
        sent = all_at_once(port, [(f"/r/{token}/send", {}) for token in tokens])
    assert sorted(sent) == sorted((303, f"/r/{token}/thanks") for token in tokens)
    assert stage.count("answer_sheet") == CROWD
    assert stage.count("draft") == 0
    assert sorted(stage.values("SELECT responses FROM turnout")) == [CROWD // 2, CROWD // 2]


@pytest.mark.both
def test_one_person_who_sends_64_times_at_once_counts_once(stage: Stage, application: FastAPI):
    [token] = stage.personal()
    with served(application) as port:
        post(port, f"/r/{token}/t1", {"T1a": "3"})
        sent = all_at_once(port, [(f"/r/{token}/send", {})] * CROWD)
    assert sent == [(303, f"/r/{token}/thanks")] * CROWD
    assert stage.count("answer_sheet") == 1
    assert stage.values("SELECT responses FROM turnout") == [1]


def test_pages_of_one_person_saved_at_once_are_all_kept(stage: Stage, application: FastAPI):
    [token] = stage.personal()
    dimensions = [one for one in latest("atr").dimensions if one.id[0] in "TR"]
    requests = [(f"/r/{token}/{one.id.lower()}", {item.id: "3"}) for one in dimensions for item in one.items]
    asked = layout(latest("atr"), form="full", function="legal").item_ids
    assert {item for _, data in requests for item in data} == {item for item in asked if item[0] in "TR"}
    with served(application) as port:
        saved = all_at_once(port, requests)
        assert {status for status, _ in saved} == {303}
        post(port, f"/r/{token}/send", {})
    [codes] = stage.values("SELECT codes FROM answer_sheet")
    assert bytes(codes).count(b"3") == len(requests)


def test_a_first_page_sent_64_times_at_once_makes_one_link(stage: Stage, application: FastAPI, client):
    from tests.robot import forms

    token = stage.shared()
    data = forms(client.get(f"/s/{token}").text)[0].hidden | {"E1": "1", "E2": "1"}
    with served(application) as port:
        sent = all_at_once(port, [(f"/s/{token}", data)] * CROWD)
    assert {status for status, _ in sent} == {303}
    assert len({place.split("/")[2] for _, place in sent}) == 1
    assert stage.count("invitation") == 2
    assert stage.count("draft") == 1
