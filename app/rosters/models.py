"""The tables of lists of people."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class Person(SQLModel, table=True):
    """Somebody on the list of a wave. `id` is that of their invitation too, once there is a link.

    `reference` is what the list calls them, one person each: the list's own reference, else the address, else the
    name. `language` is that of their mails, None for the wave's first. `listed` is False for somebody who was taken off
    while the wave was open: kept so that they do not get a second link when they come back. `bounced` says that the
    invitation could not be delivered to `mail`. `mails_stopped` says that they want no more mails: the pages say
    nothing of it, because the consultant shall not tell it from having answered. No row says anything of answers, and
    none has a time, which would say when a row changed.
    """

    __tablename__ = "person"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        ForeignKeyConstraint(["organisation_id", "department_id"], ["department.organisation_id", "department.id"]),
        UniqueConstraint("organisation_id", "wave_id", "reference"),
        UniqueConstraint("organisation_id", "wave_id", "mail"),
        Index(None, "mail"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    wave_id: UUID
    department_id: UUID
    reference: str
    name: str = Field(default="")
    mail: str | None = Field(default=None)
    language: str | None = Field(default=None)
    listed: bool = Field(default=True)
    bounced: bool = Field(default=False)
    mails_stopped: bool = Field(default=False)


class RosterUpload(SQLModel, table=True):
    """A list that was sent and not taken yet: compressed text, with the chosen columns; one a wave, for a day.

    `columns` says which column of the list holds what, as JSON; `complete` that whoever is not in it is taken off.
    """

    __tablename__ = "roster_upload"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),)

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    content: bytes
    columns: str = Field(default="")
    complete: bool = Field(default=False)
    sent_at: datetime = Field(sa_type=Utc)
