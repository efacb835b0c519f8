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
    outcome: asyncio.Future[Response]


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
        return await mine.outcome

    async def _run(self) -> None:
        """Goes on until nobody waits."""
        try:
            while self._waiting:
                async with self._turn:
                    now, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                    outcomes = await run_sync(self._all, [one.work for one in now])
                for one, outcome in zip(now, outcomes, strict=True):
                    if one.outcome.done():  # whoever waited for it is gone
                        continue
                    if isinstance(outcome, Exception):
                        one.outcome.set_exception(outcome)
                    else:
                        one.outcome.set_result(outcome)
        finally:
            self._running = None

    def _alone(self, work: Work) -> Response:
        with self._database.writing() as session:
            return work(session)

    def _all(self, works: Sequence[Work]) -> Sequence[Outcome]:
        """The outcomes of all after one commit; when that fails, nothing of anybody is there, and all are told so."""
        try:
            with self._database.write.begin() as connection:
                return [_apart(connection, work) for work in works]
        except Exception as error:
            return [error] * len(works)


def _apart(connection: Connection, work: Work) -> Outcome:
    """The outcome of one; what it changed before it raised is taken back."""
    # The driver is asked itself: SQLAlchemy takes longer for a savepoint than SQLite for a page.
    run = connection.connection.cursor().execute
    run("SAVEPOINT one")
    session = Session(connection, join_transaction_mode="rollback_only")
    try:
        answer = work(session)
        session.flush()
    except Exception as error:
        run("ROLLBACK TO one")
        return error
    finally:
        run("RELEASE one")
        session.close()
    return answer
