"""Making, finding and taking back the links of owners, and saving what they say of their workflow."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app import tokens
from app.accounts import service as accounts
from app.acts.service import note
from app.clients import queries as clients
from app.errors import ConflictError, GoneError, InvalidError, NotFoundError
from app.jobs import service as jobs
from app.lineage.days import today
from app.owners import queries
from app.owners.models import OwnerLink
from app.owners.queries import JOB, LinkFacts
from app.readers import service as readers
from app.rosters.addresses import address
from app.sentences import Passage, say
from app.workflows import law
from app.workflows import queries as workflows
from app.workflows import service as inventory
from app.workflows.facts import TESTS, Facts
from app.workflows.queries import WorkflowFacts
from app.workflows.service import Author
from app.workflows.service import Wanted as Workflow

LONGEST_NAME: Final = 80
USUAL_DAYS: Final = 30
MOST_DAYS: Final = 180
MOST_LINKS: Final = 20
NOT_ASKED: Final = ("ground", "tests_shown", *TESTS)
"""Facts by which agents may do more: no link changes them, whoever it was passed on to."""
FULL: Final = say("{most} links to this workflow work already. Take back those that nobody needs.")
MADE_ALREADY: Final = say(
    "This link was made already. It is shown or sent once: if nobody has it, take it back and make another."
)
RETIRED: Final = say("This workflow is retired, so nobody is asked about it. Bring it back first.")
DONE_NO_MORE: Final = say("This work is done no more, so there is nothing to say about it. Thank you all the same.")
NO_DEPARTMENT: Final = say(
    "The department that did this work is no more. The consultants have to say whose work it is now; what you typed is "
    "still on this page."
)
TAKEN_BACK: Final = say("This link was taken back. What was saved with it stays. Ask for a new link if you need one.")
ENDED: Final = say(
    "This link has ended. What was saved with it stays. Ask for a new link if something is to be corrected."
)
NO_SERVER: Final = say("No mail server is set up here. Leave the address empty: the link is shown once, to be copied.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A link as it was asked for. `id` marks the form, so that a double click makes one; `mail` is empty for one that
    is shown to be copied, `until` its last day."""

    id: UUID
    reader: str
    mail: str
    language: str
    until: date | None


def make(
    session: Session,
    wanted: Wanted,
    *,
    organisation_id: UUID,
    workflow_id: UUID,
    user_id: UUID,
    link_key: bytes,
    sends: bool,
    now: datetime,
) -> str:
    """Makes the link of an owner and gives its token; with an address the worker sends it.

    InvalidError has a sentence for each field that is wrong; ConflictError for a retired workflow, for a form that made
    its link before, and where there are more links than one can oversee.
    """
    clients.lock_tree(session, organisation_id)
    one = workflows.workflow(session, organisation_id, workflow_id)
    zone = clients.organisation(session, organisation_id).time_zone
    wrong = _wrong(wanted, sends=sends, day=today(now, zone))
    if wrong or wanted.until is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    if queries.link(session, organisation_id, wanted.id) is not None:
        raise ConflictError(MADE_ALREADY)
    if one.retired:
        raise ConflictError(RETIRED)
    if sum(link.in_force(now) for link in queries.links(session, organisation_id, workflow_id)) >= MOST_LINKS:
        raise ConflictError(FULL.filled({"most": MOST_LINKS}))
    token = tokens.make(link_key, wave_id=workflow_id, id=wanted.id, generation=1)
    row = _row(wanted, organisation_id=organisation_id, workflow_id=workflow_id, user_id=user_id)
    ends = _end_of(wanted.until, zone)
    session.add(OwnerLink(**row, token_sha256=tokens.fingerprint(token), created_at=now, expires_at=ends))
    session.flush()
    if wanted.mail:
        jobs.enqueue(session, organisation_id=organisation_id, kind=JOB, subject_id=wanted.id, now=now)
    return token


