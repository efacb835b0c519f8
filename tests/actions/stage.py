"""Actions of a plan for tests: taken on by a department of the cast, through the service that everybody uses."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.actions import queries, service
from app.actions.facts import Facts
from app.actions.queries import Planned
from app.actions.service import Author, Wanted
from app.db import Database
from app.playbooks.action import Library
from app.playbooks.shelf import library
from tests.cast import Cast

SOON = timedelta(days=20)


def by(now: datetime, name: str = "Ada") -> Author:
    return Author(name, now)


# Any: fields of different types.
def facts(
    cast: Cast, now: datetime, title: str = "Write a page", *, to: str = "Legal", **said: Any
) -> Facts:  # Any: fields of different types
    due: date = said.pop("due", (now + SOON).date())
    return Facts(department_id=cast.departments[to], title=title, due=due, **{"moves": ("R3",), **said})


def taken(
    database: Database, cast: Cast, now: datetime, title: str = "Write a page", **said: Any
) -> UUID:  # Any: as above
    """An action of a department's own."""
    wanted = Wanted(id=uuid4(), facts=facts(cast, now, title, **said), begins=now.date())
    with database.writing() as session:
        service.take(session, cast.organisation, (wanted,), author=by(now))
    return wanted.id


def taken_of_library(
    database: Database, cast: Cast, now: datetime, action: str, *, among: Library | None = None, **said: Any
) -> UUID:  # Any: as above
    """An action of the library, or of a client's."""
    wanted = Wanted(id=uuid4(), facts=facts(cast, now, **said), begins=now.date())
    wanted = service.of_library((among or library()).by_id[action], wanted)
    with database.writing() as session:
        service.take(session, cast.organisation, (wanted,), author=by(now))
    return wanted.id


def one(database: Database, cast: Cast, planned_id: UUID) -> Planned:
    with database.reading() as session:
        return queries.planned(session, cast.organisation, planned_id)


def page(cast: Cast, *steps: object) -> str:
    return "/".join(("", "organisations", str(cast.organisation), "plan", *map(str, steps)))


def form(cast: Cast, now: datetime, *, to: str = "Legal", **said: str) -> dict[str, str]:
    """The form of an action as a browser sends it."""
    usual = {
        "title": "Write a page",
        "moves": "R3",
        "hours": "8",
        "department": str(cast.departments[to]),
        "due": (now + SOON).date().isoformat(),
        "status": "open",
        "language": "en",
    }
    return {**usual, **said}


def plan_of(database: Database, cast: Cast) -> tuple[queries.Planned, ...]:
    with database.reading() as session:
        return queries.plan(session, cast.organisation)
