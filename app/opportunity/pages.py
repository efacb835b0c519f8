"""The page of the opportunity map, on the newest result that tells of workflows."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.opportunity.shown import Wanted, day_of, moment_of, shown
from app.opportunity.views import MapPage
from app.releases import store
from app.releases.store import StoredRelease
from app.waves import queries as waves


def map_page(session: Session, organisation_id: UUID, wanted: Wanted, *, now: datetime) -> MapPage:
    """The map of a client, or of one row of its result, as of a day."""
    organisation = clients.organisation(session, organisation_id)
    at = moment_of(day_of(wanted.day, now, organisation.time_zone), now, organisation.time_zone)
    found = _newest(session, organisation_id, at)
    return MapPage(
        organisation=organisation,
        day=wanted.day,
        shown=None if found is None else shown(session, found, wanted, own=None, now=now),
    )


def _newest(session: Session, organisation_id: UUID, at: datetime) -> StoredRelease | None:
    """The newest result that tells of workflows and was there at a moment."""
    closed = [one.id for one in waves.waves(session, organisation_id) if one.finished]
    for wave_id in closed:
        there = [one for one in store.of_wave(session, organisation_id, wave_id) if one.made_at <= at]
        newest = max(there, key=lambda one: one.number, default=None)
        if newest is not None and newest.document.workflows:
            return newest
    return None
