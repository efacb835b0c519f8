"""The table of acts, to which rows are only ever added."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.db import Utc


class Act(SQLModel, table=True):
    """That somebody did something: `kind` is one of `acts.kinds`, `user_id` None for what the service did by itself.

    `wave_id` and `subject_id` (a department, a user, a questionnaire) say what it was about; they point to rows that
    may be gone, so they are no foreign keys. `detail` is a key, a role for example. Nothing here names anybody who is
    asked, and nothing is a link or an answer. The database refuses to change a row, and to delete one without a record.
    """

    __tablename__ = "act"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    at: datetime = Field(sa_type=Utc, index=True)
    user_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    kind: str
    wave_id: UUID | None = Field(default=None)
    subject_id: UUID | None = Field(default=None)
    detail: str = Field(default="")
