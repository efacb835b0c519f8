"""The plan record that a file of a release prints: all of it, or a department with those below."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session

from app.planned import queries
from app.planned.document import Deed, Guard, PlanDocument, part_of
from app.sentences import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What is printed of a record, and the SHA-256 of the whole."""

    plan: PlanDocument
    sha256: str


def fixed(
    session: Session, organisation_id: UUID, release_id: UUID, *, own: UUID | None, sha256: str = ""
) -> Fixed | None:
    """The newest record on a release, or the one with that digest; None where there is none."""
    kept = queries.newest_of_release(session, organisation_id, release_id, sha256=sha256)
    if kept is None:
        return None
    plan = kept.plan if own is None else part_of(kept.plan, str(own))
    return Fixed(plan=plan, sha256=kept.sha256)


def by_roles(fixed: Fixed) -> Fixed:
    """The same without the names of people: roles answer for actions, and counsel spoke without a name.

    Words that people typed, such as titles of actions, stay as they are.
    """
    plan = replace(
        fixed.plan,
        deeds=tuple(_unnamed(one) for one in fixed.plan.deeds),
        guards=tuple(_nameless(one) for one in fixed.plan.guards),
    )
    return replace(fixed, plan=plan)


def _unnamed(deed: Deed) -> Deed:
    return replace(deed, owner=say("somebody named in the plan") if deed.owner and not deed.role else "")


def _nameless(guard: Guard) -> Guard:
    return replace(guard, counsel=say("counsel") if guard.counsel else "")
