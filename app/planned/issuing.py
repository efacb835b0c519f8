"""Fixing the plan as a numbered record: an act of a person, never changed afterwards."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy.gathering import basis
from app.clients import queries as clients
from app.errors import ConflictError
from app.planned import queries
from app.planned.document import digest, dump, essence
from app.planned.freezing import frozen
from app.planned.models import PlanRecord
from app.sentences import say

NO_RELEASE: Final = say(
    "There is no result yet, so there is no report that could print the plan. It is made when the first wave closes."
)
CHANGED: Final = say("Something changed since you looked. Look at it as it is now, then fix it.")


def issue(session: Session, *, organisation_id: UUID, seen: str, made_by: str, now: datetime) -> int:
    """Fixes what holds today as the next record; gives its number.

    `seen` is the essence of what was looked at: ConflictError where it is something else by now, and where there is no
    release to fix it on.
    """
    clients.lock_tree(session, organisation_id)
    on = basis(session, organisation_id)
    if on is None:
        raise ConflictError(NO_RELEASE)
    made = frozen(session, organisation_id, on, now=now)
    if essence(made) != seen:
        raise ConflictError(CHANGED)
    number = queries.highest(session, organisation_id) + 1
    document = dump(replace(made, number=number))
    session.add(
        PlanRecord(
            organisation_id=organisation_id,
            number=number,
            wave_id=on.wave.id,
            release_id=on.release.id,
            as_of=made.as_of,
            made_by=made_by,
            issued_at=now,
            sha256=digest(document),
            document=document,
        )
    )
    session.flush()
    return number
