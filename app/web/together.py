"""Short requests, run with as few changes of thread and as few waits for the disk as there can be.

Whoever comes while others are being looked after waits a moment and shares the next thread and its transaction with all
who came meanwhile. Nobody is answered before the transaction that they shared has ended well.

SQLite has one writer at a time, and on either database each transaction waits for the disk once. Those who write
together are each behind a savepoint of their own, so that what is refused takes nobody along. On PostgreSQL whoever
would have to wait for a row that somebody else holds leaves the others at once and waits alone.
"""

import asyncio
import fcntl
import os
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Final, Protocol

from anyio.to_thread import run_sync
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.responses import Response

from app.db import SHARED, Database

Work = Callable[[Session], Response]
Turn = AbstractAsyncContextManager[object]
Outcome = Response | Exception

MOST_AT_ONCE: Final = 16
"""A page is a few tenths of a millisecond, so the last of these waits no longer than for a slow disk."""
READING_AT_ONCE: Final = 2
"""Threads that read, each for several people: while one waits for the database, the other goes on."""
WRITING_AT_ONCE: Final = 2
"""The same for those who write to PostgreSQL: while one waits for the disk, the other goes on."""
PATIENCE: Final = "50ms"
"""So long those who share a transaction of PostgreSQL wait for a row; its search for deadlocks begins much later."""
_ROW_IS_HELD: Final = "55P03"


class Together(Protocol):
    """Runs the works of many requests."""

    async def run(self, work: Work) -> Response:
        """The answer of a work in a transaction that has ended well; whatever it raises is raised."""
        ...


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Somebody's work, and where its outcome is awaited."""

    work: Work
    outcome: asyncio.Future[Outcome]


class _TornError(Exception):
    """The transaction that several share can't be used any more after the work of one of them."""


class _HeldError(Exception):
    """A row is held by somebody else, for whom only the one who needs it shall wait."""


