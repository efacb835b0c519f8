"""The table of invitations to sign in, which are mails that the worker writes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.db import Utc


class AccessMail(SQLModel, table=True):
    """That a mail was asked for which tells a user of their access. Whether it was sent says the job of its id.

    It holds neither the mail nor the link in it: the worker makes both when it sends, and keeps none.
    """

    __tablename__ = "access_mail"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="app_user.id")
    asked_at: datetime = Field(sa_type=Utc)
