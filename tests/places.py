"""The databases of one test process: templates with what a test finds in them, and the place where it finds it.

Most tests share a place: one database, one pair of engines and one application for each kind of database, put back to
a template's content before each test. Making a database, its engines and an application for each of a thousand tests
costs more than the tests. A test that changes the schema, or grants rights, is marked `own_database` and gets a copy.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.db import Database
from app.migrations import upgrade
from app.settings import Settings, read_settings
from tests import postgres

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tests.cast import Cast
    from tests.world import World

SECRET = "5e" * 32
START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
A_QUARTER_EARLIER = START - timedelta(days=97)

Scene = Callable[[Database, "Cast", datetime], object]
"""What a module's tests have in common happened already: done once with the cast, and what it gives is handed on."""

Inside = Literal["nothing", "cast", "world"] | Scene


@dataclass(frozen=True)
class Template:
    """A database to copy: the file of SQLite, or PostgreSQL's name of it; and who and what is in it."""

    name: str
    cast: "Cast | None" = None
    world: "World | None" = None
    scene: object = None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self.name.endswith(".db")


@dataclass
class Templates:
    """The templates of one test process, each made when the first test asks for it."""

    folder: Path
    made: dict[tuple[str, Inside], Template] = field(default_factory=dict)

    def of(self, kind: str, inside: Inside) -> Template:
        """The template of a kind of database."""
        key = (kind, inside)
        if key not in self.made:
            # Each begins as a copy of a smaller one: migrations run once for each kind of database.
            smaller = None if inside == "nothing" else self.of(kind, "cast" if callable(inside) else "nothing")
            self.made[key] = self._sqlite(inside, smaller) if kind == "sqlite" else self._postgresql(inside, smaller)
        return self.made[key]

    def _sqlite(self, inside: Inside, smaller: Template | None) -> Template:
        path = self.folder / f"{len(self.made)}.db"
        if smaller is not None:
            shutil.copy(smaller.name, path)
        template = _filled(f"sqlite:///{path}", str(path), inside, smaller)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return template

    def _postgresql(self, inside: Inside, smaller: Template | None) -> Template:
        filled: list[Template] = []
        name = postgres.template_database(
            lambda url: filled.append(_filled(url, "", inside, smaller)),
            like="template0" if smaller is None else smaller.name,
        )
        return replace(filled[0], name=name)


class Kept(Database):
    """A database whose connections outlive a test: PostgreSQL takes as long to open one as for a small page."""

    def close(self) -> None:
        """Keeps the connections for the next test."""

    def end(self) -> None:
        """Gives the connections back."""
        super().close()


@dataclass
class Place:
    """The database that tests share one after the other, its engines, and the application on it.

    `file` is the one of SQLite, put back as a whole, so that no connection may stay open; `kept`: all stay open.
    """

    url: str
    data: Path
    file: Path | None = None
    kept: bool = False
    opened: list[Kept] = field(default_factory=list)
    contents: dict[str, postgres.Content] = field(default_factory=dict)

    @cached_property
    def settings(self) -> Settings:
        """The settings of the service at this place."""
        return service_settings(self.url, self.data)

    @cached_property
    def database(self) -> Database:
        """The engines; they keep the statements that they have compiled."""
        return self._opened()

    @cached_property
    def application(self) -> "FastAPI":
        """The application; each test sets its own clock."""
        from app.main import create_app

        made = create_app(self.settings)
        made.state.database = self._opened()
        return made

    def _opened(self) -> Database:
        if not self.kept:
            return Database(self.url)
        self.opened.append(Kept(self.url))
        return self.opened[-1]

    def put_back(self, template: Template) -> None:
        """Makes the database what the template is, whatever the test before did, and empties the data directory."""
        shutil.rmtree(self.data, ignore_errors=True)
        if self.file is None:
            if template.name not in self.contents:
                self.contents[template.name] = postgres.content(template.name)
            postgres.put_back(self.url, self.contents[template.name])
            return
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copy(template.name, self.file)

    def leave(self) -> None:
        """Gives the connections back."""
        self.database.close()

    def end(self) -> None:
        """Gives the connections back that were kept."""
        for one in self.opened:
            one.end()


@dataclass
class Places:
    """The places of one test process: one on SQLite, one on PostgreSQL."""

    folder: Path
    templates: Templates
    made: dict[bool, Place] = field(default_factory=dict)

    def of(self, template: Template) -> Place:
        """The place for a kind of database."""
        if template.is_sqlite not in self.made:
            self.made[template.is_sqlite] = self._sqlite() if template.is_sqlite else self._postgresql()
        return self.made[template.is_sqlite]

    def _sqlite(self) -> Place:
        file = self.folder / "plumbline.db"
        return Place(f"sqlite:///{file}", self.folder / "data-sqlite", file)

    def _postgresql(self) -> Place:
        empty = self.templates.of("postgresql", "nothing")
        return Place(postgres.fresh_database(empty.name), self.folder / "data-postgresql", kept=True)


def service_settings(url: str, data: Path) -> Settings:
    """The settings of a test service."""
    return read_settings(data_dir=data, database_url=url, public_url="http://testserver", secret_key=SECRET)


@contextmanager
def own_place(template: Template, folder: Path) -> Iterator[Place]:
    """A place of a test's own, with a copy of the template; gone afterwards."""
    if template.is_sqlite:
        file = folder / "plumbline.db"
        shutil.copy(template.name, file)
        yield Place(f"sqlite:///{file}", folder / "data", file)
        return
    url = postgres.fresh_database(template.name)
    yield Place(url, folder / "data")
    postgres.drop_database(url)


def _filled(url: str, name: str, inside: Inside, smaller: Template | None) -> Template:
    with closing(Database(url)) as database:
        if smaller is None:
            upgrade(database)
            return Template(name)
        from tests import world
        from tests.cast import bring_on

        if inside == "cast":
            return Template(name, bring_on(database, START))
        if callable(inside):
            assert smaller.cast is not None
            return Template(name, smaller.cast, scene=inside(database, smaller.cast, START))
        cast = bring_on(database, A_QUARTER_EARLIER)
        return Template(name, cast, world.build(database, cast, A_QUARTER_EARLIER))
