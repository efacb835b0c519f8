"""The door of the survey: whatever goes wrong behind it is said on a page for respondents, never on one of the console.

The link in the address is a secret: it appears in no log line.
"""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.errors import PlumblineError
from app.respond.views import RefusalPage
from app.web.views import html

log = logging.getLogger("plumbline")

HEADINGS = {
    404: "This link leads nowhere",
    409: "Not possible right now",
    410: "This is over",
    422: "Something needs mending",
}
UNEXPECTED = (
    "Something went wrong on our side, and what you just sent was not saved. Pages saved before are safe. "
    "Go back and send it again in a minute."
)

# Any: FastAPI's own type for a route's handler.
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class RespondentRoute(APIRoute):
    """A route whose errors become a kind page. The transaction has been rolled back by then."""

    def get_route_handler(self) -> Handler:
        """FastAPI's handler inside the net."""
        handle = super().get_route_handler()

        async def kind(request: Request) -> Response:
            try:
                return await handle(request)
            except PlumblineError as error:
                heading = HEADINGS.get(error.status, "That did not work")
                return html(request, RefusalPage(heading, error.message), status=error.status)
            except Exception as error:
                # The route by its name: the address holds the link.
                log.error("unexpected error in %s", self.name, exc_info=error)
                return html(request, RefusalPage("That did not work", UNEXPECTED), status=500)

        return kind
