"""Who is asking: a user, somebody who runs a client or owns it, who reviews its comments, who is shown its results.

Nobody signed in raises SignInNeededError (answered with the sign-in form, accounts/routes.py); a signed-in stranger
gets NotFoundError. Both set `request.state.signed_in`. Neither uses the request's own session: a route names them
before its WriteSession, so that a stranger never waits for a turn to write and nobody is looked up during one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, TypeVar
from uuid import UUID

import anyio
from anyio import to_thread
from fastapi import Depends, Request
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.accounts import queries
from app.accounts.roles import OWNER, REVIEWER, RUNNING, SHOWN_RESULTS
from app.accounts.service import fingerprint
from app.db import Database
from app.errors import ConflictError, NotFoundError, SignInNeededError
from app.sentences import say
from app.settings import Settings
from app.web.access import works_archived
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE
from app.web.database import Now
from app.web.security import SAFE_METHODS
from app.web.speech import speak

NOTED_EVERY = timedelta(minutes=10)
ARCHIVED: Final = say(
    "This client is archived, so nothing was changed. Everything can still be read. An owner can bring it back; its "
    "page leads there."
)

Result = TypeVar("Result")


@dataclass(frozen=True)
class SignedInUser:
    """The user who is asking, the sign-in they came with, and the language they chose."""

    user_id: UUID
    name: str
    email: str
    sign_in_id: UUID
    language: str | None = None


@dataclass(frozen=True)
class Member:
    """The user who is asking, as a member of the organisation in the address; `department_id` is the lead's own.

    Nothing of an organisation that is `archived` changes, but by routes marked `even_archived`.
    """

    user_id: UUID
    user_name: str
    organisation_id: UUID
    role: str
    department_id: UUID | None = None
    archived: bool = False

    @property
    def runs_it(self) -> bool:
        """True for owners and consultants."""
        return self.role in RUNNING


def cookie_name(settings: Settings) -> str:
    """The cookie's name; browsers hold a `__Host-` cookie to https, this host and the whole site."""
    return "__Host-plumbline" if settings.secure else "plumbline"


async def short_write(request: Request, work: Callable[[Session], Result]) -> Result:
    """Runs `work` in a transaction of its own, before the request's: waits for its turn without holding a thread."""
    lock: anyio.Lock | None = request.app.state.write_lock
    database: Database = request.app.state.database

    def write() -> Result:
        with database.writing() as session:
            return work(session)

    if lock is None:
        return await to_thread.run_sync(write)
    async with lock:
        return await to_thread.run_sync(write)


def require_in_use(member: Member) -> None:
    """For what a route that works for archived clients does besides ending something; ConflictError for such a one."""
    if member.archived:
        raise ConflictError(ARCHIVED)


async def _visitor(request: Request, now: Now) -> SignedInUser | None:
    """The user behind the cookie, if any."""
    token = request.cookies.get(cookie_name(request.app.state.settings))
    if not token:
        return None
    found = await to_thread.run_sync(_look_up, request.app.state.database, token, now)
    if found is None:
        return None
    if found.seen_at + NOTED_EVERY <= now:
        await _note_visit(request, found.sign_in_id, now)
    user = SignedInUser(found.user_id, found.name, found.email, found.sign_in_id, found.language)
    request.state.signed_in = user
    if found.language in SPOKEN_IN_THE_CONSOLE:
        speak(request, found.language)
    return user


def _look_up(database: Database, token: str, now: datetime) -> queries.Visitor | None:
    with database.reading() as session:
        return queries.visitor(session, token_sha256=fingerprint(token), now=now)


async def _note_visit(request: Request, sign_in_id: UUID, now: datetime) -> None:
    """Moves the end of the sign-in. When somebody is writing, the next visit does it."""
    lock: anyio.Lock | None = request.app.state.write_lock
    if lock is not None and lock.statistics().locked:
        return
    ends = now + timedelta(hours=request.app.state.settings.session_hours)
    try:
        await short_write(
            request, lambda session: queries.note_visit(session, sign_in_id=sign_in_id, now=now, expires_at=ends)
        )
    except OperationalError:  # another process keeps the database busy; the next visit does it
        return


Visitor = Annotated[SignedInUser | None, Depends(_visitor)]


async def _current_user(visitor: Visitor) -> SignedInUser:
    if visitor is None:
        raise SignInNeededError
    return visitor


CurrentUser = Annotated[SignedInUser, Depends(_current_user)]


def _consultant(request: Request, user: CurrentUser) -> SignedInUser:
    database: Database = request.app.state.database
    with database.reading() as session:
        roles = {one.role for one in queries.memberships(session, user.user_id)}
    if roles and not roles & RUNNING:
        raise NotFoundError
    return user


Consultant = Annotated[SignedInUser, Depends(_consultant)]
"""Who may make a client: everybody with an account but those who are only of somebody's client."""


def _any_member(request: Request, organisation_id: UUID, user: CurrentUser) -> Member:
    database: Database = request.app.state.database
    with database.reading() as session:
        found = queries.membership(session, user_id=user.user_id, organisation_id=organisation_id)
    if found is None:
        raise NotFoundError
    role, department_id, archived = found
    if archived and request.method not in SAFE_METHODS and not works_archived(request.scope["endpoint"]):
        raise ConflictError(ARCHIVED)
    member = Member(user.user_id, user.name, organisation_id, role, department_id, archived)
    if archived and member.runs_it:
        request.state.archived = organisation_id
    return member


AnyMember = Annotated[Member, Depends(_any_member)]


def _client_member(member: AnyMember) -> Member:
    if not member.runs_it:
        raise NotFoundError
    return member


ClientMember = Annotated[Member, Depends(_client_member)]


def _client_owner(member: AnyMember) -> Member:
    if member.role != OWNER:
        raise NotFoundError
    return member


ClientOwner = Annotated[Member, Depends(_client_owner)]


def _reviewing(member: AnyMember) -> Member:
    if not member.runs_it and member.role != REVIEWER:
        raise NotFoundError
    return member


Reviewing = Annotated[Member, Depends(_reviewing)]


def _result_reader(member: AnyMember) -> Member:
    if member.role not in SHOWN_RESULTS:
        raise NotFoundError
    return member


ResultReader = Annotated[Member, Depends(_result_reader)]
