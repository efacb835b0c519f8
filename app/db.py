"""Engines and column types for SQLite and PostgreSQL. Errors hide their parameters: those may be answers.

Two engines: `read` refuses to write, `write` takes SQLite's write lock when it begins, because there a transaction
that has read and then writes fails at once when another commit came between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, TypeDecorator, create_engine, event
from sqlmodel import Session, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Threads of a web process, and sessions at once. Looking up who is asking needs a second connection for a moment.
POOL_SIZE = 8

# A database that can't be reached is told within this time; an address may set another, "?connect_timeout=30".
CONNECT_SECONDS = 5


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
        with Session(self.read) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back when anything is raised."""
        with Session(self.write) as session, session.begin():
            yield session

    @staticmethod
    def _postgresql(url: str, *, read_only: bool) -> Engine:
        options = {"postgresql_readonly": True} if read_only else {}
        return create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={} if "connect_timeout=" in url else {"connect_timeout": CONNECT_SECONDS},
            execution_options=options,
        )

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
            if begin == "BEGIN":
                cursor.execute("PRAGMA query_only = ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def take_begin_from_the_driver(connection: Any) -> None:
            connection.exec_driver_sql(begin)

        return engine
