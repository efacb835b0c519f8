"""Engines and column types for SQLite and PostgreSQL. Errors and logs hide values: those may be answers.

Two engines: `read` refuses to write, `write` takes SQLite's write lock when it begins, because there a transaction
that has read and then writes fails at once when another commit came between.
"""

import logging
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    TypeDecorator,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, SQLModel

from app.errors import UnavailableError

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Under this, the session of several people (web/together.py) keeps what is read once for all of them.
SHARED = "shared"

# Threads of a web process, and sessions at once. Looking up who is asking needs a second connection for a moment.
POOL_SIZE = 8

# The tables from which answers, drafts and lists of people are deleted. After that PostgreSQL writes them anew: a plain
# VACUUM frees the place of a deleted row and leaves its bytes there until something else needs the room (tried).
HOLDING_PEOPLE = (
    "draft",
    "invitation",
    "person",
    "roster_upload",
    "mail_out",
    "link_request",
    "answer_sheet",
    "comment",
    "comment_review",
    "release_ledger",
    "comparison_ledger",
    "trial_sheet",
)

# Whoever sends answers waits while a table is written anew; when somebody else holds the table, a dump for example, it
# is left and tried again later, because everybody would queue behind this wait.
LOCK_SECONDS = 2

# A file of SQLite that is larger is vacuumed through a temporary file and not in memory.
VACUUM_IN_MEMORY_BYTES = 256_000_000

# A database that can't be reached is told within this time; an address may set another, "?connect_timeout=30".
CONNECT_SECONDS = 5

# A connection that was used within this time is taken to be still there.
RESTED_SECONDS = 1.0


class Utc(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite gives naive times back; a naive time is refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive times; stores UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives an aware time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """The two engines of one database; `close` gives their connections back."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        logging.getLogger("sqlalchemy.engine.Engine").addFilter(_says_no_row)
        self.read = self._sqlite(url, begin="BEGIN") if self.is_sqlite else self._postgresql(url, read_only=True)
        self.write = (
            self._sqlite(url, begin="BEGIN IMMEDIATE") if self.is_sqlite else self._postgresql(url, read_only=False)
        )

    def close(self) -> None:
        """Gives all connections back."""
        self.read.dispose()
        self.write.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that may only read."""
        with self.read.begin() as connection, Session(connection, join_transaction_mode="rollback_only") as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back when anything is raised."""
        with Session(self.write) as session, session.begin():
            yield session

    def forget_deleted(self, *, everything: bool = False) -> None:
        """Writes anew what lies on the disk, so that the database's files hold nothing of what was deleted.

        On PostgreSQL the tables of `HOLDING_PEOPLE`, or `everything`: all tables, after a client was deleted. For the
        worker, outside any transaction. Raises UnavailableError when others kept the database busy; nothing is
        lost then, and the call is to be repeated. What backups and archives of the write-ahead log hold stays there.
        """
        if self.is_sqlite:
            self._rewrite_file()
        else:
            self._rewrite_tables(everything=everything)

    def _rewrite_file(self) -> None:
        """SQLite: `secure_delete` leaves remains where pages were split (tried), so the file is written anew."""
        with closing(self.write.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            size = _number(cursor, "PRAGMA page_count") * _number(cursor, "PRAGMA page_size")
            cursor.execute(f"PRAGMA temp_store = {'FILE' if size > VACUUM_IN_MEMORY_BYTES else 'MEMORY'}")
            try:
                cursor.execute("VACUUM")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                    raise UnavailableError("The database was busy; what was deleted still lies in its file.") from error
                raise
            finally:
                # Whatever happened: the next shuffle on this connection puts nothing of answers into a file.
                cursor.execute("PRAGMA temp_store = MEMORY")
            if _number(cursor, "PRAGMA wal_checkpoint(TRUNCATE)"):
                raise UnavailableError("The database was busy; what was deleted is still in its write-ahead log.")

    def _rewrite_tables(self, *, everything: bool) -> None:
        with self.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            try:
                for table in inspect(connection).get_table_names() if everything else HOLDING_PEOPLE:
                    connection.exec_driver_sql(f"VACUUM (FULL) {table}")
            except OperationalError as error:
                raise UnavailableError("A table was in use; what was deleted still lies in its file.") from error
            finally:
                connection.exec_driver_sql("RESET lock_timeout")

    @staticmethod
    def _postgresql(url: str, *, read_only: bool) -> Engine:
        engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
            hide_parameters=True,
            connect_args={} if "connect_timeout=" in url else {"connect_timeout": CONNECT_SECONDS},
        )
        event.listen(engine, "handle_error", _leave_out_values)
        _ask_when_rested(engine)

        # Any: the driver's connection has no common type across drivers.
        @event.listens_for(engine, "connect")
        def configure(connection: Any, _: object) -> None:
            connection.read_only = read_only

        return engine

    @staticmethod
    def _sqlite(url: str, *, begin: str) -> Engine:
        engine = create_engine(
            url,
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
            hide_parameters=True,
            connect_args={"check_same_thread": False},
        )

        # Any: the driver's connection has no common type across drivers.
        @event.listens_for(engine, "connect")
        def configure(connection: Any, _: object) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout = 10000")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("PRAGMA temp_store = MEMORY")
            if begin == "BEGIN":
                cursor.execute("PRAGMA query_only = ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def take_begin_from_the_driver(connection: Any) -> None:
            connection.exec_driver_sql(begin)

        return engine


def _ask_when_rested(engine: Engine) -> None:
    """Asks a connection that nobody used for a while whether its server is still there; else all are made anew.

    Asked each time, as SQLAlchemy can, it takes longer than the statements of a page.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    # Any: the driver's connection has no common type across drivers.
    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used", 0.0) < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise InvalidatePoolError("the server is gone") from error


class Prepared:
    """A statement of a page that many ask for: compiled once for each kind of database, and handed to its driver.

    SQLAlchemy looks at every part of a statement each time before it finds what it has compiled, and describes every
    column that comes back, which takes several times as long as SQLite takes to answer. Values go in and rows come out
    as the driver has them; only ids and days are seen to. Errors are SQLAlchemy's, without values.
    """

    def __init__(self, statement: Any, *, columns: Sequence[str] | None = None) -> None:
        """`statement`: one, or one for each name of a dialect. `columns`: those that an INSERT fills.

        Any: select, insert and delete have no common type that can be compiled.
        """
        self._statement, self._columns = statement, columns
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None, dict[str, object]]] = {}

    def first(self, session: Session, values: Mapping[str, object]) -> tuple[Any, ...] | None:  # Any: any type
        """The first row that is found in the transaction of a session; `values` by the names of the parameters."""
        cursor = self._executed(session, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
        cursor.close()
        return found

    def run(self, session: Session, values: Mapping[str, object]) -> int:
        """Changes something in the transaction of a session; the number of rows that were changed."""
        cursor = self._executed(session, values)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def text(self, dialect: Dialect) -> str:
        """The statement as the driver gets it."""
        return self._for(dialect)[0]

    def _executed(self, session: Session, values: Mapping[str, object]) -> Any:  # Any: the drivers share no type
        bound = session.bind
        connection = bound if isinstance(bound, Connection) else session.connection()
        text, order, fixed = self._for(connection.dialect)
        told = {**fixed, **values} if fixed else values
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, told if order is None else [_as_kept(told[one]) for one in order])
        except Exception as error:
            cursor.close()
            raise _told(error, text, connection.dialect) from error
        return cursor

    def _for(self, dialect: Dialect) -> tuple[str, tuple[str, ...] | None, dict[str, object]]:
        """The statement's text, the order of its parameters where they have no names, and those that never change."""
        known = self._compiled.get(dialect.name)
        if known is None:
            chosen = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
            made = chosen.compile(dialect=dialect, column_keys=self._columns)
            fixed = {one: value for one, value in made.params.items() if value is not None}
            known = str(made), tuple(made.positiontup) if made.positional else None, fixed
            self._compiled[dialect.name] = known
        return known


