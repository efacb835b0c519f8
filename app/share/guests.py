"""What a read-only link opens without an account: a shared result, its cells, and its report.

The address is a secret. No page behind it sends it on (`Referrer-Policy: no-referrer`), is kept by a cache or found by
a search engine. The page that asks for a password keeps the rule of all other pages, by which browsers send the origin
alone: over plain http that is what tells its form from one of another site (web/security.py).
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import service as accounts
from app.releases.store import StoredRelease
from app.reports import queries as reports
from app.reports.handing import attachment
from app.reports.options import BOARD, Options
from app.share import pages, service, unlocking
from app.share.queries import LinkFacts
from app.share.unlocking import Tried, TriedPassword
from app.share.viewing import counting, opened
from app.share.views import DoorPage, NowherePage
from app.web.access import access
from app.web.catalogs import SOURCE
from app.web.database import Now, ReadSession, WriteSession
from app.web.views import html, see_other

router = APIRouter()

LINK: Final = "/shared/{token}"
SECRET: Final = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}


@router.get(LINK, name="share:link", dependencies=[counting("visits")])
@access("link")
def link_page(request: Request, session: ReadSession, now: Now, token: str) -> Response:
    """The shared result, or the page that asks for its password."""
    link, found = _entered(session, token, now)
    if link is None or found is None:
        return nowhere(request)
    if not unlocking.is_open(request, link, now):
        return door(request)
    opened(request, link)
    return quiet(html(request, pages.reading_page(session, link, found, token)))


@router.post(LINK, name="share:unlock")
@access("link")
def unlock(request: Request, tried: TriedPassword, session: WriteSession, now: Now, token: str) -> Response:
    """Takes the password and goes on to the result."""
    if tried.link is None:
        return door(request, tried)
    accounts.forget_guess(session, about=tried.guess[0], ids=tried.guess[1])
    answer = see_other(request, "share:link", token=token)
    return quiet(unlocking.keep_open(request, answer, tried.link, path=f"/shared/{token}", now=now))


@router.get(LINK + "/report.{format_key}", name="share:linked_report", dependencies=[counting("downloads")])
@access("link")
def report_file(
    request: Request,
    session: ReadSession,
    now: Now,
    token: str,
    format_key: str,
    paper: str = "A4",
    language: str = SOURCE,
) -> Response:
    """A file of the result, where the link has them."""
    link, found = _unlocked(request, session, token, now)
    if link is None or found is None:
        return nowhere(request)
    asked = Options.read(paper=paper, language=language, kind=format_key)
    options = next((one for one in pages.linked(session, link, found) if replace(one, edition=BOARD) == asked), None)
    made = reports.content(session, link.organisation_id, found.id, options) if options else None
    if options is None or made is None:
        return nowhere(request)
    opened(request, link)
    return quiet(attachment(found, options, made[0]))


@router.get(LINK + "/{row_id}/{dimension_id}", name="share:linked_cell")
@access("link")
def cell_page(request: Request, session: ReadSession, now: Now, token: str, row_id: str, dimension_id: str) -> Response:
    """One cell of the result in full: what its drawer shows."""
    link, found = _unlocked(request, session, token, now)
    page = pages.reading_cell(session, link, found, token, row_id, dimension_id) if link and found else None
    return nowhere(request) if page is None else quiet(html(request, page))


def _entered(session: Session, token: str, now: datetime) -> tuple[LinkFacts | None, StoredRelease | None]:
    return service.enter(session, token, now=now) or (None, None)


def _unlocked(
    request: Request, session: Session, token: str, now: datetime
) -> tuple[LinkFacts | None, StoredRelease | None]:
    link, found = _entered(session, token, now)
    return (link, found) if link and unlocking.is_open(request, link, now) else (None, None)


def door(request: Request, tried: Tried | None = None) -> Response:
    """The page that asks for the password of a link, again with what was wrong about the one that was tried."""
    page = DoorPage("") if tried is None else DoorPage("", {"password": tried.refusal})
    return quiet(html(request, page, status=tried.status if tried else 200), referrer=False)


def nowhere(request: Request) -> Response:
    """The page of every link that leads nowhere, whatever has become of it."""
    return quiet(html(request, NowherePage(""), status=404))


def quiet(answer: Response, *, referrer: bool = True) -> Response:
    """The answer with the headers of a secret address; without `referrer` the rule of all pages stays."""
    for name, value in SECRET.items():
        if referrer or name != "Referrer-Policy":
            answer.headers[name] = value
    return answer
