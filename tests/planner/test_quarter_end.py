"""A wave over the end of a quarter with two workers at work: it opens, reminds, closes and is released, each once."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from app.accounts import service as accounts
from app.clients import service as clients
from app.db import Database
from app.jobs.models import Job
from app.mail import service as mails
from app.mail.sending import Post
from app.people import service as people
from app.planner import work
from app.waves import queries as waves
from app.worker import HANDLERS, Worker
from tests.cast import Cast
from tests.conftest import Clock
from tests.mail.office import LIST, PEOPLE, Office, opened, settings_of
from tests.places import START
from tests.planner.stage import assessment_of, row, saved, year_of
from tests.processes import PATIENT_SECONDS
from tests.waves.stage import planned
from tests.world import KEY, answer

OPENS = datetime(2026, 12, 28, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 1, 11, 17, 0, tzinfo=UTC)
EVERYBODY = sorted(f"{who}@example.org" for who in PEOPLE)


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as made:
        yield made


@pytest.fixture
def wave(database: Database, cast: Cast, clock: Clock) -> UUID:
    """A wave that is to open three days before the quarter ends and to close in the next one."""
    made = planned(database, cast, clock())
    line = row("2026-Q4", "2026-12-28 09:00", "2027-01-11 18:00", id=str(made), form="full")
    saved(database, cast, assessment_of(database, cast, made), [line], clock())
    return made


def prepared(database: Database, cast: Cast, wave: UUID, now: datetime) -> None:
    """The consultant puts people on the list, tries a mail out and starts the mails."""
    place = {"organisation_id": cast.organisation, "wave_id": wave}
    with database.writing() as session:
        people.keep(session, **place, text=LIST, now=now)
        people.take(session, link_key=KEY, **place, skip_bad=False, now=now)
        plan = mails.plan_of(session, waves.wave(session, **place), now=now)
        mails.save(session, replace(plan, per_minute=6000), now=now)
        mails.note_trial(session, plan, state="sent", told="")
        mails.start(session, **place, now=now)


class Crew:
    """Two workers on one database and one clock, and what each did."""

    def __init__(self, database: Database, clock: Clock, office: Office, folder: Path) -> None:
        self.database, self.clock = database, clock
        self.done: Counter[str] = Counter()
        self._counting = threading.Lock()
        settings = settings_of(office.port, folder)
        handlers = {**HANDLERS, **work.telling(settings)}
        noted = {kind: self._noting(kind, handler) for kind, handler in handlers.items()}
        self.workers = [Worker(database, clock=clock, handlers=noted, post=Post(settings, KEY)) for _ in range(2)]

    def _noting(self, kind: str, handler: Callable[..., None]) -> Callable[..., None]:
        def note(*given: object) -> None:
            with self._counting:
                self.done[kind] += 1
            handler(*given)

        return note

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [threading.Thread(target=worker.run, daemon=True) for worker in self.workers]
        for worker, thread in zip(self.workers, threads, strict=True):
            worker.stopping.clear()
            thread.start()
        try:
            yield
        finally:
            for worker in self.workers:
                worker.stop()
            for thread in threads:
                thread.join()

    def until(self, moment: datetime, true: Callable[[], bool]) -> None:
        """Moves the clock there, once what was due before is done, and waits until something is so.

        A job that is being done while the clock leaps over its lease would be taken for that of a dead worker, and be
        done twice.
        """
        if moment != self.clock.now:
            self._wait(lambda: not self._busy())
        self.clock.now = moment
        self._wait(true)

    def _busy(self) -> bool:
        """Whether a job is being done, or due."""
        with self.database.reading() as session:
            found = session.exec(select(Job).where(col(Job.state).in_(("waiting", "running")))).all()
            return any(one.state == "running" or one.next_run_at <= self.clock() for one in found)

    @staticmethod
    def _wait(true: Callable[[], bool]) -> None:
        give_up = time.monotonic() + PATIENT_SECONDS
        while not true():
            assert time.monotonic() < give_up, "the workers did not do it"
            time.sleep(0.05)

    def state(self, cast: Cast, wave: UUID) -> str:
        with self.database.reading() as session:
            return waves.wave(session, cast.organisation, wave).state

    def count(self, what: str) -> int:
        with self.database.read.connect() as connection:
            return int(connection.scalar(text(f"SELECT count(*) FROM {what}")) or 0)


def test_over_a_quarters_end_two_workers_open_remind_close_and_release_a_wave_once(
    database: Database, cast: Cast, wave: UUID, clock: Clock, office: Office, tmp_path: Path
) -> None:
    prepared(database, cast, wave, clock())
    crew = Crew(database, clock, office, tmp_path)
    with crew.at_work():
        crew.until(OPENS - timedelta(minutes=1), lambda: True)
        assert crew.state(cast, wave) == "draft"
        crew.until(OPENS, lambda: crew.state(cast, wave) == "open")
        crew.until(
            OPENS + timedelta(minutes=2), lambda: office.to("asks for") == EVERYBODY[:2] or len(office.taken) == 3
        )
        answer(database, cast, wave, counts={"Operations": 12, "IT": 7}, now=OPENS + timedelta(hours=3))
        crew.until(OPENS + timedelta(days=3, hours=1), lambda: len(office.taken) == 6)
        crew.until(OPENS + timedelta(days=9, hours=1), lambda: len(office.taken) == 9)
        assert crew.state(cast, wave) == "open", "the quarter has ended, the wave has not"
        crew.until(CLOSES, lambda: crew.state(cast, wave) == "closed")
        crew.until(CLOSES + timedelta(hours=2), lambda: crew.count("job WHERE state IN ('waiting', 'running')") == 0)
    assert {kind: crew.done[kind] for kind in ("open", "close", "release")} == {"open": 1, "close": 1, "release": 1}
    assert crew.count("release") == 1
    assert Counter(str(one["To"]) for one in office.taken) == dict.fromkeys(EVERYBODY, 3)


def test_workers_that_were_dead_for_a_day_open_and_close_late_and_once(
    database: Database, cast: Cast, wave: UUID, clock: Clock, office: Office, tmp_path: Path
) -> None:
    clock.now = OPENS + timedelta(days=1)
    crew = Crew(database, clock, office, tmp_path)
    with crew.at_work():
        crew.until(clock.now, lambda: crew.state(cast, wave) == "open")
    with database.reading() as session:
        assert waves.wave(session, cast.organisation, wave).opened_at == OPENS + timedelta(days=1)
    clock.now = CLOSES + timedelta(days=1)
    with crew.at_work():
        crew.until(clock.now, lambda: crew.state(cast, wave) == "closed")
    assert (crew.done["open"], crew.done["close"], crew.count("release")) == (1, 1, 1)


def test_a_planned_opening_that_is_held_up_is_told_once_and_made_up_for_when_it_is_mended(
    database: Database, cast: Cast, wave: UUID, clock: Clock, office: Office, tmp_path: Path
) -> None:
    set_headcount(database, cast, "Ethics", 0)
    crew = Crew(database, clock, office, tmp_path)
    with crew.at_work():
        crew.until(OPENS, lambda: len(office.taken) == 1)
        crew.until(OPENS + timedelta(minutes=6), lambda: crew.done["open"] == 2)
        assert crew.state(cast, wave) == "draft"
        set_headcount(database, cast, "Ethics", 3)
        crew.until(OPENS + timedelta(minutes=12), lambda: crew.state(cast, wave) == "open")
    [mail] = office.taken
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "2026-Q4 of Fernhill Instruments (fictional) has not opened"
    body = mail.get_content()
    assert "Ethics has no headcount." in body
    assert f"/organisations/{cast.organisation}/waves/{wave}" in body


def test_a_mail_that_the_server_puts_off_is_sent_later_and_nobody_gets_one_twice(
    database: Database, cast: Cast, wave: UUID, clock: Clock, office: Office, tmp_path: Path
) -> None:
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.organisation, user_id=cast.ben, now=clock())
    set_headcount(database, cast, "Ethics", 0)
    office.answers["ben@example.org"] = "450 Try again later"
    crew = Crew(database, clock, office, tmp_path)
    with crew.at_work():
        crew.until(OPENS, lambda: crew.done["tell-one"] == 2 and len(office.taken) == 1)
        assert office.to() == ["ada@example.org"]
        office.answers.clear()
        crew.until(OPENS + timedelta(minutes=6), lambda: len(office.taken) == 2)
        waiting = "job WHERE kind = 'tell-one' AND state IN ('waiting', 'running')"
        crew.until(clock.now, lambda: crew.count(waiting) == 0)
    assert office.to() == ["ada@example.org", "ben@example.org"]


def test_a_wave_that_opens_when_the_one_before_it_closes_is_not_held_up(
    database: Database, cast: Cast, wave: UUID, clock: Clock, office: Office, tmp_path: Path
) -> None:
    lines = [
        row("2026-Q4", "2026-12-28 09:00", "2027-01-11 18:00", id=str(wave), form="full"),
        row("2027-Q1", "2027-01-11 18:00", "2027-01-25 18:00"),
    ]
    saved(database, cast, assessment_of(database, cast, wave), lines, clock())
    second = year_of(database, cast, assessment_of(database, cast, wave))[1].id
    crew = Crew(database, clock, office, tmp_path)
    with crew.at_work():
        crew.until(OPENS, lambda: crew.state(cast, wave) == "open")
        crew.until(CLOSES, lambda: crew.state(cast, wave) == "closed")
        crew.until(CLOSES + timedelta(seconds=6), lambda: crew.state(cast, second) == "open")
    assert office.taken == [], "nobody was told that it waits"


def test_a_wave_whose_time_to_close_has_passed_before_it_could_open_stays_closed_to_everybody(
    database: Database, cast: Cast, wave: UUID, clock: Clock
) -> None:
    clock.now = CLOSES + timedelta(days=1)
    worker = Worker(database, clock=clock)
    assert worker.work_once()
    with database.reading() as session:
        held = waves.wave(session, cast.organisation, wave)
    assert (held.state, held.held_at) == ("draft", clock.now)


def set_headcount(database: Database, cast: Cast, name: str, headcount: int) -> None:
    with database.writing() as session:
        clients.change_department(
            session,
            cast.organisation,
            cast.departments[name],
            name=name,
            parent_id=None,
            function="other",
            headcount=headcount,
            now=START,
        )
