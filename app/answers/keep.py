"""What happens to the vault without anybody reading it."""

from uuid import UUID

from sqlalchemy import bindparam, delete
from sqlmodel import Session, SQLModel

from app.answers import model

_DRAFT = SQLModel.metadata.tables[model.Draft.__tablename__]
_OF_A_WAVE = delete(_DRAFT).where(
    _DRAFT.c.organisation_id == bindparam("organisation"), _DRAFT.c.wave_id == bindparam("wave")
)
_OF_AN_INVITATION = delete(_DRAFT).where(
    _DRAFT.c.organisation_id == bindparam("organisation"), _DRAFT.c.invitation_id == bindparam("invitation")
)


def delete_drafts(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes, unread, what was saved and not sent before the wave closed."""
    session.connection().execute(_OF_A_WAVE, {"organisation": organisation_id, "wave": wave_id})


def delete_draft(session: Session, *, organisation_id: UUID, invitation_id: UUID) -> None:
    """Deletes, unread, the draft of an invitation whose link was replaced: the new link could not open it."""
    session.connection().execute(_OF_AN_INVITATION, {"organisation": organisation_id, "invitation": invitation_id})
