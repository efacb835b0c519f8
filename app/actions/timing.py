"""When those who do something by a day are reminded: a week before it, on the day, and a week after it."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.actions import queries
from app.actions.facts import ENDED, Facts
from app.clients import queries as clients
from app.jobs import queries as asked
from app.jobs import service as jobs

REMIND: Final = "plan_reminder"
AT: Final = time(8)
STEPS: Final = (timedelta(days=-7), timedelta(), timedelta(days=7))
TRY_AGAIN: Final = timedelta(minutes=5)
GIVE_UP: Final = timedelta(days=3)
"""How long after its moment a mail is tried that the server puts off."""


def next_moment(facts: Facts, zone: str, after: datetime) -> datetime | None:
    """When the owner is reminded next; None where nobody is, or nothing is left to be reminded of."""
    return next((one for one in _moments(facts, zone) if one > after), None)


def last_moment(facts: Facts, zone: str, now: datetime) -> datetime | None:
    """The moment whose mail it is that goes out now; None where none has come."""
    return next((one for one in reversed(_moments(facts, zone)) if one <= now), None)


def plan_next(session: Session, organisation_id: UUID, planned_id: UUID, facts: Facts, *, now: datetime) -> None:
    """Has the owner of an action reminded at the next moment, or not any more."""
    zone = clients.organisation(session, organisation_id).time_zone
    due = next_moment(facts, zone, now)
    if due is None:
        jobs.call_off(session, kind=REMIND, subject_id=planned_id, now=now)
    else:
        jobs.schedule(session, organisation_id=organisation_id, kind=REMIND, subject_id=planned_id, due=due, now=now)


def plan_anew(session: Session, organisation_id: UUID, planned_id: UUID, facts: Facts, *, now: datetime) -> None:
    """The same after somebody changed the action. A mail whose moment has come and that has not gone out yet stays
    planned where it has that moment still: it says what was changed, and the next one is planned when it is sent."""
    zone = clients.organisation(session, organisation_id).time_zone
    last, following = last_moment(facts, zone, now), next_moment(facts, zone, now)
    waits = jobs.due(session, kind=REMIND, subject_id=planned_id)
    if waits is not None and last is not None and last <= waits and (following is None or waits < following):
        return
    plan_next(session, organisation_id, planned_id, facts, now=now)


def plan_given_up(session: Session, *, now: datetime) -> int:
    """Plans the next mail about each action whose last one was given up because workers ended in the middle of it."""
    given_up = asked.failed(session, kinds=(REMIND,))
    for job in given_up:
        one = queries.planned(session, job.organisation_id, job.subject_id)
        plan_next(session, job.organisation_id, one.id, one.facts, now=now)
        if next_moment(one.facts, clients.organisation(session, job.organisation_id).time_zone, now) is None:
            jobs.settle(session, kind=REMIND, subject_id=one.id, now=now)
    return len(given_up)


def plan_again(session: Session, organisation_id: UUID, planned_id: UUID, facts: Facts, *, now: datetime) -> None:
    """Has a mail that was put off tried again, for some days from its moment on; then it is the next moment's turn."""
    zone = clients.organisation(session, organisation_id).time_zone
    last, following = last_moment(facts, zone, now), next_moment(facts, zone, now)
    if last is None or now >= last + GIVE_UP:
        plan_next(session, organisation_id, planned_id, facts, now=now)
        return
    again = now + TRY_AGAIN
    due = again if following is None else min(again, following)
    jobs.schedule(session, organisation_id=organisation_id, kind=REMIND, subject_id=planned_id, due=due, now=now)


def _moments(facts: Facts, zone: str) -> tuple[datetime, ...]:
    if facts.status in ENDED or not facts.mail:
        return ()
    return tuple(datetime.combine(facts.due + step, AT, tzinfo=ZoneInfo(zone)) for step in STEPS)
