"""The statements about invitations to sign in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.jobs.models import Job
from app.members.models import AccessMail

ACCESS = "access"
"""The kind of the worker's job that sends such a mail."""


@dataclass(frozen=True, slots=True)
class MailFacts:
    """The newest mail about a user's access. `state` is that of its job: waiting, running, done or failed."""

    asked_at: datetime
    state: str
    error: str | None


def mails(session: Session, organisation_id: UUID) -> dict[UUID, MailFacts]:
    """The newest mail of each user of an organisation who was sent one, in one statement."""
    found = (
        select(col(AccessMail.user_id), col(AccessMail.asked_at), col(Job.state), col(Job.error))
        .join(Job, (col(Job.subject_id) == col(AccessMail.id)) & (col(Job.kind) == ACCESS))
        .where(col(AccessMail.organisation_id) == organisation_id)
        .order_by(col(AccessMail.asked_at))
    )
    rows = session.connection().execute(found)
    return {user_id: MailFacts(asked_at, state, error) for user_id, asked_at, state, error in rows}


def mail(session: Session, organisation_id: UUID, mail_id: UUID) -> UUID | None:
    """To whom a mail is to go, None when nobody is to get it any more."""
    found = select(col(AccessMail.user_id)).where(
        col(AccessMail.organisation_id) == organisation_id, col(AccessMail.id) == mail_id
    )
    return session.connection().scalar(found)


def forget_mails(session: Session, *, organisation_id: UUID, user_id: UUID) -> None:
    """Takes back the mails that are not sent yet, and what is known of those that are."""
    session.connection().execute(
        delete(AccessMail).where(col(AccessMail.organisation_id) == organisation_id, col(AccessMail.user_id) == user_id)
    )
