"""When those who do something by a day are reminded: a week before it, on the day, and a week after it."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.actions.facts import ENDED, Facts
from app.clients import queries as clients
from app.jobs import service as jobs

REMIND: Final = "plan_reminder"
AT: Final = time(8)
STEPS: Final = (timedelta(days=-7), timedelta(), timedelta(days=7))


def next_moment(facts: Facts, zone: str, after: datetime) -> datetime | None:
    """When the owner is reminded next; None where nobody is, or nothing is left to be reminded of."""
    if facts.status in ENDED or not facts.mail:
        return None
    there = ZoneInfo(zone)
    moments = (datetime.combine(facts.due + step, AT, tzinfo=there) for step in STEPS)
    return next((one for one in moments if one > after), None)


def plan_next(session: Session, organisation_id: UUID, planned_id: UUID, facts: Facts, *, now: datetime) -> None:
    """Has the owner of an action reminded at the next moment, or not any more."""
    zone = clients.organisation(session, organisation_id).time_zone
    due = next_moment(facts, zone, now)
    if due is None:
        jobs.call_off(session, kind=REMIND, subject_id=planned_id, now=now)
    else:
        jobs.schedule(session, organisation_id=organisation_id, kind=REMIND, subject_id=planned_id, due=due, now=now)
