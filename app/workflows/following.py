"""What rests on workflows is worked out anew: the worker is asked here, as the rooms that do it lie above this one."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.jobs import service as jobs

JOB: Final = "decision"
"""The kind of the job that makes the draft of a decision (app.autonomy.drafting)."""


def ask(session: Session, organisation_id: UUID, *, now: datetime) -> None:
    """Has the draft of a client's decision made anew, soon; asking more than once is asking once."""
    jobs.schedule(session, organisation_id=organisation_id, kind=JOB, subject_id=organisation_id, due=now, now=now)
