"""Makes a new client like another one: what was set up goes along, and nothing that people are, said or were shown.

The new client does not say after which one it was made: who sees it need not know that there is such a client.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.acts.service import note
from app.autonomy import queries as thresholds
from app.autonomy import service as autonomy
from app.clients import alike
from app.clients import queries as clients
from app.clients.service import create_organisation
from app.copying import plans
from app.documents import keeping
from app.documents.service import Author as Drafter
from app.playbooks import takeover
from app.playbooks.service import Author as Writer
from app.questionnaires import exchange
from app.questionnaires import queries as questionnaires
from app.workflows import service as workflows
from app.workflows.service import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A new client as it is to be. `form` is its id, so that a form sent twice makes one; the rest says what goes along
    besides settings, questionnaires, own actions and thresholds. `headcounts` and workflows go with `departments`."""

    name: str
    form: UUID
    departments: bool = True
    headcounts: bool = False
    waves: bool = True
    look: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who makes it, by id and name; `reason` is what stands at its thresholds, in their language."""

    user_id: UUID
    name: str
    reason: str


def make(session: Session, source: UUID, wanted: Wanted, *, maker: Maker, now: datetime) -> UUID:
    """Makes a client whose owner is who makes it, with the set-up of `source`, and gives its id.

    InvalidError, field `name`; ConflictError for a form that somebody else has used. All or nothing.
    """
    if accounts.role(session, user_id=maker.user_id, organisation_id=wanted.form) is not None:
        return wanted.form
    clients.lock_tree(session, source)
    zone = clients.organisation(session, source).time_zone
    made = create_organisation(
        session, name=wanted.name, time_zone=zone, user_id=maker.user_id, now=now, organisation_id=wanted.form
    )
    note(session, "client.made_alike", organisation_id=made, user_id=maker.user_id, now=now)
    alike.take_settings(session, made, of=source)
    if wanted.look:
        alike.take_look(session, made, of=source, user_id=maker.user_id, now=now)
    if wanted.departments:
        became = alike.take_departments(session, made, of=source, headcounts=wanted.headcounts, now=now)
        author = Author(name=maker.name, way="console", now=now)
        workflows.take_over(session, made, of=source, departments=became, author=author)
    _take_questionnaires(session, made, of=source, user_id=maker.user_id, now=now)
    _take_thresholds(session, made, of=source, maker=maker, now=now)
    takeover.take_along(session, made, of=source, author=Writer(maker.name, now))
    keeping.take_along(session, made, of=source, author=Drafter(maker.name, now))
    if wanted.waves:
        plans.take(session, made, plans.plans_of(session, source, now=now), now=now)
    return made


def _take_questionnaires(session: Session, made: UUID, *, of: UUID, user_id: UUID, now: datetime) -> None:
    """The client's own questionnaires with their published versions, translations and drafts, as a file has them."""
    for one in questionnaires.instruments(session, of):
        _, data = exchange.exported(session, organisation_id=of, instrument_id=one.id)
        exchange.imported(session, organisation_id=made, name="", data=data, user_id=user_id, now=now)


def _take_thresholds(session: Session, made: UUID, *, of: UUID, maker: Maker, now: datetime) -> None:
    """The thresholds for autonomy that count today, where others than the usual ones were adopted."""
    adopted = thresholds.policies(session, of)
    if adopted:
        place = {"organisation_id": made, "user_id": maker.user_id}
        autonomy.adopt(session, adopted[0].policy, **place, after=0, reason=maker.reason, now=now)
