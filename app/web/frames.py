"""Pages of ours that stand in a frame of another page of ours: a mail as it will look."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

# A mail brings its own style; our pages may show it in a frame.
LETTER: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
}


def framing(answer: Response) -> Response:
    """Lets a page show one of ours in a frame."""
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
    )
    return answer
