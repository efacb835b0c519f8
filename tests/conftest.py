"""Fixtures for all tests: both databases, a moved clock, the application behind a client, and the cast.

What a test finds in its database: nothing; the cast for tests that ask for `cast`; with `@pytest.mark.lived_in` the
cast with a closed and an open wave (tests/world.py), for `lived_in`; and with the mark `after.with_args(scene)`, or a
fixture `scene` that gives one, the cast after that scene. Where it finds it is told in tests/places.py.
"""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from sqlalchemy import event

from app.db import Database, Prepared
from app.settings import Settings
from tests.places import SECRET, START, Place, Places, Scene, Template, Templates, own_place
from tests.thorough import IS_THOROUGH, choose_profile, is_left_out

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal
    from fastapi import FastAPI
    from playwright.sync_api import Browser
    from sqlmodel import Session
    from starlette.testclient import TestClient

    from tests.cast import Cast
    from tests.respond.stage import Stage
    from tests.world import World

# What was compiled is kept, whatever the environment says: else each worker writes the asserts of all modules anew,
# which takes longer than most folders of tests, and each process that a test starts compiles the application.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What tests write lies in memory where there is room for it: SQLite waits for the disk at each of its commits.
MEMORY, ROOM = Path("/dev/shm"), 1 << 30  # pytest makes a folder in it that only its user can read
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# While everything is imported there is no garbage worth looking for (pytest_collection_finish).
gc.disable()

__all__ = ["SAME_ORIGIN", "SECRET", "Clock", "Template", "Templates", "recorded"]

choose_profile()

POSTGRESQL = "postgresql"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


# Files that take longest go first, so that no worker is left with one of them when all others have finished.
LONG = ("test_browser.py", "test_over_time.py", "test_pdf.py", "test_answering.py", "test_serving.py", "test_demo.py")


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what a sample does without, and puts the tests of the files that take longest first."""
    rank = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONG)))
    if IS_THOROUGH:
        return
    is_for_postgresql = POSTGRESQL in " ".join([config.option.keyword, *config.args])
    left_out = {item for item in items if is_left_out(item) or (_is_second(item) and not is_for_postgresql)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _is_second(item: pytest.Item) -> bool:
    """Whether a test runs on SQLite as well, and needs PostgreSQL only where everything is tried."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return False
    on_both = not any(mark.args[0] == "template" for mark in item.iter_markers("parametrize"))
    second = item.callspec.params.get("template") == POSTGRESQL and on_both
    return second and item.get_closest_marker("both") is None


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the collector of garbage need not look through it each time."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 50)  # as in a process of the service


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The databases that tests get copies of."""
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[Places]:
    """The databases that tests share one after the other."""
    places = Places(tmp_path_factory.mktemp("places"), templates)
    yield places
    for place in places.made.values():
        place.end()


@pytest.fixture(params=["sqlite", POSTGRESQL])
def template(request: pytest.FixtureRequest, templates: Templates) -> Template:
    """What this test's database is a copy of; each test runs on SQLite and on PostgreSQL (tests/thorough.py)."""
    if request.node.get_closest_marker("lived_in") is not None:
        return templates.of(request.param, "world")
    after = request.node.get_closest_marker("after")
    if after is not None:
        return templates.of(request.param, after.args[0])
    if "scene" in request.fixturenames:
        return templates.of(request.param, request.getfixturevalue("scene"))
    return templates.of(request.param, "cast" if "cast" in request.fixturenames else "nothing")


@pytest.fixture
def place(request: pytest.FixtureRequest, template: Template, places: Places, tmp_path: Path) -> Iterator[Place]:
    """Where this test's database is: put back to the template, or a copy of its own."""
    if request.node.get_closest_marker("own_database") is not None:
        with own_place(template, tmp_path) as own:
            yield own
            own.leave()
        return
    shared = places.of(template)
    shared.put_back(template)
    yield shared
    shared.leave()


@pytest.fixture
def database_url(place: Place) -> str:
    """The URL of a migrated database that no other test uses meanwhile."""
    return place.url


@pytest.fixture
def settings(place: Place) -> Settings:
    """The settings of a test service."""
    return place.settings


@pytest.fixture
def database(place: Place) -> Database:
    """The database, opened."""
    return place.database


@pytest.fixture
def clock() -> Clock:
    """A Monday morning in the fourth quarter; in a lived-in database a week into the second wave."""
    return Clock(START)


@pytest.fixture
def application(place: Place, clock: Clock) -> "FastAPI":
    """The application on the test database, with the test's clock, and with nothing that a test before it put there."""
    from app.posters.press import Press
    from app.rooms.guesses import Guesses

    state = place.application.state
    state.clock, state.press, state.guesses = clock, Press(), Guesses()
    return place.application


@pytest.fixture(scope="session")
def portal() -> "Iterator[BlockingPortal]":
    """The event loop that the applications of all tests run on, in a thread of its own."""
    from anyio.from_thread import start_blocking_portal

    with start_blocking_portal() as running:
        yield running


@pytest.fixture
def client(application: "FastAPI", portal: "BlockingPortal") -> "Iterator[TestClient]":
    """A browser without cookies that sends what browsers send; redirects are not followed."""
    from tests.client import Client

    with Client(application, portal, headers=SAME_ORIGIN) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium, for the tests of one file: while it runs, its event loop takes the thread of the tests."""
    from tests.browser import launched_browser

    with launched_browser() as launched:
        yield launched


@pytest.fixture
def live(database_url: str, database: Database, tmp_path: Path) -> Settings:
    """The settings of the application where a browser can reach it."""
    from tests.live import live_settings

    return live_settings(database_url, tmp_path / "data")


@pytest.fixture
def address(live: Settings, clock: Clock) -> Iterator[str]:
    """The address of the application on the test's database, served to a browser."""
    from tests.live import served

    with served(live, clock) as base:
        yield base


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
def stage(scene: Scene, template: Template, database: Database) -> "Stage":
    """The wave that the scene opened, which is a fixture of the test's module or folder."""
    from tests.respond.stage import played

    return played(template, database)


@pytest.fixture
def statements(request: pytest.FixtureRequest, place: Place) -> Iterator[list[str]]:
    """The SQL statements that `database` runs from here on, and the application, where the test has one."""
    has_application = {"application", "client"} & set(request.fixturenames)
    with recorded(place.database, *([place.application.state.database] if has_application else [])) as seen:
        yield seen


@contextmanager
def recorded(*databases: Database) -> Iterator[list[str]]:
    """Collects the SQL statements of both engines of each database."""
    seen: list[str] = []

    def note(*event_arguments: object) -> None:
        seen.append(str(event_arguments[2]))

    prepared = Prepared._executed

    def noted(self: Prepared, session: "Session", values: object) -> object:
        seen.append(self.text(session.get_bind().dialect))
        return prepared(self, session, values)  # type: ignore[arg-type]  # handed on as it is

    engines = [engine for one in databases for engine in (one.read, one.write)]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    with patch.object(Prepared, "_executed", noted):
        yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
