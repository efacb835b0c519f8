"""How an action would look in a client's plan, and in which departments it would be proposed now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from app.actions import frame
from app.autonomy.gathering import basis
from app.clients.queries import OrganisationFacts
from app.lineage import days
from app.playbooks.action import Action, Library
from app.playbooks.asking import Asked
from app.playbooks.choosing import propose
from app.playbooks.pages import effort
from app.playbooks.proposing import MISSED, Standing, need_of, standings, told_reason
from app.playbooks.roles import ROLES
from app.playbooks.shelf import in_order
from app.releases.document.release import Release, Row
from app.releases.document.words import row_name
from app.sentences import Listing, Passage, Sentence, say
from app.writing.views import Place, Preview

SHOWN: Final = 40
ASKED: Final = Asked()
"""What a proposal is asked for at first: the usual hours, and A2."""


def preview(
    session: Session, organisation: OrganisationFacts, library: Library, action: Action, *, now: datetime
) -> Preview:
    """The action as if it were in use. It reads the newest release and nothing finer."""
    whole = with_action(library, action)
    on = basis(session, organisation.id)
    places = list(_places(session, organisation, whole, action, on.document, now=now)) if on else []
    today = days.today(now, organisation.time_zone)
    proposed, missed = ([one for one in places if one.proposed is wanted] for wanted in (True, False))
    return Preview(
        title=action.title,
        about=Passage(_about(action, due=frame.due_days((action,), today, today)[action.id]), " · "),
        why=action.why,
        steps=action.steps,
        shows=action.evidence,
        risk=action.risk,
        wave_id=str(on.wave.id) if on else "",
        label=on.document.wave.label if on else "",
        hours=ASKED.hours,
        level=ASKED.level.name,
        places=tuple(proposed[:SHOWN]),
        more=max(0, len(proposed) - SHOWN),
        missed=tuple(missed[:SHOWN]),
    )


def with_action(library: Library, action: Action) -> Library:
    """A library in which the action counts, in the place of what it had under the same id."""
    others = [one for one in library.actions if one.id != action.id]
    return replace(library, actions=in_order([*others, action]))


def _about(action: Action, *, due: date) -> Iterator[str]:
    yield ROLES[action.owner]
    yield effort(action)
    yield say("due on {day}, if it is taken on today", day=due)
    yield say("should move {cells}", cells=Listing(action.moves))


def _places(
    session: Session,
    organisation: OrganisationFacts,
    library: Library,
    action: Action,
    release: Release,
    *,
    now: datetime,
) -> Iterator[Place]:
    rows = [row for row in release.rows if row.kind != "organisation"]
    stands = standings(session, organisation.id, rows, ASKED, now=now)
    for row in rows:
        told = _told(library, action, release, row, stands[row.id])
        if told is not None:
            yield Place(name=row_name(row), row_id=row.id, told=told[1], proposed=told[0])


def _told(
    library: Library, action: Action, release: Release, row: Row, stands: Standing
) -> tuple[bool, Sentence] | None:
    """Whether it would be proposed for a row, and why, or what stands against it; None where nothing asks for it."""
    need = need_of(release, row, ASKED, stands)
    found = propose(library, need)
    for one in found.chosen:
        if one.action.id == action.id:
            return True, told_reason(one.reason, need, library)
    for left in found.left_out:
        if left.action.id == action.id:
            return False, MISSED[left.missed]
    return None
