"""The tables of the vault: drafts under way, answer sheets, and comments, cut loose from the sheets."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel


class Draft(SQLModel, table=True):
    """Answers under way, encrypted with a key that only the link gives; deleted unread when the wave closes."""

    __tablename__ = "draft"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "invitation_id"], ["invitation.organisation_id", "invitation.id"]),
        {"sqlite_with_rowid": False},
    )

    organisation_id: UUID = Field(primary_key=True)
    invitation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(index=True)
    ciphertext: bytes


class AnswerSheet(SQLModel, table=True):
    """One person's submission: its answers as fixed-width codes, one byte an item of the department's layout.

    The id is random (never ordered by time) and the table has no row number, so that the order of arrival is not kept.
    `day` is the day of sending, `flags` one byte of screening flags computed from the draft (`surveys.screening`).
    """

    __tablename__ = "answer_sheet"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "wave_id", "department_id"],
            ["wave_department.organisation_id", "wave_department.wave_id", "wave_department.department_id"],
        ),
        {"sqlite_with_rowid": False},
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    department_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    language: str
    day: date
    flags: int
    codes: bytes


class Comment(SQLModel, table=True):
    """What somebody wrote, cut loose from their answers and from their other comment: no day, no language, no order.

    `question` is the id of the question; `themes_only` says that its words may be counted and never be shown.
    """

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "wave_id", "department_id"],
            ["wave_department.organisation_id", "wave_department.wave_id", "wave_department.department_id"],
        ),
        {"sqlite_with_rowid": False},
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    department_id: UUID
    question: str
    body: str
    themes_only: bool
