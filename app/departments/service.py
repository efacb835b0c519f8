"""Changes of departments, as far as waves have a say: what has opened keeps what it froze."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.clients import changes
from app.clients import queries as clients
from app.errors import InvalidError
from app.lineage.days import today
from app.lineage.snapshots import Kind, Wanted
from app.sentences import say
from app.waves import queries as waves
from app.waves.queries import FINISHED, WaveView


def ask(
    session: Session,
    organisation_id: UUID,
    *,
    kind: Kind,
    wanted: Wanted,
    day: date,
    user_id: UUID,
    now: datetime,
    change_id: UUID,
) -> UUID:
    """Plans a change, or makes it where its day has begun; the same `change_id` twice is one change.

    A day that is past is refused once a wave has opened on it or later: it opened with other departments. InvalidError
    has a sentence for each field.
    """
    zone = clients.organisation(session, organisation_id).time_zone
    if day < today(now, zone):
        _require_unfrozen(waves.waves(session, organisation_id), day, zone)
    return changes.ask(
        session,
        organisation_id,
        kind=kind,
        wanted=wanted,
        day=day,
        user_id=user_id,
        now=now,
        change_id=change_id,
    )


def undo(session: Session, organisation_id: UUID, change_id: UUID, *, now: datetime) -> None:
    """Takes a change back, unless a wave has opened with its departments or one of them was changed since."""
    opened = frozen_at(waves.waves(session, organisation_id))
    changes.undo(session, organisation_id, change_id, frozen_at=opened, now=now)


def frozen_at(every: Iterable[WaveView]) -> datetime | None:
    """When the newest of these waves opened; None while none has."""
    return max((one.opened_at for one in every if one.opened_at is not None), default=None)


def running_on(every: Iterable[WaveView], day: date, zone: str) -> str | None:
    """The label of a wave that has opened by the beginning of a day, or will have, and takes answers on it."""
    for one in every:
        opens = one.opened_at or one.opens_at
        if opens is None or one.state in (*FINISHED, "closing", "cancelled"):
            continue
        if today(opens, zone) < day and (one.ends_at is None or today(one.ends_at, zone) >= day):
            return one.label
    return None


def _require_unfrozen(every: Iterable[WaveView], day: date, zone: str) -> None:
    for one in every:
        if one.opened_at is None or today(one.opened_at, zone) < day:
            continue
        about = say(
            "{label} opened on {opened} with the departments as they were, and keeps them. Choose a day after that.",
            label=one.label,
            opened=today(one.opened_at, zone),
        )
        raise InvalidError(about, fields={"day": about})
