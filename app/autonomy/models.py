"""The tables of attestations, of policies and of decision records."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class ControlAttestation(SQLModel, table=True):
    """That a control is in place, said by a person on a day, for the organisation or for one department.

    The evidence is a link or a file (`EvidenceFile`), whose name and SHA-256 stand here. A row never changes but for
    being withdrawn: what is renewed gets a row of its own, so that the history stays.
    """

    __tablename__ = "control_attestation"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
    )

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    department_id: UUID | None = Field(default=None)
    control: str
    attested_on: date
    owner: str
    expires_on: date | None = Field(default=None)
    link: str = Field(default="")
    file_name: str = Field(default="")
    file_sha256: str = Field(default="")
    remark: str = Field(default="")
    user_id: UUID = Field(foreign_key="app_user.id")
    made_at: datetime = Field(sa_type=Utc)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Utc)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="app_user.id")
    withdrawn_because: str = Field(default="")


class EvidenceFile(SQLModel, table=True):
    """The bytes of a file that shows a control, apart from its attestation so that lists do not read them."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "attestation_id"], ["control_attestation.organisation_id", "control_attestation.id"]
        ),
    )

    organisation_id: UUID = Field(primary_key=True)
    attestation_id: UUID = Field(primary_key=True)
    content: bytes


class AutonomyPolicy(SQLModel, table=True):
    """Version `number` of a client's thresholds, with the reason for the change: canonical JSON, never changed."""

    __tablename__ = "autonomy_policy"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    number: int = Field(primary_key=True)
    reason: str
    user_id: UUID = Field(foreign_key="app_user.id")
    adopted_at: datetime = Field(sa_type=Utc)
    document: bytes


class DecisionRecord(SQLModel, table=True):
    """Decision record `number` of a client, as it was issued: canonical JSON and its SHA-256, never changed."""

    __tablename__ = "decision_record"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
        UniqueConstraint("organisation_id", "number"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int
    wave_id: UUID
    release_id: UUID
    as_of: date
    reason: str
    user_id: UUID = Field(foreign_key="app_user.id")
    issued_at: datetime = Field(sa_type=Utc)
    sha256: str
    document: bytes


class DecisionDraft(SQLModel, table=True):
    """What would be decided today: made by the worker when facts change or end, replaced each time."""

    __tablename__ = "decision_draft"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID
    release_id: UUID
    as_of: date
    made_at: datetime = Field(sa_type=Utc)
    sha256: str
    document: bytes
