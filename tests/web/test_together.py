"""Those who write, or read, at the same moment share a transaction, and nothing else."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import anyio
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Session
from starlette.responses import Response

from app.db import Database
from app.errors import ConflictError
from app.web import together
from app.web.together import MOST_AT_ONCE, READING_AT_ONCE, Baton, Readers, Writers


class _Base(DeclarativeBase):
    """A registry of its own: no table of the service."""


class _Note(_Base):
    __tablename__ = "note"
    word: Mapped[str] = mapped_column(primary_key=True)


_INSERT = text("INSERT INTO note VALUES (:word)")


@pytest.fixture
def notes(database: Database) -> Iterator[Database]:
    """A database with one table of words, each of which may stand in it once."""
    with database.writing() as session:
        session.connection().exec_driver_sql("CREATE TABLE note (word TEXT PRIMARY KEY)")
    yield database
    with database.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE note")


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Database]:
    """The same on SQLite alone."""
    with closing(Database(f"sqlite:///{tmp_path / 'notes.db'}")) as database:
        with database.writing() as session:
            session.connection().exec_driver_sql("CREATE TABLE note (word TEXT PRIMARY KEY)")
        yield database


def writing(word: str, *, refused: bool = False) -> Callable[[Session], Response]:
    def work(session: Session) -> Response:
        session.connection().execute(_INSERT, {"word": word})
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
        turn = anyio.Lock() if database.is_sqlite else anyio.Semaphore(8)
        writers = Writers(database, turn, Baton())
        return await asyncio.gather(*map(writers.run, works), return_exceptions=True)

    return asyncio.run(run())


@contextmanager
def heard(engine: Engine, what: str, by: Callable[[object], None]) -> Iterator[None]:
    event.listen(engine, what, by)
    yield
    event.remove(engine, what, by)


def stored(database: Database) -> list[str]:
    with database.reading() as session:
        return [row[0] for row in session.connection().exec_driver_sql("SELECT word FROM note ORDER BY word")]


@pytest.mark.both
def test_whoever_is_refused_takes_back_their_own_changes_and_nobody_elses(notes: Database):
    one, refused, other = all_at_once(notes, [writing("a"), writing("b", refused=True), writing("c")])
    assert isinstance(refused, ConflictError)
    assert isinstance(one, Response)
    assert isinstance(other, Response)
    assert (one.body, other.body) == (b"a", b"c")
    assert stored(notes) == ["a", "c"]


@pytest.mark.both
def test_an_error_of_the_database_is_one_persons_too(notes: Database):
    told = all_at_once(notes, [writing("a"), writing("a"), writing("c")])
    assert [isinstance(one, Response) for one in told] == [True, False, True]
    assert stored(notes) == ["a", "c"]


@pytest.mark.both
def test_whoever_tears_the_transaction_that_they_share_tears_their_own_only(notes: Database):
    tells_of_the_one_who_tore(notes, adding("a"))


def test_a_full_disk_of_sqlite_is_told_to_those_who_filled_it(embedded: Database):
    tells_of_the_one_who_tore(embedded, filling_the_disk)


def tells_of_the_one_who_tore(database: Database, tearing: Callable[[Session], Response]) -> None:
    told = all_at_once(database, [adding("a"), tearing, writing("c")])
    assert [isinstance(one, Response) for one in told] == [True, False, True]
    assert isinstance(told[1], IntegrityError), "whoever did it is told what it was"
    assert stored(database) == ["a", "c"]


@pytest.mark.both
def test_whoever_needs_a_row_that_is_held_lets_the_others_go_and_waits_alone(notes: Database):
    if notes.is_sqlite:
        pytest.skip("SQLite has one writer at a time")

    def holding(session: Session) -> Response:
        session.connection().exec_driver_sql("SELECT word FROM note WHERE word = 'held' FOR UPDATE")
        return Response(b"had it")

    async def run() -> tuple[list[Response], Response]:
        writers = Writers(notes, anyio.Semaphore(8), Baton())
        await writers.run(writing("held"))
        with notes.writing() as other:
            holding(other)
            needs_it = asyncio.create_task(writers.run(holding))
            others = [asyncio.create_task(writers.run(writing(word))) for word in "ab"]
            done = [await one for one in others]
            await asyncio.sleep(0.2)
            assert not needs_it.done(), "the row is still held"
        return done, await needs_it

    done, last = asyncio.run(run())
    assert [one.body for one in done] == [b"a", b"b"]
    assert last.body == b"had it"
    assert stored(notes) == ["a", "b", "held"]


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


@pytest.mark.both
def test_those_who_wait_share_a_commit(notes: Database):
    commits: list[object] = []
    with heard(notes.write, "commit", commits.append):
        told = all_at_once(notes, [writing(f"{number:02d}") for number in range(2 * MOST_AT_ONCE)])
    assert all(isinstance(one, Response) for one in told)
    assert len(commits) == 2
    assert len(stored(notes)) == 2 * MOST_AT_ONCE


def test_nobody_is_thanked_when_the_commit_they_share_fails(notes: Database):
    def refuse(_connection: object) -> None:
        raise OSError("the disk is full")

    with heard(notes.write, "commit", refuse):
        told = all_at_once(notes, [writing("a"), writing("b")])
    assert [type(one) for one in told] == [OSError, OSError]
    assert stored(notes) == []


def test_others_go_on_after_somebody_has_hung_up(notes: Database):
    async def run() -> Response:
        writers = Writers(notes, anyio.Lock(), Baton())
        gone = asyncio.create_task(writers.run(writing("a")))
        staying = asyncio.create_task(writers.run(writing("b")))
        await asyncio.sleep(0)
        gone.cancel()
        return await staying

    assert asyncio.run(run()).body == b"b"
    assert "b" in stored(notes)


def reading(database: Database, works: Sequence[Callable[[Session], Response]]) -> list[Response | BaseException]:
    async def run() -> list[Response | BaseException]:
        readers = Readers(database, anyio.Semaphore(8))
        return await asyncio.gather(*map(readers.run, works), return_exceptions=True)

    return asyncio.run(run())


def counting(session: Session) -> Response:
    return Response(str(session.connection().exec_driver_sql("SELECT count(*) FROM note").scalar_one()))


def lost(_session: Session) -> Response:
    raise ConflictError("No.")


def mistaken(session: Session) -> Response:
    session.connection().exec_driver_sql("SELECT nothing FROM note")
    return Response("never")


def test_those_who_read_together_share_a_transaction(notes: Database):
    begun: list[object] = []
    with heard(notes.read, "begin", begun.append):
        told = reading(notes, [counting] * READING_AT_ONCE * MOST_AT_ONCE)
    assert [isinstance(one, Response) and one.body for one in told] == [b"0"] * len(told)
    assert len(begun) <= READING_AT_ONCE


@pytest.mark.parametrize(("wrong", "error"), [(lost, ConflictError), (mistaken, DBAPIError)])
def test_whoever_reads_beside_an_error_gets_their_page(notes: Database, wrong, error):
    told = reading(notes, [counting, wrong, counting])
    assert [isinstance(one, Response) for one in told] == [True, False, True]
    assert isinstance(told[1], error)


@pytest.mark.both
def test_a_statement_that_postgresql_refuses_is_one_persons(database: Database):
    def looking(session: Session) -> Response:
        return Response(str(session.connection().exec_driver_sql("SELECT 1").scalar_one()))

    def refused(session: Session) -> Response:
        session.connection().exec_driver_sql("SELECT nothing FROM invitation")
        return Response("never")

    told = reading(database, [looking, refused, looking])
    assert [isinstance(one, Response) and one.body for one in told] == [b"1", False, b"1"]
    assert isinstance(told[1], DBAPIError)


def test_whoever_reads_after_a_commit_sees_it(notes: Database):
    assert all_at_once(notes, [writing("a")])
    [told] = reading(notes, [counting])
    assert isinstance(told, Response)
    assert told.body == b"1"


def test_nobody_can_write_where_they_may_only_read(notes: Database):
    [told] = reading(notes, [writing("a")])
    assert isinstance(told, DBAPIError)
    assert stored(notes) == []


def test_of_two_processes_one_writes_at_a_time(tmp_path: Path) -> None:
    baton, book = together.Baton(), tmp_path / "book"
    if (sibling := os.fork()) == 0:
        written(baton, book, "b")
        os._exit(0)
    written(baton, book, "a")
    assert os.waitpid(sibling, 0)[1] == 0
    # Whoever has the baton writes its three letters before the other writes one.
    lines = book.read_text()
    assert sorted({lines[start : start + 3] for start in range(0, len(lines), 3)}) == ["aaa", "bbb"]
    assert len(lines) == 2 * 3 * 40


def written(baton: Baton, book: Path, letter: str) -> None:
    for _ in range(40):
        with baton:
            for _ in range(3):
                with book.open("a") as there:
                    there.write(letter)
                time.sleep(0.0002)
