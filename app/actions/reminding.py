"""Mails to those who do something by a day: a week before it, on the day, and a week after it while it is not done.

Each is a job of its own at its moment, so that two workers send it once. What is found then decides what is sent. One
that the server puts off is tried again for some days (`timing.GIVE_UP`); in any case the next one is planned.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.actions import queries
from app.actions.facts import ENDED
from app.actions.places import places
from app.actions.queries import Planned
from app.actions.timing import REMIND, last_moment, plan_again, plan_next
from app.clients import queries as clients
from app.db import Database
from app.jobs.queries import JobFacts
from app.jobs.service import MAX_ATTEMPTS
from app.lineage import days
from app.mail.smtp import Server, ServerTrouble, Told
from app.mail.words import HELLO
from app.playbooks.shelf import library
from app.sentences import say, say_count
from app.settings import Settings
from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE
from app.web.speech import Speech, speech

TELL: Final = say("{name} keeps the plan: tell them how it stands, or that somebody else does it.")
BY_A_MACHINE: Final = say("This mail was sent by a machine and can’t be answered.")

log = logging.getLogger("plumbline.reminding")
Work = Callable[[Database, JobFacts, datetime], None]


def keep_silent(database: Database, job: JobFacts, now: datetime) -> None:
    """No mail server is set, which the pages say: the next moment comes all the same."""
    _note(database, job, None, now)


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
    spoken = speech(one.facts.language if one.facts.language in SPOKEN_IN_THE_CONSOLE else SOURCE)
    told = {"organisation": organisation.name, "department": department, "title": one.title}
    made = EmailMessage(policy=SMTP)
    made["Subject"] = _line(spoken, say("{day}: {title}", day=one.facts.due, title=one.title))
    made["From"] = Address("Plumbline", addr_spec=settings.mail_from)
    made["To"] = one.facts.mail
    # The same in each attempt, so that a mail that goes out twice is one mail.
    domain = settings.mail_from.rpartition("@")[2]
    moment = last_moment(one.facts, organisation.time_zone, now) or now
    made["Message-ID"] = f"<plan.{one.id.hex}.{moment:%Y%m%d}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    paragraphs = (
        _line(spoken, HELLO.filled({"name": one.facts.owner})),
        _line(spoken, say("you do this for {organisation}, {department}: {title}", **told)),
        _line(spoken, _due(one.facts.due, today)),
        *_what_to_do(spoken, one),
        _line(spoken, TELL.filled({"name": one.made_by})),
        _line(spoken, BY_A_MACHINE),
    )
    made.set_content("\n\n".join(paragraphs) + "\n", cte="quoted-printable")
    return made


def _due(due: date, today: date) -> str:
    if due < today:
        return say("It was due on {day}, and the plan says that it is not done yet.", day=due)
    if due == today:
        return say("It is due today.")
    return say_count("It is due on {day}, in {n} day.", "It is due on {day}, in {n} days.", (due - today).days, day=due)


def _what_to_do(spoken: Speech, one: Planned) -> Iterator[str]:
    """The steps and what shows that it is done, where the library has them."""
    found = library().by_id.get(one.action)
    if found is None:
        return
    yield "\n".join(f"{number}. {_line(spoken, step)}" for number, step in enumerate(found.steps, start=1))
    head = _line(spoken, say("What shows that it is done:"))
    yield "\n".join((head, *(f"- {_line(spoken, each)}" for each in found.evidence)))


def _line(spoken: Speech, sentence: str) -> str:
    """A sentence on one line, so that no name begins a header or a paragraph."""
    return " ".join(str(spoken.say(sentence)).split())
