"""The door of the survey: whatever goes wrong behind it is said on a page for respondents, never on one of the console.

The link in the address is a secret: it appears in no log line.
"""

import logging

from fastapi import Request, Response

from app.errors import PlumblineError
from app.respond.views import RefusalPage
from app.sentences import say
from app.web.catalogs import SOURCE
from app.web.speech import speak, wished_by
from app.web.straight import StraightRoute
from app.web.views import html
from surveys.languages import LANGUAGES

log = logging.getLogger("plumbline")

HEADINGS = {
    404: say("This link leads nowhere"),
    409: say("Not possible right now"),
    410: say("This is over"),
    422: say("Something needs mending"),
}
FAILED = say("That did not work")
UNEXPECTED = say(
    "Something went wrong on our side, and what you just sent was not saved. Pages saved before are safe. "
    "Go back and send it again in a minute."
)


class RespondentRoute(StraightRoute):
    """A route whose errors become a page for respondents.

    They are caught around the whole route and not around its function: the transaction ends in between, so it is
    rolled back by then, and a commit that fails is caught too.
    """

    async def answered(self, request: Request) -> Response:
        """The answer; the application's own handlers of errors are kept out."""
        # Until a link says which one was chosen; pages without a link have nothing else to go by.
        wished = _chosen(request) or wished_by(request, LANGUAGES)
        if wished:
            speak(request, wished)
        try:
            return await super().answered(request)
        except Exception as error:
            return self._refusal(request, error)

    def _refusal(self, request: Request, error: Exception) -> Response:
        chosen = _chosen(request)  # on the page of a refusal, whatever the link says
        if chosen or not hasattr(request.state, "language"):
            speak(request, chosen or SOURCE)
        if isinstance(error, PlumblineError):
            heading = HEADINGS.get(error.status, FAILED)
            return html(request, RefusalPage(heading, error.message), status=error.status)
        log.error("unexpected error in %s", self.name, exc_info=error)
        return html(request, RefusalPage(FAILED, UNEXPECTED), status=500)


def _chosen(request: Request) -> str:
    """The language that the address asks for, "" for none."""
    wanted = request.query_params.get("language", "") if request.scope["query_string"] else ""
    return wanted if wanted in LANGUAGES else ""