def _told(error: Exception, statement: str, dialect: Dialect) -> Exception:
    """An error of a driver as SQLAlchemy tells it, without the values of the row that was refused."""
    base: type[Exception] = dialect.loaded_dbapi.Error
    if not isinstance(error, base):
        return error
    told = DBAPIError.instance(statement, None, error, base, hide_parameters=True, dialect=dialect)
    _shorten(error, error, told)
    return told


def as_id(value: object) -> UUID:
    """An id as a driver gave it."""
    return value if isinstance(value, UUID) else _of_digits(str(value))


@lru_cache(maxsize=5000)
def _of_digits(digits: str) -> UUID:
    return UUID(digits)


def as_time(value: datetime | str) -> datetime:
    """A time as a driver gave it: SQLite keeps its letters, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value.astimezone(UTC)


def _as_kept(value: object) -> object:
    """An id or a day as SQLite keeps it; any other value as it is."""
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if type(value) is date else value


def _says_no_row(record: logging.LogRecord) -> bool:
    """Keeps rows out of the log: SQLAlchemy writes what it reads to its debug log, `hide_parameters` or not."""
    return not str(record.msg).startswith("Row ")


def _leave_out_values(context: ExceptionContext) -> None:
    """Leaves of an error of PostgreSQL its first sentence: see `_shorten`."""
    _shorten(context.original_exception, context.original_exception, context.sqlalchemy_exception)


def _shorten(original: BaseException, *errors: BaseException | None) -> None:
    """Leaves in these errors the first sentence of PostgreSQL's own: what is added to it quotes the row it refused.

    Details, hints and context are labelled in the server's language, so they are not looked for in the text. Errors
    that do not come from the server have no such parts.
    """
    sentence = getattr(getattr(original, "diag", None), "message_primary", None)
    if sentence is None:
        return
    told = str(original)
    for error in errors:
        if error is not None and error.args:
            error.args = (str(error.args[0]).replace(told, sentence), *error.args[1:])


def _number(cursor: Any, statement: str) -> int:  # Any: the driver's cursor has no common type across drivers
    """The first number that a statement gives."""
    found: int = cursor.execute(statement).fetchone()[0]
    return found
