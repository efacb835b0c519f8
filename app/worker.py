"""The worker: one loop that takes jobs that are due. It alone makes releases and reports."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from types import FrameType
from uuid import uuid4

from app.actions import reminding, timing
from app.autonomy import work as autonomy
from app.comments.make import make_supplement, propose
from app.db import Database
from app.delivery import work as delivery
from app.departments import work as departments
from app.errors import PlumblineError
from app.jobs import service
from app.jobs.queries import JobFacts
from app.mail.sending import Post
from app.members.queries import ACCESS
from app.members.sending import sending
from app.owners.queries import JOB as OWNER_MAIL
from app.owners.sending import sending as to_owners
from app.planner import work as planner
from app.releases.comparing import make_comparison
from app.releases.document.release import Occasion
from app.releases.make import make_again, make_release
from app.releases.pairs import JOB as COMPARISON
from app.releases.service import OCCASIONS, again
from app.reports.queries import JOB as REPORT
from app.retention import work as retention
from app.settings import Settings, link_key

log = logging.getLogger("plumbline.worker")

PAUSE_SECONDS = 0.25
PAUSE_AFTER_TROUBLE_SECONDS = 5.0
RENEW_SECONDS = 60.0
STOP_SECONDS = 20.0
SWEEP_EVERY = timedelta(hours=1)
ALONE = (REPORT,)
"""Of these a client has one made at a time, also where several workers run."""

Clock = Callable[[], datetime]
Handler = Callable[[Database, JobFacts, datetime], None]


class Worker:
    """Takes jobs one after the other until it is asked to stop; a running one is finished first."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        handlers: dict[str, Handler] | None = None,
        post: Post | None = None,
    ) -> None:
        self.database = database
        self.post = post
        self.clock = clock
        self.handlers = HANDLERS if handlers is None else handlers
        self.name = f"{os.getpid()}-{uuid4().hex[:8]}"
        self.stopping = threading.Event()
        self.running: JobFacts | None = None
        self.sweep_at: datetime | None = None

    def run(self) -> None:
        """Works until `stop`; waits a moment when there is nothing to do, longer when the database does not answer."""
        while not self.stopping.is_set():
            try:
                self.sweep_once()
                worked, mailed = self.work_once(), self.post_once()
                pause = 0.0 if worked or mailed else PAUSE_SECONDS
            except Exception:
                # A database that is being restarted must not end the worker: the rows are there when it is back.
                log.exception("jobs could not be taken or noted; going on in %.0f seconds", PAUSE_AFTER_TROUBLE_SECONDS)
                pause = PAUSE_AFTER_TROUBLE_SECONDS
            self.stopping.wait(pause)

    def stop(self) -> None:
        """Asks the loop to end after the job that is running."""
        self.stopping.set()

    def sweep_once(self) -> None:
        """Looks every hour, and at the start, which answers have been kept for long enough.

        When that fails, it is the next hour's turn: no job waits for it.
        """
        now = self.clock()
        if self.sweep_at is None or self.sweep_at <= now:
            self.sweep_at = now + SWEEP_EVERY
            retention.sweep(self.database, now)
            reminding.sweep(self.database, now)

    def post_once(self) -> bool:
        """Sends the mails of one plan whose turn it is; False when none waits, or no mail server is set."""
        return self.post is not None and self.post.work_once(self.database, self.clock())

    def work_once(self) -> bool:
        """Takes one job and does it; False when nothing is due."""
        with self.database.writing() as session:
            job = service.take(session, worker=self.name, now=self.clock(), alone=ALONE)
        if job is None:
            return False
        self.running = job
        try:
            with self._lease_renewed(job):
                self._do(job)
        finally:
            self.running = None
        return True

    def give_back(self) -> None:
        """Returns the running job to the others; the last act of a worker that may not finish it."""
        job = self.running
        if job is not None:
            with self.database.writing() as session:
                service.give_back(session, job_id=job.id, worker=self.name, now=self.clock())

    def _do(self, job: JobFacts) -> None:
        try:
            self.handlers[job.kind](self.database, job, self.clock())
        except Exception as error:
            # Whatever it was: the row says that it failed, and the next job must not wait for it.
            log.exception("job %s failed, attempt %d", job.kind, job.attempts)
            told = error.message if isinstance(error, PlumblineError) else service.GIVEN_UP
            with self.database.writing() as session:
                service.fail(session, job_id=job.id, worker=self.name, error=told, now=self.clock())
            return
        with self.database.writing() as session:
            service.finish(session, job_id=job.id, worker=self.name, now=self.clock())

    def _lease_renewed(self, job: JobFacts) -> "Renewal":
        return Renewal(self, job)


