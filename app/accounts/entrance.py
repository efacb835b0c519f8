"""The way in for whoever asks for a page that shows only what is theirs and is not signed in."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from app.accounts import queries
from app.accounts.kept import Kept
from app.accounts.views import SignInPage
from app.web.views import html


def entrance(request: Request, session: Session) -> Response:
    """The sign-in page in place of the start page; before the first account it says how to make one."""
    return html(request, SignInPage(Kept("/"), first=not queries.any_user(session)))
