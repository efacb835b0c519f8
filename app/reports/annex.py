"""The technical annex: how well the questions work, and which changes the next wave can show (3.8 to 3.10)."""

from dataclasses import dataclass

from app.releases.document.release import Release
from app.releases.document.working import Working, remarks, workings
from app.reports.tables import TableRow, smallest_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """The annex: its two tables, either of which an older release may lack, and what they need to be said."""

    working: tuple[Working, ...]
    remarks: tuple[str, ...]
    smallest: tuple[TableRow, ...]


def annex(release: Release) -> Annex | None:
    """The annex of a release; None for one from before any of it was told."""
    working, smallest = workings(release), smallest_rows(release)
    if not working and not smallest:
        return None
    return Annex(working=working, remarks=remarks(release), smallest=smallest)
