"""Which files print a decision record and a plan record, and which records these would be today."""

from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy import queries as records
from app.planned import queries as plans
from app.reports.options import ROLES, Options

PRINTS: Final = frozenset({"pdf", "pdfa", "pptx", "svg", "xlsx", "zip"})
"""The formats that tell of decisions and of plans."""
PLAN: Final = ", plan "


def names_people(options: Options, basis: str) -> bool:
    """Whether a file with that basis prints names of people: only plan records have any."""
    return options.kind.names and options.edition != ROLES and PLAN in basis


def mark(session: Session, *, organisation_id: UUID, release_id: UUID, options: Options) -> str:
    """What the basis of a file says of its records: nothing where it prints none."""
    if options.format not in PRINTS:
        return ""
    number, plan = (room.newest_number(session, organisation_id, release_id) for room in (records, plans))
    return f"{f', record {number}' if number else ''}{f'{PLAN}{plan}' if plan else ''}"
