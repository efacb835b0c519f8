"""Fixtures for all tests: both databases, a moved clock, the application behind a client, and the cast."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from app.db import Database
from app.migrations import upgrade
from app.settings import Settings, read_settings
from tests import postgres

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from tests.cast import Cast

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
SECRET = "5e" * 32


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> datetime:
        """Moves on by days=, hours=, minutes= and gives the new time."""
        self.now += timedelta(**step)
        return self.now


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "plumbline.db"
    with closing(Database(f"sqlite:///{path}")) as database:
        upgrade(database)
        with database.write.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    return path


@pytest.fixture(scope="session")
def _postgresql_template() -> str:
    def fill(url: str) -> None:
        with closing(Database(url)) as database:
            upgrade(database)

    return postgres.template_database(fill)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database; each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "plumbline.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url = postgres.fresh_database(request.getfixturevalue("_postgresql_template"))
    yield url
    postgres.drop_database(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a test service."""
    return read_settings(
        data_dir=tmp_path / "data", database_url=database_url, public_url="http://testserver", secret_key=SECRET
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database, opened."""
    with closing(Database(settings.database)) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """A Monday morning in the fourth quarter."""
    return Clock(datetime(2026, 10, 5, 8, 0, tzinfo=UTC))


@pytest.fixture
def application(settings: Settings, clock: Clock) -> "FastAPI":
    """The application on the test database."""
    from app.main import create_app

    return create_app(settings, clock=clock)


@pytest.fixture
def client(application: "FastAPI") -> "Iterator[TestClient]":
    """A browser without cookies that sends what browsers send; redirects are not followed."""
    from starlette.testclient import TestClient

    with TestClient(application, headers=SAME_ORIGIN, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def cast(database: Database, clock: Clock) -> "Cast":
    """The cast of departments and people that the tests share."""
    from tests.cast import bring_on

    return bring_on(database, clock())


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL statements that `database` runs from here on."""
    with recorded(database) as seen:
        yield seen


@contextmanager
def recorded(database: Database) -> Iterator[list[str]]:
    """Collects the SQL statements of both engines of a database."""
    seen: list[str] = []

    def note(*event_arguments: object) -> None:
        seen.append(str(event_arguments[2]))

    for engine in (database.read, database.write):
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in (database.read, database.write):
        event.remove(engine, "before_cursor_execute", note)
