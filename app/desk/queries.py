"""What the desk reads of many clients at once. Every function runs one statement, however many there are."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.comments.models import CommentReview
from app.lineage.models import DepartmentChange
from app.mail.models import MailPlan
from app.waves.models import Turnout, WaveDepartment
from app.waves.queries import ResponseRate


def turnout(session: Session, wave_ids: Iterable[UUID]) -> Mapping[UUID, ResponseRate]:
    """Responses and headcount of these waves, as far as they have opened."""
    ids = tuple(wave_ids)
    asked = (
        select(col(WaveDepartment.wave_id), func.sum(col(WaveDepartment.headcount)).label("headcount"))
        .where(col(WaveDepartment.wave_id).in_(ids))
        .group_by(col(WaveDepartment.wave_id))
        .subquery()
    )
    sent = (
        select(col(Turnout.wave_id), func.sum(col(Turnout.responses)).label("responses"))
        .where(col(Turnout.wave_id).in_(ids))
        .group_by(col(Turnout.wave_id))
        .subquery()
    )
    joined = select(asked.c.wave_id, sent.c.responses, asked.c.headcount)
    rows = session.connection().execute(joined.outerjoin(sent, asked.c.wave_id == sent.c.wave_id))
    return {id: ResponseRate(int(responses or 0), int(people)) for id, responses, people in rows}


def undecided(session: Session, organisation_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """By organisation a wave whose comments wait for somebody to decide on them; how many they are is not told."""
    found = (
        select(col(CommentReview.organisation_id), col(CommentReview.wave_id))
        .where(col(CommentReview.organisation_id).in_(organisation_ids), col(CommentReview.decision) == "")
        .distinct()
        .order_by(col(CommentReview.wave_id))
    )
    return {id: wave_id for id, wave_id in session.connection().execute(found)}


def held(session: Session, organisation_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """By organisation how many planned changes of its departments could not be done."""
    found = (
        select(col(DepartmentChange.organisation_id), func.count())
        .where(col(DepartmentChange.organisation_id).in_(organisation_ids), col(DepartmentChange.state) == "held")
        .group_by(col(DepartmentChange.organisation_id))
    )
    return {id: int(count) for id, count in session.connection().execute(found)}


def mailing(session: Session, organisation_id: UUID, state: str) -> tuple[UUID, ...]:
    """The waves of an organisation whose mails are in this state: on or paused."""
    found = select(col(MailPlan.wave_id)).where(
        col(MailPlan.organisation_id) == organisation_id, col(MailPlan.state) == state
    )
    return tuple(session.connection().scalars(found))
