"""Signing in and out, one-time links, and the user's own account."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app.accounts import queries, service
from app.accounts.access import CurrentUser, SignedInUser, Visitor, cookie_name
from app.accounts.checking import DEVICES, CheckedCurrentPassword, CheckedSignIn, device
from app.accounts.kept import Kept, kept_from, kept_in, local_address
from app.accounts.views import AccountPage, ContinuePage, SignInPage, StartPage
from app.errors import InvalidError, SignInNeededError
from app.sentences import recalled, say
from app.web.access import access
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep
from app.web.speech import CHOSEN
from app.web.views import html, see_other
from surveys.languages import LANGUAGES

KEPT_SECONDS = 180 * 24 * 3600  # how long a chosen language is kept: from one quarter to the next, and a little more
DIFFERENT = say("The two passwords are different. Type the new one twice.")

router = APIRouter()


def install(application: FastAPI) -> None:
    """Answers whoever asks for a page that needs a sign-in with the sign-in form."""
    application.add_exception_handler(SignInNeededError, _offer_to_sign_in)


async def _offer_to_sign_in(request: Request, error: Exception) -> Response:
    """404, as for any address at which there is nothing for this person; what they typed is kept in the form."""
    return html(request, SignInPage(kept=await kept_from(request), wanted=True), status=404)


@router.get("/sign-in", name="accounts:sign_in")
@access("public")
def sign_in_page(request: Request, session: ReadSession, visitor: Visitor) -> Response:
    """The sign-in form; on to the start page for whoever is signed in."""
    if visitor is not None:
        return see_other(request, "desk:home")
    kept = Kept(local_address(request.query_params.get("next", "/")))
    return html(request, SignInPage(kept=kept, first=not queries.any_user(session)))


@router.post("/sign-in", name="accounts:sign_in")
@access("public")
def sign_in(request: Request, data: FormDep, checked: CheckedSignIn, session: WriteSession, now: Now) -> Response:
    """Signs in, then goes on to where the person was; a form typed before comes back to be sent with one click."""
    kept = kept_in(data)
    if checked.attempt is None or checked.user_id is None:
        page = SignInPage(kept=kept, email=data.text("email"), refusal=checked.refusal)
        return html(request, page, status=checked.status)
    service.finish_attempt(session, checked.attempt, password_hash=checked.new_hash)
    if kept.fields is None:
        answer: Response = RedirectResponse(kept.address, status_code=303)
    else:
        answer = html(request, ContinuePage(kept.address, kept.fields, kept.lost))
    return _signed_in(request, session, answer, user_id=checked.user_id, now=now)


@router.post("/sign-out", name="accounts:sign_out")
@access("public")
def sign_out(request: Request, visitor: Visitor, session: WriteSession, now: Now) -> Response:
    """Ends this sign-in, if there is one."""
    if visitor is not None:
        service.sign_out(session, user_id=visitor.user_id, sign_in_id=visitor.sign_in_id, now=now)
    return _signed_out(request, see_other(request, "desk:home"))


@router.post("/language", name="accounts:speak")
@access("public")
def speak_here(request: Request, data: FormDep) -> Response:
    """Keeps the language that somebody without an account chose in their browser, and goes back to the page."""
    answer = RedirectResponse(local_address(data.text("next", "/")), status_code=303)
    chosen = data.text("language")
    if chosen in SPOKEN_IN_THE_CONSOLE:
        secure = request.app.state.settings.secure
        answer.set_cookie(CHOSEN, chosen, KEPT_SECONDS, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


@router.get("/start/{token}", name="accounts:start")
@access("link")
def start_page(request: Request, session: ReadSession, now: Now, token: str) -> Response:
    """The page behind a one-time link. Looking at it does not use the link."""
    return html(request, _start_page(session, token, now=now))


@router.post("/start/{token}", name="accounts:start")
@access("link")
def start(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Makes the first account or sets the new password, and signs in."""
    page = _start_page(session, token, now=now, typed=data)
    try:
        if data.text("again", data.text("password")) != data.text("password"):
            raise InvalidError(DIFFERENT, fields={"again": DIFFERENT})
        user_id = service.start(
            session,
            token=token,
            email=data.text("email"),
            name=data.text("name"),
            password=data.text("password"),
            now=now,
        )
    except InvalidError as error:
        return html(request, replace(page, errors=error.fields), status=error.status)
    return _signed_in(request, session, see_other(request, "desk:home"), user_id=user_id, now=now)


