"""Putting a client away and bringing it back. Nothing is deleted; what is planned of it does not happen meanwhile.

What was promised to the people who answered goes on: their answers are deleted when it was said (app/retention).
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.models import ArchivedClient
from app.clients import changes
from app.clients import queries as clients
from app.desk import queries
from app.errors import ConflictError
from app.mail import service as mails
from app.sentences import say
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.waves.steps import RUNNING

IN_THE_WAY: Final = say(
    "{label} is not over yet. Close it or cancel it first: people have been asked, and were promised a result."
)


def archive(session: Session, organisation_id: UUID, *, user_id: UUID, now: datetime) -> None:
    """Puts a client away; twice is once. Its mails are paused. ConflictError while one of its waves runs or closes."""
    clients.lock_tree(session, organisation_id)
    if accounts.is_archived(session, organisation_id):
        return
    for wave in waves.waves(session, organisation_id):
        waves.hold(session, organisation_id, wave.id)
    # Read once they are held: the worker may just have opened one.
    running = in_the_way(waves.waves(session, organisation_id))
    if running is not None:
        raise ConflictError(IN_THE_WAY.filled({"label": running.label}))
    for wave_id in queries.mailing(session, organisation_id, "on"):
        mails.pause(session, organisation_id=organisation_id, wave_id=wave_id, now=now)
    session.add(ArchivedClient(organisation_id=organisation_id, archived_at=now, user_id=user_id))
    session.flush()


def bring_back(session: Session, organisation_id: UUID, *, now: datetime) -> None:
    """Brings a client back; twice is once. What was to happen meanwhile waits for a person.

    A wave whose time has passed stays a draft until it is given another; a change of departments whose day has passed
    is held until somebody has it done or cancels it; mails stay paused.
    """
    clients.lock_tree(session, organisation_id)
    if accounts.take_out(session, organisation_id):
        changes.hold_overdue(session, organisation_id, now=now)


def in_the_way(there: tuple[WaveView, ...]) -> WaveView | None:
    """A wave that keeps its client from being archived."""
    return next((one for one in there if one.state in RUNNING), None)
