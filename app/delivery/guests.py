"""What a mailed link opens without an account: the files of one release, and nothing else.

The address is a secret, as those of read-only links are (share/guests.py); so are its headers and its password.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.params import Depends as Dependency
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import service as accounts
from app.accounts.access import short_write
from app.clients import queries as clients
from app.delivery import pages, queries, service
from app.delivery.queries import Delivery
from app.releases.store import StoredRelease
from app.reports import queries as reports
from app.reports.handing import attachment
from app.share import lasting, unlocking
from app.share.guests import door, nowhere, quiet
from app.share.unlocking import Tried
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.views import html, see_other

router = APIRouter()

LINK: Final = "/delivered/{token}"


def _entered(session: Session, token: str, now: datetime) -> Delivery | None:
    found = service.enter(session, token, now=now)
    return found[0] if found else None


TriedPassword = Annotated[Tried, Depends(unlocking.trying(_entered))]


def _counting(what: str) -> Dependency:
    """Counts that a link was opened, or a file fetched, after the answer was made; the answer matters more."""

    async def count(request: Request, now: Now) -> AsyncIterator[None]:
        yield
        found: Delivery | None = getattr(request.state, "opened_delivery", None)
        if found is None:
            return
        try:
            await short_write(request, lambda session: _count(session, found, what, now))
        except OperationalError:  # another process keeps the database busy
            return

    made: Dependency = Depends(count, scope="function")
    return made


@router.get(LINK, name="delivery:files", dependencies=[_counting("visits")])
@access("link")
def files_page(request: Request, session: ReadSession, now: Now, token: str) -> Response:
    """The files, or the page that asks for a password."""
    found = service.enter(session, token, now=now)
    if found is None:
        return nowhere(request)
    if not unlocking.is_open(request, found[0], now):
        return door(request)
    request.state.opened_delivery = found[0]
    return quiet(html(request, pages.files_page(session, *found, token)))


@router.post(LINK, name="delivery:unlock")
@access("link")
def unlock(request: Request, tried: TriedPassword, session: WriteSession, now: Now, token: str) -> Response:
    """Takes the password and goes on to the files."""
    if tried.link is None:
        return door(request, tried)
    accounts.forget_guess(session, about=tried.guess[0], ids=tried.guess[1])
    answer = see_other(request, "delivery:files", token=token)
    return quiet(unlocking.keep_open(request, answer, tried.link, path=f"/delivered/{token}", now=now))


@router.get(LINK + "/{format_key}", name="delivery:file", dependencies=[_counting("downloads")])
@access("link")
def one_file(request: Request, session: ReadSession, now: Now, token: str, format_key: str) -> Response:
    """One file that was mailed, for whoever has the link; the address leads nowhere once it expired or is locked."""
    found = service.enter(session, token, now=now)
    if found is None or not unlocking.is_open(request, found[0], now):
        return nowhere(request)
    answer = _file(session, *found, format_key)
    if answer is None:
        return nowhere(request)
    request.state.opened_delivery = found[0]
    return quiet(answer)


def _file(session: Session, found: Delivery, release: StoredRelease, key: str) -> Response | None:
    options = next((one for one in found.options if one.format == key), None)
    made = options and reports.content(session, found.organisation_id, found.release_id, options, meanwhile=True)
    return attachment(release, options, made[0]) if options and made else None


def _count(session: Session, found: Delivery, what: str, now: datetime) -> None:
    day = lasting.day_of(now, clients.organisation(session, found.organisation_id).time_zone)
    queries.count(session, found, day=day, **{what: 1})
