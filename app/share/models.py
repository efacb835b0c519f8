"""The table of what is shared."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class SharedRelease(SQLModel, table=True):
    """Which release of a wave its client's sponsors and leads see; a later one is shared by itself, or not."""

    __tablename__ = "shared_release"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    release_id: UUID
    user_id: UUID = Field(foreign_key="app_user.id")
    shared_at: datetime = Field(sa_type=Utc)
