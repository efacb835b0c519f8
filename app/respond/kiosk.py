"""A shared device: each person begins anew, and nothing of theirs is left on it when they send, leave or walk away."""

from dataclasses import dataclass
from typing import ClassVar, Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.clients.brand import Badge
from app.errors import NotFoundError
from app.invitations import service as invitations
from app.invitations import tokens
from app.invitations.queries import InvitationFacts
from app.respond import service, views
from app.respond.doorway import RespondentRoute
from app.respond.places import UNKNOWN
from app.respond.visit import Visit
from app.sentences import say
from app.waves.promise import Line, Promise
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import speak, wished_by
from app.web.views import View, html, see_other
from surveys.languages import Language

router = APIRouter(route_class=RespondentRoute)

THANKS_SECONDS: Final = 30
SHARED: Final = Line(
    say("This device is shared."),
    say(
        "What you answer is saved in encrypted form while you are here. When you send it, or leave, this device "
        "forgets it. If nobody touches the screen for two minutes, what was not sent is deleted without anybody having "
        "read it. You can’t go on later or elsewhere."
    ),
)


@dataclass(frozen=True)
class KioskPage(View):
    """What somebody reads before they begin at a shared device. `nonce` stands for one press of the button."""

    template: ClassVar[str] = "respond/kiosk.html"
    token: str
    languages: tuple[Language, ...]
    invited: views.Invited
    promise: Promise
    shared: Line
    nonce: str


@dataclass(frozen=True)
class KioskThanksPage(View):
    """The answers were sent; after `seconds` without a touch the page goes to `home`, where the next person begins.

    Whoever wants to read for longer has it stay: nothing on it is theirs.
    """

    template: ClassVar[str] = "respond/kiosk_thanks.html"
    promise: Promise
    home: str
    seconds: int
    languages: tuple[Language, ...]
    badge: Badge


@router.get("/k/{token}", name="kiosk:start")
@access("link")
def kiosk(request: Request, session: ReadSession, token: str, language: str = "") -> Response:
    """The first page for each person. Nothing is made yet."""
    visit = service.enter(session, token, kind=invitations.KIOSK)
    spoken = visit.speaking(language, wished_by(request, visit.offered))
    speak(request, spoken.language)
    nonce = tokens.make_nonce(request.app.state.link_key, shared_id=visit.invitation.id)
    page = KioskPage(spoken.token, spoken.choice, views.invited(spoken), views.promise(spoken), SHARED, nonce)
    return html(request, page)


@router.post("/k/{token}", name="kiosk:begin")
@access("link")
def begin(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Makes a link of their own for one person, and shows the first page under it."""
    entrance = service.enter(session, token, kind=invitations.KIOSK)
    visit = _sitting(session, request.app.state.link_key, entrance.invitation, data.text("nonce"), now)
    spoken = visit.speaking(data.text("language"))
    service.save_language(session, spoken, spoken.language, now=now)
    return see_other(request, "respond:page", token=spoken.token, page=spoken.pages[0].key)


@router.post("/k/{token}/leave", name="kiosk:leave")
@access("link")
def leave(request: Request, session: WriteSession, token: str) -> Response:
    """Deletes what was not sent, unread, and goes back to where the next person begins.

    Whatever became of the wave meanwhile: while it is paused somebody leaves too, and the device must forget them.
    """
    sitting = invitations.find(session, token, lock=True)
    if sitting is None:
        raise NotFoundError(UNKNOWN)
    home = _home(request, session, sitting, token)
    invitations.leave(session, sitting)
    return Response(status_code=303, headers={"location": home})


def thanks(request: Request, session: Session, visit: Visit) -> Response:
    """The thanks at a shared device."""
    home = _home(request, session, visit.invitation, visit.token)
    return html(request, KioskThanksPage(views.promise(visit), home, THANKS_SECONDS, visit.choice, visit.badge))


def _home(request: Request, session: Session, sitting: InvitationFacts, own: str) -> str:
    """Where the next person begins; the sitting's own address once there is no such place any more."""
    state = request.app.state
    token = invitations.kiosk_token(session, link_key=state.link_key, sitting=sitting)
    if token is None:
        return str(state.templates.path("respond:start", token=own))
    return str(state.templates.path("kiosk:start", token=token))


def _sitting(session: Session, key: bytes, kiosk: InvitationFacts, nonce: str, now: Now) -> Visit:
    """A visit that nobody has begun: that of the nonce, else of a fresh one, so that nobody meets another's answers."""
    invitation, own = invitations.resume_link(session, link_key=key, shared=kiosk, nonce=nonce, now=now)
    visit = service.visit_of(session, invitation, own)
    draft = None if visit.spent else service.load_draft(session, visit)
    if not visit.spent and (draft is None or not draft.begun):
        return visit
    fresh = tokens.make_nonce(key, shared_id=kiosk.id)
    return service.visit_of(
        session, *invitations.resume_link(session, link_key=key, shared=kiosk, nonce=fresh, now=now)
    )
