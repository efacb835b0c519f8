"""Tables of waves: the assessment, its waves, and the department tree that each wave froze."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Assessment(SQLModel, table=True):
    """The programme that repeats. `instrument` is the questionnaire's key, for example "atr"."""

    __tablename__ = "assessment"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    instrument: str
    created_at: datetime = Field(sa_type=Utc)


class Wave(SQLModel, table=True):
    """One run of an assessment: draft, open, paused, closing, closed, shared; or cancelled.

    Opening freezes `instrument`, `instrument_version`, `instrument_sha256`, `languages` and `policy`. `number` counts
    the assessment's waves. `instrument` is the key of the wave's own questionnaire, None for that of the assessment.
    `languages` are those in which it is asked, each with the SHA-256 of its translation.
    `papers_sha256` names the version of the papers that it opened with, `promise` has the words of the promise as
    people read them (app/waves/wording.py); None in waves from before these were kept.
    `deleted_at` is when the answers were deleted at the end of their retention; what was released stays. `alert` is
    what the consultant has to know of how people answered before relying on the result.
    `contact` says whom people can ask, `results` when and where they will see the results; `ends_at` is when an open
    wave closes by itself (app/waves/ending.py).
    `opens_at` is when a draft opens by itself, `held_at` since when something holds that up (app/waves/schedule.py).
    A draft has an `instrument_version` only where one was chosen. `target` is the turnout aimed at, in whole per cent.
    A paused wave goes on by itself at `paused_until`, None for when somebody says so; `cancelled` says why one was.
    """

    __tablename__ = "wave"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "assessment_id"], ["assessment.organisation_id", "assessment.id"]),
        UniqueConstraint("organisation_id", "assessment_id", "number"),
        UniqueConstraint("organisation_id", "assessment_id", "label"),
    )

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    assessment_id: UUID
    number: int
    label: str
    form: str
    state: str = Field(default="draft")
    planned_close: date | None = Field(default=None)
    instrument: str | None = Field(default=None)
    instrument_version: str | None = Field(default=None)
    instrument_sha256: str | None = Field(default=None)
    languages: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # Any: language -> SHA-256, as JSON
    policy: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # Any: the frozen policy as JSON
    papers_sha256: str | None = Field(default=None)
    promise: str | None = Field(default=None)
    created_at: datetime = Field(sa_type=Utc)
    opened_at: datetime | None = Field(default=None, sa_type=Utc)
    closed_at: datetime | None = Field(default=None, sa_type=Utc)
    deleted_at: datetime | None = Field(default=None, sa_type=Utc)
    alert: str | None = Field(default=None)
    contact: str | None = Field(default=None)
    results: str | None = Field(default=None)
    ends_at: datetime | None = Field(default=None, sa_type=Utc)
    opens_at: datetime | None = Field(default=None, sa_type=Utc)
    held_at: datetime | None = Field(default=None, sa_type=Utc)
    target: int | None = Field(default=None)
    paused_until: datetime | None = Field(default=None, sa_type=Utc)
    cancelled: str | None = Field(default=None)


class WaveDepartment(SQLModel, table=True):
    """A department as a wave froze it: name, place in the tree, headcount, and the layout of its answer sheets.

    `planned_headcount` is that of the opening, `headcount` the one in force; they differ after a correction.
    `headcount_confirmed` says that a person confirmed it although far more people answered.
    `pool` names the group of departments of one parent with which it is shown together, None for none;
    `site` is where its people work, that of a department above where it has none of its own.
    `workflows` are the pieces of work that its people rate, each an id and a name; None in waves from before there
    were any.
    """

    __tablename__ = "wave_department"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    department_id: UUID = Field(primary_key=True)
    parent_id: UUID | None = Field(default=None)
    name: str
    function: str
    planned_headcount: int
    headcount: int
    headcount_confirmed: bool = Field(default=False)
    position: int
    pool: str | None = Field(default=None)
    site: str | None = Field(default=None)
    workflows: list[Any] | None = Field(default=None, sa_type=JSON)  # Any: pairs of id and name, as JSON
    layout_items: list[str] = Field(sa_type=JSON)
    layout_sha256: str


class Turnout(SQLModel, table=True):
    """How many people of a department sent their answers on a day. Counted here in the transaction of the sheet, so
    that nobody who watches turnout has to read the vault."""

    __tablename__ = "turnout"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "wave_id", "department_id"],
            ["wave_department.organisation_id", "wave_department.wave_id", "wave_department.department_id"],
        ),
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    department_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    responses: int


class HeadcountCorrection(SQLModel, table=True):
    """Who changed a wave's headcount from what to what, and when."""

    __tablename__ = "headcount_correction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "wave_id", "department_id"],
            ["wave_department.organisation_id", "wave_department.wave_id", "wave_department.department_id"],
        ),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    wave_id: UUID
    department_id: UUID
    before: int
    after: int
    user_id: UUID = Field(foreign_key="app_user.id")
    at: datetime = Field(sa_type=Utc)