def _row(wanted: Wanted, **place: UUID) -> dict[str, Any]:  # Any: the columns of a link
    return {
        **place,
        "id": wanted.id,
        "reader": wanted.reader,
        "mail": address(wanted.mail) or "",
        "mailed": bool(wanted.mail),
        "language": wanted.language,
    }


def token_of(link: LinkFacts, link_key: bytes) -> str:
    """The token of a link, made again from the key: it is stored nowhere."""
    return readers.token_of(link, link_key, about=link.workflow_id)


def enter(session: Session, token: str, *, now: datetime) -> LinkFacts:
    """The link that a token belongs to. NotFoundError for an unknown one, GoneError for one taken back or ended."""
    link = readers.enter(token, partial(queries.find, session), taken_back=TAKEN_BACK)
    if now >= link.expires_at:
        raise GoneError(ENDED)
    return link


def revoke(session: Session, *, organisation_id: UUID, workflow_id: UUID, link_id: UUID | None, now: datetime) -> None:
    """Takes a link back at once; taken back twice, it stays so. NotFoundError when the workflow has no such link."""
    if link_id not in {one.id for one in queries.links(session, organisation_id, workflow_id)} or link_id is None:
        raise NotFoundError(say("There is no such link for this workflow."))
    queries.revoke(session, organisation_id=organisation_id, link_id=link_id, now=now)


def save(session: Session, link: LinkFacts, facts: Facts, *, seen: int, now: datetime) -> None:
    """Saves what an owner says as a new version of the workflow, and notes that they did.

    ChangedMeanwhileError where somebody else saved after the owner's page was shown, or nobody can tell as the form
    does not say what it showed; ConflictError where nothing can be saved, InvalidError with a sentence for each field
    that is wrong. What says nothing new is saved and noted not, and what an owner is not asked stays as it is.
    """
    accounts.require_in_use(session, link.organisation_id)
    clients.lock_tree(session, link.organisation_id)
    one = workflows.workflow(session, link.organisation_id, link.workflow_id)
    require_done(session, one, link.organisation_id)
    facts = law.proposed(one.facts, replace(facts, **{name: getattr(one.facts, name) for name in NOT_ASKED}))
    wanted = Workflow(department_id=one.department_id, name=one.name, facts=facts, rated=one.rated)
    author = Author(name=link.reader, way="link", now=now)
    inventory.change(session, link.organisation_id, link.workflow_id, wanted, author=author, seen=seen)
    queries.note_saved(session, organisation_id=link.organisation_id, link_id=link.id, now=now)
    if workflows.workflow(session, link.organisation_id, link.workflow_id).version != one.version:
        note(
            session,
            "workflow.told",
            organisation_id=link.organisation_id,
            user_id=None,
            now=now,
            subject_id=link.id,
        )


def require_done(session: Session, one: WorkflowFacts, organisation_id: UUID) -> None:
    """ConflictError for a workflow that is retired, or whose department is no more."""
    if one.retired:
        raise ConflictError(DONE_NO_MORE)
    if one.department_id not in {node.id for node in clients.departments(session, organisation_id)}:
        raise ConflictError(NO_DEPARTMENT)


def last_day(link: LinkFacts, zone: str) -> date:
    """The last day on which a link works, for the client."""
    return today(link.expires_at - timedelta(seconds=1), zone)


def _end_of(day: date, zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _wrong(wanted: Wanted, *, sends: bool, day: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not wanted.reader or len(wanted.reader) > LONGEST_NAME or not wanted.reader.isprintable():
        wrong["reader"] = say(
            "Say whom the link is for, in at most {most} characters. The name stands beside what is saved with it.",
            most=LONGEST_NAME,
        )
    if wanted.mail and not sends:
        wrong["mail"] = NO_SERVER
    elif wanted.mail and address(wanted.mail) is None:
        wrong["mail"] = say("Give an e-mail address such as ada@example.org, or none.")
    if wanted.until is None or not day <= wanted.until <= day + timedelta(days=MOST_DAYS):
        wrong["until"] = say(
            "Choose the last day of the link: today at the earliest, {days} days from now at the latest.",
            days=MOST_DAYS,
        )
    return wrong
