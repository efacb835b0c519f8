"""Gathers what a wave that is not open yet will show."""

from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.forecast.forms import Accepted
from app.forecast.turnout import expected
from app.forecast.views import ForecastPage, Line, Offer, Outlook
from app.releases import store
from app.sentences import say
from app.waves import queries as waves


def page(
    session: Session,
    organisation_id: UUID,
    wave_id: UUID,
    *,
    percent: int | None,
    typed: Accepted | None = None,
    error: str | None = None,
) -> ForecastPage:
    """The forecast of a wave, in a fixed number of statements; `typed` is a proposal that was refused with `error`."""
    # numpy takes a tenth of a second to import; a web process that is not asked for a forecast should not pay for it.
    from app.forecast.outlook import outlook

    wave = waves.wave(session, organisation_id, wave_id)
    facts = clients.organisation(session, organisation_id)
    nodes = clients.departments(session, organisation_id)
    last = None if wave.previous_wave_id is None else store.latest(session, organisation_id, wave.previous_wave_id)
    turnout = expected(nodes, last.document if last else None, percent=percent)
    k, k_intervals = wave.policy.k_means, wave.policy.k_intervals
    found = outlook(facts.name, nodes, turnout.departments, k=k, k_intervals=k_intervals)
    return ForecastPage(
        organisation=facts,
        wave=wave,
        title=_title(found, turnout.percent),
        turnout=turnout,
        lines=found.lines,
        offers=_offers(found, typed, error),
        nothing=found.nothing,
    )


def _title(found: Outlook, percent: int) -> str:
    departments = [line for line in found.lines if not line.pooled and line.people]
    sure = sum(_is_sure(line) for line in departments)
    if not departments:
        return say("There are no departments to show yet")
    if found.nothing > 50:
        return say("At {percent} %, too few people answer for any result", percent=percent)
    if not sure:
        return say("At {percent} %, no department is almost certain to be shown on its own", percent=percent)
    if sure == len(departments):
        return say("At {percent} %, every department is almost certain to be shown on its own", percent=percent)
    return say(
        "At {percent} %, {sure} of {all} departments are almost certain to be shown on their own",
        percent=percent,
        sure=sure,
        all=len(departments),
    )


def _is_sure(line: Line) -> bool:
    return line.word == "almost certain"


def _offers(found: Outlook, typed: Accepted | None, error: str | None) -> tuple[Offer, ...]:
    offers = []
    for proposal in found.proposals:
        ids = {node.id for node in proposal.members}
        refused = typed is not None and set(typed.members) == ids
        name = typed.name if typed is not None and refused else proposal.name
        members = ",".join(str(node.id) for node in proposal.members)
        offers.append(Offer(proposal, members, name, error if refused else None))
    return tuple(offers)
