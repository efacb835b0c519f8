"""Ratings of experts as they are wanted: what several tests of them do."""

from datetime import date, datetime
from uuid import UUID, uuid4

from app.accounts import service as accounts
from app.db import Database
from app.experts import service
from app.experts.service import Wanted
from app.workflows import service as workflows
from app.workflows.facts import NOTHING, Facts
from app.workflows.service import Author
from app.workflows.service import Wanted as Workflow
from tests.cast import Cast

SOURCE = "40 own cases with two tools; 33 came out right."


def workflow(
    database: Database, cast: Cast, now: datetime, name: str = "Check an invoice", *, facts: Facts = NOTHING
) -> UUID:
    """A workflow of Finance."""
    with database.writing() as session:
        wanted = Workflow(department_id=cast.departments["Finance"], name=name, facts=facts)
        author = Author(name="Ada", way="console", now=now)
        return workflows.add(session, cast.organisation, wanted, author=author)


def join(database: Database, cast: Cast, now: datetime, *users: UUID) -> None:
    """Makes these users consultants of the client."""
    with database.writing() as session:
        for user_id in users:
            accounts.add_member(session, organisation_id=cast.organisation, user_id=user_id, now=now)


def rate(
    database: Database,
    cast: Cast,
    workflow_id: UUID,
    user_id: UUID,
    now: datetime,
    capability: int,
    human_part: int = 3,
    on: date | None = None,
) -> UUID:
    """Rates a workflow as somebody."""
    asked = wanted(capability, human_part, on or now.date())
    place = {"organisation_id": cast.organisation, "workflow_id": workflow_id}
    with database.writing() as session:
        return service.rate(session, asked, **place, user_id=user_id, now=now)


def wanted(capability: int, human_part: int, on: date) -> Wanted:
    """A rating without a file, of a form of its own."""
    return Wanted(
        id=uuid4(),
        capability=capability,
        human_part=human_part,
        on=on,
        source=SOURCE,
        link="",
        file_name="",
        content=b"",
    )
