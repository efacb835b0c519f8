"""What the same requests cost when nothing is done with them: endpoints that answer at once, with as many bytes.

`endpoints` are FastAPI's, plain functions as all of ours are; `bare` is one ASGI function without any framework. Both
run as `serve` runs the service: the same server with the same settings, on one processor core.
"""

import json
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response

from app import serve
from app.settings import Settings, read_settings

HEADERS: Final = 700
"""About so many bytes of an answer of the service are its headers."""
HTML: Final = "text/html; charset=utf-8"

# Any: ASGI's scope and messages have no closer type.
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def body(sizes: Mapping[str, float], kind: str) -> bytes:
    """As many bytes as the answers of that kind have, where `sizes` counts their headers too."""
    return bytes(max(0, round(sizes.get(kind, 0)) - HEADERS))


def endpoints(_settings: Settings, *, sizes: Mapping[str, float]) -> FastAPI:
    """An application with the addresses of a survey."""
    application = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    page, part = body(sizes, "page"), body(sizes, "part")

    @application.get("/r/{token}/{key}")
    def show(token: str, key: str) -> Response:
        return Response(page, media_type=HTML)

    @application.post("/r/{token}/send")
    def send(token: str) -> Response:
        return Response(status_code=303, headers={"location": f"/r/{token}/thanks"})

    @application.post("/r/{token}/{key}")
    def save(request: Request, token: str, key: str) -> Response:
        if "hx-request" in request.headers:
            return Response(part, media_type=HTML)
        return Response(status_code=303, headers={"location": f"/r/{token}/{key}"})

    return application


class Bare(FastAPI):
    """Looks at the method and at one header."""

    def __init__(self, _settings: Settings, *, sizes: Mapping[str, float]) -> None:
        super().__init__()
        self.page, self.part = body(sizes, "page"), body(sizes, "part")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers; the body of the request is read first, as every service has to."""
        if scope["type"] == "lifespan":
            await super().__call__(scope, receive, send)  # type: ignore[arg-type]  # the same, told less exactly
            return
        content, status = self.page, 200
        if scope["method"] == "POST":
            while (await receive()).get("more_body", False):
                pass
            swaps = any(name == b"hx-request" for name, _ in scope["headers"])
            content, status = (self.part, 200) if swaps else (b"", 303)
        headers = [(b"content-type", HTML.encode()), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


KINDS: Final[Mapping[str, Callable[..., FastAPI]]] = {"endpoints": endpoints, "bare": Bare}


def main() -> None:
    """Prints the port and answers there until it is stopped. Words: what answers, its core, a folder for settings."""
    kind, core, folder = sys.argv[1:]
    sizes = json.load(sys.stdin)
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        print(listener.getsockname()[1], flush=True)
        settings = read_settings(data_dir=Path(folder), log_level="warning")
        serve.answer(partial(KINDS[kind], sizes=sizes), settings, listener=listener.fileno(), cores=[int(core)])


if __name__ == "__main__":
    main()
