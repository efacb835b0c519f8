"""Which files print a decision record, and which record that would be today."""

from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy import queries as records
from app.reports.options import Options

PRINTS: Final = frozenset({"pdf", "pdfa", "pptx", "svg", "xlsx", "zip"})
"""The formats that tell of decisions."""


def mark(session: Session, *, organisation_id: UUID, release_id: UUID, options: Options) -> str:
    """What the basis of a file says of its record: nothing where it prints none."""
    if options.format not in PRINTS:
        return ""
    number = records.newest_number(session, organisation_id, release_id)
    return f", record {number}" if number else ""
