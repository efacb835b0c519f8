"""Noting an act: one function, for whoever does something at a client."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.acts.kinds import KINDS
from app.acts.models import Act


def note(
    session: Session,
    kind: str,
    *,
    organisation_id: UUID,
    user_id: UUID | None,
    now: datetime,
    wave_id: UUID | None = None,
    subject_id: UUID | None = None,
    detail: str = "",
) -> None:
    """Notes an act in the caller's transaction, so that what is undone was never noted.

    `user_id` is None for what the service does by itself. KeyError for a kind that `acts.kinds` has no words for.
    """
    KINDS[kind]
    session.add(
        Act(
            organisation_id=organisation_id,
            at=now,
            user_id=user_id,
            kind=kind,
            wave_id=wave_id,
            subject_id=subject_id,
            detail=detail,
        )
    )
    session.flush()