class _Queue:
    """Works that wait, and up to so many tasks that take them, several at a time, each when it is its `turn`."""

    def __init__(self, outcomes: Callable[[Sequence[Work]], Sequence[Outcome]], turn: Turn, *, tasks: int) -> None:
        self._outcomes_of, self._turn, self._tasks = outcomes, turn, tasks
        self._waiting: list[_Waiting] = []
        self._running: set[asyncio.Task[None] | None] = set()

    async def run(self, work: Work) -> Response:
        mine = _Waiting(work, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        if len(self._running) < self._tasks:
            # A task of its own: whoever came first may hang up, and the others still wait for their outcome.
            self._running.add(asyncio.create_task(self._run()))
        outcome = await mine.outcome
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _run(self) -> None:
        """Goes on until nobody waits."""
        try:
            while self._waiting:
                async with self._turn:
                    await self._take()
        finally:
            # At once, and not when the task has ended: whoever comes in between would wait for nobody.
            self._running.discard(asyncio.current_task())

    async def _take(self) -> None:
        """Runs the works of those who wait by now; others may have taken them all."""
        now, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        outcomes = await self._outcomes([one.work for one in now]) if now else ()
        for one, outcome in zip(now, outcomes, strict=True):
            if not one.outcome.done():  # else whoever waited for it is gone
                one.outcome.set_result(outcome)

    async def _outcomes(self, works: Sequence[Work]) -> Sequence[Outcome]:
        """The outcomes of all, also where no thread could be had for them: nobody waits for ever."""
        try:
            return await run_sync(self._outcomes_of, works)
        except Exception as error:
            return [error] * len(works)


class Baton:
    """What one of several processes has while it writes: the next one begins at once when it is laid down, while SQLite
    would look again after pauses that become longer. Made before a process is forked; nothing else may hold it."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)

    def __enter__(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)


class Writers:
    """The requests that want to write; one for each application. `turn`: the lock of SQLite, or places in the pool."""

    def __init__(self, database: Database, turn: Turn, baton: Baton) -> None:
        self._database, self._turn = database, turn
        self._baton: AbstractContextManager[None] = baton if database.is_sqlite else nullcontext()
        self._queue = _Queue(self._all, turn, tasks=1 if database.is_sqlite else WRITING_AT_ONCE)

    async def run(self, work: Work) -> Response:
        """The answer once its transaction is committed; whatever the work raises is raised."""
        try:
            return await self._queue.run(work)
        except _HeldError:
            async with self._turn:
                return await run_sync(self._alone, work)

    def _alone(self, work: Work) -> Response:
        with self._database.writing() as session:
            return work(session)

    def _all(self, works: Sequence[Work]) -> Sequence[Outcome]:
        """The outcomes of all after one commit; when that fails, nothing of anybody is there, and all are told so."""
        try:
            with self._baton, _shared(self._database.write) as (connection, session):
                if not self._database.is_sqlite:
                    connection.connection.cursor().execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                return [_apart(connection, session, work) for work in works]
        except _TornError:
            # Nothing of anybody is there. One by one, whoever tears a transaction tears their own.
            return [_tried(self._alone, work) for work in works]
        except Exception as error:
            return [error] * len(works)


class Readers:
    """The requests that only read; one for each application. `turn`: places among all who read."""

    def __init__(self, database: Database, turn: Turn) -> None:
        self._database = database
        self._queue = _Queue(self._all, turn, tasks=READING_AT_ONCE)

    async def run(self, work: Work) -> Response:
        """The answer; it tells what is there after the request came. Whatever the work raises is raised."""
        return await self._queue.run(work)

    def _alone(self, work: Work) -> Response:
        with self._database.reading() as session:
            return work(session)

    def _all(self, works: Sequence[Work]) -> Sequence[Outcome]:
        try:
            with _shared(self._database.read) as (_, session):
                return [_looked(session, work) for work in works]
        except _TornError:
            return [_tried(self._alone, work) for work in works]
        except Exception as error:
            return [error] * len(works)


@contextmanager
def _shared(engine: Engine) -> Iterator[tuple[Connection, Session]]:
    """A transaction and a session for several people. What is kept under `SHARED` is for all of them."""
    with engine.begin() as connection, Session(connection, join_transaction_mode="rollback_only") as session:
        session.info[SHARED] = {}
        yield connection, session


def _forget(session: Session) -> None:
    """Lets the next person find nothing in the session."""
    if session.identity_map or session.new:
        session.expunge_all()


def _looked(session: Session, work: Work) -> Outcome:
    """The outcome of one who only reads. _TornError where the database refused something: PostgreSQL then refuses all
    that follows."""
    try:
        return work(session)
    except DBAPIError as error:
        raise _TornError from error
    except Exception as error:
        return error
    finally:
        _forget(session)


def _tried(alone: Callable[[Work], Response], work: Work) -> Outcome:
    try:
        return alone(work)
    except Exception as error:
        return error


def _apart(connection: Connection, session: Session, work: Work) -> Outcome:
    """The outcome of one; what it changed before it raised is taken back.

    _TornError where that took back what others changed too: SQLAlchemy rolls back all when a flush fails, and SQLite
    when the disk is full.
    """
    # The driver is asked itself: SQLAlchemy takes longer for a savepoint than SQLite for a page.
    run = connection.connection.cursor().execute
    run("SAVEPOINT one")
    outcome: Outcome
    try:
        outcome = work(session)
        session.flush()
    except Exception as error:
        if not _goes_on(connection):
            raise _TornError from error
        run("ROLLBACK TO one")
        outcome = _HeldError() if _is_held(error) else error
    finally:
        _forget(session)
    run("RELEASE one")
    return outcome


def _goes_on(connection: Connection) -> bool:
    """Whether the driver is still in the transaction."""
    if not connection.in_transaction():
        return False
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        return driver.in_transaction
    is_in: bool = driver.info.transaction_status.name in {"INTRANS", "INERROR"}  # type: ignore[union-attr]  # psycopg's
    return is_in


def _is_held(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _ROW_IS_HELD
