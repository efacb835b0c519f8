"""Jobs: rows with leases, worked by one loop."""

import threading
import time
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import OperationalError

from app import worker as loop
from app.db import Database
from app.jobs import queries, service
from app.jobs.queries import JobFacts
from app.worker import Worker
from tests.cast import Cast
from tests.conftest import Clock
from tests.processes import PATIENT_SECONDS

pytestmark = pytest.mark.both


class Workshop:
    """Handlers that note what they did."""

    def __init__(self) -> None:
        self.done: list[UUID] = []
        self.broken = False

    def work(self, database: Database, job: JobFacts, now: datetime) -> None:
        if self.broken:
            raise RuntimeError("the workshop burns")
        self.done.append(job.subject_id)


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


@pytest.fixture
def worker(database: Database, clock: Clock, workshop: Workshop) -> Worker:
    return Worker(database, clock=clock, handlers={"work": workshop.work})


def ask(database: Database, cast: Cast, clock: Clock, subject: UUID) -> None:
    with database.writing() as session:
        service.enqueue(session, organisation_id=cast.organisation, kind="work", subject_id=subject, now=clock())


def state(database: Database, subject: UUID) -> str:
    with database.reading() as session:
        job = queries.job(session, kind="work", subject_id=subject)
        assert job is not None
        return job.state


def test_a_job_asked_for_twice_is_done_once(
    database: Database, cast: Cast, clock: Clock, worker: Worker, workshop: Workshop
) -> None:
    subject = uuid4()
    ask(database, cast, clock, subject)
    ask(database, cast, clock, subject)
    assert worker.work_once()
    assert not worker.work_once()
    assert workshop.done == [subject]
    assert state(database, subject) == "done"


def test_a_failing_job_is_tried_four_times_with_pauses_and_then_given_up(
    database: Database, cast: Cast, clock: Clock, worker: Worker, workshop: Workshop
) -> None:
    subject = uuid4()
    workshop.broken = True
    ask(database, cast, clock, subject)
    assert worker.work_once()
    assert not worker.work_once(), "the pause has to pass first"
    for _ in range(service.MAX_ATTEMPTS - 1):
        clock.advance(minutes=2)
        assert worker.work_once()
    clock.advance(days=1)
    assert not worker.work_once()
    with database.reading() as session:
        job = queries.job(session, kind="work", subject_id=subject)
    assert job is not None
    assert (job.state, job.error) == ("failed", service.GIVEN_UP)

    workshop.broken = False
    with database.writing() as session:
        service.retry(session, kind="work", subject_id=subject, now=clock())
    assert worker.work_once()
    assert workshop.done == [subject]


def test_the_job_of_a_dead_worker_is_taken_over_when_its_lease_ends(
    database: Database, cast: Cast, clock: Clock, worker: Worker, workshop: Workshop
) -> None:
    subject = uuid4()
    ask(database, cast, clock, subject)
    with database.writing() as session:
        assert service.take(session, worker="the dead one", now=clock()) is not None
    assert not worker.work_once(), "the lease still holds"
    clock.now += service.LEASE + timedelta(seconds=1)
    assert worker.work_once()
    assert workshop.done == [subject]


def test_a_worker_that_lost_its_lease_cannot_finish_the_job(database: Database, cast: Cast, clock: Clock) -> None:
    subject = uuid4()
    ask(database, cast, clock, subject)
    with database.writing() as session:
        job = service.take(session, worker="slow", now=clock())
    clock.now += service.LEASE + timedelta(seconds=1)
    with database.writing() as session:
        assert service.take(session, worker="quick", now=clock()) is not None
    assert job is not None
    with database.writing() as session:
        assert not service.finish(session, job_id=job.id, worker="slow", now=clock())
        assert not service.extend(session, job_id=job.id, worker="slow", now=clock())
        assert service.finish(session, job_id=job.id, worker="quick", now=clock())


