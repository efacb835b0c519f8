"""Headers on every answer, and refusal of requests that another site made the browser send."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

RawHeader = tuple[bytes, bytes]

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STYLES = "style-src 'self'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A survey link is a secret: nobody may learn the address a person came from, neither another site nor, with the
    # requests for style sheets, the access log of a proxy. Not "no-referrer": browsers then send forms with the origin
    # "null", and over plain http that origin is all that tells our own pages from those of another site.
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def letting(policy: str, digest: str) -> str:
    """The policy with one more style sheet: the one with this hash may stand in a page, and no other."""
    return policy.replace(STYLES, f"{STYLES} {digest}")


class Guard:
    """Which requests come from our own pages, and the headers of every answer, lower case as ASGI has them."""

    def __init__(self, *, base_url: str, secure: bool, sheet: str) -> None:
        self._origin = urlsplit(base_url)
        told = HEADERS | {"Content-Security-Policy": letting(POLICY, sheet)}
        if secure:
            told["Strict-Transport-Security"] = "max-age=31536000"
        self._headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
        self._names = frozenset(name for name, _ in self._headers)

    def added(self, headers: Sequence[RawHeader]) -> list[RawHeader]:
        """The headers of an answer with ours, but for those that it has already."""
        there = {name.lower() for name, _ in headers}
        if self._names.isdisjoint(there):
            return [*headers, *self._headers]
        return [*headers, *(one for one in self._headers if one[0] not in there)]

    def lets_in(self, method: str, headers: Headers) -> bool:
        """True for what only reads, and for requests from our own pages: Sec-Fetch-Site, else Origin against the host.

        Neither header: not a browser of the last years, so it carries no cookie that another site could misuse.
        """
        if method in SAFE_METHODS:
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is None:
            return "cookie" not in headers
        # The origin "null" has no host: a page that hides where it comes from is none of ours.
        host = urlsplit(origin).netloc
        return bool(host) and host in (headers.get("host"), self._origin.netloc)


class SecurityMiddleware:
    """Adds the headers, and refuses writes that do not come from our own pages, with the page that `refuse` makes."""

    def __init__(self, app: ASGIApp, *, guard: Guard, refuse: Callable[[Request], Response]) -> None:
        self.app = app
        self.guard = guard
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pure ASGI: one check on the way in, some headers on the way out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self.guard.added(message["headers"])
            await send(message)

        if not self.guard.lets_in(scope["method"], Headers(scope=scope)):
            await self.refuse(Request(scope))(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)
