"""Gathers the page of one workflow: how far agents may go in it, and why no further."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.autonomy.decision import Decided
from app.autonomy.gathering import basis, current
from app.autonomy.library import MEANINGS
from app.autonomy.limits import allowed_in, conditions, limited, tasks
from app.autonomy.testing import one_in, rules
from app.autonomy.views import NothingPage, WorkPage
from app.autonomy.work_lines import caps, checked, hours, rungs
from app.autonomy.workflow import DecidedWork
from app.clients import queries as clients
from app.errors import NotFoundError
from app.releases.document.release import Release
from app.releases.document.words import row_name
from app.sentences import say
from app.workflows import queries as workflows


def workflow_page(
    session: Session, organisation_id: UUID, workflow_id: UUID, *, now: datetime
) -> WorkPage | NothingPage:
    """What is allowed today in a workflow that is done; NotFoundError for any other."""
    on = basis(session, organisation_id)
    made = current(session, organisation_id, on, now=now) if on else None
    if on is None or made is None:
        workflows.workflow(session, organisation_id, workflow_id)
        return NothingPage(clients.organisation(session, organisation_id))
    found = ((place, one) for place in made.departments for one in place.works if one.id == str(workflow_id))
    place, one = next(found, (None, None))
    if place is None or one is None:
        raise NotFoundError
    return WorkPage(
        organisation=clients.organisation(session, organisation_id),
        workflow_id=workflow_id,
        department_id=place.id,
        department=place.name,
        wave=on.wave.label,
        as_of=made.facts.as_of,
        name=one.name,
        title=allowed_in(one),
        meaning=MEANINGS[one.level],
        limited=limited(one),
        rated_in=_rated_in(place, one, on.document),
        rungs=rungs(one),
        caps=caps(one, experts=next((each.experts for each in made.facts.works if each.id == one.id), ())),
        tasks=tuple(tasks(one)),
        conditions=conditions(one),
        hours=hours(one, made.shares),
        one_in=one_in(one.tolerance),
        rules=rules(one),
        checked=checked(one),
    )


def _rated_in(place: Decided, one: DecidedWork, release: Release) -> str:
    """Where the ratings come from that a level rests on, if not from the department whose work it is now."""
    row = release.row(one.row) if one.row else None
    if row is None or row.id == place.row:
        return ""
    return say("Staff’s ratings of it are those of {name}.", name=row_name(row))
