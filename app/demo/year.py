"""The demo's next year, planned as its page proposes it, with lists of people that go on; and what is aimed at now."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

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
