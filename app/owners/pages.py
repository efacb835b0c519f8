"""The pages of owners, put together from what is stored."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.accounts import service as accounts
from app.clients import queries as clients
from app.errors import ConflictError
from app.lineage.days import today
from app.mail.smtp import TROUBLES
from app.owners import queries, service
from app.owners.forms import LinkForm
from app.owners.queries import LinkFacts
from app.owners.views import FactsPage, LinkLine, LinksPage
from app.sentences import recalled, say
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE
from app.workflows import pages as inventory
from app.workflows import queries as workflows
from app.workflows import typed as facts_forms
from app.workflows.choices import choices
from app.workflows.service import ChangedMeanwhileError
from app.workflows.typed import Typed
from surveys.languages import LANGUAGES


def links_page(
    session: Session,
    organisation_id: UUID,
    workflow_id: UUID,
    *,
    sends: bool,
    now: datetime,
    typed: LinkForm | None = None,
    errors: Mapping[str, str] | None = None,
    made: str = "",
) -> LinksPage:
    """The links of a workflow. NotFoundError where the client has no such workflow."""
    one = workflows.workflow(session, organisation_id, workflow_id)
    organisation = clients.organisation(session, organisation_id)
    usual = today(now, organisation.time_zone) + timedelta(days=service.USUAL_DAYS)
    return LinksPage(
        organisation=organisation,
        workflow_id=one.id,
        name=one.name,
        retired=one.retired,
        lines=tuple(
            LinkLine(
                id=link.id,
                reader=link.reader,
                told=_told(link, now),
                made_at=link.created_at,
                saved_at=link.saved_at,
                until=service.last_day(link, organisation.time_zone),
                works=link.in_force(now),
            )
            for link in queries.links(session, organisation_id, workflow_id)
        ),
        typed=typed or LinkForm(reader=one.facts.owner[: service.LONGEST_NAME], until=usual.isoformat()),
        languages=tuple((tag, LANGUAGES[tag].name) for tag in sorted(SPOKEN_IN_THE_CONSOLE)),
        sends=sends,
        made=made,
        errors=errors or {},
    )


def _told(link: LinkFacts, now: datetime) -> str:
    if link.revoked_at is not None:
        return say("taken back")
    if now >= link.expires_at:
        return say("ended")
    if not link.mailed:
        return say("copied by hand")
    if link.state == "failed":
        return say("not sent: {why}", why=recalled(link.trouble or "", TROUBLES))
    return say("sent by mail") if link.state == "done" else say("on its way by mail")


def facts_page(
    session: Session,
    link: LinkFacts,
    token: str,
    *,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
    meanwhile: tuple[str, ...] = (),
) -> FactsPage:
    """What the owner of a workflow said, and may correct."""
    one = workflows.workflow(session, link.organisation_id, link.workflow_id)
    organisation = clients.organisation(session, link.organisation_id)
    node = next(
        (node for node in clients.departments(session, link.organisation_id) if node.id == one.department_id), None
    )
    hours = one.facts.hours
    return FactsPage(
        organisation=organisation.name,
        zone=organisation.time_zone,
        token=token,
        reader=link.reader,
        name=one.name,
        department="" if node is None else node.name,
        until=service.last_day(link, organisation.time_zone),
        saved_at=link.saved_at,
        hours="" if hours is None else say("about {hours} hours a month", hours=round(hours)),
        missing=inventory.missing(one.facts),
        closed=_closed(session, one, link),
        typed=typed or facts_forms.shown(one, proposing=True),
        beside=inventory.confirmed_so_far(one.facts),
        choices=choices("other" if node is None else node.function),
        errors=errors or {},
        meanwhile=meanwhile,
    )


def meanwhile_page(
    session: Session, link: LinkFacts, token: str, typed: Typed, error: ChangedMeanwhileError
) -> FactsPage:
    """What was typed, beside what somebody else saved meanwhile: sent once more, it is saved over that."""
    again = replace(typed, seen=error.version)
    return facts_page(session, link, token, typed=again, meanwhile=error.changes)


def _closed(session: Session, one: workflows.WorkflowFacts, link: LinkFacts) -> str:
    try:
        accounts.require_in_use(session, link.organisation_id)
        service.require_done(session, one, link.organisation_id)
    except ConflictError as error:
        return error.message
    return ""
