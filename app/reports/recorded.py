"""The decision record that a file of a release prints: the newest that was issued on it, or none (P18).

A report renders one release and at most one record; which it was is part of what its bytes follow from.
"""

from uuid import UUID

from sqlmodel import Session

from app.autonomy import sharing
from app.autonomy.sharing import Shown
from app.releases.document.release import Release
from app.reports.marked import PRINTS
from app.reports.options import Options


def recorded(
    session: Session, *, organisation_id: UUID, release_id: UUID, release: Release, options: Options, sha256: str = ""
) -> Shown | None:
    """What a file prints of the newest record on its release, or of the one with that digest; None without any.

    A department's edition has what its lead is shown; that of a group has nothing, as records tell of departments.
    """
    row = release.row(options.row)
    if options.format not in PRINTS or (options.row and (row is None or row.kind != "unit")):
        return None
    own = UUID(options.row) if options.row else None
    return sharing.shown(session, organisation_id, release_id, own=own, sha256=sha256, mapped=True)
