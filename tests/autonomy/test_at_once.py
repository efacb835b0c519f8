"""What two people do at the same moment on PostgreSQL: one after the other, and nobody meets an error."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session

from app.autonomy import attesting, drafting, queries
from app.autonomy.attesting import Wanted
from app.autonomy.gathering import current_policy
from app.db import Database
from app.errors import ConflictError
from tests.at_once import at_once
from tests.autonomy.stage import attest, wanted
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import World

# SQLite has one writer at a time.
pytestmark = [pytest.mark.lived_in, pytest.mark.parametrize("template", ["postgresql"], indirect=True)]


def test_a_form_that_is_sent_twice_at_the_same_moment_makes_one_attestation(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    one = wanted("C01", None, clock().date())

    def send(session: Session) -> UUID:
        return _attest(session, one, cast, clock)

    assert at_once(database, send, send) == (one.id, one.id)
    with database.reading() as session:
        assert [each.id for each in queries.attestations(session, cast.organisation)] == [one.id]


def test_an_attestation_is_withdrawn_by_one_of_two(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    one = attest(database, cast, wanted("C01", None, clock().date()), clock())

    def withdraw(session: Session) -> bool:
        try:
            attesting.withdraw(
                session,
                organisation_id=cast.organisation,
                attestation_id=one,
                user_id=cast.ada,
                because="It ended",
                now=clock(),
            )
        except ConflictError:
            return False
        return True

    assert at_once(database, withdraw, withdraw) == (True, False)


def test_a_draft_that_two_make_at_the_same_moment_is_there_once(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    later = clock() + timedelta(minutes=1)
    for first in (True, False):  # while there is none, and while there is one to put another in place of
        made = at_once(
            database,
            lambda session: drafting.make(session, cast.organisation, now=clock()),
            lambda session: drafting.make(session, cast.organisation, now=later),
        )
        assert None not in made, first
    with database.reading() as session:
        found = queries.draft(session, cast.organisation)
    assert found is not None
    assert found.at == later


def _attest(session: Session, one: Wanted, cast: Cast, clock: Clock) -> UUID:
    place = {"organisation_id": cast.organisation, "user_id": cast.ada}
    policy = current_policy(session, cast.organisation)
    return attesting.attest(session, one, **place, policy=policy, now=clock())
