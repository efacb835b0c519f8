"""What two people do to an inventory at the same moment on PostgreSQL: one after the other."""

import pytest
from sqlmodel import Session

from app.db import Database
from app.errors import InvalidError
from app.workflows import queries, service
from app.workflows.service import Author, ChangedMeanwhileError, Wanted
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import Clock

# SQLite has one writer at a time.
pytestmark = pytest.mark.parametrize("template", ["postgresql"], indirect=True)


def test_two_workflows_that_are_added_at_the_same_moment_get_codes_and_places_of_their_own(
    database: Database, cast: Cast, clock: Clock
) -> None:
    def add(session: Session, name: str) -> str:
        wanted = Wanted(department_id=cast.departments["Finance"], name=name)
        try:
            made = service.add(session, cast.organisation, wanted, author=by("Ada", clock))
        except InvalidError as error:
            return error.message
        return queries.workflow(session, cast.organisation, made).code

    first, second = at_once(database, lambda one: add(one, "Check an invoice"), lambda one: add(one, "Pay an invoice"))
    assert {first, second} == {"1", "2"}
    _, refused = at_once(database, lambda one: add(one, "Plan a budget"), lambda one: add(one, "Plan a budget"))
    assert "has a workflow of this name" in refused
    with database.reading() as session:
        found = queries.inventory(session, cast.organisation)
    assert sorted(one.position for one in found) == [0, 1, 2]


def test_of_two_who_save_a_workflow_at_the_same_moment_the_second_sees_what_the_first_saved(
    database: Database, cast: Cast, clock: Clock
) -> None:
    place = cast.departments["Finance"]
    with database.writing() as session:
        wanted = Wanted(department_id=place, name="Check an invoice")
        made = service.add(session, cast.organisation, wanted, author=by("Ada", clock))

    def save(session: Session, name: str) -> str:
        seen = queries.workflow(session, cast.organisation, made).version
        wanted = Wanted(department_id=place, name=name)
        try:
            service.change(session, cast.organisation, made, wanted, author=by("Ada", clock), seen=seen)
        except ChangedMeanwhileError as error:
            return error.message
        return "saved"

    first, second = at_once(database, lambda one: save(one, "Check a bill"), lambda one: save(one, "Check a receipt"))
    assert first == "saved"
    assert "Check a bill" in str(second)
    with database.reading() as session:
        assert [one.number for one in queries.history(session, cast.organisation, made)] == [2, 1]


def by(name: str, clock: Clock) -> Author:
    return Author(name=name, way="console", now=clock())
