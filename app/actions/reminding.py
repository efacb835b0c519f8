"""Mails to those who do something by a day: a week before it, on the day, and a week after it while it is not done.

Each is a job of its own at its moment, so that two workers send it once. What is found then decides what is sent. One
that the server puts off is tried again for some days (`timing.GIVE_UP`); in any case the next one is planned.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime
from email.message import EmailMessage
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.actions import queries
from app.actions.facts import ENDED
from app.actions.places import places
from app.actions.timing import REMIND, last_moment, plan_again, plan_given_up, plan_next
from app.clients import queries as clients
from app.db import Database
from app.jobs.queries import JobFacts
from app.jobs.service import MAX_ATTEMPTS
from app.lineage import days
from app.mail import single
from app.mail.smtp import Server, ServerTrouble, Told
from app.mail.words import HELLO
from app.playbooks.action import Action
from app.playbooks.beside import library_of
from app.sentences import Passage, say, say_count
from app.settings import Settings

TELL: Final = say("{name} keeps the plan: tell them how it stands, or that somebody else does it.")
BY_A_MACHINE: Final = say("This mail was sent by a machine and can’t be answered.")

log = logging.getLogger("plumbline.reminding")
Work = Callable[[Database, JobFacts, datetime], None]


def keep_silent(database: Database, job: JobFacts, now: datetime) -> None:
    """No mail server is set, which the pages say: the next moment comes all the same."""
    _note(database, job, None, now)


def sweep(database: Database, now: datetime) -> None:
    """Lets later mails come where one was given up with its worker; what is wrong waits for the next time."""
    try:
        with database.writing() as session:
            plan_given_up(session, now=now)
    except Exception:
        log.exception("reminders that were given up could not be planned anew")


def reminding(settings: Settings) -> dict[str, Work]:
    """The work that needs a mail server."""

    def remind(database: Database, job: JobFacts, now: datetime) -> None:
        try:
            with database.reading() as session:
                mail = letter(session, settings, job.organisation_id, job.subject_id, now=now)
            told = None if mail is None else _hand_over(settings, mail)
        except Exception:
            if job.attempts >= MAX_ATTEMPTS:  # a fault of ours costs this mail, not those after it
                _note(database, job, None, now)
            raise
        _note(database, job, told, now)

    return {REMIND: remind}


def _hand_over(settings: Settings, mail: EmailMessage) -> Told:
    """Sends a mail; a server that takes none at the moment puts it off."""
    try:
        with Server(settings) as server:
            return server.send(mail)
    except ServerTrouble as trouble:
        log.warning("a reminder of the plan was put off: %s", trouble.told)
        return Told("later", str(trouble.told))


def _note(database: Database, job: JobFacts, told: Told | None, now: datetime) -> None:
    """Notes what became of a mail, None where none was sent, and plans it again or the next one."""
    with database.writing() as session:
        one = queries.planned(session, job.organisation_id, job.subject_id)
        if told is not None and told.outcome == "later":
            plan_again(session, job.organisation_id, one.id, one.facts, now=now)
            return
        if told is not None:
            refused = told.answer if told.outcome == "refused" else ""
            queries.note_refusal(session, job.organisation_id, one.id, refused)
        plan_next(session, job.organisation_id, one.id, one.facts, now=now)


def letter(
    session: Session, settings: Settings, organisation_id: UUID, planned_id: UUID, *, now: datetime
) -> EmailMessage | None:
    """The mail to the owner of an action, None where there is nothing to remind of, or the client is archived."""
    one = queries.planned(session, organisation_id, planned_id)
    if one.facts.status in ENDED or not one.facts.mail or accounts.is_archived(session, organisation_id):
        return None
    organisation = clients.organisation(session, organisation_id)
    today = days.today(now, organisation.time_zone)
    department = places(session, organisation_id).name(one.facts.department_id)
    told = {"organisation": organisation.name, "department": department, "title": one.title}
    moment = last_moment(one.facts, organisation.time_zone, now) or now
    return single.written(
        settings,
        to=one.facts.mail,
        language=one.facts.language,
        subject=say("{day}: {title}", day=one.facts.due, title=one.title),
        paragraphs=(
            HELLO.filled({"name": one.facts.owner}),
            say("you do this for {organisation}, {department}: {title}", **told),
            _due(one.facts.due, today),
            *_what_to_do(library_of(session, organisation_id).known(one.action)),
            TELL.filled({"name": one.made_by}),
            BY_A_MACHINE,
        ),
        mark=f"plan.{one.id.hex}.{moment:%Y%m%d}",
    )


def _due(due: date, today: date) -> str:
    if due < today:
        return say("It was due on {day}, and the plan says that it is not done yet.", day=due)
    if due == today:
        return say("It is due today.")
    return say_count("It is due on {day}, in {n} day.", "It is due on {day}, in {n} days.", (due - today).days, day=due)


def _what_to_do(found: Action | None) -> Iterator[tuple[str, ...]]:
    """The steps and what shows that it is done, where the library has them."""
    if found is None:
        return
    yield tuple(Passage((f"{number}.", step)) for number, step in enumerate(found.steps, start=1))
    yield say("What shows that it is done:"), *(Passage(("-", each)) for each in found.evidence)
