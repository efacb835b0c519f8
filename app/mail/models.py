"""The tables of mail. None holds a link, a text that was sent, or who has answered."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db import Utc


class MailPlan(SQLModel, table=True):
    """When a wave's mails go out, under which name, in which words, and how fast.

    `state` is off, on or paused. `days` has the day of the invitation and of each reminder, of those that are planned;
    `wording` the client's own words by kind and language, where they are not ours. Mails go out from `from_hour` to
    `to_hour` in the client's time zone, `per_minute` at most. `tested` is set once a test mail was accepted; `trial` is
    the last one that was asked for and what became of it; `trouble` what the mail server answered last, "" when all is
    well. `next_at` is when the worker looks here again.
    """

    __tablename__ = "mail_plan"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        Index(None, "next_at"),
    )

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    state: str = Field(default="off")
    sender: str
    reply_to: str = Field(default="")
    days: dict[str, Any] = Field(sa_type=JSON)  # Any: days by kind, as JSON
    wording: dict[str, Any] = Field(sa_type=JSON)  # Any: texts by kind and language, as JSON
    from_hour: int
    to_hour: int
    weekends: bool = Field(default=False)
    per_minute: int
    thanks: bool = Field(default=True)
    tested: bool = Field(default=False)
    trouble: str = Field(default="")
    trial: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # Any: one test mail, as JSON
    next_at: datetime = Field(sa_type=Utc)


class MailRound(SQLModel, table=True):
    """That a mail was begun to be sent to everybody on a wave's list who had an address then: `people` of them.

    Everybody is counted, whether or not they need this mail: what follows from answers is counted nowhere.
    """

    __tablename__ = "mail_round"
    __table_args__ = (ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),)

    organisation_id: UUID = Field(primary_key=True)
    wave_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    people: int


class MailOut(SQLModel, table=True):
    """One person who has still to be looked at in a round of mails; deleted when that is done, sent or not needed.

    `state` is waiting, leased, or again (refused for now by the server that takes it; `due_at` is the next attempt).
    A leased row belongs to `worker` until `lease_until`; after that another takes it, and the mail may go out twice
    under the same Message-ID, which follows from person, kind, number and this row, and is not stored.
    """

    __tablename__ = "mail_out"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "wave_id"], ["wave.organisation_id", "wave.id"]),
        UniqueConstraint("organisation_id", "person_id", "kind", "number"),
        Index(None, "organisation_id", "wave_id", "state", "due_at"),
    )

    organisation_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    wave_id: UUID
    person_id: UUID
    kind: str
    number: int
    state: str = Field(default="waiting")
    attempts: int = Field(default=0)
    due_at: datetime = Field(sa_type=Utc)
    worker: str | None = Field(default=None)
    lease_until: datetime | None = Field(default=None, sa_type=Utc)


class LinkRequest(SQLModel, table=True):
    """That somebody asked for their link again. `mark` follows from the address and the key outside the database.

    The address itself stands here until the worker has looked, a moment later, whether it is on a list; the mark stays
    for an hour, so that nobody can have a letter box filled.
    """

    __tablename__ = "link_request"

    mark: str = Field(primary_key=True)
    mail: str
    asked_at: datetime = Field(sa_type=Utc, index=True)
