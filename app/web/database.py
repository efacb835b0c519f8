"""One request, one transaction: `ReadSession` for GET, `WriteSession` for the rest; and the time of the request."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.db import Database
from app.web.forms import FormDep


async def _read_slot(request: Request) -> AsyncIterator[None]:
    """A place among the readers, waited for on the event loop.

    A session keeps its connection until a thread is free to close it. Without this limit, requests that wait for a
    connection could hold every thread that is needed to give one back.
    """
    async with request.app.state.read_slots:
        yield


def _read_session(request: Request, _: Annotated[None, Depends(_read_slot, scope="function")]) -> Iterator[Session]:
    """A session that the database refuses to write with."""
    database: Database = request.app.state.database
    with database.reading() as session:
        yield session


async def _write_slot(request: Request, _: FormDep) -> AsyncIterator[None]:
    """A place among the writers: on SQLite there is one. Waited for on the event loop, so that no thread is held.

    Asked for once the form has arrived whole, in whatever order a route names what it needs: a body that trickles in
    holds up nobody. FastAPI reads the form once a request and hands the same one to the route.
    """
    async with request.app.state.write_lock or request.app.state.write_slots:
        yield


def _write_session(request: Request, _: Annotated[None, Depends(_write_slot, scope="function")]) -> Iterator[Session]:
    """Commits when the route returns, rolls back when it raises."""
    database: Database = request.app.state.database
    with database.writing() as session:
        yield session


async def _now(request: Request) -> datetime:
    """The time of this request, aware and in UTC; the clock is the application's, so that it can be moved.

    Asked on the event loop: another thread would take longer to begin than this takes.
    """
    clock: Callable[[], datetime] = request.app.state.clock
    return clock()


# scope="function" commits before the answer leaves. FastAPI's default commits after it, so a failed commit would
# still tell the respondent "thank you".
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
Now = Annotated[datetime, Depends(_now)]
