"""Noting who sees what: the first view of somebody with a role, before the page is made; the visits of a link, after.

Both are written in transactions of their own, because a page that is only read is read with a session that can't write.
"""

from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from anyio import to_thread
from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.accounts.access import ResultReader, short_write
from app.accounts.roles import RUNNING
from app.clients import queries as clients
from app.db import Database
from app.share import lasting, queries, service
from app.share.queries import LinkFacts
from app.web.database import Now

COUNTED: Final = ("visits", "downloads")


async def _note_first_view(request: Request, member: ResultReader, now: Now, wave_id: UUID) -> None:
    """Whoever runs the client is not noted: they see it all, as its page says."""
    if member.role in RUNNING:
        return
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id, "user_id": member.user_id}
    part = service.part_of(member.role, member.department_id)
    if not await to_thread.run_sync(_is_noted, request.app.state.database, place, part):
        await short_write(request, lambda session: service.note_view(session, **place, part=part, now=now))


def _is_noted(database: Database, place: dict[str, UUID], part: str) -> bool:
    with database.reading() as session:
        return service.is_noted(session, **place, part=part)


noting_views: Dependency = Depends(_note_first_view)
"""For the `dependencies` of a page that shows a result: the view is in the list before the page is made."""


def opened(request: Request, link: LinkFacts) -> None:
    """Says that this request was answered with what a link leads to, so that it counts."""
    request.state.opened_link = link


def counting(what: str) -> Dependency:
    """Counts a visit or a download of a link by day, for the `dependencies` of its route; nothing of who it was."""
    assert what in COUNTED, what

    async def count(request: Request, now: Now) -> AsyncIterator[None]:
        yield
        link: LinkFacts | None = getattr(request.state, "opened_link", None)
        if link is None:
            return
        try:
            await short_write(request, lambda session: _count(session, link, what, now))
        except OperationalError:  # another process keeps the database busy; the page matters more than its count
            return

    made: Dependency = Depends(count, scope="function")
    return made


def _count(session: Session, link: LinkFacts, what: str, now: Now) -> None:
    day = lasting.day_of(now, clients.organisation(session, link.organisation_id).time_zone)
    queries.count(session, link, day=day, **{what: 1})
