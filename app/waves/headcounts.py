"""Departments from which more people answered than belong to them (MEASUREMENT.md section 9, P16)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.waves import queries
from app.waves.queries import WaveDepartmentFacts


@dataclass(frozen=True, slots=True)
class Overfull:
    """A department with more responses than headcount. `blocks`: a person must settle it before the release."""

    department: WaveDepartmentFacts
    responses: int
    blocks: bool


def overfull(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[Overfull, ...]:
    """The departments whose headcount is to be settled, in the order of the tree, in two statements.

    One that was settled is not named again, whatever its number is now: whether it still is too full would tell how
    many people answered.
    """
    responses = queries.turnout_by_department(session, organisation_id, wave_id)
    return tuple(
        Overfull(department, n, blocks=far_above(n, department.headcount))
        for department in queries.wave_departments(session, organisation_id, wave_id)
        if (n := responses.get(department.department_id, 0)) > department.headcount
        and not department.headcount_confirmed
    )


def blocking(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[Overfull, ...]:
    """Those that must be corrected or confirmed before the release is made."""
    return tuple(found for found in overfull(session, organisation_id, wave_id) if found.blocks)


def far_above(responses: int, headcount: int) -> bool:
    """True beyond max(1.2 N, N + 2): too many to be an error of counting alone."""
    return responses > max(1.2 * headcount, headcount + 2)
