"""The page of the opportunity map, on the newest result that tells of workflows."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.autonomy.gathering import basis, current
from app.clients import queries as clients
from app.opportunity.shown import Allowed, Wanted, allowed_by, day_of, moment_of, shown
from app.opportunity.views import MapPage
from app.releases import store
from app.releases.store import StoredRelease
from app.sentences import say
from app.waves import queries as waves
from app.waves.results import with_results


def map_page(session: Session, organisation_id: UUID, wanted: Wanted, *, now: datetime) -> MapPage:
    """The map of a client, or of one row of its result, as of a day."""
    organisation = clients.organisation(session, organisation_id)
    at = moment_of(day_of(wanted.day, now, organisation.time_zone), now, organisation.time_zone)
    found = _newest(session, organisation_id, at)
    return MapPage(
        organisation=organisation,
        day=wanted.day,
        shown=None
        if found is None
        else shown(session, found, wanted, own=None, now=now, decided=_allowed(session, found, now)),
    )


def _allowed(session: Session, stored: StoredRelease, now: datetime) -> Allowed | None:
    """What is allowed today, where that rests on this release."""
    on = basis(session, stored.organisation_id)
    if on is None or on.release.id != stored.id:
        return None
    return allowed_by(current(session, stored.organisation_id, on, now=now), say("What is allowed today"))


def _newest(session: Session, organisation_id: UUID, at: datetime) -> StoredRelease | None:
    """The newest result that tells of workflows and was there at a moment. At most five statements."""
    every = with_results(waves.waves(session, organisation_id))
    for some in (every[:1], every[1:]):
        found = store.of_waves(session, organisation_id, [one.id for one in some])
        for wave in some:
            newest = next((one for one in found.get(wave.id, ()) if one.made_at <= at), None)
            if newest is not None and newest.document.workflows:
                return newest
    return None
