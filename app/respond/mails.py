"""Pages for people who got a mail: no more mails about a survey, and the link once more."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app.errors import NotFoundError
from app.mail import service, tokens
from app.respond.doorway import RespondentRoute
from app.respond.views import ALL_LANGUAGES
from app.rosters.addresses import address
from app.sentences import say
from app.web.access import access
from app.web.database import Now, WriteSession
from app.web.forms import FormDep
from app.web.speech import speak
from app.web.views import View, html, see_other
from surveys.languages import LANGUAGES, Language

router = APIRouter(route_class=RespondentRoute)

UNKNOWN = say("This address to stop mails is not whole. Open it again from the mail.")
NO_ADDRESS = say("This is no mail address. Correct it and send it once more.")


@dataclass(frozen=True)
class StopPage(View):
    """Asks with one button, or says that it is done. A GET changes nothing: programs that check mails open links."""

    template: ClassVar[str] = "respond/stop.html"
    stopped: bool
    languages: tuple[Language, ...] = ALL_LANGUAGES


@dataclass(frozen=True)
class AgainPage(View):
    """Asks for an address, or says what happens next: the same for every address."""

    template: ClassVar[str] = "respond/again.html"
    asked: bool
    possible: bool
    mail: str = ""
    error: str = ""
    languages: tuple[Language, ...] = ALL_LANGUAGES


@router.get("/stop/{token}", name="respond:stop")
@access("link")
def stop_page(request: Request, token: str) -> Response:
    """Asks whether to stop the mails: mail providers fetch such addresses, so a GET stops nothing."""
    if tokens.stopping(request.app.state.link_key, token) is None:
        raise NotFoundError(UNKNOWN)
    return html(request, StopPage(stopped=False))


@router.post("/stop/{token}", name="respond:stop")
@access("link")
def stop(request: Request, data: FormDep, session: WriteSession, token: str) -> Response:
    """Stops the mails, by the button or by the one click of a mail program (RFC 8058); again in another language."""
    if data.text("language") in LANGUAGES:
        speak(request, data.text("language"))
    if not service.stop(session, link_key=request.app.state.link_key, token=token):
        raise NotFoundError(UNKNOWN)
    return html(request, StopPage(stopped=True))


@router.get("/again", name="respond:again")
@access("public")
def again_page(request: Request, asked: str = "") -> Response:
    """The form in which somebody who lost their link gives their mail address, and what is said afterwards."""
    return html(request, AgainPage(asked=bool(asked), possible=bool(request.app.state.settings.smtp_host)))


@router.post("/again", name="respond:ask")
@access("public")
def again(request: Request, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Notes the request, once however often. The worker looks for the address on the lists: nothing here can tell."""
    possible, typed = bool(request.app.state.settings.smtp_host), data.text("mail")
    mail = address(typed)
    if mail is None:
        page = AgainPage(asked=False, possible=possible, mail=typed, error=NO_ADDRESS)
        return html(request, page, status=422)
    if possible:
        service.request_link(session, link_key=request.app.state.link_key, mail=mail, now=now)
    return see_other(request, "respond:again", asked="yes", language=request.query_params.get("language"))