@router.get("/account", name="accounts:account")
@access("account")
def account(request: Request, session: ReadSession, user: CurrentUser, now: Now) -> Response:
    """The user's own account."""
    if request.query_params.get("changed") == "password":
        request.state.notice = say("Your password has been changed. All other sign-ins have ended.")
    return html(request, _account_page(session, user, now=now))


@router.post("/account/password", name="accounts:password")
@access("account")
def change_password(
    request: Request, user: CurrentUser, data: FormDep, checked: CheckedCurrentPassword, session: WriteSession, now: Now
) -> Response:
    """Changes the password and ends all other sign-ins."""
    if checked.attempt is None:
        errors = {"current_password": checked.refusal}
        return html(request, _account_page(session, user, now=now, errors=errors), status=checked.status)
    service.finish_attempt(session, checked.attempt)
    try:
        if data.text("again") != data.text("password"):
            raise InvalidError(DIFFERENT, fields={"again": DIFFERENT})
        service.change_password(
            session, user_id=user.user_id, password=data.text("password"), keep=user.sign_in_id, now=now
        )
    except InvalidError as error:
        return html(request, _account_page(session, user, now=now, errors=error.fields), status=error.status)
    return see_other(request, "accounts:account", changed="password")


@router.post("/account/language", name="accounts:language")
@access("account")
def choose_language(request: Request, user: CurrentUser, data: FormDep, session: WriteSession) -> Response:
    """Keeps the language in which the user reads the pages."""
    service.choose_language(session, user_id=user.user_id, language=data.text("language"))
    return see_other(request, "accounts:account")


@router.post("/account/sign-ins/{sign_in_id}/revoke", name="accounts:revoke")
@access("account")
def revoke(request: Request, user: CurrentUser, session: WriteSession, now: Now, sign_in_id: UUID) -> Response:
    """Ends one of the user's sign-ins, perhaps this one."""
    service.sign_out(session, user_id=user.user_id, sign_in_id=sign_in_id, now=now)
    if sign_in_id == user.sign_in_id:
        return _signed_out(request, see_other(request, "desk:home"))
    return see_other(request, "accounts:account")


def _start_page(session: Session, token: str, *, now: datetime, typed: FormData | None = None) -> StartPage:
    link = service.find_link(session, token=token, now=now)
    user = queries.user(session, link.user_id) if link.user_id else None
    if user is not None:
        return StartPage(token, first=False, email=user.email, name=user.name)
    typed = typed or FormData({})
    return StartPage(token, first=True, email=typed.text("email"), name=typed.text("name"))


def _account_page(
    session: Session, user: SignedInUser, *, now: datetime, errors: dict[str, str] | None = None
) -> AccountPage:
    found = queries.sign_ins(session, user_id=user.user_id, now=now)
    sign_ins = tuple(replace(one, device=recalled(one.device, DEVICES)) for one in found)
    languages = tuple(LANGUAGES[tag] for tag in SPOKEN_IN_THE_CONSOLE)
    return AccountPage(user.name, user.email, user.sign_in_id, sign_ins, languages, user.language, errors or {})


def _signed_in(request: Request, session: Session, answer: Response, *, user_id: UUID, now: datetime) -> Response:
    """The answer with the cookie of a new sign-in; it lives until the browser closes, or the sign-in ends."""
    settings = request.app.state.settings
    agent = device(request.headers.get("user-agent", ""))
    token = service.sign_in(session, user_id=user_id, device=agent, now=now, hours=settings.session_hours)
    answer.set_cookie(cookie_name(settings), token, path="/", secure=settings.secure, httponly=True, samesite="lax")
    return answer


def _signed_out(request: Request, answer: Response) -> Response:
    settings = request.app.state.settings
    answer.delete_cookie(cookie_name(settings), path="/", secure=settings.secure, httponly=True, samesite="lax")
    return answer
