"""The table of decisions on comments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class CommentReview(SQLModel, table=True):
    """What the reviewer decided on a comment: publish, themes or withhold; `body` are the words as they may be shown.

    `theme` is the reviewer's name for what the comment is about, empty for none.
    """

    __tablename__ = "comment_review"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),)

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    comment_id: UUID = Field(primary_key=True)
    decision: str
    body: str
    theme: str = Field(default="")
    user_id: UUID = Field(foreign_key="app_user.id")
    decided_at: datetime = Field(sa_type=Utc)
