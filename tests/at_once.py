"""Two deeds at the same moment, for tests on PostgreSQL: the second begins before the first is committed."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import text
from sqlmodel import Session

from app.db import Database

PATIENT_SECONDS = 30
WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")

One = TypeVar("One")
Other = TypeVar("Other")


def at_once(
    database: Database, first: Callable[[Session], One], second: Callable[[Session], Other]
) -> tuple[One, Other]:
    """What both gave. The first is committed when the second waits for it, or has ended without waiting."""
    with ThreadPoolExecutor(1) as others:
        with database.writing() as session:
            one = first(session)
            waiting = others.submit(committed, database, second)
            until_it_waits(database, waiting)
        return one, waiting.result(PATIENT_SECONDS)


def committed(database: Database, deed: Callable[[Session], Other]) -> Other:
    """What a deed gives in a transaction of its own."""
    with database.writing() as session:
        return deed(session)


def until_it_waits(database: Database, other: Future[Other]) -> None:
    """Waits until somebody waits for a lock in this database, or the other one has ended."""
    latest = time.monotonic() + PATIENT_SECONDS
    while not other.done():
        with database.reading() as session:
            if session.connection().execute(WAITS).scalar_one():
                return
        assert time.monotonic() < latest, "the other one neither waits nor ends"
        time.sleep(0.01)
