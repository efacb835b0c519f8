"""Gathers what the page of a copy shows, in a fixed number of statements."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.autonomy import queries as autonomy
from app.clients import brand
from app.clients import queries as clients
from app.copying import plans
from app.copying.service import Wanted
from app.copying.views import CopyPage
from app.playbooks import queries as playbooks
from app.questionnaires import queries as questionnaires
from app.workflows import queries as workflows


def copy_page(
    session: Session,
    organisation_id: UUID,
    typed: Wanted,
    *,
    now: datetime,
    errors: Mapping[str, str] | None = None,
) -> CopyPage:
    """What there is to copy of a client, and the form."""
    look = brand.badge(session, organisation_id)
    found = plans.plans_of(session, organisation_id, now=now)
    inventory = workflows.inventory(session, organisation_id)
    return CopyPage(
        organisation=clients.organisation(session, organisation_id),
        typed=typed,
        departments=len(clients.departments(session, organisation_id)),
        workflows=sum(not one.retired for one in inventory),
        questionnaires=len(questionnaires.instruments(session, organisation_id)),
        own_actions=sum(not one.retired for one in playbooks.own_actions(session, organisation_id)),
        thresholds=bool(autonomy.policies(session, organisation_id)),
        planned=" · ".join(f"{one.name}: {', '.join(one.labels)}" for one in found),
        look=bool(look.logo or look.colours),
        errors=errors or {},
    )
