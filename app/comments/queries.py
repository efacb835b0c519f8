"""The statements about comments under review. Each function runs one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, insert, select, update
from sqlmodel import Session, SQLModel

from app.comments import models
from app.errors import NotFoundError

_REVIEW = SQLModel.metadata.tables[models.CommentReview.__tablename__]
_OF_THE_WAVE = and_(_REVIEW.c.organisation_id == bindparam("organisation"), _REVIEW.c.wave_id == bindparam("wave"))
_THIS = and_(_OF_THE_WAVE, _REVIEW.c.comment_id == bindparam("comment"))
_FACTS = (
    _REVIEW.c.comment_id,
    _REVIEW.c.question,
    _REVIEW.c.themes_only,
    _REVIEW.c.masked,
    _REVIEW.c.body,
    _REVIEW.c.decision,
    _REVIEW.c.theme,
    _REVIEW.c.user_id,
    _REVIEW.c.decided_at,
)
_ALL = select(*_FACTS).where(_OF_THE_WAVE)
_ALL_LOCKED = _ALL.with_for_update()
_ONE = select(*_FACTS).where(_THIS)
_ONE_LOCKED = _ONE.with_for_update()
_ADD = insert(_REVIEW)
_DECIDE = (
    update(_REVIEW)
    .where(_THIS)
    .values(
        body=bindparam("words"),
        decision=bindparam("decided"),
        theme=bindparam("about"),
        user_id=bindparam("user"),
        decided_at=bindparam("now"),
    )
)
_DELETE = delete(_REVIEW).where(_OF_THE_WAVE)


@dataclass(frozen=True, slots=True)
class Review:
    """A comment under review. `masked` is what a program left of it, `body` what a person left of that.

    `decision` is publish, themes or withhold, empty before there is one; `user_id` and `decided_at` say whose.
    """

    comment_id: UUID
    question: str
    themes_only: bool
    masked: str
    body: str
    decision: str
    theme: str
    user_id: UUID | None
    decided_at: datetime | None


def reviews(session: Session, *, organisation_id: UUID, wave_id: UUID, lock: bool = False) -> tuple[Review, ...]:
    """All comments of a wave under review, in no order that tells anything; `lock` keeps others from deciding."""
    told = {"organisation": organisation_id, "wave": wave_id}
    return tuple(Review(*row) for row in session.connection().execute(_ALL_LOCKED if lock else _ALL, told))


def review(session: Session, *, organisation_id: UUID, wave_id: UUID, comment_id: UUID, lock: bool = False) -> Review:
    """One comment. NotFoundError when the wave has none of that id."""
    told = {"organisation": organisation_id, "wave": wave_id, "comment": comment_id}
    row = session.connection().execute(_ONE_LOCKED if lock else _ONE, told).one_or_none()
    if row is None:
        raise NotFoundError
    return Review(*row)


def progress(session: Session, *, organisation_id: UUID) -> dict[UUID, tuple[int, int]]:
    """How many comments of each wave are decided, and how many there are; no entry for a wave without any."""
    counted = select(_REVIEW.c.wave_id, func.count(func.nullif(_REVIEW.c.decision, "")), func.count())
    rows = session.connection().execute(
        counted.where(_REVIEW.c.organisation_id == organisation_id).group_by(_REVIEW.c.wave_id)
    )
    return {wave_id: (decided, count) for wave_id, decided, count in rows}


def delete_reviews(session: Session, *, organisation_id: UUID, wave_id: UUID) -> int:
    """Deletes the comments of a wave with all that was decided on them; gives how many there were."""
    told = {"organisation": organisation_id, "wave": wave_id}
    return session.connection().execute(_DELETE, told).rowcount


# What follows is for this room alone.


def add(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Stores comments for review."""
    if rows:
        session.connection().execute(_ADD, [dict(row) for row in rows])


def decide(
    session: Session,
    *,
    organisation_id: UUID,
    wave_id: UUID,
    comment_id: UUID,
    decision: str,
    body: str,
    theme: str,
    user_id: UUID,
    now: datetime,
) -> None:
    """Notes a decision in place of the one before."""
    told = {"organisation": organisation_id, "wave": wave_id, "comment": comment_id}
    decided = {"words": body, "decided": decision, "about": theme, "user": user_id, "now": now}
    session.connection().execute(_DECIDE, {**told, **decided})
