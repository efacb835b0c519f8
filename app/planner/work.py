"""The worker's part of the year: waves open and close at their time, and consultants hear of what waits for them.

Each piece is safe to do twice, and to do late: what it finds decides what it does.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.acts.service import note
from app.db import Database
from app.jobs.queries import JobFacts
from app.mail import service as mails
from app.mail.smtp import Server
from app.planner import notice
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


def _note(session: Session, kind: str, job: JobFacts, now: datetime) -> None:
    """Notes what nobody did but the service by itself."""
    note(session, kind, organisation_id=job.organisation_id, user_id=None, now=now, wave_id=job.subject_id)


def _tell_nobody(database: Database, job: JobFacts, now: datetime) -> None:
    """No mail server is set: the pages say it."""


def telling(settings: Settings) -> dict[str, Work]:
    """The work that needs a mail server: telling the consultants of a client that a wave waits for a person."""

    def tell(database: Database, job: JobFacts, now: datetime) -> None:
        with database.reading() as session:
            written = notice.letters(
                session, settings, organisation_id=job.organisation_id, wave_id=job.subject_id, now=now
            )
        if not written:
            return
        with Server(settings) as server:
            for one in written:
                server.send(one)

    return {timers.TELL: tell}


KINDS: Final[dict[str, Work]] = {
    timers.OPEN: _open,
    timers.CLOSE: _close,
    timers.RESUME: _resume,
    timers.TELL: _tell_nobody,
}
