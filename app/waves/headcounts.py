"""Departments from which more people answered than belong to them (MEASUREMENT.md section 9, P16)."""

import math
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.sentences import say
from app.waves import queries
from app.waves.models import WaveDepartment
from app.waves.planning import wrong_field
from app.waves.queries import WaveDepartmentFacts

MAX_HEADCOUNT: Final = 1_000_000


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


def check(session: Session, row: WaveDepartment, headcount: int) -> None:
    """InvalidError, field `headcount`, for a number of people that a department of a wave can't have."""
    departments = queries.wave_departments(session, row.organisation_id, row.wave_id)
    least = 0 if any(other.parent_id == row.department_id for other in departments) else 1
    if not least <= headcount <= MAX_HEADCOUNT:
        raise wrong_field(
            "headcount",
            say(
                "Give the headcount of {name} as a whole number from {least} to 1,000,000.", name=row.name, least=least
            ),
        )
    if headcount + sum(d.headcount for d in departments if d.department_id != row.department_id) < 1:
        raise wrong_field("headcount", say("The organisation would have no people left."))


def require_close_to_planned(row: WaveDepartment, headcount: int) -> None:
    """After the close a headcount moves a little, as with P16: with any other the department's weight in the
    organisation would tell its score more exactly than its own row does."""
    least, most = (
        max(0, row.planned_headcount - 2),
        max(math.floor(1.2 * row.planned_headcount), row.planned_headcount + 2),
    )
    least = min(least, math.ceil(row.planned_headcount / 1.2))
    if not least <= headcount <= most:
        raise wrong_field(
            "headcount",
            say(
                "After the close the headcount of {name} can be corrected to between {least} and {most}. A "
                "larger change belongs into the next wave.",
                name=row.name,
                least=least,
                most=most,
            ),
        )
