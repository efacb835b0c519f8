"""The tables of documents: which there are, and each version of them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class ClientDocument(SQLModel, table=True):
    """A document that somebody has saved: of a template, in a language, about a subject.

    `subject_id` is the client's own id, that of a department or that of a workflow. `version` is the number of its
    newest version; `shared` that of the one which sponsors and leads read, 0 for none.
    """

    __tablename__ = "client_document"
    __table_args__ = (UniqueConstraint("organisation_id", "template", "subject_id", "language"),)

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    template: str
    subject_id: UUID
    language: str
    version: int = Field(default=0)
    shared: int = Field(default=0)


class ClientDocumentVersion(SQLModel, table=True):
    """A document as somebody saved it: written once. `made_by` is their name as it was then, `release_id` the release
    that it quotes, None for none."""

    __tablename__ = "client_document_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "client_document_id"], ["client_document.organisation_id", "client_document.id"]
        ),
    )

    organisation_id: UUID = Field(primary_key=True)
    client_document_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=Utc)
    made_by: str
    release_id: UUID | None = Field(default=None)
    content: dict[str, Any] = Field(sa_type=JSON)  # Any: content.as_json


class OwnTemplate(SQLModel, table=True):
    """A template that a client has beside those of the service, or in the place of one of them.

    `code` is its id in documents. `draft` is the text of what is being written, empty where nothing is; `file` that in
    use, `number` how often one came into use. Documents keep what they say, so earlier texts are not needed. `saves`
    counts how often it was saved. `copied_from` is the template of the service that it was copied from, `origin` that
    of another client of whoever took it over: no name of that client.
    """

    __tablename__ = "own_template"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str
    draft: str
    file: str
    saves: int
    number: int
    copied_from: str
    origin: UUID | None = Field(default=None)
    changed_at: datetime = Field(sa_type=Utc)
    changed_by: str
    retired_at: datetime | None = Field(default=None, sa_type=Utc)
