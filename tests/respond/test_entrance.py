"""Requests to the survey take a short way past the framework's layers, and get what the layers would have given."""

import gzip
from collections.abc import Callable

import pytest
from httpx2 import Response

from app.web.entrance import Entrance

HTMX = {"HX-Request": "true"}
FOREIGN = {"Sec-Fetch-Site": "cross-site"}
PLAIN = {"Accept-Encoding": "identity"}
PACKED = {"Accept-Encoding": "gzip, deflate"}
LINK = "abcdefghijklmnopqrstuvwxyz"[:26]
OTHER = "bcdefghijklmnopqrstuvwxyza"


@pytest.fixture
def token(stage) -> str:
    made: list[str] = stage.personal()
    return made[0]


@pytest.fixture
def both_ways(client, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Response, Response]]:
    """The answers to a request by the short way and by the long one, the one after the other."""

    def ask(method: str, path: str, **more: object) -> tuple[Response, Response]:
        client.request(method, path, **more)  # the first time, a page asks about what was left out
        short = client.request(method, path, **more)
        with monkeypatch.context() as patched:
            patched.setattr(Entrance, "_chosen", lambda *_: None)
            return short, client.request(method, path, **more)

    return ask


def told(answer: Response) -> dict[str, str]:
    """The headers of an answer; what was packed in pieces has another length."""
    packed = "content-encoding" in answer.headers
    return {name: value for name, value in answer.headers.items() if not (packed and name == "content-length")}


@pytest.mark.parametrize(
    ("method", "path", "headers", "data"),
    [
        ("GET", "", PACKED, None),
        ("GET", "/t1", PACKED, None),
        ("GET", "/t1", PLAIN, None),
        ("GET", "/t1?language=ar&left=1", PACKED, None),
        ("GET", "/no-such-page", PACKED, None),
        ("GET", "/send", PACKED, None),
        ("GET", "/thanks", PACKED, None),
        ("POST", "/t1", PACKED, {"T1a": "3"}),
        ("POST", "/t1", PACKED | HTMX, {"T1a": "3"}),
        ("POST", "/t1", HTMX, {"T1a": "3", "go": "keep"}),
        ("POST", "/t1", PACKED, {"T1a": "nonsense"}),
        ("POST", "/send", PACKED, {}),
        ("PUT", "/t1", PACKED, {}),
        ("HEAD", "/t1", PACKED, None),
        ("GET", "/t1/", PACKED, None),
        ("GET", "//t1", PACKED, None),
        ("GET", "/t1/more", PACKED, None),
    ],
)
def test_an_answer_by_the_short_way_is_that_of_the_long_way(both_ways, token, method, path, headers, data):
    short, long = both_ways(method, f"/r/{token}{path}", headers=headers, data=data)
    assert short.status_code == long.status_code
    assert told(short) == told(long)
    assert short.text == long.text


@pytest.mark.parametrize("path", ["/join", f"/r/{LINK}", f"/s/{LINK}", f"/r/{OTHER}/t1", "/r/", "/r", "/", "/nowhere"])
def test_an_address_that_leads_nowhere_is_answered_alike(both_ways, path):
    short, long = both_ways("GET", path)
    assert short.status_code == long.status_code
    assert told(short) == told(long)
    assert short.text == long.text


def test_a_form_from_another_site_is_refused_with_all_headers(both_ways, token):
    short, long = both_ways("POST", f"/r/{token}/t1", headers=FOREIGN, data={"T1a": "3"})
    assert short.status_code == long.status_code == 403
    assert short.text == long.text
    assert short.headers["content-security-policy"] == long.headers["content-security-policy"]


def test_the_survey_is_reached_by_the_short_way(client, token, monkeypatch: pytest.MonkeyPatch):
    """What the other tests here compare is not the long way twice."""
    monkeypatch.setattr(client.app.router, "handle", None)
    monkeypatch.setattr(client.app.router, "app", None)
    assert client.get(f"/r/{token}/t1").status_code == 200
    assert client.post(f"/r/{token}/t1", data={"T1a": "3"}).status_code == 303


def test_a_page_is_packed_for_browsers_that_take_it(client, token):
    with client.stream("GET", f"/r/{token}/t1", headers=PACKED) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(raw) < 5000
    assert "<main" in gzip.decompress(raw).decode()
