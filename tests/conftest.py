"""Fixtures for all tests: both databases, a moved clock, the application behind a client, and the cast.

A test's database is a copy of one that is made once: an empty one; one with the cast for tests that ask for `cast`; and
with `@pytest.mark.lived_in` one in which the cast has a closed and an open wave (tests/world.py), for `lived_in`.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

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
    from tests.world import World

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
SECRET = "5e" * 32
START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
A_QUARTER_EARLIER = START - timedelta(days=97)


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


Inside = Literal["nothing", "cast", "world"]


@dataclass(frozen=True)
class Template:
    """A database to copy: the file of SQLite, or PostgreSQL's name of it; and who and what is in it."""

    name: str
    cast: "Cast | None" = None
    world: "World | None" = None


@dataclass
class Templates:
    """The templates of one test process, each made when the first test asks for it."""

    folder: Path
    made: dict[tuple[str, Inside], Template]

    def of(self, kind: str, inside: Inside) -> Template:
        """The template of a kind of database."""
        key = (kind, inside)
        if key not in self.made:
            self.made[key] = self._sqlite(inside) if kind == "sqlite" else self._postgresql(inside)
        return self.made[key]

    def _sqlite(self, inside: Inside) -> Template:
        path = self.folder / f"{inside}.db"
        template = _filled(f"sqlite:///{path}", str(path), inside)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return template

    def _postgresql(self, inside: Inside) -> Template:
        filled: list[Template] = []
        name = postgres.template_database(lambda url: filled.append(_filled(url, "", inside)))
        return replace(filled[0], name=name)


def _filled(url: str, name: str, inside: Inside) -> Template:
    with closing(Database(url)) as database:
        upgrade(database)
        if inside == "nothing":
            return Template(name)
        from tests import world
        from tests.cast import bring_on

        if inside == "cast":
            return Template(name, bring_on(database, START))
        cast = bring_on(database, A_QUARTER_EARLIER)
        return Template(name, cast, world.build(database, cast, A_QUARTER_EARLIER))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The databases that tests get copies of."""
    return Templates(tmp_path_factory.mktemp("templates"), {})


@pytest.fixture(params=["sqlite", "postgresql"])
def template(request: pytest.FixtureRequest, templates: Templates) -> Template:
    """What this test's database is a copy of; each test runs on SQLite and on PostgreSQL."""
    if request.node.get_closest_marker("lived_in") is not None:
        return templates.of(request.param, "world")
    return templates.of(request.param, "cast" if "cast" in request.fixturenames else "nothing")


@pytest.fixture
def database_url(template: Template, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database of this test's own."""
    if template.name.endswith(".db"):
        path = tmp_path / "plumbline.db"
        shutil.copy(template.name, path)
        yield f"sqlite:///{path}"
        return
    url = postgres.fresh_database(template.name)
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
    """A Monday morning in the fourth quarter; in a lived-in database a week into the second wave."""
    return Clock(START)


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
def cast(template: Template) -> "Cast":
    """The cast of departments and people that the tests share."""
    assert template.cast is not None
    return template.cast


@pytest.fixture
def lived_in(template: Template) -> "World":
    """The waves of a lived-in database; the test has to be marked with `lived_in`."""
    assert template.world is not None, "mark the test with @pytest.mark.lived_in"
    return template.world


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
