"""Short writing requests, run with as few changes of thread and as few waits for the disk as there can be.

SQLite has one writer at a time, and each transaction waits for the disk once. Whoever comes while others are being
written waits a moment and shares the next transaction with all who came meanwhile: each behind a savepoint of its own,
so that what is refused takes nobody along, and nobody is answered before the disk has all of it. PostgreSQL does the
like by itself, so there each has a transaction of its own.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import anyio
from anyio.to_thread import run_sync
from sqlalchemy import Connection
from sqlmodel import Session
from starlette.responses import Response

from app.db import Database

Work = Callable[[Session], Response]
Turn = anyio.Lock | anyio.Semaphore
Outcome = Response | Exception

MOST_AT_ONCE: Final = 16
"""A page is a few tenths of a millisecond, so the last of these waits no longer than for a slow disk."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Somebody's work, and where its outcome is awaited."""

    work: Work
    outcome: asyncio.Future[Outcome]


class _TornError(Exception):
    """The transaction that several share was rolled back as a whole while the work of one of them ran."""


class Writers:
    """The requests that want to write; one for each application. `turn`: the lock of SQLite, or places in the pool."""

    def __init__(self, database: Database, turn: Turn) -> None:
        self._database, self._turn = database, turn
        self._waiting: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None

    async def write(self, work: Work) -> Response:
        """Runs `work` in a transaction and gives its answer once that is committed; whatever it raises is raised."""
        if not self._database.is_sqlite:
            async with self._turn:
                return await run_sync(self._alone, work)
        mine = _Waiting(work, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        if self._running is None:
            # A task of its own: whoever came first may hang up, and the others still wait for their outcome.
            self._running = asyncio.create_task(self._run())
        outcome = await mine.outcome
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _run(self) -> None:
        """Goes on until nobody waits."""
        try:
            while self._waiting:
                async with self._turn:
                    now, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                    outcomes = await self._outcomes([one.work for one in now])
                for one, outcome in zip(now, outcomes, strict=True):
                    if not one.outcome.done():  # else whoever waited for it is gone
                        one.outcome.set_result(outcome)
        finally:
            self._running = None

    async def _outcomes(self, works: Sequence[Work]) -> Sequence[Outcome]:
        """The outcomes of all, also where no thread could be had for them: nobody waits for ever."""
        try:
            return await run_sync(self._all, works)
        except Exception as error:
            return [error] * len(works)

    def _alone(self, work: Work) -> Response:
        with self._database.writing() as session:
            return work(session)

    def _all(self, works: Sequence[Work]) -> Sequence[Outcome]:
        """The outcomes of all after one commit; when that fails, nothing of anybody is there, and all are told so."""
        try:
            with self._database.write.begin() as connection:
                return [_apart(connection, work) for work in works]
        except _TornError:
            # Nothing of anybody is there. One by one, whoever tears a transaction tears their own.
            return [self._tried(work) for work in works]
        except Exception as error:
            return [error] * len(works)

    def _tried(self, work: Work) -> Outcome:
        try:
            return self._alone(work)
        except Exception as error:
            return error


def _apart(connection: Connection, work: Work) -> Outcome:
    """The outcome of one; what it changed before it raised is taken back.

    _TornError where that took back what others changed too: SQLAlchemy rolls back all when a flush fails, and SQLite
    when the disk is full.
    """
    # The driver is asked itself: SQLAlchemy takes longer for a savepoint than SQLite for a page.
    run = connection.connection.cursor().execute
    run("SAVEPOINT one")
    session = Session(connection, join_transaction_mode="rollback_only")
    outcome: Outcome
    try:
        outcome = work(session)
        session.flush()
    except Exception as error:
        if not _goes_on(connection):
            raise _TornError from error
        run("ROLLBACK TO one")
        outcome = error
    finally:
        session.close()
    run("RELEASE one")
    return outcome


def _goes_on(connection: Connection) -> bool:
    """Whether the driver is still in the transaction."""
    is_in: bool = connection.in_transaction() and connection.connection.driver_connection.in_transaction  # type: ignore[union-attr]  # sqlite3's
    return is_in
