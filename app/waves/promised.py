"""Gathers the pages on which the promise is chosen and read, and the one that shows an objection to it."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.clients.queries import OrganisationFacts
from app.errors import InvalidError
from app.waves import approvals, forms, queries, views
from app.waves.approvals import Decision
from app.waves.forms import PolicyInput
from app.waves.policy import Policy
from app.waves.promise import promise
from app.waves.queries import WaveView

NO_ERRORS: Final[Mapping[str, str]] = {}


def of_plan(facts: OrganisationFacts, typed: PolicyInput | None, errors: Mapping[str, str]) -> views.Promised:
    """The choices on the page that plans an assessment, with the promise that they lead to."""
    policy = Policy()
    if typed is not None:
        try:
            policy = forms.policy_of(typed)
        except InvalidError as error:
            errors = {**errors, **error.fields}
    made = promise(policy, organisation=facts.name, small=True)
    return views.Promised(typed or forms.choices_of(policy), made, errors)


def of_wave(
    facts: OrganisationFacts,
    wave: WaveView,
    *,
    typed: PolicyInput | None = None,
    errors: Mapping[str, str] = NO_ERRORS,
) -> views.Promised:
    """The choices of a wave and the promise that it keeps, as somebody of a small department reads it."""
    made = approvals.promise_of(wave, facts, small=True)
    return views.Promised(typed or forms.choices_of(wave.policy), made, errors)


def page(
    session: Session,
    organisation_id: UUID,
    wave_id: UUID,
    *,
    typed: PolicyInput | None = None,
    errors: Mapping[str, str] = NO_ERRORS,
) -> views.PromisePage:
    """What the people of a wave are promised."""
    facts = clients.organisation(session, organisation_id)
    wave = queries.wave(session, organisation_id, wave_id)
    return views.PromisePage(facts, wave, of_wave(facts, wave, typed=typed, errors=errors))


def objections(
    session: Session, organisation_id: UUID, wave_id: UUID, found: tuple[Decision, ...]
) -> views.ObjectionsPage:
    """The objections to a wave that somebody wants to open."""
    facts = clients.organisation(session, organisation_id)
    return views.ObjectionsPage(facts, queries.wave(session, organisation_id, wave_id), found)


def told(
    session: Session,
    organisation_id: UUID,
    wave_id: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> views.ToldPage:
    """Whom people can ask, and when and where they will see the results, to be read and changed."""
    wave = queries.wave(session, organisation_id, wave_id)
    return views.ToldPage(
        organisation=clients.organisation(session, organisation_id),
        wave=wave,
        typed=typed or {"contact": wave.contact or "", "results": wave.results or ""},
        errors=errors or {},
    )