class Renewal:
    """Renews the lease of a long job from a thread, for as long as its worker lives."""

    def __init__(self, worker: Worker, job: JobFacts) -> None:
        self.worker, self.job = worker, job
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _renew(self) -> None:
        while not self.done.wait(RENEW_SECONDS):
            try:
                with self.worker.database.writing() as session:
                    service.extend(session, job_id=self.job.id, worker=self.worker.name, now=self.worker.clock())
            except Exception:
                # A lease holds for several renewals, so that the next one may still be in time.
                log.exception("the lease of a %s job could not be renewed", self.job.kind)


def _release(database: Database, job: JobFacts, now: datetime) -> None:
    # First, so that neither the result nor a proposed comment can depend on the order in which answers came.
    retention.unlink(database, job, now)
    # Before the wave counts as closed: from then on its list of people, whose names are masked, may be deleted.
    propose(database, organisation_id=job.organisation_id, wave_id=job.subject_id)
    try:
        make_release(database, organisation_id=job.organisation_id, wave_id=job.subject_id, now=now)
    finally:
        retention.wipe_soon(database, job, now)
    autonomy.ask_after_release(database, job, now)
    delivery.ask_after_release(database, job, now)


def _supplement(database: Database, job: JobFacts, now: datetime) -> None:
    make_supplement(database, organisation_id=job.organisation_id, wave_id=job.subject_id, now=now)


def _release_again(occasion: Occasion) -> Handler:
    def again(database: Database, job: JobFacts, now: datetime) -> None:
        make_again(database, organisation_id=job.organisation_id, wave_id=job.subject_id, occasion=occasion, now=now)
        autonomy.ask_after_release(database, job, now)

    return again


def _report(database: Database, job: JobFacts, now: datetime) -> None:
    # Imported when the first file is asked for: WeasyPrint takes half a second and needs native libraries.
    from app.exports.makers import MAKERS
    from app.reports.work import make_file

    make_file(database, organisation_id=job.organisation_id, report_id=job.subject_id, makers=MAKERS, now=now)


def _comparison(database: Database, job: JobFacts, now: datetime) -> None:
    make_comparison(database, organisation_id=job.organisation_id, comparison_id=job.subject_id, now=now)


HANDLERS: dict[str, Handler] = {
    "release": _release,
    **planner.KINDS,
    **departments.KINDS,
    **{again(occasion): _release_again(occasion) for occasion in OCCASIONS},
    REPORT: _report,
    "supplement": _supplement,
    COMPARISON: _comparison,
    **retention.KINDS,
    **autonomy.KINDS,
    timing.REMIND: reminding.keep_silent,
    **delivery.KINDS,
}


def run_worker(settings: Settings, *, clock: Clock) -> None:
    """Runs a worker until SIGTERM or SIGINT; a job that is not finished 20 seconds later is given back."""
    database = Database(settings.database)
    post = Post(settings, link_key(settings)) if settings.smtp_host else None
    telling: dict[str, Handler] = {}
    if post:
        telling = {**planner.telling(settings), **reminding.reminding(settings)}
        telling |= delivery.sending(settings, link_key(settings))
    handlers = {**HANDLERS, ACCESS: sending(settings), OWNER_MAIL: to_owners(settings), **telling}
    worker = Worker(database, clock=clock, handlers=handlers, post=post)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    while thread.is_alive() and not worker.stopping.wait(1.0):
        pass
    thread.join(STOP_SECONDS)
    if thread.is_alive():
        with suppress(Exception):
            worker.give_back()
    database.close()
