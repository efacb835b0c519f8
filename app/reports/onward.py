"""What follows from a result: how to reorganise, guardrails, the plan. Three chapters out of one plan record."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.autonomy.sharing import Shown
from app.planned import sharing
from app.planned.sharing import Fixed
from app.releases.document.release import Release
from app.reports.extent import Extent
from app.reports.guarded import Guarded, guarded
from app.reports.marked import PRINTS
from app.reports.options import ROLES, Options
from app.reports.reorganising import Reorganising, reorganising
from app.reports.scheduled import Scheduled, moved, scheduled
from app.sentences import Sentence, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """The chapters, with the record that they come from. `moved` says what the next wave should show."""

    number: int
    as_of: date
    sha256: str
    reorganising: Reorganising
    guarded: Guarded
    scheduled: Scheduled | None
    moved: Sentence | None

    @property
    def chapters(self) -> tuple[tuple[str, Sentence, bool], ...]:
        """Anchor, name and whether it is there, for the table of contents."""
        return (
            ("reorganising", say("How to reorganise"), True),
            ("guarded", say("Guardrails"), True),
            ("scheduled", say("Thirty, sixty, ninety days"), self.scheduled is not None),
        )


def onward(fixed: Fixed | None, record: Shown | None, told: Extent) -> Onward | None:
    """The chapters; None where no plan was fixed on the release."""
    if fixed is None:
        return None
    return Onward(
        number=fixed.plan.number,
        as_of=fixed.plan.as_of,
        sha256=fixed.sha256,
        reorganising=reorganising(record, fixed, told),
        guarded=guarded(fixed.plan),
        scheduled=scheduled(fixed.plan, told),
        moved=moved(fixed.plan),
    )


def fixed_for(
    session: Session, *, organisation_id: UUID, release_id: UUID, release: Release, options: Options, sha256: str = ""
) -> Fixed | None:
    """What a file prints of the newest plan record on its release, or of the one with that digest; None without any.

    A department's edition has its own part; that of a group has nothing, as plans tell of departments. The one with
    roles in place of names has no name of a person.
    """
    row = release.row(options.row)
    if options.format not in PRINTS or (options.row and (row is None or row.kind != "unit")):
        return None
    own = UUID(options.row) if options.row else None
    found = sharing.fixed(session, organisation_id, release_id, own=own, sha256=sha256)
    return sharing.by_roles(found) if found and options.edition == ROLES else found
