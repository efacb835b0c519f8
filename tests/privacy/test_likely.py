"""What a page says of the cells to come follows from the table of the turnout, and tells no more (P10)."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db import Database
from app.waves import running
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.waves.stage import answered, opened

SECTION = re.compile(r'<section id="likely".*?</section>', re.S)


@pytest.fixture
def wave(database: Database, cast: Cast, clock: Clock) -> UUID:
    made = opened(database, cast, clock())
    with database.writing() as session:
        ends_at = datetime(2026, 10, 23, 16, tzinfo=UTC)
        running.set_end(session, organisation_id=cast.organisation, wave_id=made, ends_at=ends_at, now=clock())
    return made


def pages(client, cast: Cast, wave: UUID) -> tuple[str, str]:
    address = f"/organisations/{cast.organisation}/waves/{wave}"
    sign_in(client, "Ada")
    return client.get(address).text, client.get(f"{address}/close").text


def test_who_of_a_group_has_answered_changes_no_byte_of_the_forecast(client, database, cast, clock, wave) -> None:
    """Legal, HR and Ethics are one line of the table; so are Planning, Tax and the people of Finance itself."""
    first, seen = clock(), []
    for small in ({"Legal": 6, "Planning": 3}, {"HR": 5, "Ethics": 1, "Tax": 3}, {"Legal": 3, "HR": 3, "Finance": 3}):
        clock.now = first
        with database.writing() as session:
            session.connection().execute(text("DELETE FROM turnout"))
        for _ in range(4):
            answered(database, cast, wave, clock().date(), {"Operations": 3, "Customer service": 2})
            clock.advance(days=1)
        answered(database, cast, wave, first.date(), small)
        seen.append(pages(client, cast, wave))
    assert SECTION.search(seen[0][0])
    assert "<dt>May be shown" in seen[0][0]
    assert seen[0] == seen[1] == seen[2]


def test_what_is_answered_today_changes_nothing_of_the_forecast_before_tomorrow(
    client, database, cast, clock, wave
) -> None:
    for _ in range(4):
        answered(database, cast, wave, clock().date(), {"Operations": 3, "Customer service": 2})
        clock.advance(days=1)
    before = SECTION.findall(pages(client, cast, wave)[0])
    answered(database, cast, wave, clock().date(), {"Legal": 6, "IT": 10})
    assert SECTION.findall(pages(client, cast, wave)[0]) == before != []
    clock.advance(days=1)
    assert SECTION.findall(pages(client, cast, wave)[0]) != before


def test_on_the_first_day_nothing_is_said(client, database, cast, clock, wave) -> None:
    answered(database, cast, wave, clock().date(), {"Operations": 20})
    assert not SECTION.search(pages(client, cast, wave)[0])
