"""A client that hands the application a request and takes the whole answer at once.

Starlette's test client passes every answer on piece by piece, from one thread to another eight times for each request,
and starts a thread with an event loop for each client: that took more than half of the time of a small page.
"""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

import anyio
import httpx2
from starlette.testclient import TestClient

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal
    from fastapi import FastAPI
    from starlette.types import Message

FROM = ("testclient", 50000)


class Client(TestClient):
    """A browser without cookies, in a test; `portal` is the event loop that clients share, in its own thread."""

    def __init__(self, application: "FastAPI", portal: "BlockingPortal", *, headers: dict[str, str]) -> None:
        super().__init__(application, headers=dict(headers), follow_redirects=False)
        self.portal = portal
        self._transport = _AtOnce(application, portal)
        self._running = portal.wrap_async_context_manager(application.router.lifespan_context(application))

    def __enter__(self) -> Self:
        """Starts the application."""
        with ExitStack() as stack:
            stack.enter_context(self._running)
            self.exit_stack = stack.pop_all()
        return self


class _AtOnce(httpx2.BaseTransport):
    """Runs the application on the shared event loop, for one request after the other or for many at once."""

    def __init__(self, application: "FastAPI", portal: "BlockingPortal") -> None:
        self.application, self.portal = application, portal

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Gives the application's answer, or raises what it raised."""
        return self.portal.call(self._answer, request, request.read())

    async def _answer(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        incoming: list[Message] = [{"type": "http.request", "body": body}]
        outgoing: list[Message] = []
        complete = anyio.Event()

        async def receive() -> "Message":
            if incoming:
                return incoming.pop()
            await complete.wait()
            return {"type": "http.disconnect"}

        async def send(message: "Message") -> None:
            outgoing.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                complete.set()

        await self.application(_scope(request), receive, send)
        start, *parts = outgoing
        assert start["type"] == "http.response.start"
        assert complete.is_set(), "the answer has no end"
        content = b"" if request.method == "HEAD" else b"".join(part.get("body", b"") for part in parts)
        headers = [(name.decode(), value.decode()) for name, value in start["headers"]]
        return httpx2.Response(start["status"], headers=headers, stream=httpx2.ByteStream(content), request=request)


def _scope(request: httpx2.Request) -> dict[str, object]:
    """What ASGI tells an application of a request."""
    url = request.url
    return {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.raw_path.split(b"?", 1)[0],
        "root_path": "",
        "scheme": url.scheme,
        "query_string": url.query,
        "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers.multi_items()],
        "client": FROM,
        "server": [url.host, url.port or (443 if url.scheme == "https" else 80)],
        "state": {},
    }
