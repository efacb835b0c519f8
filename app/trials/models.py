"""Tables of trial runs. They lie apart from the vault: nothing of a trial can come into a result."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.readers.models import LinkColumns


class TrialLink(LinkColumns, table=True):
    """A link with which somebody answers the questionnaire of a draft as a person of one department would.

    `reader` is whom it was made for. The link itself is not stored: it is made again from the key, the wave, this id
    and `generation`.
    """

    __tablename__ = "trial_link"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
    )

    wave_id: UUID
    department_id: UUID


class TrialSheet(SQLModel, table=True):
    """What was answered on trial with one link, encrypted with a key that only the link gives; deleted, unread, when
    the wave opens. `sent`: it was answered to the end."""

    __tablename__ = "trial_sheet"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "link_id"], ["trial_link.organisation_id", "trial_link.id"]),
        {"sqlite_with_rowid": False},
    )

    organisation_id: UUID = Field(primary_key=True)
    link_id: UUID = Field(primary_key=True)
    wave_id: UUID
    sent: bool = Field(default=False)
    ciphertext: bytes
