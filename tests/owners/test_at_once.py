"""What two people do with links of owners at the same moment on PostgreSQL: one after the other."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app.db import Database
from app.errors import ConflictError
from app.owners import queries, service
from app.workflows import queries as workflows
from app.workflows import service as inventory
from app.workflows.facts import Facts
from app.workflows.service import Author, Wanted
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import Clock
from tests.experts.stage import workflow

# SQLite has one writer at a time.
pytestmark = pytest.mark.parametrize("template", ["postgresql"], indirect=True)


def make(session: Session, cast: Cast, clock: Clock, workflow_id: UUID, form: UUID) -> str:
    until = (clock() + timedelta(days=10)).date()
    wanted = service.Wanted(id=form, reader="Kim (fictional)", mail="", language="en", until=until)
    place = {"organisation_id": cast.organisation, "workflow_id": workflow_id, "user_id": cast.ada}
    try:
        service.make(session, wanted, **place, link_key=b"k" * 32, sends=False, now=clock())
    except ConflictError as error:
        return error.message
    return "made"


def test_a_form_that_is_sent_twice_at_the_same_moment_makes_one_link(
    database: Database, cast: Cast, clock: Clock
) -> None:
    one, form = workflow(database, cast, clock()), uuid4()
    said = at_once(
        database, lambda some: make(some, cast, clock, one, form), lambda some: make(some, cast, clock, one, form)
    )
    assert said == ("made", service.MADE_ALREADY)
    with database.reading() as session:
        assert len(queries.links(session, cast.organisation, one)) == 1


def test_two_links_that_are_made_at_the_same_moment_are_not_more_than_there_may_be(
    database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_LINKS", 1)
    one = workflow(database, cast, clock())
    first, second = at_once(
        database, lambda some: make(some, cast, clock, one, uuid4()), lambda some: make(some, cast, clock, one, uuid4())
    )
    assert first == "made"
    assert "work already" in second


def test_what_an_owner_is_not_asked_stays_as_somebody_saved_it_at_the_same_moment(
    database: Database, cast: Cast, clock: Clock
) -> None:
    one = workflow(database, cast, clock())
    with database.writing() as session:
        make(session, cast, clock, one, uuid4())
        [link] = queries.links(session, cast.organisation, one)

    def rename(session: Session) -> None:
        wanted = Wanted(department_id=cast.departments["Legal"], name="Check a bill")
        author = Author(name="Ada", way="console", now=clock())
        inventory.change(session, cast.organisation, one, wanted, author=author, seen=1)

    def save(session: Session) -> str:
        # Two is what the form says that was shown after the other one was saved.
        service.save(session, link, Facts(minutes=15), seen=2, now=clock())
        return workflows.workflow(session, cast.organisation, one).name

    assert at_once(database, rename, save)[1] == "Check a bill"
