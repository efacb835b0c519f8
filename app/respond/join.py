"""Joining from a workshop: a short code leads to the departments of a room, and each person to a link of their own."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, NotFoundError
from app.respond import service as respond
from app.respond.doorway import RespondentRoute
from app.respond.views import ALL_LANGUAGES
from app.rooms import service
from app.rooms.queries import RoomFacts
from app.sentences import say
from app.waves import instruments, languages
from app.waves import queries as waves
from app.waves.queries import WaveDepartmentFacts
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import speak, wished_by
from app.web.views import View, html, see_other
from surveys.languages import LANGUAGES, Language

router = APIRouter(route_class=RespondentRoute)

UNKNOWN: Final = say("No room is open with this code. Look at it once more, or scan it; perhaps the room has closed.")
WHERE: Final = say("Choose your department.")


@dataclass(frozen=True)
class AskPage(View):
    """Asks for the code."""

    template: ClassVar[str] = "respond/join.html"
    code: str = ""
    error: str = ""
    languages: tuple[Language, ...] = ALL_LANGUAGES


@dataclass(frozen=True)
class JoinPage(View):
    """The departments whose people are in the room. `nonce` stands for one press of the button."""

    template: ClassVar[str] = "respond/join_room.html"
    token: str
    organisation: str
    there: tuple[WaveDepartmentFacts, ...]
    nonce: str
    languages: tuple[Language, ...]
    error: str = ""


@router.get("/join", name="join:ask")
@access("public")
def ask(request: Request, language: str = "") -> Response:
    """The form for a code."""
    _speak_as_wished(request, language)
    return html(request, AskPage())


@router.post("/join", name="join:find")
@access("public")
def find(request: Request, session: ReadSession, now: Now, data: FormDep) -> Response:
    """Leads to the room of a code."""
    code = data.text("code").strip()
    language = data.text("language")
    _speak_as_wished(request, language)
    try:
        room = _room(request, session, code, now)
    except (NotFoundError, ConflictError) as error:
        return html(request, AskPage(code[:20], error.message), status=422)
    token = service.code_of(request.app.state.link_key, room.id)
    return see_other(request, "join:room", token=token, language=language or None)


@router.get("/join/{token}", name="join:room")
@access("link")
def choose(request: Request, session: ReadSession, now: Now, token: str, language: str = "") -> Response:
    """The departments to choose from. Nothing is made yet."""
    return html(request, _page(request, session, _room(request, session, token, now), token, language=language))


@router.post("/join/{token}", name="join:join")
@access("link")
def join(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Makes a link of their own for one person and leads to its first page, which says what is promised."""
    room = _room(request, session, token, now)
    key, department, nonce = request.app.state.link_key, _id(data.text("department")), data.text("nonce")
    if department is None:
        again = _page(request, session, room, token, language=data.text("language"), error=WHERE)
        return html(request, again, status=422)
    own = service.join(session, link_key=key, room=room, department=department, nonce=nonce, now=now)
    visit = respond.enter(session, own, lock=True)
    if data.text("language") in visit.offered and not visit.spent:
        respond.save_language(session, visit, data.text("language"), now=now)
    return see_other(request, "respond:start", token=own)


def _page(
    request: Request, session: Session, room: RoomFacts, token: str, *, language: str, error: str = ""
) -> JoinPage:
    wave = waves.wave(session, room.organisation_id, room.wave_id)
    offered = languages.offered(session, wave, instruments.asked(session, wave))
    speak(request, language if language in offered else wished_by(request, offered) or next(iter(offered)))
    there = waves.wave_departments(session, room.organisation_id, room.wave_id)
    return JoinPage(
        token=token,
        organisation=clients.organisation(session, room.organisation_id).name,
        there=tuple(one for one in there if one.department_id in room.departments),
        nonce=service.make_nonce(request.app.state.link_key, room),
        languages=tuple(LANGUAGES[tag] for tag in offered) if len(offered) > 1 else (),
        error=error,
    )


def _room(request: Request, session: Session, code: str, now: Now) -> RoomFacts:
    """The open room of a code. NotFoundError without one, ConflictError while its wave is paused,
    TooManyError after too many wrong codes."""
    state, address = request.app.state, request.client.host if request.client else ""
    state.guesses.require(address, now)
    room = service.find(session, link_key=state.link_key, code=code, now=now)
    if room is None:
        state.guesses.note(address, now)
        raise NotFoundError(UNKNOWN)
    return room


def _speak_as_wished(request: Request, language: str) -> None:
    wished = language if language in LANGUAGES else wished_by(request, LANGUAGES)
    if wished:
        speak(request, wished)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
