"""Answers are deleted when the time that their wave promised is over: once, also late, and never before."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.clients.models import Organisation
from app.clients.queries import organisation
from app.db import Database
from app.errors import ConflictError
from app.releases import store
from app.retention import queries, service
from app.waves import queries as waves
from app.waves import service as running
from app.waves.approvals import promise_of
from app.waves.models import Wave
from app.waves.policy import Policy, stored
from app.waves.promise import deletion_day
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.processes import PATIENT_SECONDS
from tests.retention import raw
from tests.world import World, close

pytestmark = pytest.mark.lived_in

BERLIN = ZoneInfo("Europe/Berlin")
TABLES = ("answer_sheet", "invitation", "person", "comment", "comment_review", "release_ledger")


@pytest.fixture
def end(database: Database, cast: Cast, lived_in: World) -> datetime:
    """The beginning of the day on which the answers of the closed wave are deleted, as was promised."""
    with database.reading() as session:
        wave = waves.wave(session, cast.organisation, lived_in.closed)
    assert wave.closed_at is not None
    assert wave.policy.retention_months == 12
    day = deletion_day(wave.closed_at.astimezone(BERLIN).date(), 12)
    return datetime.combine(day, time(), BERLIN).astimezone(UTC)


def work(database: Database, clock: Clock) -> None:
    """What a worker does that is started now."""
    worker = Worker(database, clock=clock)
    worker.sweep_once()
    while worker.work_once():
        pass


def rows(database: Database, wave: object) -> dict[str, int]:
    """How many rows each table has of a wave."""
    with database.reading() as session:
        return {
            table: sum(
                str(found).replace("-", "") == str(wave).replace("-", "")
                for found in session.connection().execute(text(f"SELECT wave_id FROM {table}")).scalars()
            )
            for table in TABLES
        }


@pytest.mark.parametrize(
    ("zone", "closed_at", "told"),
    [
        # In Berlin it was the first of March, three months after which comes the first of June, not the 28th of May.
        ("Europe/Berlin", datetime(2026, 2, 28, 23, 30, tzinfo=UTC), "1 June 2026"),
        ("Pacific/Auckland", datetime(2026, 6, 30, 13, tzinfo=UTC), "1 October 2026"),
        ("America/Los_Angeles", datetime(2026, 12, 1, 5, tzinfo=UTC), "28 February 2027"),
    ],
)
def test_answers_are_deleted_on_the_day_that_people_read_wherever_they_are(
    database: Database, cast: Cast, lived_in: World, zone: str, closed_at: datetime, told: str
) -> None:
    with database.writing() as session:
        wave = session.get_one(Wave, (cast.organisation, lived_in.closed))
        wave.closed_at, wave.policy = closed_at, stored(replace(Policy(), retention_months=3))
        session.get_one(Organisation, cast.organisation).time_zone = zone
    with database.reading() as session:
        view, facts = waves.wave(session, cast.organisation, lived_in.closed), organisation(session, cast.organisation)
        said = promise_of(view, facts, small=False).seen[-1].heading
        assert said == f"Answers are deleted on {told}."
        day = datetime.strptime(told, "%d %B %Y").replace(tzinfo=ZoneInfo(zone))
        assert service.due(session, now=day - timedelta(seconds=1)) == ()
        assert [one.id for one in service.due(session, now=day)] == [lived_in.closed]


def test_nothing_is_deleted_a_second_before_the_time_and_everything_after_it(
    database: Database, cast: Cast, clock: Clock, lived_in: World, end: datetime
) -> None:
    before, untouched = rows(database, lived_in.closed), rows(database, lived_in.running)
    assert min(before["answer_sheet"], before["invitation"], before["release_ledger"]) > 0
    clock.now = end
    clock.advance(seconds=-1)
    work(database, clock)
    assert rows(database, lived_in.closed) == before

    clock.advance(seconds=1)
    work(database, clock)
    assert set(rows(database, lived_in.closed).values()) == {0}
    assert rows(database, lived_in.running) == untouched
    with database.reading() as session:
        assert waves.wave(session, cast.organisation, lived_in.closed).deleted_at == end
        assert store.latest(session, cast.organisation, lived_in.closed) is not None, "what was released stays"
        [record] = queries.records(session)
    assert (record.what, record.wave_label, record.user_id) == ("answers", "2026-Q3", None)
    assert record.counts == before | {"draft": 0}
    assert record.reason == "12 months after the wave closed, as its privacy policy promised"


def test_what_is_deleted_is_gone_from_the_files(
    database: Database, clock: Clock, lived_in: World, end: datetime
) -> None:
    gone = raw.ids(database, "SELECT a.id FROM answer_sheet a JOIN wave w ON w.id = a.wave_id WHERE w.state = 'closed'")
    assert gone
    assert all(raw.as_stored(database, id) in raw.files(database) for id in gone)
    clock.now = end
    work(database, clock)
    after = raw.files(database)
    assert not [id for id in gone if raw.as_stored(database, id) in after]


@pytest.mark.both
def test_two_workers_delete_once(database: Database, clock: Clock, lived_in: World, end: datetime) -> None:
    clock.now = end
    both = threading.Barrier(2)

    def one() -> None:
        both.wait(PATIENT_SECONDS)
        work(database, clock)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    work(database, clock)
    with database.reading() as session:
        assert len(queries.records(session)) == 1
    assert rows(database, lived_in.closed)["answer_sheet"] == 0


def test_a_service_that_was_down_for_weeks_makes_up_for_it(
    database: Database, cast: Cast, clock: Clock, lived_in: World, end: datetime
) -> None:
    clock.now = end
    clock.advance(days=40)
    work(database, clock)
    with database.reading() as session:
        assert waves.wave(session, cast.organisation, lived_in.closed).deleted_at == clock()


def test_a_worker_looks_every_hour(database: Database, clock: Clock, lived_in: World, end: datetime) -> None:
    clock.now = end
    clock.advance(minutes=-30)
    worker = Worker(database, clock=clock)
    worker.sweep_once()
    clock.advance(minutes=45)
    worker.sweep_once()
    assert not worker.work_once(), "it looked less than an hour ago"
    clock.advance(minutes=15)
    worker.sweep_once()
    assert worker.work_once()


def test_a_look_that_fails_holds_up_no_job_and_is_made_up_for_in_an_hour(
    database: Database, clock: Clock, lived_in: World, end: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = end
    worker = Worker(database, clock=clock)
    with monkeypatch.context() as broken:
        broken.setattr(service, "due", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            worker.sweep_once()
        worker.sweep_once()
    assert not worker.work_once()
    clock.advance(hours=1)
    worker.sweep_once()
    assert worker.work_once()


def test_a_deletion_that_failed_is_asked_for_again(
    database: Database, clock: Clock, lived_in: World, end: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = end
    with monkeypatch.context() as broken:
        broken.setattr(service, "_wipe", lambda *_: 1 / 0)
        worker = Worker(database, clock=clock)
        worker.sweep_once()
        for _ in range(4):
            assert worker.work_once()
            clock.advance(minutes=2)
    assert rows(database, lived_in.closed)["answer_sheet"] > 0, "nothing is deleted by halves"
    work(database, clock)
    assert rows(database, lived_in.closed)["answer_sheet"] == 0


def test_wiping_that_failed_is_tried_again_the_next_time(
    database: Database, clock: Clock, lived_in: World, end: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    wiped: list[bool] = []
    monkeypatch.setattr(Database, "forget_deleted", lambda _, *, everything: 1 / 0)
    clock.now = end
    for _ in range(5):
        work(database, clock)
        clock.advance(minutes=2)
    monkeypatch.setattr(Database, "forget_deleted", lambda _, *, everything: wiped.append(everything))
    work(database, clock)
    assert wiped == [False]


def test_answers_without_a_promise_are_kept_and_nobody_can_ask_too_early(
    database: Database, cast: Cast, clock: Clock, lived_in: World, end: datetime
) -> None:
    with pytest.raises(ConflictError, match="still to be kept"), database.writing() as session:
        service.delete_answers(session, organisation_id=cast.organisation, wave_id=lived_in.closed, now=clock())
    with database.writing() as session:
        session.connection().execute(text("""UPDATE wave SET policy = '{"version": "1"}' WHERE state = 'closed'"""))
    clock.now = end
    clock.advance(days=4000)
    work(database, clock)
    with database.reading() as session:
        assert [one.what for one in queries.records(session) if one.what != "acts"] == []


@pytest.mark.both
def test_the_pages_say_that_the_answers_are_gone_and_show_the_result(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World, end: datetime
) -> None:
    clock.now = end
    work(database, clock)
    sign_in(client, "Ada")
    wave = f"/organisations/{cast.organisation}/waves/{lived_in.closed}"
    page = client.get(wave).text
    assert "Its answers were deleted on" in page
    assert "12 months after it closed, as people were promised" in page
    assert "can no longer be made again" in page
    assert client.get(f"{wave}/heatmap").status_code == 200
    assert "No personal link of this wave is stored" in client.get(f"{wave}/links").text
    told = client.get("/deletions").text
    assert "The answers of 2026-Q3" in told
    assert "The service, by itself" in told


@pytest.mark.both
def test_the_next_wave_is_not_compared_with_one_whose_answers_are_gone(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World, end: datetime
) -> None:
    clock.now = end
    work(database, clock)
    close(database, cast, lived_in.running, now=clock.advance(days=1))
    with database.reading() as session:
        release = store.latest(session, cast.organisation, lived_in.running)
    assert release is not None
    assert release.document.wave.previous_label is None
    sign_in(client, "Ada")
    page = client.get(f"/organisations/{cast.organisation}/waves/{lived_in.running}").text
    assert "It is not compared with 2026-Q3" in page


def test_headcounts_and_turnout_stay(
    database: Database, cast: Cast, clock: Clock, lived_in: World, end: datetime
) -> None:
    with database.reading() as session:
        before = waves.turnout_total(session, cast.organisation, lived_in.closed)
    clock.now = end
    work(database, clock)
    with database.reading() as session:
        assert waves.turnout_total(session, cast.organisation, lived_in.closed) == before
        assert waves.wave_departments(session, cast.organisation, lived_in.closed)
    with pytest.raises(ConflictError), database.writing() as session:
        running.correct_headcount(
            session,
            organisation_id=cast.organisation,
            wave_id=lived_in.closed,
            department_id=cast.departments["HR"],
            headcount=9,
            user_id=cast.ada,
            now=clock(),
        )
