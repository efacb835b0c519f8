"""The worker's part: what is planned for a day is done when it begins, once, and late rather than never."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from app.clients import changes
from app.db import Database
from app.jobs.queries import JobFacts

Work = Callable[[Database, JobFacts, datetime], None]


def _do(database: Database, job: JobFacts, now: datetime) -> None:
    with database.writing() as session:
        changes.do_due(session, job.organisation_id, now=now)
        changes.due_again(session, job.organisation_id, job.subject_id, now=now)


KINDS: Final[dict[str, Work]] = {changes.JOB: _do}
