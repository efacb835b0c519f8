"""The mails of the demo's open wave, planned as a consultant would: the invitations go out as it opens."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.db import Database
from app.demo import story
from app.mail import queries, service
from app.mail.sending import Post
from app.mail.words import INVITATION, REMINDER, REMINDERS
from app.settings import Settings, link_key
from app.waves import queries as waves

A_WEEK: Final = timedelta(days=7)
PER_MINUTE: Final = 120


def invite(database: Database, settings: Settings, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Sends the test mail and the invitations, and leaves the reminders to the worker, one a week at any hour."""
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    days = {INVITATION: now.date().isoformat()} | {
        f"{REMINDER}-{number}": (now + number * A_WEEK).date().isoformat() for number in range(1, REMINDERS + 1)
    }
    with database.writing() as session:
        plan = service.plan_of(session, waves.wave(session, organisation_id, wave_id), now=now)
        chosen = replace(plan, days=days, from_hour=0, to_hour=24, weekends=True, per_minute=PER_MINUTE)
        service.save(session, chosen, now=now)
        service.ask_trial(session, **place, to=story.EMAIL, kind=INVITATION, language="en", now=now)
    post = Post(settings, link_key(settings))
    post.work_once(database, now)
    with database.writing() as session:
        service.start(session, **place, now=now)
    while not _all_invited(database, organisation_id, wave_id):
        post.work_once(database, now)
        now += timedelta(minutes=1)


def _all_invited(database: Database, organisation_id: UUID, wave_id: UUID) -> bool:
    with database.reading() as session:
        begun = queries.rounds(session, organisation_id=organisation_id, wave_id=wave_id)
    return bool(begun) and all(one.dealt == one.people for one in begun)
