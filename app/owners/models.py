"""The table of links with which owners of workflows say their facts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from app.db import Utc
from app.readers.models import LinkColumns


class OwnerLink(LinkColumns, table=True):
    """A link with which one person, the `reader`, says the facts of one workflow until it expires or is taken back.

    The link itself is not stored: it is made again from the key, the workflow, this id and `generation`. `mail` is
    where the worker sends it, empty once that is done; `mailed` says that it goes by mail. `saved_at` is when facts
    were saved with it last.
    """

    __tablename__ = "owner_link"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "workflow_id"], ["workflow.organisation_id", "workflow.id"]),
    )

    workflow_id: UUID
    user_id: UUID = Field(foreign_key="app_user.id")
    mail: str = Field(default="")
    mailed: bool = Field(default=False)
    language: str = Field(default="en")
    expires_at: datetime = Field(sa_type=Utc)
    saved_at: datetime | None = Field(default=None, sa_type=Utc)
