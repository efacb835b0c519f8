"""One request, one transaction: `ReadSession` for GET, `WriteSession` for the rest; and the time of the request."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Annotated

import anyio
from fastapi import Depends, Request
from sqlmodel import Session

from app.db import Database


def _read_session(request: Request) -> Iterator[Session]:
    """A session that the database refuses to write with."""
    database: Database = request.app.state.database
    with database.reading() as session:
        yield session


async def _write_lock(request: Request) -> AsyncIterator[None]:
    """On SQLite one writer at a time, waited for on the event loop so that no thread is held while waiting."""
    lock: anyio.Lock | None = request.app.state.write_lock
    if lock is None:
        yield
        return
    async with lock:
        yield


def _write_session(request: Request, _: Annotated[None, Depends(_write_lock, scope="function")]) -> Iterator[Session]:
    """Commits when the route returns, rolls back when it raises."""
    database: Database = request.app.state.database
    with database.writing() as session:
        yield session


def _now(request: Request) -> datetime:
    """The time of this request, aware and in UTC; the clock is the application's, so that it can be moved."""
    clock: Callable[[], datetime] = request.app.state.clock
    return clock()


# scope="function" commits before the answer leaves. FastAPI's default commits after it, so a failed commit would
# still tell the respondent "thank you".
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
Now = Annotated[datetime, Depends(_now)]
