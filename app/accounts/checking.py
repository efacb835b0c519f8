"""Comparing a password: before the request's transaction, because it takes long and must not hold up other writers."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from anyio import to_thread
from fastapi import Depends, Request

from app.accounts import passwords, service
from app.accounts.access import CurrentUser, short_write
from app.errors import TooManyError
from app.sentences import say
from app.web.database import Now
from app.web.forms import FormDep

WRONG = say(
    "This e-mail address and password do not belong together. Passwords distinguish upper and lower case. "
    "Whoever runs this service can make a link for a new password."
)

_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip

UNKNOWN: Final = say("An unknown browser")
UNKNOWN_ON: Final = say("An unknown browser on {system}")
KNOWN_ON: Final = say("{browser} on {system}")
DEVICES: Final = (UNKNOWN_ON, UNKNOWN, KNOWN_ON)


@dataclass(frozen=True)
class Checked:
    """The outcome: an attempt whose password was right, or a sentence and its status."""

    attempt: service.Attempt | None = None
    new_hash: str | None = None
    refusal: str = WRONG
    status: int = 422

    @property
    def user_id(self) -> UUID | None:
        """Whose password it was; None when it was wrong."""
        return self.attempt.credentials.user_id if self.attempt and self.attempt.credentials else None


async def _check(request: Request, *, email: str, password: str, now: datetime) -> Checked:
    if not email or not password:
        return Checked(refusal=say("Give your e-mail address and your password."))
    address = request.client.host if request.client else "unknown"
    try:
        attempt = await short_write(
            request, lambda session: service.start_attempt(session, email=email, address=address, now=now)
        )
    except TooManyError as error:
        return Checked(refusal=error.message, status=error.status)
    return await to_thread.run_sync(_compare, attempt, password)


def _compare(attempt: service.Attempt, password: str) -> Checked:
    stored = attempt.credentials.password_hash if attempt.credentials else None
    if not passwords.matches(stored, password) or stored is None:
        return Checked()
    return Checked(attempt, passwords.hash_password(password) if passwords.is_outdated(stored) else None)


async def _sign_in(request: Request, data: FormDep, now: Now) -> Checked:
    return await _check(request, email=data.text("email"), password=data.text("password"), now=now)


async def _current_password(request: Request, user: CurrentUser, data: FormDep, now: Now) -> Checked:
    if not data.text("current_password"):
        return Checked(refusal=say("Give the password that you use now."))
    found = await _check(request, email=user.email, password=data.text("current_password"), now=now)
    return Checked(refusal=say("This is not your password.")) if found.refusal == WRONG and not found.attempt else found


# A route names these before its WriteSession: on SQLite the attempt is counted in a transaction of its own, and a
# request that holds the write lock already would wait for itself.
CheckedSignIn = Annotated[Checked, Depends(_sign_in)]
CheckedCurrentPassword = Annotated[Checked, Depends(_current_password)]


def device(user_agent: str) -> str:
    """A browser and a system in words, "Firefox on Linux", as far as a User-Agent tells."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}/", user_agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    if not browser:
        return UNKNOWN_ON.filled({"system": system}) if system else UNKNOWN
    return KNOWN_ON.filled({"browser": browser, "system": system}) if system else browser
