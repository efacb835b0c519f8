"""The worker's part: the draft of a decision is made when facts change, and when one of them ends."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from app.autonomy import drafting
from app.db import Database
from app.jobs.queries import JobFacts
from app.workflows.following import JOB

Work = Callable[[Database, JobFacts, datetime], None]


def _draft(database: Database, job: JobFacts, now: datetime) -> None:
    with database.writing() as session:
        drafting.make(session, job.organisation_id, now=now)


def ask_after_release(database: Database, job: JobFacts, now: datetime) -> None:
    """Has a draft made on the release that was just made."""
    with database.writing() as session:
        drafting.ask(session, job.organisation_id, now=now)


KINDS: Final[dict[str, Work]] = {JOB: _draft}
