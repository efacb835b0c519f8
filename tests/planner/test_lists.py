"""Lists of people that go from one wave to the next, so that a planned wave opens without a person."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from app.clients import service as clients
from app.db import Database
from app.mail import queries as mail
from app.people import service as people
from app.planner import lists, notice
from app.rosters import queries as rosters
from app.waves import queries as waves
from app.worker import Worker
from tests.cast import ORGANISATION, Cast, sign_in
from tests.conftest import Clock
from tests.mail.office import LIST, settings_of
from tests.planner.stage import assessment_of, row, saved, year_of
from tests.planner.test_quarter_end import prepared
from tests.waves.stage import planned
from tests.world import KEY

OPENS = datetime(2027, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def first(database: Database, cast: Cast, clock: Clock) -> UUID:
    """A wave with a list, whose mails are started, before one that opens by itself in March."""
    made = planned(database, cast, clock())
    saved(
        database,
        cast,
        assessment_of(database, cast, made),
        [
            row("2026-Q4", "2026-12-01 09:00", "2026-12-15 18:00", id=str(made), form="full"),
            row("2027-Q1", "2027-03-02 09:00", "2027-03-16 18:00"),
        ],
        clock(),
    )
    prepared(database, cast, made, clock())
    return made


@pytest.fixture
def address(database: Database, cast: Cast, first: UUID) -> str:
    return f"/organisations/{cast.organisation}/assessments/{assessment_of(database, cast, first)}/year"


def second(database: Database, cast: Cast, first: UUID) -> waves.WaveView:
    return year_of(database, cast, assessment_of(database, cast, first))[1]


def listed(database: Database, cast: Cast, wave: UUID) -> set[str]:
    with database.reading() as session:
        return {one.name for one in rosters.people(session, organisation_id=cast.organisation, wave_id=wave)}


def work(database: Database, clock: Clock) -> None:
    worker = Worker(database, clock=clock)
    while worker.work_once():
        pass


def test_asked_once_the_list_is_there_a_week_before_the_wave_opens_and_mails_go_on(
    client, database, cast, clock, first, address, tmp_path: Path
) -> None:
    sign_in(client, "Ada")
    assert "2026-Q4 has one" in client.get(address).text
    assert client.post(address, data={"do": "take_lists"}).status_code == 303
    page = client.get(address).text
    assert "Take no list over any more" in page
    assert "It takes over the list of people of the wave before, 7 days before it opens." in page
    clock.now = OPENS - timedelta(days=8)
    work(database, clock)
    wave = second(database, cast, first)
    assert listed(database, cast, wave.id) == set()
    clock.now = OPENS - timedelta(days=7)
    work(database, clock)
    work(database, clock)
    assert listed(database, cast, wave.id) == listed(database, cast, first) != set()
    with database.reading() as session:
        plan = mail.plan(session, organisation_id=cast.organisation, wave_id=wave.id)
        [id] = notice.ids(session, organisation_id=cast.organisation, wave_id=wave.id, now=clock())
        told = notice.letter(session, settings_of(25, tmp_path), organisation_id=cast.organisation, id=id, now=clock())
    assert plan is not None
    assert (plan.state, plan.tested, plan.days["invitation"]) == ("on", True, "2027-03-02")
    assert told is not None
    assert "has taken over the list of people of 2026-Q4" in told.get_content()
    with database.writing() as session:
        statement = text("UPDATE organisation SET name = :name WHERE name = :before")
        session.connection().execute(statement, {"name": "Fernhill\nBcc: a@example.org", "before": ORGANISATION})
    with database.reading() as session:
        told = notice.letter(session, settings_of(25, tmp_path), organisation_id=cast.organisation, id=id, now=clock())
    assert told is not None
    assert (told["Bcc"], "of Fernhill Bcc: a@example.org: look" in str(told["Subject"])) == (None, True)
    clock.now = OPENS
    work(database, clock)
    assert second(database, cast, first).state == "open"


def test_who_has_joined_and_left_since_is_said(client, database, cast, clock, first, address) -> None:
    sign_in(client, "Ada").post(address, data={"do": "take_lists"})
    clock.now = OPENS - timedelta(days=7)
    work(database, clock)
    wave = second(database, cast, first)
    place = {"organisation_id": cast.organisation, "wave_id": wave.id}
    assert "Compared with" not in sign_in(client, "Ada").get(address).text
    with database.writing() as session:
        people.take_off(session, **place, reference="1", now=clock())
        people.keep(session, **place, text="department,reference,name\nHR,9,Ines (fictional)\n", now=clock())
        people.take(session, link_key=KEY, **place, skip_bad=False, now=clock())
    assert "Compared with 2026-Q4: 1 joined, 1 left." in client.get(address).text


def test_whoever_is_off_the_list_or_in_a_closed_department_is_not_taken_over(database, cast, clock, first) -> None:
    place = {"organisation_id": cast.organisation, "wave_id": first}
    wave = second(database, cast, first)
    with database.writing() as session:
        people.keep(session, **place, text=LIST + "Ethics,8,Ruth (fictional),,\n", now=clock())
        people.take(session, link_key=KEY, **place, skip_bad=False, now=clock())
        people.take_off(session, **place, reference="2", now=clock())
        clients.close_department(session, cast.organisation, cast.departments["Ethics"], now=clock())
        assert lists.take(session, organisation_id=cast.organisation, wave_id=wave.id, now=clock())
        assert not lists.take(session, organisation_id=cast.organisation, wave_id=wave.id, now=clock())
    assert listed(database, cast, wave.id) == {"Kim (fictional)", "Sam (fictional)"}


def test_nobody_is_taken_over_where_it_was_called_off_or_people_are_promised_no_list(
    client, database, cast, clock, first, address
) -> None:
    sign_in(client, "Ada").post(address, data={"do": "take_lists"})
    client.post(address, data={"do": "keep_lists"})
    assert "Take lists over from wave to wave" in client.get(address).text
    clock.now = OPENS - timedelta(days=1)
    work(database, clock)
    wave = second(database, cast, first)
    assert listed(database, cast, wave.id) == set()
    promise = f"/organisations/{cast.organisation}/waves/{wave.id}/promise"
    sign_in(client, "Ada").post(
        promise, data={"mode": "anonymous", "k": "5", "comments": "yes", "retention_months": "12"}
    )
    with database.writing() as session:
        assert not lists.take(session, organisation_id=cast.organisation, wave_id=wave.id, now=clock())


def test_a_list_follows_the_dates_of_its_wave_and_waves_that_are_added(
    client, database, cast, clock, first, address
) -> None:
    sign_in(client, "Ada").post(address, data={"do": "take_lists"})
    drafts = year_of(database, cast, assessment_of(database, cast, first))
    saved(
        database,
        cast,
        assessment_of(database, cast, first),
        [
            row("2026-Q4", "2026-12-01 09:00", "2026-12-15 18:00", id=str(first), form="full"),
            row("2027-Q1", "2027-03-09 09:00", "2027-03-16 18:00", id=str(drafts[1].id)),
            row("2027-Q2", "2027-06-01 09:00", "2027-06-15 18:00"),
        ],
        clock(),
    )
    clock.now = OPENS - timedelta(days=1)
    work(database, clock)
    assert listed(database, cast, drafts[1].id) == set()
    clock.now = OPENS
    work(database, clock)
    assert listed(database, cast, drafts[1].id) == listed(database, cast, first)
    clock.now = datetime(2027, 5, 25, 8, tzinfo=UTC)
    work(database, clock)
    third = year_of(database, cast, assessment_of(database, cast, first))[2]
    assert listed(database, cast, third.id) == listed(database, cast, first)
