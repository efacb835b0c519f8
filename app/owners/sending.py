"""The worker's part: a mail with the link of an owner. The link is made here, as it is sent, and stays nowhere."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.clients import queries as clients
from app.db import Database
from app.jobs.queries import JobFacts
from app.mail import single
from app.mail.words import HELLO
from app.owners import queries, service
from app.sentences import say
from app.settings import Settings, link_key
from app.workflows import queries as workflows

SUBJECT: Final = say("{organisation} asks about “{workflow}”")
ASKED: Final = say(
    "{organisation} looks at which work could be handed to AI agents, and how far. You are named as "
    "answering for “{workflow}”: how often it is done, how long it takes, what can go wrong."
)
LINK: Final = say("With this link you say so, in about five minutes, without an account. It is yours alone:")
UNTIL: Final = say("You can come back and correct it until {day}. What you say is saved with your name.")
ASKED_BY: Final = say("{name} asked for it. If you are not the right person, tell them, and do not use the link.")

Handler = Callable[[Database, JobFacts, datetime], None]


def sending(settings: Settings) -> Handler:
    """The worker's handler for these mails; ConflictError, told on the page, where the mail server takes none."""

    def send(database: Database, job: JobFacts, now: datetime) -> None:
        with database.reading() as session:
            mail = _written(session, settings, job.organisation_id, job.subject_id, now=now)
        if mail is not None:
            single.hand_over(settings, mail)
            with database.writing() as session:
                queries.forget_mail(session, organisation_id=job.organisation_id, link_id=job.subject_id)

    return send


def _written(
    session: Session, settings: Settings, organisation_id: UUID, link_id: UUID, *, now: datetime
) -> EmailMessage | None:
    """The mail, None where the link works no more or was sent before."""
    link = queries.link(session, organisation_id, link_id)
    if link is None or not link.mail or not link.in_force(now):
        return None
    organisation = clients.organisation(session, organisation_id)
    asked = accounts.user(session, link.user_id)
    named = {
        "organisation": organisation.name,
        "workflow": workflows.workflow(session, organisation_id, link.workflow_id).name,
    }
    until = UNTIL.filled({"day": service.last_day(link, organisation.time_zone)})
    return single.written(
        settings,
        to=link.mail,
        language=link.language,
        subject=SUBJECT.filled(named),
        paragraphs=(
            HELLO.filled({"name": link.reader}),
            ASKED.filled(named),
            LINK,
            f"{settings.base_url}/facts/{service.token_of(link, link_key(settings))}",
            until,
            ASKED_BY.filled({"name": asked.name if asked else organisation.name}),
        ),
    )
