"""The tables of report files, and of the looks that they were made with."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc
from app.web.catalogs import SOURCE


class ReportFile(SQLModel, table=True):
    """A file of one release: asked for, then made by the worker. `step` says what is being done, for the page.

    `state` is waiting, running, done or failed. `format`, `edition`, `paper` and `language` are the options that change
    the bytes; `edition` is empty for the whole organisation, else the id of a row. `basis` is what else they followed
    from when the file was made, `service.basis`.
    """

    __tablename__ = "report_file"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "release_id"], ["release.organisation_id", "release.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    release_id: UUID
    format: str = Field(default="pdf", sa_column_kwargs={"server_default": "pdf"})
    edition: str = Field(default="", sa_column_kwargs={"server_default": ""})
    paper: str = Field(default="A4")
    language: str = Field(default=SOURCE, sa_column_kwargs={"server_default": SOURCE})
    basis: str = Field(default="", sa_column_kwargs={"server_default": ""})
    state: str = Field(default="waiting")
    step: str = Field(default="")
    done_steps: int = Field(default=0)
    steps: int = Field(default=0)
    error: str | None = Field(default=None)
    asked_at: datetime = Field(sa_type=Utc)
    made_at: datetime | None = Field(default=None, sa_type=Utc)
    content: bytes | None = Field(default=None)
    sha256: str | None = Field(default=None)


class ReportLook(SQLModel, table=True):
    """A look of the client with which files were made: its colour and its logo, each empty where there was none.

    `mark` tells one look from another (`clients.brand.Brand.mark`); files of the PDF name it. Never changed.
    """

    __tablename__ = "report_look"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    mark: str = Field(primary_key=True)
    colour: str
    logo: bytes
    width: int
    height: int
