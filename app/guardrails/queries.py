"""The statements about where a client works and about what counsel said. Every function runs one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.guardrails.models import CounselNote, WorkCountry


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What counsel said of a guardrail; see `models.CounselNote`."""

    guardrail: str
    number: int
    edition: str
    kind: str
    counsel: str
    said_on: date
    text: str
    made_by: str
    saved_at: datetime


_NOTE: Final = tuple(col(getattr(CounselNote, name)) for name in Note.__dataclass_fields__)


def countries(session: Session, organisation_id: UUID) -> dict[str, tuple[str, ...]]:
    """Where a client works, by the id of a department, the empty text for the client itself."""
    columns = (col(WorkCountry.place), col(WorkCountry.countries))
    found = select(*columns).where(col(WorkCountry.organisation_id) == organisation_id)
    return {place: tuple(told) for place, told in session.connection().execute(found) if told}


def notes(session: Session, organisation_id: UUID) -> Mapping[str, tuple[Note, ...]]:
    """What counsel said, by guardrail, the newest version first."""
    found = select(*_NOTE).where(col(CounselNote.organisation_id) == organisation_id)
    ordered = found.order_by(col(CounselNote.guardrail), col(CounselNote.number).desc())
    told: dict[str, tuple[Note, ...]] = {}
    for row in session.connection().execute(ordered):
        one = Note(**row._mapping)
        told[one.guardrail] = (*told.get(one.guardrail, ()), one)
    return told


# What follows is for this room's service.


def newest(session: Session, organisation_id: UUID, guardrail: str) -> int:
    """The number of the newest version of a note, 0 while there is none."""
    found = select(func.max(col(CounselNote.number))).where(
        col(CounselNote.organisation_id) == organisation_id, col(CounselNote.guardrail) == guardrail
    )
    return session.connection().scalar(found) or 0


def country_rows(session: Session, organisation_id: UUID) -> dict[str, WorkCountry]:
    """The rows of countries by place, to be changed."""
    found = select(WorkCountry).where(col(WorkCountry.organisation_id) == organisation_id)
    return {row.place: row for row in session.execute(found).scalars()}
