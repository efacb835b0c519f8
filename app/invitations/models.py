"""The table of invitations."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Invitation(SQLModel, table=True):
    """The right to answer for one department in one wave.

    `kind` is "personal" (once, for one person), "shared" (an entrance for a department, never spent), "resume" (made by
    an entrance at the first saved page), "kiosk" (an entrance for a shared device) or "sitting" (made by a kiosk for
    one person in front of it, and deleted when they leave without sending). The link itself is not stored: it is made
    again from the key, the wave, this id and `generation`; `token_sha256` finds the invitation from a link. `reference`
    is what the roster calls the person, who has one link in a wave; links without a reference are as many as wanted.
    `spent` says that the answers were sent and nothing of when: a day would lead to the sheet of whoever was alone on
    it.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "wave_id", "department_id"],
            ["wave_department.organisation_id", "wave_department.wave_id", "wave_department.department_id"],
        ),
        Index(None, "organisation_id", "wave_id", "department_id", "kind", "spent"),
        UniqueConstraint("organisation_id", "wave_id", "reference"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    wave_id: UUID
    department_id: UUID
    kind: str
    reference: str | None = Field(default=None)
    generation: int = Field(default=1)
    token_sha256: str = Field(unique=True)
    created_at: datetime = Field(sa_type=Utc)
    spent: bool = Field(default=False)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)
