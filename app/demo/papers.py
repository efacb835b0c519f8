"""Lets the demo's privacy officer read the papers of a wave before it opens, and approve them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.approval import queries as approval
from app.approval import service as approving
from app.demo import story
from app.waves import approvals


def approve(session: Session, key: bytes, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Makes the review link and records the approval with it."""
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    made = approving.make_link(session, link_key=key, **place, reader=story.READER, now=now)
    [link] = [one for one in approval.links(session, organisation_id, wave_id) if one.id == made]
    approving.decide(
        session,
        link=link,
        name=story.PRIVACY_OFFICER,
        decision="approved",
        remark=story.REMARK,
        papers_sha256=approvals.papers(session, organisation_id, wave_id).sha256,
        now=now,
    )
