"""Lists of people that go from one wave to the next: asked for once for the year, taken a week before a wave opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.accounts import queries as accounts
from app.clients import queries as clients
from app.jobs import queries as jobs
from app.jobs import service as timed
from app.mail import service as mails
from app.rosters import queries as rosters
from app.waves import queries as waves
from app.waves import timers
from app.waves.queries import WaveView

BEFORE: Final = timedelta(days=7)
"""How long before a wave opens: enough to look who has joined or left since."""
WAITING: Final = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Changes:
    """How a list differs from that of the wave before it, `before` its label: how many are on both, only on this one,
    and only on that one."""

    before: str
    same: int
    joined: int
    left: int


def are_on(session: Session, drafts: Sequence[WaveView]) -> bool:
    """Whether the lists of these planned waves are taken over from the wave before each."""
    found = jobs.states(session, kind=timers.LIST, subject_ids=[one.id for one in drafts])
    return any(state in WAITING for state in found.values())


def turn_on(session: Session, drafts: Sequence[WaveView], *, now: datetime) -> None:
    """Has each planned wave that opens by itself take over the list of the wave before it."""
    for one in drafts:
        if one.opens_at is not None and one.policy.mode != "anonymous" and not count(session, one):
            timed.schedule(
                session,
                organisation_id=one.organisation_id,
                kind=timers.LIST,
                subject_id=one.id,
                due=max(now, one.opens_at - BEFORE),
                now=now,
            )


def turn_off(session: Session, drafts: Sequence[WaveView], *, now: datetime) -> None:
    """Takes no list over any more; those that were stay."""
    for one in drafts:
        timed.call_off(session, kind=timers.LIST, subject_id=one.id, now=now)


def take(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> bool:
    """Takes over the list of the newest wave before, and has the mails go on as they did; says whether it did.

    Whoever was taken off stays off, and so does whoever's department is closed by now. Nothing is known here of who has
    answered or wants no more mails. Does nothing for a wave that has opened, has a list, or whose client is archived.
    """
    waves.hold(session, organisation_id, wave_id)
    wave = waves.wave(session, organisation_id, wave_id)
    before = newest_before(session, wave)
    resting = accounts.is_archived(session, organisation_id) or wave.state != "draft"
    if resting or wave.policy.mode == "anonymous" or count(session, wave) or before is None:
        return False
    there = {one.id for one in clients.departments(session, organisation_id)}
    people = [
        one
        for one in rosters.people(session, organisation_id=organisation_id, wave_id=before.id)
        if one.listed and one.department_id in there
    ]
    rosters.add(
        session,
        [
            {
                "organisation_id": organisation_id,
                "wave_id": wave_id,
                "id": uuid4(),  # another link, and no order of arrival
                "department_id": one.department_id,
                "reference": one.reference,
                "name": one.name,
                "mail": one.mail,
                "language": one.language,
                "listed": True,
                "bounced": False,
                "mails_stopped": False,
            }
            for one in people
        ],
    )
    mails.go_on(session, wave, before=before, now=now)
    return bool(people)


def changes(session: Session, wave: WaveView) -> Changes | None:
    """Who has joined and left since the wave before, None where one of the two has no list."""
    before = newest_before(session, wave)
    if before is None:
        return None
    same, joined, left = rosters.compared(
        session, organisation_id=wave.organisation_id, wave_id=wave.id, before_id=before.id
    )
    return Changes(before.label, same, joined, left) if same or joined else None


def newest_before(session: Session, wave: WaveView) -> WaveView | None:
    """The newest wave of the assessment before this one that has a list of people."""
    every = waves.waves(session, wave.organisation_id)
    earlier = [one for one in every if one.assessment_id == wave.assessment_id and one.number < wave.number]
    return newest_listed(session, earlier)


def newest_listed(session: Session, newest_first: Sequence[WaveView]) -> WaveView | None:
    """The first of these waves of a client that has a list of people and was not cancelled; one statement at most."""
    there = rosters.listed_waves(session, newest_first[0].organisation_id) if newest_first else ()
    return next((one for one in newest_first if one.id in there and one.state != "cancelled"), None)


def count(session: Session, wave: WaveView) -> int:
    """How many people are on the list of a wave."""
    listed = rosters.by_department(session, organisation_id=wave.organisation_id, wave_id=wave.id)
    return sum(one.people for one in listed.values())
