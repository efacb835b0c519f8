"""A wave of the cast that asks for comments, and people who write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from app.answers.write import Remark
from app.db import Database
from app.invitations.queries import links
from app.invitations.service import make_personal_links
from app.respond import service as respond
from app.waves import policy
from app.waves import service as waves
from tests.cast import Cast
from tests.places import Template
from tests.world import KEY, close

A_WHILE = timedelta(hours=1)


@dataclass(frozen=True)
class Stage:
    """An open wave that asks for comments."""

    database: Database
    cast: Cast
    wave: UUID
    now: datetime

    @property
    def address(self) -> str:
        return f"/organisations/{self.cast.organisation}/waves/{self.wave}"

    def tokens(self, department: str, references: Sequence[str | None]) -> list[str]:
        """The tokens of new personal links, one for each reference of the roster."""
        with self.database.writing() as session:
            made = make_personal_links(
                session,
                link_key=KEY,
                organisation_id=self.cast.organisation,
                wave_id=self.wave,
                department_id=self.cast.departments[department],
                references=references,
                now=self.now,
            )
        with self.database.reading() as session:
            found = links(session, link_key=KEY, organisation_id=self.cast.organisation, wave_id=self.wave, base_url="")
        urls = {link.invitation_id: link.url for link in found}
        return [urls[id].rsplit("/", 1)[1] for id in made]

    def write(
        self, department: str, remarks: Sequence[Mapping[str, Remark]], *, roster: Sequence[str | None] = ()
    ) -> None:
        """Lets one person for each of `remarks` answer, write that and send."""
        names = roster or [None] * len(remarks)
        for token, written in zip(self.tokens(department, names), remarks, strict=True):
            with self.database.writing() as session:
                visit = respond.enter(session, token, lock=True)
                answers = {item.id: "3" for page in visit.pages for item in page.items}
                respond.save_pages(session, visit, answers, seconds={}, now=self.now, remarks=written)
                respond.send(session, visit, now=self.now)

    def close(self) -> None:
        """Closes the wave and lets the worker do what is due."""
        close(self.database, self.cast, self.wave, now=self.now + A_WHILE)

    # Any: rows of whatever the statement asks for.
    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What a statement finds."""
        with self.database.reading() as session:
            return [tuple(row) for row in session.connection().execute(text(statement))]


def open_stage(database: Database, cast: Cast, now: datetime, *, comments: bool = True) -> Stage:
    """Plans and opens the wave."""
    with database.writing() as session:
        wave = waves.plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Readiness in words",
            instrument="atr",
            label="2026-Q3",
            form="pulse",
            planned_close=None,
            now=now,
        )
        chosen = policy.chosen(mode="confidential", k=5, comments=comments, retention_months=12)
        waves.set_policy(session, organisation_id=cast.organisation, wave_id=wave, policy=chosen)
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=wave, now=now)
    return Stage(database, cast, wave, now)


def played(template: Template, database: Database) -> Stage:
    """The wave of a test whose scene opened it."""
    assert isinstance(template.scene, Stage)
    return replace(template.scene, database=database)
