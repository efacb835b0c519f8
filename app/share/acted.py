"""What the plan tells somebody who reads shared results: of those results alone, and a lead of their own department."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.accounts.roles import LEAD
from app.actions.places import places
from app.effects import marks
from app.effects.gathering import Reading, Results
from app.releases import store
from app.sentences import Sentence
from app.share import queries
from app.waves.queries import WaveView


def shown_results(session: Session, organisation_id: UUID) -> Reading:
    """What reads of waves the releases that are shared with the client; in at most three statements each time."""

    def shown(every: Sequence[WaveView]) -> Results:
        asked = {one.id for one in every}
        there = [one.release_id for one in queries.shared(session, organisation_id) if one.wave_id in asked]
        return {one.wave_id: one for one in store.by_ids(session, organisation_id, there)}

    return shown


def own_department(session: Session, member: Member) -> UUID | None:
    """The department of which alone somebody reads: a lead's own, or the one that took it over; None for all."""
    if member.role != LEAD or member.department_id is None:
        return None
    return places(session, member.organisation_id).now(member.department_id)


def done_here(
    session: Session, member: Member, wave_id: UUID, cell: tuple[str, str], *, now: datetime
) -> tuple[Sentence, ...]:
    """What was done in a cell of a shared result, as far as the member may know of it."""
    if member.role == LEAD and member.department_id is None:
        return ()
    shown, own = shown_results(session, member.organisation_id), own_department(session, member)
    return marks.done_here(session, member.organisation_id, wave_id, cell, now=now, shown=shown, own=own)
