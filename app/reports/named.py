"""From what a report was made, as the file says itself, so that it can be made again and compared."""

from dataclasses import dataclass
from typing import Final

from app.autonomy.sharing import Shown
from app.clients.brand import Brand
from app.planned.sharing import Fixed
from app.releases.document.release import Release
from app.reports.options import ROLES, Options

TEMPLATE: Final = "8"
"""The number of the report's template, printed on its last page: another one may set the same release otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """From what a file was made, as it says itself: for `./run verify`.

    `edition` is the place of the department among the rows of the release, empty for the board's, `ROLES` for that with
    roles in place of names; `record` the SHA-256
    of the decision record that it prints, `plan` that of the plan record, each empty without one; `brand` the mark of
    the client's look, empty for none.
    """

    release: str
    template: str
    edition: str
    record: str
    plan: str
    brand: str


def source(
    release: Release, sha256: str, options: Options, records: tuple[Shown | None, Fixed | None], brand: Brand
) -> Source:
    """What a report of a release names; `records` are the decision record and the plan record that it prints."""
    record, plan = ("" if one is None else one.sha256 for one in records)
    place = _place(release, options.edition)
    return Source(release=sha256, template=TEMPLATE, edition=place, record=record, plan=plan, brand=brand.mark)


def _place(release: Release, edition: str) -> str:
    """A department's place among the rows, so that no identifier of the database is printed; the word for roles."""
    if edition == ROLES:
        return edition
    return next((str(place) for place, row in enumerate(release.rows) if place and row.id == edition), "")
