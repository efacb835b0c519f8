"""What the tests of answering need again and again: an open wave, links into it, a look at what was stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.answers.write import Remark
from app.db import Database
from app.invitations import queries, service
from app.respond import service as respond
from app.rooms import service as rooms
from tests.cast import Cast
from tests.places import Template
from tests.world import KEY, close, plan_wave

A_WHILE = timedelta(hours=1)


@dataclass(frozen=True)
class Stage:
    """An open wave of the cast's organisation."""

    database: Database
    cast: Cast
    wave: UUID
    now: datetime

    @property
    def address(self) -> str:
        """The wave's address in the console."""
        return f"/organisations/{self.cast.organisation}/waves/{self.wave}"

    def personal(
        self, department: str = "Legal", count: int = 1, *, references: Sequence[str | None] | None = None
    ) -> list[str]:
        """The tokens of new personal links: so many, or one for each reference of a roster."""
        with self.database.writing() as session:
            made = service.make_personal_links(
                session,
                link_key=KEY,
                organisation_id=self.cast.organisation,
                wave_id=self.wave,
                department_id=self.cast.departments[department],
                references=references or [None] * count,
                now=self.now,
            )
        tokens = self.tokens()
        return [tokens[id] for id in made]

    def shared(self, department: str = "Legal") -> str:
        """The token of the shared link of a department."""
        with self.database.writing() as session:
            made = service.make_shared_link(
                session,
                link_key=KEY,
                organisation_id=self.cast.organisation,
                wave_id=self.wave,
                department_id=self.cast.departments[department],
                now=self.now,
            )
        return self.tokens()[made]

    def tokens(self) -> dict[UUID, str]:
        """The tokens of all links that are given out, by invitation."""
        with self.database.reading() as session:
            found = queries.links(
                session, link_key=KEY, organisation_id=self.cast.organisation, wave_id=self.wave, base_url=""
            )
        return {link.invitation_id: link.url.rsplit("/", 1)[1] for link in found}

    def write(
        self, department: str, remarks: Sequence[Mapping[str, Remark]], *, roster: Sequence[str | None] = ()
    ) -> None:
        """Lets one person for each of `remarks` answer, write that and send."""
        tokens = self.personal(department, len(remarks), references=roster or None)
        for token, written in zip(tokens, remarks, strict=True):
            with self.database.writing() as session:
                visit = respond.enter(session, token, lock=True)
                answers = {item.id: "3" for page in visit.pages for item in page.items}
                respond.save_pages(session, visit, answers, seconds={}, now=self.now, remarks=written)
                respond.send(session, visit, now=self.now)

    def close(self) -> None:
        """Closes the wave a while after it opened and lets the worker do what is due."""
        close(self.database, self.cast, self.wave, now=self.now + A_WHILE)

    def key(self, department: str) -> str:
        """The id of a department as the database writes it, for a statement."""
        id = self.cast.departments[department]
        return f"'{id.hex}'" if self.database.is_sqlite else f"'{id}'"

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.values(f"SELECT count(*) FROM {table}")[0])

    # Any: a column of whatever type the statement asks for.
    def values(self, statement: str) -> list[Any]:
        """The first column of what a statement finds."""
        return [row[0] for row in self.rows(statement)]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:  # Any: as above
        """What a statement finds."""
        with self.database.reading() as session:
            return [tuple(row) for row in session.connection().execute(text(statement))]


def room_of(stage: Stage, *names: str) -> str:
    """The code of a room for these departments, Legal and Operations unless told."""
    with stage.database.writing() as session:
        made = rooms.open_room(
            session,
            link_key=KEY,
            organisation_id=stage.cast.organisation,
            wave_id=stage.wave,
            departments=[stage.cast.departments[name] for name in names or ("Legal", "Operations")],
            hours=2,
            now=stage.now,
        )
    return rooms.code_of(KEY, made)


def open_stage(database: Database, cast: Cast, now: datetime, *, form: str = "full") -> Stage:
    """Opens a wave."""
    return Stage(database, cast, plan_wave(database, cast, now=now, form=form), now)


def open_pulse(database: Database, cast: Cast, now: datetime) -> Stage:
    """Opens a wave with the short form."""
    return open_stage(database, cast, now, form="pulse")


def played(template: Template, database: Database) -> Stage:
    """The wave of a test whose scene opened it."""
    assert isinstance(template.scene, Stage)
    return replace(template.scene, database=database)
