"""Ratings that are sent at the same moment on PostgreSQL are kept one after the other."""

from uuid import UUID

import pytest
from sqlmodel import Session

from app.db import Database
from app.experts import queries, service
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import Clock
from tests.experts.stage import wanted, workflow


# SQLite has one writer at a time.
@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
def test_a_form_that_is_sent_twice_at_the_same_moment_is_one_rating(
    database: Database, cast: Cast, clock: Clock
) -> None:
    one, asked = workflow(database, cast, clock()), wanted(4, 2, clock().date())
    place = {"organisation_id": cast.organisation, "workflow_id": one}

    def rate(session: Session) -> UUID:
        return service.rate(session, asked, **place, user_id=cast.ada, now=clock())

    assert at_once(database, rate, rate) == (asked.id, asked.id)
    with database.reading() as session:
        assert len(queries.ratings(session, cast.organisation)) == 1
