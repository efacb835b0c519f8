"""The demo's next year, planned as its page proposes it: lists of people that go on, two departments that become one.

And what is aimed at in the wave that is open now.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.clients import changes
from app.demo.story import MERGED, MERGES_ON
from app.lineage.snapshots import Wanted
from app.planner import lists, pages, service
from app.planner.rows import YearInput
from app.waves import queries as waves
from app.waves import running

TARGET = "60"


def plan(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Plans the waves that follow the one that is open, which gets a turnout to aim at."""
    assessment = waves.wave(session, organisation_id, wave_id).assessment_id
    proposed = tuple(line.row for line in pages.year(session, organisation_id, assessment, now=now).rows)
    typed = YearInput(proposed, {})
    place = {"organisation_id": organisation_id, "assessment_id": assessment}
    service.save(session, **place, typed=typed, now=now)
    lists.turn_on(session, service.drafts(service.of_assessment(session, **place)), now=now)
    running.set_target(session, organisation_id=organisation_id, wave_id=wave_id, target=TARGET)


def merge(
    session: Session, *, organisation_id: UUID, departments: Collection[UUID], user_id: UUID, now: datetime
) -> None:
    """Plans that these departments become one when the year begins; the worker does it on the day."""
    wanted = Wanted(departments=tuple(departments), name=MERGED)
    changes.ask(session, organisation_id, kind="merge", wanted=wanted, day=MERGES_ON, user_id=user_id, now=now)
