"""The worker's part of retention: what is due every day, and what was asked for. Each piece is safe to do twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from app.db import Database
from app.jobs import queries as asked
from app.jobs import service as jobs
from app.jobs.queries import JobFacts
from app.retention import service
from app.rosters import queries as rosters
from app.waves import timers

LISTS_WAIT: Final = timedelta(days=1)
# What people were told will be done, so that it is never given up: the sweep has it tried again.
NEVER_GIVEN_UP: Final = (service.WIPE, service.WIPE_EVERYTHING, *timers.KINDS)

Work = Callable[[Database, JobFacts, datetime], None]


def sweep(database: Database, now: datetime) -> None:
    """Asks for the deletion of answers whose time is over, and once more for wiping and for what waves have done at a
    time where that failed; deletes lists of people that were sent and not taken for a day, and entries of the log of
    who did what that are old.

    Any number of workers may do it at any time: a wave has one job for this, whoever asks. A day that no worker ran is
    made up for by the next.
    """
    with database.reading() as session:
        found = service.due(session, now=now)
        unfinished = asked.failed(session, kinds=NEVER_GIVEN_UP)
    with database.writing() as session:
        rosters.drop_old_uploads(session, before=now - LISTS_WAIT)
        service.forget_acts(session, now=now)
        service.ask(session, found, now=now)
        for job in unfinished:
            jobs.retry(session, kind=job.kind, subject_id=job.subject_id, now=now)


def unlink(database: Database, job: JobFacts, now: datetime) -> None:
    """Shuffles a closing wave, before its result is made."""
    with database.writing() as session:
        service.unlink(session, organisation_id=job.organisation_id, wave_id=job.subject_id, now=now)


def wipe_soon(database: Database, job: JobFacts, now: datetime) -> None:
    """Has the files written anew, after the last deletion at the close of a wave."""
    with database.writing() as session:
        service.wipe_soon(session, organisation_id=job.organisation_id, wave_id=job.subject_id, now=now)


def _delete_answers(database: Database, job: JobFacts, now: datetime) -> None:
    with database.writing() as session:
        service.delete_answers(session, organisation_id=job.organisation_id, wave_id=job.subject_id, now=now)


def _delete_cancelled(database: Database, job: JobFacts, now: datetime) -> None:
    with database.writing() as session:
        service.delete_cancelled(session, organisation_id=job.organisation_id, wave_id=job.subject_id, now=now)


def _delete_client(database: Database, job: JobFacts, now: datetime) -> None:
    with database.writing() as session:
        service.delete_client(session, organisation_id=job.organisation_id, now=now)


def _wipe(database: Database, job: JobFacts, now: datetime) -> None:
    database.forget_deleted(everything=job.kind == service.WIPE_EVERYTHING)


KINDS: Final[dict[str, Work]] = {
    service.RETENTION: _delete_answers,
    timers.CANCEL: _delete_cancelled,
    service.CLIENT: _delete_client,
    service.WIPE: _wipe,
    service.WIPE_EVERYTHING: _wipe,
}
