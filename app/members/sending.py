"""The worker's part: a mail that tells somebody of their access, with a link for whoever has no password yet.

The link is made here, as the mail is sent. Its hash is all that stays of it; the mail stays nowhere.
"""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as naming
from app.accounts.queries import UserFacts
from app.accounts.roles import MEANINGS, NAMES
from app.clients import queries as clients
from app.db import Database
from app.jobs.queries import JobFacts
from app.mail import single
from app.mail.words import HELLO
from app.members import queries
from app.sentences import say
from app.settings import Settings

SUBJECT = say("Your access to {organisation} in Plumbline")
GIVEN = say("you have been given access to {organisation}: {role}.")
CHOOSE = say("With this link you choose a password. It works once and lasts 24 hours:")
SIGN_IN = say("Sign in with the password that you have:")
NOT_EXPECTED = say("If you did not expect this, you need do nothing: nobody gets in without the link or a password.")

Handler = Callable[[Database, JobFacts, datetime], None]


def sending(settings: Settings) -> Handler:
    """The worker's handler for these mails; ConflictError, told on the page, where the mail server takes none."""

    def send(database: Database, job: JobFacts, now: datetime) -> None:
        with database.writing() as session:
            mail = _written(session, settings, job.organisation_id, job.subject_id, now=now)
        if mail is not None:
            single.hand_over(settings, mail)

    return send


def _written(
    session: Session, settings: Settings, organisation_id: UUID, mail_id: UUID, *, now: datetime
) -> EmailMessage | None:
    """The mail, None when its person has no role any more."""
    user_id = queries.mail(session, organisation_id, mail_id)
    user = accounts.user(session, user_id) if user_id else None
    if user is None or user.disabled_at is not None:
        return None
    role = accounts.role(session, user_id=user.id, organisation_id=organisation_id)
    if role is None:
        return None
    address = f"{settings.base_url}/sign-in"
    if not user.has_password:
        address = f"{settings.base_url}/start/{naming.make_start_link(session, user_id=user.id, now=now)}"
    organisation = clients.organisation(session, organisation_id).name
    return _mail(settings, user, organisation, role=role, address=address)


def _mail(settings: Settings, user: UserFacts, organisation: str, *, role: str, address: str) -> EmailMessage:
    meaning = next((text for key, text in MEANINGS.items() if key == role), "")
    name = next((text for key, text in NAMES.items() if key == role), role)
    return single.written(
        settings,
        to=user.email,
        language=user.language,
        subject=SUBJECT.filled({"organisation": organisation}),
        paragraphs=(
            HELLO.filled({"name": user.name}),
            GIVEN.filled({"organisation": organisation, "role": name}),
            meaning,
            SIGN_IN if user.has_password else CHOOSE,
            address,
            NOT_EXPECTED,
        ),
    )
