"""The demo's next year, planned as its page proposes it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.planner import pages, service
from app.planner.rows import YearInput
from app.waves import queries as waves


def plan(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Plans the waves that follow the one that is open."""
    assessment = waves.wave(session, organisation_id, wave_id).assessment_id
    proposed = tuple(line.row for line in pages.year(session, organisation_id, assessment, now=now).rows)
    typed = YearInput(proposed, {})
    service.save(session, organisation_id=organisation_id, assessment_id=assessment, typed=typed, now=now)
