"""Gathers the page with a consultant's clients side by side, in a number of statements that hardly grows with them."""

from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.roles import RUNNING
from app.clients import queries as clients
from app.clients.queries import OrganisationSummary
from app.errors import PlumblineError
from app.explore.portfolio import VIEWS, Client, Wanted, portfolio
from app.explore.views import PortfolioPage, Turn
from app.questionnaires import loading
from app.releases import store
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.waves import queries as waves
from app.waves.results import with_results
from surveys.model import Instrument
from surveys.reader import InstrumentError


def portfolio_page(session: Session, user_id: UUID, wanted: Wanted) -> PortfolioPage:
    """The clients that somebody runs and that are not archived; another kind of role does not bring a client here."""
    run = [one.organisation_id for one in accounts.memberships(session, user_id) if one.role in RUNNING]
    away = accounts.which_archived(session, run)
    mine = [one for one in run if one not in away]
    organisations = clients.summaries(session, mine)
    newest = [told[0] for every in waves.of_organisations(session, mine).values() if (told := with_results(every))]
    releases = {one.organisation_id: one for one in store.newest(session, newest).values()}
    found = [made for one in organisations if (made := _client(session, one, releases.get(one.id)))]
    there = {one.organisation_id for one in found}
    return PortfolioPage(
        portfolio=portfolio(found, wanted) if found else None,
        view=wanted.view,
        turns=tuple(Turn(key, name, wanted.query(view=key), key == wanted.view) for key, name in VIEWS.items()),
        waiting=tuple(one for one in organisations if one.id not in there),
    )


def _client(session: Session, organisation: OrganisationSummary, found: StoredRelease | None) -> Client | None:
    """A client with its newest release; None for one that has no release, or whose questionnaire is gone."""
    instrument = None if found is None else _asked(session, found)
    if found is None or instrument is None:
        return None
    return Client(
        organisation_id=organisation.id,
        name=organisation.name,
        wave_id=found.wave_id,
        release=translated(found.document, words_of(session, found)),
        instrument=instrument,
    )


def _asked(session: Session, found: StoredRelease) -> Instrument | None:
    """The questionnaire of a release; None where it is not there any more."""
    wave = found.document.wave
    place = (found.organisation_id, wave.instrument, wave.instrument_version, wave.instrument_sha256)
    try:
        return loading.asked(session, *place)
    except (PlumblineError, InstrumentError):
        return None
