"""Tables of accounts: users, their sign-ins, one-time links and memberships."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.accounts.roles import CONSULTANT
from app.db import Utc


class User(SQLModel, table=True):
    """A consultant. `email` is lower case and unique; `language` was chosen by them, None for that of the browser."""

    __tablename__ = "app_user"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True)
    name: str
    password_hash: str
    created_at: datetime = Field(sa_type=Utc)
    disabled_at: datetime | None = Field(default=None, sa_type=Utc)
    language: str | None = Field(default=None)


class SignIn(SQLModel, table=True):
    """One sign-in of a user, revocable. Only the SHA-256 of its cookie is kept."""

    __tablename__ = "sign_in"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="app_user.id", index=True)
    token_sha256: str = Field(unique=True)
    device: str
    created_at: datetime = Field(sa_type=Utc)
    seen_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    revoked_at: datetime | None = Field(default=None, sa_type=Utc)


class OneTimeLink(SQLModel, table=True):
    """A link that creates the first account (no user) or sets a new password; it works once."""

    __tablename__ = "one_time_link"

    token_sha256: str = Field(primary_key=True)
    user_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)
    used_at: datetime | None = Field(default=None, sa_type=Utc)


class FailedSignIn(SQLModel, table=True):
    """A failed attempt, counted by e-mail address and by caller, so that the limit holds across processes."""

    __tablename__ = "failed_sign_in"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key_sha256: str = Field(index=True)
    at: datetime = Field(sa_type=Utc)


class Membership(SQLModel, table=True):
    """What a user may do in an organisation: `role` is one of `accounts.roles`; `department_id` is the lead's."""

    __tablename__ = "membership"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    user_id: UUID = Field(primary_key=True, foreign_key="app_user.id", index=True)
    role: str = Field(default=CONSULTANT)
    department_id: UUID | None = Field(default=None)
    created_at: datetime = Field(sa_type=Utc)


class ArchivedClient(SQLModel, table=True):
    """That an organisation is put away: its members still see it, nothing of it changes (app/desk/archive.py)."""

    __tablename__ = "archived_client"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    archived_at: datetime = Field(sa_type=Utc)
    user_id: UUID = Field(foreign_key="app_user.id")
