"""What waves have done at a time: the kinds of jobs, each with a wave as its subject."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from app.jobs import service as jobs
from app.waves.models import Wave

OPEN: Final = "open"
CLOSE: Final = "close"
RESUME: Final = "resume"
CANCEL: Final = "cancel"
TELL: Final = "tell"
"""Tells the consultants by mail that a wave waits for a person: has a mail written to each of them."""
TELL_ONE: Final = "tell-one"
"""Sends one of these mails; its subject is no wave but a wave's mail to one person (planner/notice.py)."""
LIST: Final = "list"
"""Takes over the list of people of the wave before."""

KINDS: Final = (OPEN, CLOSE, RESUME, CANCEL, TELL, TELL_ONE, LIST)

LOOK_AGAIN: Final = timedelta(minutes=5)
"""How long after a planned opening that was held up it is tried once more."""
A_MOMENT: Final = timedelta(seconds=5)
"""How long after a planned opening it is tried once more while the wave before is just ending."""


def at(session: Session, wave: Wave, kind: str, *, due: datetime, now: datetime) -> None:
    """Has a wave opened, closed or resumed at a time, in place of the time that was set before."""
    jobs.schedule(
        session, organisation_id=wave.organisation_id, kind=kind, subject_id=wave.id, due=max(due, now), now=now
    )
