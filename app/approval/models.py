"""Tables of approval: the links with which a wave's papers are read, and the decisions on them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc
from app.readers.models import LinkColumns


class ReviewLink(LinkColumns, table=True):
    """A link that shows a wave's papers, read-only, to somebody without an account; `reader` is whom it was made for.

    The link itself is not stored: it is made again from the key, the wave, this id and `generation`.
    """

    __tablename__ = "review_link"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),)

    wave_id: UUID


class ReviewDecision(SQLModel, table=True):
    """An approval or an objection, with the name that the reader gave; `papers_sha256` says of what."""

    __tablename__ = "review_decision"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        ForeignKeyConstraint(["organisation_id", "link_id"], ["review_link.organisation_id", "review_link.id"]),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    wave_id: UUID
    link_id: UUID
    name: str
    decision: str
    remark: str = Field(default="")
    papers_sha256: str
    decided_at: datetime = Field(sa_type=Utc)
