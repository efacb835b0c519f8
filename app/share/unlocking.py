"""The password of a read-only link: guesses are counted before they are looked at, as those of a sign-in are.

A wrong password and a link that leads nowhere take the same steps and give the same answer.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Protocol
from uuid import UUID

from anyio import to_thread
from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import passwords
from app.accounts import service as accounts
from app.accounts.access import short_write
from app.errors import TooManyError
from app.numerals import whole
from app.sentences import say
from app.share import lasting, service
from app.web.database import Now
from app.web.forms import FormDep

STAYS_OPEN: Final = timedelta(hours=12)
LATEST: Final = 10**10 - 1
"""Of the times in a cookie, in seconds."""
WRONG: Final = say(
    "This password opens nothing here. Upper and lower case count. If it is right, the link has ended or was not "
    "copied whole: ask whoever sent it to you."
)
MISSING: Final = say("Type the password that you were given with the link.")


class Locked(Protocol):
    """A link that may ask for a password."""

    @property
    def id(self) -> UUID:
        """What tells it from others."""

    @property
    def password_hash(self) -> str | None:
        """None where it asks for none."""


Entering = Callable[[Session, str, datetime], Locked | None]
"""Gives the link of a token, None for one that leads nowhere."""


@dataclass(frozen=True)
class Tried:
    """What came of a password: the link that it opens, or a sentence and its status."""

    link: Locked | None = None
    guess: tuple[str, tuple[UUID, ...]] = ("", ())
    refusal: str = WRONG
    status: int = 422


def trying(entering: Entering) -> Callable[..., Awaitable[Tried]]:
    """What a route depends on that takes the password of a link."""

    async def attempt(request: Request, data: FormDep, now: Now, token: str) -> Tried:
        password = data.text("password")
        if not password:
            return Tried(refusal=MISSING)
        about = f"link:{lasting.fingerprint(token.strip().lower())}"
        address = request.client.host if request.client else "unknown"
        try:
            ids, link = await short_write(
                request,
                lambda session: (
                    accounts.count_guess(session, about=about, address=address, now=now),
                    entering(session, token, now),
                ),
            )
        except TooManyError as error:
            return Tried(refusal=error.message, status=error.status)
        stored = link.password_hash if link else None
        if not await to_thread.run_sync(passwords.matches, stored, password) or link is None:
            return Tried()
        return Tried(link, (about, ids))

    return attempt


def _shared(session: Session, token: str, now: datetime) -> Locked | None:
    found = service.enter(session, token, now=now)
    return found[0] if found else None


# A route names this before its WriteSession: the guess is counted in a transaction of its own.
TriedPassword = Annotated[Tried, Depends(trying(_shared))]


def is_open(request: Request, link: Locked, now: datetime) -> bool:
    """Whether the browser has given the password of a link, or the link asks for none."""
    if link.password_hash is None:
        return True
    ends, _, mark = request.cookies.get(_name(request), "").partition(".")
    if (whole(ends, most=LATEST) or 0) <= now.timestamp():
        return False
    return hmac.compare_digest(mark.encode(), _mark(request.app.state.link_key, link, ends).encode())


def keep_open(request: Request, answer: Response, link: Locked, *, path: str, now: datetime) -> Response:
    """Lets the browser in for twelve hours; the cookie is for this link alone and says nothing of who it is."""
    state, seconds = request.app.state, int(STAYS_OPEN.total_seconds())
    ends = str(int(now.timestamp()) + seconds)
    value = f"{ends}.{_mark(state.link_key, link, ends)}"
    answer.set_cookie(
        _name(request), value, seconds, path=path, secure=state.settings.secure, httponly=True, samesite="lax"
    )
    return answer


def _name(request: Request) -> str:
    return "__Secure-plumbline-shared" if request.app.state.settings.secure else "plumbline-shared"


def _mark(link_key: bytes, link: Locked, ends: str) -> str:
    """Follows from the password's hash too, which holds a salt, and from the key outside the database."""
    return hmac.digest(link_key, f"shared|{link.id}|{link.password_hash}|{ends}".encode(), "sha256").hex()
