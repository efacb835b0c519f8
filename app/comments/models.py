"""The table of comments under review."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class CommentReview(SQLModel, table=True):
    """A comment as the reviewer sees it, and what was decided on it.

    `masked` is its text with addresses, numbers and known names taken out by the worker when the wave closed; `body` is
    that with what the reviewer took out besides. `decision` is publish, themes or withhold, empty before there is one;
    `theme` is the reviewer's name for what the comment is about, empty for none. Nothing here tells the department:
    only the vault knows it (`answers.model.Comment`).
    """

    __tablename__ = "comment_review"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        {"sqlite_with_rowid": False},
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    comment_id: UUID = Field(primary_key=True)
    question: str
    themes_only: bool
    masked: str
    body: str
    decision: str = Field(default="")
    theme: str = Field(default="")
    user_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    decided_at: datetime | None = Field(default=None, sa_type=Utc)
