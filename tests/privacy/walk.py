"""Every address that somebody may fetch around a client, and what its bytes are: to compare one moment with another."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import anyio
from starlette.types import ASGIApp, Message, Scope

from app.explore.looking import LOOKS
from app.main import routes_of
from app.web.access import access_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

# What differs each time a page is fetched, whatever happened: it marks one form, so that a double click does it once.
NONCES = re.compile(rb'(<input type="hidden" name="(?:batch|nonce|form)" value=")[0-9a-f-]+(">)')
# How often links were opened, which counts whoever fetches what they lead to.
VISITS = re.compile(rb'<td class="(?:num )?visits"[^>]*>.*?</td>', re.S)

# The tables that a statement reads.
READS = re.compile(r"\b(?:FROM|JOIN)\s+\"?(\w+)")

# What can follow the address of a route, by the route's name.
QUERIES: Mapping[str, Sequence[str]] = {
    "explore:heatmap": (
        *(f"?view={one}" for one in LOOKS),
        *(f"?order={one}" for one in ("-T1", "first", "reordered")),
        "?open=none",
    ),
    "explore:figure": ("?of=R1", "?of=nowhere"),
    "explore:json": ("?number=1", "?number=2"),
    "forecast:forecast": ("?turnout=40",),
    "reports:file": ("?paper=A4", "?paper=Letter"),
    "respond:thanks": ("?late=1",),
    "respond:comments": ("?names=1",),
    "people:list": ("?done=made-3",),
    "retention:people": ("?done=erased",),
    "waves:plan": ("?mode=confidential&k=5&comments=yes&retention_months=12",),
    "comments:next": ("?after=00000000-0000-4000-8000-000000000000",),
}


@dataclass(frozen=True)
class Seen:
    """An answer of the service: its status, all of its headers and its body without nonces."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Addresses:
    """Addresses by who fetches them: a signed-in member, and people without an account."""

    member: tuple[str, ...]
    public: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.member) + len(self.public)


@dataclass(frozen=True)
class Values:
    """What can stand in an address, by the name of the parameter; tokens by the beginning of the route.

    `only` gives, for a parameter that belongs to one value of another, that value: a row to its wave.
    """

    named: Mapping[str, Sequence[object]]
    tokens: Mapping[str, Sequence[str]]
    departments: Sequence[object] = ()
    only: Mapping[str, object] = field(default_factory=dict)

    def of(self, path: str, name: str) -> Sequence[object]:
        """The values for a parameter of a route; a new parameter has to be given some here."""
        if name == "token":
            return self.tokens[path.split("/")[1]]
        assert name in self.named, f"{path}: give the walk values for {name}"
        return self.named[name]


def addresses(application: "FastAPI", values: Values) -> Addresses:
    """Every GET address of the application with these values in it."""
    member: list[str] = []
    public: list[str] = []
    for route in routes_of(application):
        if "GET" not in (route.methods or set()):
            continue
        into = member if access_of(route) in ("client", "reviewer", "reader", "account") else public
        into += _filled(route.path, route.name, list(route.param_convertors), values)
    assert len(member) > 20
    assert len(public) > 10
    return Addresses(tuple(member), tuple(public))


def look(client: "TestClient", where: Addresses) -> dict[str, Seen]:
    """What the signed-in member and everybody else see at these addresses.

    The application is called without a client in between, which takes half of the time; nothing is compressed.
    """
    assert client.portal is not None  # inside "with TestClient"
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items()).encode()
    return client.portal.call(_look, client.app, where, cookie)


def changed(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> set[str]:
    """The addresses at which anything at all is different."""
    assert before.keys() == after.keys()
    return {address for address, seen in before.items() if seen != after[address]}


async def _look(application: ASGIApp, where: Addresses, cookie: bytes) -> dict[str, Seen]:
    found = {address: await _fetch(application, address, [(b"cookie", cookie)]) for address in where.member}
    return found | {address: await _fetch(application, address, []) for address in where.public}


async def _fetch(application: ASGIApp, address: str, headers: list[tuple[bytes, bytes]]) -> Seen:
    path, _, query = address.partition("?")
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"testserver"), *headers],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        "state": {},
    }
    sent: list[Message] = []

    whole: Iterator[Message] = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        # Who sends a file in parts listens whether the reader leaves; this one stays to the end.
        message = next(whole, None)
        if message is None:
            await anyio.sleep_forever()
        return message or {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await application(scope, receive, send)
    told = tuple((name.decode(), value.decode()) for name, value in sent[0]["headers"])
    body = NONCES.sub(rb"\1\2", b"".join(one.get("body", b"") for one in sent[1:]))
    if VISITS.search(body):
        body = VISITS.sub(b"", body)
        told = tuple((name, str(len(body)) if name == "content-length" else value) for name, value in told)
    return Seen(sent[0]["status"], told, body)


def _filled(path: str, name: str, parameters: list[str], values: Values) -> Iterator[str]:
    for chosen in product(*(values.of(path, parameter) for parameter in parameters)):
        belongs = {values.only[str(one)] for one in chosen if str(one) in values.only}
        if "wave_id" in parameters and not belongs <= set(chosen):
            continue
        told = dict(zip(parameters, chosen, strict=True))
        plain = path
        for parameter, value in told.items():
            plain = re.sub(rf"{{{parameter}(:\w+)?}}", str(value), plain)
        yield plain
        yield from (plain + query for query in _queries(name, values.departments))


def _queries(name: str, departments: Iterable[object]) -> Iterator[str]:
    if name == "invitations:links":
        yield from (f"?department={department}" for department in departments)
    yield from QUERIES.get(name, ())
