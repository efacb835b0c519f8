"""The worker's part of the year: waves open and close at their time, and consultants hear of what waits for them.

Each piece is safe to do twice, and to do late: what it finds decides what it does.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.acts.service import note
from app.db import Database
from app.jobs import service as jobs
from app.jobs.queries import JobFacts
from app.mail import service as mails
from app.mail.smtp import Server
from app.planner import lists, notice
from app.settings import Settings
from app.waves import ending, running, schedule, timers

Work = Callable[[Database, JobFacts, datetime], None]


def _open(database: Database, job: JobFacts, now: datetime) -> None:
    place = {"organisation_id": job.organisation_id, "wave_id": job.subject_id}
    with database.writing() as session:
        if schedule.open_due(session, **place, now=now):
            _note(session, "wave.opened", job, now)
            # Whoever prepared mails has them begin now and not when the plan is next looked at.
            mails.wake(session, **place, now=now)


def _close(database: Database, job: JobFacts, now: datetime) -> None:
    place = {"organisation_id": job.organisation_id, "wave_id": job.subject_id}
    with database.writing() as session:
        if ending.close_due(session, **place, now=now):
            _note(session, "wave.ended", job, now)


def _resume(database: Database, job: JobFacts, now: datetime) -> None:
    place = {"organisation_id": job.organisation_id, "wave_id": job.subject_id}
    with database.writing() as session:
        if running.resume_due(session, **place, now=now):
            _note(session, "wave.resumed", job, now)


def _take_list(database: Database, job: JobFacts, now: datetime) -> None:
    place = {"organisation_id": job.organisation_id, "wave_id": job.subject_id}
    with database.writing() as session:
        if lists.take(session, **place, now=now):
            _note(session, "links.list_taken_over", job, now)
            jobs.schedule(
                session,
                organisation_id=job.organisation_id,
                kind=timers.TELL,
                subject_id=job.subject_id,
                due=now,
                now=now,
            )


def _note(session: Session, kind: str, job: JobFacts, now: datetime) -> None:
    """Notes what nobody did but the service by itself."""
    note(session, kind, organisation_id=job.organisation_id, user_id=None, now=now, wave_id=job.subject_id)


def _tell_nobody(database: Database, job: JobFacts, now: datetime) -> None:
    """No mail server is set: the pages say it."""


def telling(settings: Settings) -> dict[str, Work]:
    """The work that needs a mail server: telling the consultants of a client that a wave waits for a person."""

    def tell_one(database: Database, job: JobFacts, now: datetime) -> None:
        with database.reading() as session:
            written = notice.letter(session, settings, organisation_id=job.organisation_id, id=job.subject_id, now=now)
        if written is None:
            return
        with Server(settings) as server:
            told = server.send(written)
        if told.outcome == "later":
            with database.writing() as session:
                _tell_again(session, job, now)

    return {timers.TELL: _tell, timers.TELL_ONE: tell_one}


def _tell(database: Database, job: JobFacts, now: datetime) -> None:
    """Has each mail sent by a job of its own, so that nobody gets one twice because another was put off."""
    place = {"organisation_id": job.organisation_id, "wave_id": job.subject_id}
    with database.writing() as session:
        for id in notice.ids(session, **place, now=now):
            jobs.schedule(
                session, organisation_id=job.organisation_id, kind=timers.TELL_ONE, subject_id=id, due=now, now=now
            )


def _tell_again(session: Session, job: JobFacts, now: datetime) -> None:
    due = now + timers.LOOK_AGAIN
    jobs.schedule(
        session, organisation_id=job.organisation_id, kind=job.kind, subject_id=job.subject_id, due=due, now=now
    )


KINDS: Final[dict[str, Work]] = {
    timers.OPEN: _open,
    timers.CLOSE: _close,
    timers.RESUME: _resume,
    timers.LIST: _take_list,
    timers.TELL: _tell_nobody,
    timers.TELL_ONE: _tell_nobody,
}
