"""What every kind of reader's link has: the columns of its table, and what is told of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.db import Utc


class LinkColumns(SQLModel):
    """The columns of a link of one `reader`, which is whom it was made for; no table of its own.

    The link itself is not stored: it is made again from the key, what it is about, this id and `generation`.
    """

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    reader: str
    generation: int = Field(default=1)
    token_sha256: str = Field(unique=True)
    created_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `reader` is whom it was made for, `revoked_at` is when it was taken back."""

    organisation_id: UUID
    id: UUID
    reader: str
    generation: int
    created_at: datetime
    revoked_at: datetime | None
