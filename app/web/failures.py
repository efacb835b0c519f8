"""One handler turns every domain error into a page with the right status."""

import logging
from dataclasses import dataclass
from typing import ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.errors import NotFoundError, PlumblineError
from app.sentences import say
from app.web import security
from app.web.views import View, html

log = logging.getLogger("plumbline")

HEADINGS = {
    403: say("That is not possible"),
    404: say("There is nothing here"),
    405: say("That is not possible"),
    409: say("Not possible right now"),
    410: say("This is over"),
    413: say("That is too large"),
    422: say("Something needs mending"),
    429: say("Please wait a little"),
    500: say("Something went wrong on our side"),
    503: say("A part of the service is missing"),
}


@dataclass(frozen=True)
class FailurePage(View):
    """A heading and a sentence that says what happened, what is safe and what to do."""

    template: ClassVar[str] = "web/failure.html"
    heading: str
    message: str


def install(app: FastAPI) -> None:
    """Registers the handlers; a feature may register one for a subclass of its own."""
    app.add_exception_handler(PlumblineError, _domain_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_address)
    app.add_exception_handler(Exception, _unexpected)


def failure(request: Request, *, status: int, message: str) -> Response:
    """The page that says what went wrong, under a heading for the status."""
    return html(request, FailurePage(HEADINGS.get(status, say("That did not work")), message), status=status)


def refuse_foreign(request: Request) -> Response:
    """The answer to a form that does not come from one of our own pages (web/security.py)."""
    return failure(
        request,
        status=403,
        message=say(
            "What you sent did not come from a page of this service, so nothing was done. "
            "Open the page again and send it from there."
        ),
    )


async def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PlumblineError)  # registered for this class
    return failure(request, status=error.status, message=error.message)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # registered for this class
    message = NotFoundError().message if error.status_code == 404 else str(error.detail)
    return failure(request, status=error.status_code, message=message)


async def _bad_address(request: Request, error: Exception) -> Response:
    """A malformed id in an address is an address at which there is nothing."""
    return failure(request, status=404, message=NotFoundError().message)


async def _unexpected(request: Request, error: Exception) -> Response:
    # The route's name and never the address: an address may hold a survey link.
    route = request.scope.get("route")
    log.error("unexpected error in %s", getattr(route, "name", "an unknown route"), exc_info=error)
    answer = failure(request, status=500, message=say("Nothing was changed. Please try again in a minute."))
    # This answer is made outside of the security middleware.
    answer.headers.update(security.HEADERS)
    return answer
