"""The statements about links of owners. Every function runs one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select, update
from sqlmodel import Session, col

from app.jobs.models import Job
from app.owners.models import OwnerLink
from app.readers.models import Link

JOB: Final = "owner_mail"
"""The kind of the worker's job that sends such a link."""


@dataclass(frozen=True, slots=True)
class LinkFacts(Link):
    """A link of an owner; see `models.OwnerLink`. `trouble` is why the mail with it could not be sent."""

    workflow_id: UUID
    user_id: UUID
    mail: str
    mailed: bool
    language: str
    expires_at: datetime
    saved_at: datetime | None
    state: str | None = None
    trouble: str | None = None

    def in_force(self, now: datetime) -> bool:
        """Whether it leads anywhere at this moment."""
        return self.revoked_at is None and now < self.expires_at


_LINK: Final = tuple(
    col(getattr(OwnerLink, name)) for name in LinkFacts.__dataclass_fields__ if name not in ("state", "trouble")
)


def links(session: Session, organisation_id: UUID, workflow_id: UUID) -> tuple[LinkFacts, ...]:
    """The links of a workflow, the newest first, those that ended too, with what became of their mails."""
    sent = and_(
        col(Job.organisation_id) == col(OwnerLink.organisation_id),
        col(Job.subject_id) == col(OwnerLink.id),
        col(Job.kind) == JOB,
    )
    found: Select[*tuple[Any, ...]] = (  # Any: the columns have no common type
        select(*_LINK, col(Job.state), col(Job.error))
        .join(Job, sent, isouter=True)
        .where(col(OwnerLink.organisation_id) == organisation_id, col(OwnerLink.workflow_id) == workflow_id)
        .order_by(col(OwnerLink.created_at).desc(), col(OwnerLink.id))
    )
    return tuple(LinkFacts(*row) for row in session.connection().execute(found))


def names(session: Session, organisation_id: UUID) -> dict[UUID, tuple[UUID, str]]:
    """The workflow of each link of a client, and for whom the link was made."""
    found = select(col(OwnerLink.id), col(OwnerLink.workflow_id), col(OwnerLink.reader)).where(
        col(OwnerLink.organisation_id) == organisation_id
    )
    return {id: (workflow_id, reader) for id, workflow_id, reader in session.connection().execute(found)}


def find(session: Session, fingerprint: str) -> LinkFacts | None:
    """The link of a token's fingerprint."""
    row = session.connection().execute(select(*_LINK).where(col(OwnerLink.token_sha256) == fingerprint)).one_or_none()
    return None if row is None else LinkFacts(*row)


def link(session: Session, organisation_id: UUID, link_id: UUID) -> LinkFacts | None:
    """A link by its id."""
    row = session.connection().execute(select(*_LINK).where(*_here(organisation_id, link_id))).one_or_none()
    return None if row is None else LinkFacts(*row)


# What follows is for this room's service.


def revoke(session: Session, *, organisation_id: UUID, link_id: UUID, now: datetime) -> None:
    """Takes a link back, once; where it was to be sent is forgotten."""
    here = (*_here(organisation_id, link_id), col(OwnerLink.revoked_at).is_(None))
    session.connection().execute(update(OwnerLink).where(*here).values(revoked_at=now, mail=""))


def forget_mail(session: Session, *, organisation_id: UUID, link_id: UUID) -> None:
    """Forgets where a link was sent."""
    session.connection().execute(update(OwnerLink).where(*_here(organisation_id, link_id)).values(mail=""))


def note_saved(session: Session, *, organisation_id: UUID, link_id: UUID, now: datetime) -> None:
    """Notes that facts were saved with a link."""
    session.connection().execute(update(OwnerLink).where(*_here(organisation_id, link_id)).values(saved_at=now))


def _here(organisation_id: UUID, link_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return col(OwnerLink.organisation_id) == organisation_id, col(OwnerLink.id) == link_id