def test_a_job_given_back_is_due_at_once_and_costs_no_attempt(
    database: Database, cast: Cast, clock: Clock, worker: Worker, workshop: Workshop
) -> None:
    subject = uuid4()
    ask(database, cast, clock, subject)
    with database.writing() as session:
        worker.running = service.take(session, worker=worker.name, now=clock())
    worker.give_back()
    with database.reading() as session:
        job = queries.job(session, kind="work", subject_id=subject)
    assert job is not None
    assert (job.state, job.attempts) == ("waiting", 0)
    assert worker.work_once()
    assert workshop.done == [subject]


def test_two_people_who_ask_at_the_same_moment_ask_once(database: Database, cast: Cast, clock: Clock) -> None:
    subject = uuid4()
    together, errors = threading.Barrier(4), list[BaseException]()

    def ask_too() -> None:
        try:
            together.wait(PATIENT_SECONDS)
            ask(database, cast, clock, subject)
        except Exception as error:  # the thread's: judged below
            errors.append(error)

    threads = [threading.Thread(target=ask_too) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENT_SECONDS)
    assert errors == []
    assert state(database, subject) == "waiting"


def test_asking_while_another_request_has_just_asked_waits_and_asks_once(
    database: Database, cast: Cast, clock: Clock
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    subject = uuid4()
    second = threading.Thread(target=ask, args=(database, cast, clock, subject))
    with database.writing() as session:
        service.enqueue(session, organisation_id=cast.organisation, kind="work", subject_id=subject, now=clock())
        second.start()
        time.sleep(0.3)
    second.join(PATIENT_SECONDS)
    assert state(database, subject) == "waiting"


def test_work_that_kills_its_worker_every_time_is_given_up(
    database: Database, cast: Cast, clock: Clock, worker: Worker, workshop: Workshop
) -> None:
    deadly, harmless = uuid4(), uuid4()
    ask(database, cast, clock, deadly)
    for number in range(service.MAX_ATTEMPTS):
        with database.writing() as session:
            assert service.take(session, worker=f"killed {number}", now=clock()) is not None
        clock.now += service.LEASE + timedelta(seconds=1)
    ask(database, cast, clock, harmless)
    assert worker.work_once()
    assert not worker.work_once()
    assert workshop.done == [harmless]
    with database.reading() as session:
        job = queries.job(session, kind="work", subject_id=deadly)
    assert job is not None
    assert (job.state, job.error) == ("failed", service.ABANDONED)


def test_a_job_that_is_done_can_be_made_due_again(
    database: Database, cast: Cast, clock: Clock, worker: Worker, workshop: Workshop
) -> None:
    subject = uuid4()
    ask(database, cast, clock, subject)
    assert worker.work_once()
    with database.writing() as session:
        service.retry(session, kind="work", subject_id=subject, now=clock())
    assert worker.work_once()
    assert workshop.done == [subject, subject]


def broken(*_: object, **__: object) -> None:
    raise OperationalError("SELECT", {}, Exception("the server closed the connection"))


def test_the_worker_goes_on_after_the_database_was_away(
    database: Database, cast: Cast, clock: Clock, worker: Worker, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "PAUSE_AFTER_TROUBLE_SECONDS", 0.05)
    monkeypatch.setattr(loop, "PAUSE_SECONDS", 0.02)
    subject = uuid4()
    ask(database, cast, clock, subject)
    take, away = service.take, [True, True]

    def flaky(*args: object, **told: object) -> JobFacts | None:
        if away:
            away.pop()
            broken()
        return take(*args, **told)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(service, "take", flaky)
    thread = threading.Thread(target=worker.run)
    thread.start()
    deadline = time.monotonic() + PATIENT_SECONDS
    while not workshop.done and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.stop()
    thread.join(PATIENT_SECONDS)
    assert workshop.done == [subject]


def test_a_lease_goes_on_being_renewed_after_one_renewal_failed(
    worker: Worker, database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "RENEW_SECONDS", 0.02)
    renewals, twice = list[None](), threading.Event()

    def extend(*_: object, **__: object) -> None:
        renewals.append(None)
        if len(renewals) > 1:
            twice.set()
        broken()

    monkeypatch.setattr(service, "extend", extend)
    ask(database, cast, clock, uuid4())

    def until_renewed_twice(*_: object) -> None:
        twice.wait(PATIENT_SECONDS)

    worker.handlers = {"work": until_renewed_twice}
    assert worker.work_once()
    assert twice.is_set()


@pytest.mark.parametrize("ends", ["finishes", "fails", "is given back"])
def test_a_job_that_is_set_to_a_new_time_while_it_is_done_is_done_once_more(
    database: Database, cast: Cast, clock: Clock, ends: str
) -> None:
    asked = {"organisation_id": cast.organisation, "subject_id": uuid4()}
    with database.writing() as session:
        service.schedule(session, **asked, kind="work", due=clock(), now=clock())
        job = service.take(session, worker="busy", now=clock())
        # Due now, too: what the busy one has read may be older than what it was set for.
        service.schedule(session, **asked, kind="work", due=clock(), now=clock())
    assert job is not None
    with database.writing() as session:
        if ends == "finishes":
            assert service.finish(session, job_id=job.id, worker="busy", now=clock())
        elif ends == "fails":
            service.fail(session, job_id=job.id, worker="busy", error="", now=clock())
        else:
            service.give_back(session, job_id=job.id, worker="busy", now=clock())
    with database.writing() as session:
        again = service.take(session, worker="next", now=clock())
    assert again is not None
    assert (again.id, again.attempts) == (job.id, 1)


def test_a_job_given_back_keeps_the_later_time_that_it_was_set_to(database: Database, cast: Cast, clock: Clock) -> None:
    asked = {"organisation_id": cast.organisation, "subject_id": uuid4()}
    later = clock() + timedelta(hours=1)
    with database.writing() as session:
        service.schedule(session, **asked, kind="work", due=clock(), now=clock())
        job = service.take(session, worker="busy", now=clock())
        service.schedule(session, **asked, kind="work", due=later, now=clock())
    assert job is not None
    with database.writing() as session:
        service.give_back(session, job_id=job.id, worker="busy", now=clock())
        assert service.take(session, worker="next", now=clock()) is None
        assert service.take(session, worker="next", now=later) is not None


def test_of_what_is_made_alone_each_client_has_one_at_a_time_and_after_other_work(
    database: Database, cast: Cast, clock: Clock
) -> None:
    first, second, theirs, other = (uuid4() for _ in range(4))
    elsewhere = uuid4()
    with database.writing() as session:
        for kind, subject, client in (
            ("file", first, cast.organisation),
            ("file", second, cast.organisation),
            ("file", theirs, elsewhere),
            ("work", other, cast.organisation),
        ):
            clock.advance(seconds=1)
            service.enqueue(session, organisation_id=client, kind=kind, subject_id=subject, now=clock())

    def taken(name: str) -> UUID | None:
        with database.writing() as session:
            job = service.take(session, worker=name, now=clock(), alone=("file",))
            return job.subject_id if job else None

    assert [taken(name) for name in ("a", "b", "c", "d")] == [other, first, theirs, None]
    with database.writing() as session:
        job = queries.job(session, kind="file", subject_id=first)
        assert job is not None
        service.finish(session, job_id=job.id, worker="b", now=clock())
    assert taken("d") == second
    clock.now += service.LEASE + timedelta(seconds=1)
    # Of those whose workers are gone as well.
    assert [taken(name) for name in ("e", "f", "g", "h")] == [other, second, theirs, None]


@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
def test_two_workers_that_look_at_the_same_moment_take_no_two_of_a_client(
    database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        for _ in range(2):
            service.enqueue(session, organisation_id=cast.organisation, kind="file", subject_id=uuid4(), now=clock())
    with database.writing() as one, database.writing() as other:
        assert service.take(one, worker="a", now=clock(), alone=("file",)) is not None
        assert service.take(other, worker="b", now=clock(), alone=("file",)) is None
