"""The short way in: a request to a route that is run in one go passes none of the framework's layers.

FastAPI looks for the route of a request twice, in all of them, and hands request and answer through a dozen layers,
which takes longer than a page of a survey. What the layers do for other requests is done here in one pass: the route is
found by its first word, a form from another site is refused, and the answer gets its headers and is packed.
"""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.web.moulds import MadeOfSegments
from app.web.security import Guard, RawHeader
from app.web.straight import StraightRoute

PACKED_FROM: Final = 500  # bytes; less is not worth it
LEVEL: Final = 6
AS_GZIP: Final = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class _Way:
    """The address of a route in parts: those that are words, and those that are parameters, by their place."""

    route: StraightRoute
    words: tuple[tuple[int, str], ...]
    names: tuple[tuple[int, str], ...]

    def taken(self, parts: list[str]) -> dict[str, str] | None:
        """The parameters of an address with as many parts; None where it is another one."""
        for place, word in self.words:
            if parts[place] != word:
                return None
        given = {name: parts[place] for place, name in self.names}
        return given if all(given.values()) else None


class Entrance:
    """Answers requests to the straight routes."""

    def __init__(self, routes: Iterable[StraightRoute], *, guard: Guard, refuse: Callable[[Request], Response]) -> None:
        self.guard, self.refuse = guard, refuse
        self._ways: dict[tuple[str, int, str], list[_Way]] = {}
        for route in routes:
            parts = route.path_format[1:].split("/")
            inside = [(place, part[1:-1]) for place, part in enumerate(parts) if part.startswith("{")]
            words = [(place, part) for place, part in enumerate(parts) if not part.startswith("{")]
            for method in route.methods or ():
                known = self._ways.setdefault((method, len(parts), parts[0]), [])
                known.append(_Way(route, tuple(words[1:]), tuple(inside)))

    async def answers(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answers one request; False for one of another kind, to which nothing was done."""
        route = self._chosen(scope) if scope["type"] == "http" else None
        if route is None:
            return False
        request = Request(scope, receive)
        headers = request.headers
        if self.guard.lets_in(scope["method"], headers):
            answer = await route.answered(request)
        else:
            answer = self.refuse(request)
        told, body = _packed(answer, takes_gzip="gzip" in headers.get("accept-encoding", ""))
        await send({"type": "http.response.start", "status": answer.status_code, "headers": self.guard.added(told)})
        await send({"type": "http.response.body", "body": body})
        return True

    def _chosen(self, scope: Scope) -> StraightRoute | None:
        """The route of a request, noted in its scope as the framework does; None for one of another kind."""
        parts = scope["path"][1:].split("/")
        for way in self._ways.get((scope["method"], len(parts), parts[0]), ()):
            given = way.taken(parts)
            if given is not None:
                scope.update(route=way.route, endpoint=way.route.endpoint, path_params=given)
                return way.route
        return None


def _packed(answer: Response, *, takes_gzip: bool) -> tuple[list[RawHeader], bytes]:
    """Headers and body of an answer as they travel."""
    headers, body = answer.raw_headers, bytes(answer.body)
    if len(body) < PACKED_FROM:
        return headers, body
    told = [(name, value) for name, value in headers if name != b"content-length"]
    if takes_gzip:
        if isinstance(answer, MadeOfSegments):
            body = answer.gzip()
        else:
            packer = zlib.compressobj(LEVEL, zlib.DEFLATED, AS_GZIP)
            body = packer.compress(body) + packer.flush()
        told.append((b"content-encoding", b"gzip"))
    return [*told, (b"content-length", b"%d" % len(body)), (b"vary", b"Accept-Encoding")], body
