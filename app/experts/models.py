"""The tables of what experts say of workflows."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class ExpertRating(SQLModel, table=True):
    """What one person says of a workflow: CP and HX of MEASUREMENT.md 2.2, on 1 to 5, and what it rests on.

    A row never changes but for being withdrawn; who rates again adds one, and their newest counts. `informed` says that
    they had seen what others said. A file lies in `ExpertEvidence`; its name and SHA-256 stand here.
    """

    __tablename__ = "expert_rating"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "workflow_id"], ["workflow.organisation_id", "workflow.id"]),
    )

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    workflow_id: UUID
    user_id: UUID = Field(foreign_key="app_user.id")
    capability: int
    human_part: int
    rated_on: date
    source: str
    link: str = Field(default="")
    file_name: str = Field(default="")
    file_sha256: str = Field(default="")
    informed: bool
    made_at: datetime = Field(sa_type=Utc)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Utc)
    withdrawn_because: str = Field(default="")


class ExpertEvidence(SQLModel, table=True):
    """The bytes of a file on which a rating rests, apart from it so that lists do not read them."""

    __tablename__ = "expert_evidence"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "rating_id"], ["expert_rating.organisation_id", "expert_rating.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    rating_id: UUID = Field(primary_key=True)
    content: bytes
