"""Tables of clients' own questionnaires: the draft under way, the published versions, and what leads remark on a draft.

A published version and its translations are written once; the database itself refuses to change them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc
from app.readers.models import LinkColumns


class ClientInstrument(SQLModel, table=True):
    """A questionnaire that belongs to one client. `key` is its name in waves, as "atr" is that of a shipped one.

    `derived_from` is the SHA-256 of the version from which the draft was begun. `draft` is the questionnaire under way
    as canonical JSON, None while nobody changes anything; `translations` are its texts by language and path. `edition`
    counts the saves of the draft, so that two tabs can't overwrite each other.
    """

    __tablename__ = "instrument"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str
    name: str
    derived_from: str
    draft: bytes | None = Field(default=None)
    translations: dict[str, Any] = Field(sa_type=JSON)  # Any: language -> path -> text, as JSON
    edition: int = Field(default=1)
    created_at: datetime = Field(sa_type=Utc)
    changed_at: datetime = Field(sa_type=Utc)
    user_id: UUID | None = Field(default=None, foreign_key="app_user.id")


class InstrumentVersion(SQLModel, table=True):
    """A published version, known by the SHA-256 of `content`, its canonical JSON. Never changed."""

    __tablename__ = "instrument_version"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "instrument_id"], ["instrument.organisation_id", "instrument.id"]),
        UniqueConstraint("organisation_id", "instrument_id", "version"),
    )

    organisation_id: UUID = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    instrument_id: UUID
    version: str
    derived_from: str
    content: bytes
    published_at: datetime = Field(sa_type=Utc)
    user_id: UUID | None = Field(default=None, foreign_key="app_user.id")


class InstrumentTranslation(SQLModel, table=True):
    """A translation of a published version, known by the SHA-256 of `content`. Never changed."""

    __tablename__ = "instrument_translation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "instrument_sha256"],
            ["instrument_version.organisation_id", "instrument_version.sha256"],
        ),
    )

    organisation_id: UUID = Field(primary_key=True)
    instrument_sha256: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    sha256: str
    content: bytes


class InstrumentLink(LinkColumns, table=True):
    """A link with which somebody without an account reads and remarks on a draft; `reader` is whom it was made for.

    The link itself is not stored: it is made again from the key, the questionnaire, this id and `generation`.
    """

    __tablename__ = "instrument_link"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "instrument_id"], ["instrument.organisation_id", "instrument.id"]),
    )

    instrument_id: UUID


class InstrumentRemark(SQLModel, table=True):
    """What a lead says about a draft, under the name they gave. `item` is the question that it is about, empty for the
    whole; `about` is that question's text as it was then."""

    __tablename__ = "instrument_remark"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "instrument_id"], ["instrument.organisation_id", "instrument.id"]),
        ForeignKeyConstraint(["organisation_id", "link_id"], ["instrument_link.organisation_id", "instrument_link.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    instrument_id: UUID
    link_id: UUID
    name: str
    item: str
    about: str
    body: str
    written_at: datetime = Field(sa_type=Utc)
    resolved_at: datetime | None = Field(default=None, sa_type=Utc)
    user_id: UUID | None = Field(default=None, foreign_key="app_user.id")
