"""Review links and the decisions that were taken with them; the statements are built once.

This room knows a wave only by its id. Whether a decision is about what holds now is told by `waves.approvals`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, SQLModel, col

from app.approval.models import ReviewDecision, ReviewLink
from app.readers import queries as readers
from app.readers.models import Link


@dataclass(frozen=True, slots=True)
class LinkFacts(Link):
    """A review link; `wave_id` is the wave whose papers it shows."""

    wave_id: UUID


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A decision: "approved" or "objected", by whom, and the hash of the papers that it is about."""

    link_id: UUID
    reader: str
    name: str
    decision: str
    remark: str
    papers_sha256: str
    decided_at: datetime


def links(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[LinkFacts, ...]:
    """The review links of a wave in the order in which they were made, those taken back too, in one statement."""
    found = session.connection().execute(_OF_WAVE, {"organisation_id": organisation_id, "wave_id": wave_id})
    return tuple(LinkFacts(*row) for row in found)


def find(session: Session, fingerprint: str) -> LinkFacts | None:
    """The review link of a token's fingerprint, in one statement."""
    row = session.connection().execute(_FIND, {"fingerprint": fingerprint}).one_or_none()
    return None if row is None else LinkFacts(*row)


def decisions(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[DecisionFacts, ...]:
    """Every decision about a wave, the newest first, in one statement."""
    found = session.connection().execute(_DECISIONS, {"organisation_id": organisation_id, "wave_id": wave_id})
    return tuple(DecisionFacts(*row) for row in found)


# What follows is for this feature's service.


def revoke(session: Session, *, organisation_id: UUID, wave_id: UUID, link_id: UUID, now: datetime) -> bool:
    """Takes a link back, once; False when the wave has no such link."""
    place = {"organisation_id": organisation_id, "wave_id": wave_id, "link_id": link_id}
    return readers.take_back(session, _REVOKE, among=links, **place, now=now)


def _links() -> Select[*tuple[Any, ...]]:  # Any: the columns have no common type
    return select(
        col(ReviewLink.organisation_id),
        col(ReviewLink.id),
        col(ReviewLink.reader),
        col(ReviewLink.generation),
        col(ReviewLink.created_at),
        col(ReviewLink.revoked_at),
        col(ReviewLink.wave_id),
    )


_FIND = _links().where(col(ReviewLink.token_sha256) == bindparam("fingerprint"))
_OF_WAVE = (
    _links()
    .where(
        col(ReviewLink.organisation_id) == bindparam("organisation_id"),
        col(ReviewLink.wave_id) == bindparam("wave_id"),
    )
    .order_by(col(ReviewLink.created_at), col(ReviewLink.id))
)
_DECISIONS = (
    select(
        col(ReviewDecision.link_id),
        col(ReviewLink.reader),
        col(ReviewDecision.name),
        col(ReviewDecision.decision),
        col(ReviewDecision.remark),
        col(ReviewDecision.papers_sha256),
        col(ReviewDecision.decided_at),
    )
    .join(
        ReviewLink,
        (col(ReviewLink.organisation_id) == col(ReviewDecision.organisation_id))
        & (col(ReviewLink.id) == col(ReviewDecision.link_id)),
    )
    .where(
        col(ReviewDecision.organisation_id) == bindparam("organisation_id"),
        col(ReviewDecision.wave_id) == bindparam("wave_id"),
    )
    .order_by(col(ReviewDecision.decided_at).desc(), col(ReviewDecision.id))
)
_REVOKE = readers.taking_back(SQLModel.metadata.tables[ReviewLink.__tablename__])
