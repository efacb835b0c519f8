"""The statements about what experts say of workflows. Every function runs one statement."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.experts.judging import Judgement, judgement
from app.experts.models import ExpertEvidence, ExpertRating


@dataclass(frozen=True, slots=True)
class RatingFacts:
    """A rating; see `models.ExpertRating`."""

    id: UUID
    workflow_id: UUID
    user_id: UUID
    capability: int
    human_part: int
    rated_on: date
    source: str
    link: str
    file_name: str
    informed: bool
    made_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str


_RATING: Final = tuple(col(getattr(ExpertRating, name)) for name in RatingFacts.__dataclass_fields__)


def ratings(session: Session, organisation_id: UUID) -> tuple[RatingFacts, ...]:
    """All ratings of a client's workflows, the oldest first, withdrawn ones too."""
    found = (
        select(*_RATING)
        .where(col(ExpertRating.organisation_id) == organisation_id)
        .order_by(col(ExpertRating.made_at), col(ExpertRating.id))
    )
    return tuple(RatingFacts(*row) for row in session.connection().execute(found))


def of_workflow(session: Session, organisation_id: UUID, workflow_id: UUID) -> tuple[RatingFacts, ...]:
    """The ratings of one workflow, the oldest first, withdrawn ones too."""
    found = (
        select(*_RATING)
        .where(col(ExpertRating.organisation_id) == organisation_id, col(ExpertRating.workflow_id) == workflow_id)
        .order_by(col(ExpertRating.made_at), col(ExpertRating.id))
    )
    return tuple(RatingFacts(*row) for row in session.connection().execute(found))


def rating(session: Session, organisation_id: UUID, rating_id: UUID) -> RatingFacts | None:
    """A rating by its id, of whichever workflow."""
    found = select(*_RATING).where(
        col(ExpertRating.organisation_id) == organisation_id, col(ExpertRating.id) == rating_id
    )
    row = session.connection().execute(found).one_or_none()
    return None if row is None else RatingFacts(*row)


def judgements(
    session: Session, organisation_id: UUID, *, day: date, at: datetime | None = None
) -> Mapping[UUID, Judgement]:
    """What experts say of each workflow that any of them rated, as of a day; with `at`, as it stood at that moment."""
    by_workflow: dict[UUID, list[RatingFacts]] = defaultdict(list)
    for one in ratings(session, organisation_id):
        by_workflow[one.workflow_id].append(one)
    return {id: judgement(some, day=day, at=at) for id, some in by_workflow.items()}


def withdraw(session: Session, *, organisation_id: UUID, rating_id: UUID, because: str, now: datetime) -> bool:
    """Withdraws a rating; False when there is none that is not withdrawn yet."""
    here = (
        col(ExpertRating.organisation_id) == organisation_id,
        col(ExpertRating.id) == rating_id,
        col(ExpertRating.withdrawn_at).is_(None),
    )
    told = {"withdrawn_at": now, "withdrawn_because": because}
    return session.connection().execute(update(ExpertRating).where(*here).values(**told)).rowcount == 1


def evidence(session: Session, organisation_id: UUID, rating_id: UUID) -> bytes | None:
    """The file on which a rating rests, or None."""
    found = select(col(ExpertEvidence.content)).where(
        col(ExpertEvidence.organisation_id) == organisation_id, col(ExpertEvidence.rating_id) == rating_id
    )
    content = session.connection().scalar(found)
    return None if content is None else bytes(content)
