"""Those who write at the same moment share a transaction of SQLite, and nothing else."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import anyio
import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Session
from starlette.responses import Response

from app.db import Database
from app.errors import ConflictError
from app.web import together
from app.web.together import MOST_AT_ONCE, Writers


class _Base(DeclarativeBase):
    """A registry of its own: no table of the service."""


class _Note(_Base):
    __tablename__ = "note"
    word: Mapped[str] = mapped_column(primary_key=True)


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Database]:
    """A database with one table of words, each of which may stand in it once."""
    with closing(Database(f"sqlite:///{tmp_path / 'notes.db'}")) as database:
        with database.writing() as session:
            session.connection().exec_driver_sql("CREATE TABLE note (word TEXT PRIMARY KEY)")
        yield database


def writing(word: str, *, refused: bool = False) -> Callable[[Session], Response]:
    def work(session: Session) -> Response:
        session.connection().exec_driver_sql("INSERT INTO note VALUES (?)", (word,))
        if refused:
            raise ConflictError("No.")
        return Response(word)

    return work


def adding(word: str) -> Callable[[Session], Response]:
    """Writes by a flush, whose failure makes SQLAlchemy roll back everything."""

    def work(session: Session) -> Response:
        session.add(_Note(word=word))
        return Response(word)

    return work


def filling_the_disk(session: Session) -> Response:
    """SQLite rolls back everything when the disk is full."""
    session.connection().exec_driver_sql("INSERT OR ROLLBACK INTO note VALUES ('a'), ('a')")
    return Response("never")


def all_at_once(database: Database, works: list[Callable[[Session], Response]]) -> list[Response | BaseException]:
    async def run() -> list[Response | BaseException]:
        writers = Writers(database, anyio.Lock())
        return await asyncio.gather(*map(writers.write, works), return_exceptions=True)

    return asyncio.run(run())


def stored(database: Database) -> list[str]:
    with database.reading() as session:
        return [row[0] for row in session.connection().exec_driver_sql("SELECT word FROM note ORDER BY word")]


def test_whoever_is_refused_takes_back_their_own_changes_and_nobody_elses(notes: Database):
    one, refused, other = all_at_once(notes, [writing("a"), writing("b", refused=True), writing("c")])
    assert isinstance(refused, ConflictError)
    assert isinstance(one, Response)
    assert isinstance(other, Response)
    assert (one.body, other.body) == (b"a", b"c")
    assert stored(notes) == ["a", "c"]


def test_an_error_of_the_database_is_one_persons_too(notes: Database):
    told = all_at_once(notes, [writing("a"), writing("a"), writing("c")])
    assert [isinstance(one, Response) for one in told] == [True, False, True]
    assert stored(notes) == ["a", "c"]


@pytest.mark.parametrize("tearing", [adding("a"), filling_the_disk])
def test_whoever_tears_the_transaction_that_they_share_tears_their_own_only(notes: Database, tearing):
    told = all_at_once(notes, [adding("a"), tearing, writing("c")])
    assert [isinstance(one, Response) for one in told] == [True, False, True]
    assert isinstance(told[1], IntegrityError), "whoever did it is told what it was"
    assert stored(notes) == ["a", "c"]


def test_nobody_waits_for_ever_beside_an_error_that_a_future_refuses(notes: Database):
    def ended(_session: Session) -> Response:
        raise StopIteration

    one, refused, other = all_at_once(notes, [writing("a"), ended, writing("c")])
    assert isinstance(refused, RuntimeError)
    assert isinstance(one, Response)
    assert isinstance(other, Response)
    assert stored(notes) == ["a", "c"]


def test_nobody_waits_for_ever_where_no_thread_can_be_had(notes: Database, monkeypatch: pytest.MonkeyPatch):
    async def none_left(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(together, "run_sync", none_left)
    told = all_at_once(notes, [writing("a"), writing("b")])
    assert [type(one) for one in told] == [RuntimeError, RuntimeError]
    assert stored(notes) == []


def test_those_who_wait_share_a_commit(notes: Database):
    commits: list[object] = []
    event.listen(notes.write, "commit", commits.append)
    told = all_at_once(notes, [writing(f"{number:02d}") for number in range(2 * MOST_AT_ONCE)])
    assert all(isinstance(one, Response) for one in told)
    assert len(commits) == 2
    assert len(stored(notes)) == 2 * MOST_AT_ONCE


def test_nobody_is_thanked_when_the_commit_they_share_fails(notes: Database):
    def refuse(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(notes.write, "commit", refuse)
    told = all_at_once(notes, [writing("a"), writing("b")])
    assert [type(one) for one in told] == [OSError, OSError]
    assert stored(notes) == []


def test_others_go_on_after_somebody_has_hung_up(notes: Database):
    async def run() -> Response:
        writers = Writers(notes, anyio.Lock())
        gone = asyncio.create_task(writers.write(writing("a")))
        staying = asyncio.create_task(writers.write(writing("b")))
        await asyncio.sleep(0)
        gone.cancel()
        return await staying

    assert asyncio.run(run()).body == b"b"
    assert "b" in stored(notes)
