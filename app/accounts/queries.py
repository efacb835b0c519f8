"""What accounts read from and write to their tables with SQL. Every function runs one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, exists, or_, select, update
from sqlmodel import Session, col

from app.accounts.models import ArchivedClient, FailedSignIn, Membership, OneTimeLink, SignIn, User


@dataclass(frozen=True)
class UserFacts:
    """An account without its password. `has_password` is False until its one-time link was used; `language` is the one
    that they chose, None where they did not."""

    id: UUID
    email: str
    name: str
    created_at: datetime
    disabled_at: datetime | None
    has_password: bool
    language: str | None = None


@dataclass(frozen=True)
class MembershipFacts:
    """What a user may do in an organisation (`accounts.roles`)."""

    organisation_id: UUID
    role: str


@dataclass(frozen=True)
class MemberFacts:
    """Somebody with a role in an organisation. `department_id` is that of a lead, None for everybody else."""

    user: UserFacts
    role: str
    department_id: UUID | None


@dataclass(frozen=True)
class Visitor:
    """The user behind a cookie, and the sign-in that the cookie belongs to."""

    sign_in_id: UUID
    user_id: UUID
    name: str
    email: str
    seen_at: datetime
    language: str | None


@dataclass(frozen=True)
class Credentials:
    """What a password is compared with."""

    user_id: UUID
    password_hash: str


@dataclass(frozen=True)
class SignInFacts:
    """One sign-in that is in force: the device in words, when it began and when it was last seen."""

    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class LinkFacts:
    """A one-time link. `user_id` is None for the link that makes the first account."""

    user_id: UUID | None
    expires_at: datetime
    used_at: datetime | None


_USER_COLUMNS = (
    col(User.id),
    col(User.email),
    col(User.name),
    col(User.created_at),
    col(User.disabled_at),
    col(User.password_hash) != "",
    col(User.language),
)


def any_user(session: Session) -> bool:
    """True when at least one account exists."""
    return bool(session.connection().scalar(select(exists(select(col(User.id))))))


def users(session: Session) -> tuple[UserFacts, ...]:
    """All accounts by e-mail address."""
    rows = session.connection().execute(select(*_USER_COLUMNS).order_by(col(User.email)))
    return tuple(UserFacts(*row) for row in rows)


def names(session: Session) -> dict[UUID, str]:
    """What all users are called."""
    return {id: name for id, name in session.connection().execute(select(col(User.id), col(User.name)))}


def user_by_email(session: Session, email: str) -> UserFacts | None:
    """The account of an e-mail address in any spelling of upper and lower case."""
    row = session.connection().execute(select(*_USER_COLUMNS).where(col(User.email) == email.strip().lower())).first()
    return UserFacts(*row) if row else None


def user(session: Session, user_id: UUID) -> UserFacts | None:
    """The account with this id."""
    row = session.connection().execute(select(*_USER_COLUMNS).where(col(User.id) == user_id)).first()
    return UserFacts(*row) if row else None


def credentials(session: Session, email: str) -> Credentials | None:
    """What a password for this e-mail address (lower case) is compared with; None for unknown or disabled accounts."""
    found = select(col(User.id), col(User.password_hash)).where(
        col(User.email) == email, col(User.disabled_at).is_(None)
    )
    row = session.connection().execute(found).first()
    return Credentials(*row) if row else None


def memberships(session: Session, user_id: UUID) -> tuple[MembershipFacts, ...]:
    """The organisations that a user has a role in."""
    found = select(col(Membership.organisation_id), col(Membership.role)).where(col(Membership.user_id) == user_id)
    return tuple(MembershipFacts(*row) for row in session.connection().execute(found))


def role(session: Session, *, user_id: UUID, organisation_id: UUID) -> str | None:
    """The user's role in the organisation, None for a stranger."""
    found: str | None = session.connection().scalar(_ROLE, {"organisation": organisation_id, "user": user_id})
    return found


def membership(session: Session, *, user_id: UUID, organisation_id: UUID) -> tuple[str, UUID | None, bool] | None:
    """The user's role in the organisation with the department of a lead, and whether the organisation is archived;
    None for a stranger."""
    row = session.connection().execute(_MEMBERSHIP, {"organisation": organisation_id, "user": user_id}).first()
    return (row[0], row[1], row[2] is not None) if row else None


def is_archived(session: Session, organisation_id: UUID) -> bool:
    """Whether an organisation is archived."""
    return session.connection().execute(_ARCHIVED, {"organisation": organisation_id}).first() is not None


def archived(session: Session, organisation_id: UUID) -> tuple[datetime, str] | None:
    """Since when an organisation is archived, and by whom; None where it is not."""
    row = session.connection().execute(_ARCHIVED, {"organisation": organisation_id}).first()
    return (row[0], row[1]) if row else None


def which_archived(session: Session, organisation_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the organisations that are archived."""
    found = select(col(ArchivedClient.organisation_id)).where(col(ArchivedClient.organisation_id).in_(organisation_ids))
    return frozenset(session.connection().scalars(found))


def take_out(session: Session, organisation_id: UUID) -> bool:
    """Has an organisation be archived no more; False where it was not."""
    gone = delete(ArchivedClient).where(col(ArchivedClient.organisation_id) == organisation_id)
    return session.connection().execute(gone).rowcount == 1


def everybody(session: Session, organisation_id: UUID) -> tuple[MemberFacts, ...]:
    """Everybody with a role in an organisation, by name; accounts that were shut too."""
    found = (
        select(*_USER_COLUMNS, col(Membership.role), col(Membership.department_id))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.organisation_id) == organisation_id)
        .order_by(col(User.name), col(User.id))
    )
    rows = session.connection().execute(found)
    return tuple(MemberFacts(UserFacts(*row[:-2]), row[-2], row[-1]) for row in rows)


def change_role(
    session: Session, *, organisation_id: UUID, user_id: UUID, role: str, department_id: UUID | None
) -> None:
    """Gives a member another role, and a lead their department."""
    changed = update(Membership).where(
        col(Membership.organisation_id) == organisation_id, col(Membership.user_id) == user_id
    )
    session.connection().execute(changed.values(role=role, department_id=department_id))


def members(session: Session, *, organisation_id: UUID, role: str) -> tuple[UserFacts, ...]:
    """Who has this role in an organisation, by name; accounts that were shut are left out."""
    found = (
        select(*_USER_COLUMNS)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Membership.organisation_id) == organisation_id,
            col(Membership.role) == role,
            col(User.disabled_at).is_(None),
        )
        .order_by(col(User.name), col(User.id))
    )
    return tuple(UserFacts(*row) for row in session.connection().execute(found))


def running_together(session: Session, user_id: UUID, *, roles: Collection[str]) -> tuple[UserFacts, ...]:
    """Who has one of these roles in an organisation in which this user has one too; accounts that were shut are left
    out, and the user."""
    mine = select(col(Membership.organisation_id)).where(
        col(Membership.user_id) == user_id, col(Membership.role).in_(roles)
    )
    theirs = select(col(Membership.user_id)).where(
        col(Membership.organisation_id).in_(mine), col(Membership.role).in_(roles)
    )
    found = select(*_USER_COLUMNS).where(
        col(User.id).in_(theirs), col(User.id) != user_id, col(User.disabled_at).is_(None)
    )
    return tuple(UserFacts(*row) for row in session.connection().execute(found))


def remove_member(session: Session, *, organisation_id: UUID, user_id: UUID, role: str) -> bool:
    """Takes a role in an organisation from a user; False when they do not have it."""
    gone = delete(Membership).where(
        col(Membership.organisation_id) == organisation_id,
        col(Membership.user_id) == user_id,
        col(Membership.role) == role,
    )
    return session.connection().execute(gone).rowcount == 1


def visitor(session: Session, *, token_sha256: str, now: datetime) -> Visitor | None:
    """Who holds the cookie with this hash; None when it is unknown, expired or revoked, or its user disabled."""
    row = session.connection().execute(_VISITOR, {"token_sha256": token_sha256, "now": now}).first()
    return Visitor(*row) if row else None


def sign_ins(session: Session, *, user_id: UUID, now: datetime) -> tuple[SignInFacts, ...]:
    """The user's sign-ins that are in force, the one seen last first."""
    found = (
        select(col(SignIn.id), col(SignIn.device), col(SignIn.created_at), col(SignIn.seen_at))
        .where(col(SignIn.user_id) == user_id, *_in_force(now))
        .order_by(col(SignIn.seen_at).desc(), col(SignIn.id))
    )
    return tuple(SignInFacts(*row) for row in session.connection().execute(found))


def note_visit(session: Session, *, sign_in_id: UUID, now: datetime, expires_at: datetime) -> None:
    """Moves the end of a sign-in that is in force."""
    seen = update(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.revoked_at).is_(None))
    session.connection().execute(seen.values(seen_at=now, expires_at=expires_at))


def revoke(session: Session, *, user_id: UUID, sign_in_id: UUID, now: datetime) -> bool:
    """Ends one of the user's sign-ins; False when there is no such one in force."""
    ended = update(SignIn).where(
        col(SignIn.id) == sign_in_id, col(SignIn.user_id) == user_id, col(SignIn.revoked_at).is_(None)
    )
    return session.connection().execute(ended.values(revoked_at=now)).rowcount == 1


def revoke_all(session: Session, *, user_id: UUID, now: datetime, but: UUID | None = None) -> None:
    """Ends all sign-ins of the user except `but`."""
    ended = update(SignIn).where(col(SignIn.user_id) == user_id, col(SignIn.revoked_at).is_(None))
    if but is not None:
        ended = ended.where(col(SignIn.id) != but)
    session.connection().execute(ended.values(revoked_at=now))


def delete_ended_sign_ins(session: Session, *, before: datetime) -> None:
    """Deletes sign-ins that expired or were revoked before a time."""
    old = or_(col(SignIn.expires_at) < before, col(SignIn.revoked_at) < before)
    session.connection().execute(delete(SignIn).where(old))


def link(session: Session, *, token_sha256: str) -> LinkFacts | None:
    """The one-time link with this hash."""
    found = select(col(OneTimeLink.user_id), col(OneTimeLink.expires_at), col(OneTimeLink.used_at))
    row = session.connection().execute(found.where(col(OneTimeLink.token_sha256) == token_sha256)).first()
    return LinkFacts(*row) if row else None


def use_link(session: Session, *, token_sha256: str, now: datetime) -> bool:
    """Marks a link as used; False when somebody else used it in the meantime or it has expired."""
    used = update(OneTimeLink).where(
        col(OneTimeLink.token_sha256) == token_sha256,
        col(OneTimeLink.used_at).is_(None),
        col(OneTimeLink.expires_at) > now,
    )
    return session.connection().execute(used.values(used_at=now)).rowcount == 1


def end_links(session: Session, *, user_id: UUID, now: datetime) -> None:
    """Ends the one-time links of a user that nobody has used."""
    waiting = update(OneTimeLink).where(
        col(OneTimeLink.user_id) == user_id, col(OneTimeLink.used_at).is_(None), col(OneTimeLink.expires_at) > now
    )
    session.connection().execute(waiting.values(expires_at=now))


def delete_expired_links(session: Session, *, before: datetime) -> None:
    """Deletes one-time links that expired before a time."""
    session.connection().execute(delete(OneTimeLink).where(col(OneTimeLink.expires_at) < before))


def failures(session: Session, *, key_sha256: str, since: datetime) -> tuple[datetime, ...]:
    """When attempts failed for a key since a time, the newest first."""
    found = select(col(FailedSignIn.at)).where(col(FailedSignIn.key_sha256) == key_sha256, col(FailedSignIn.at) > since)
    return tuple(session.connection().scalars(found.order_by(col(FailedSignIn.at).desc())))


def delete_failures(session: Session, *, key_sha256: str, ids: Sequence[UUID]) -> None:
    """Forgets the attempts of a key, and those with one of these ids."""
    gone = or_(col(FailedSignIn.key_sha256) == key_sha256, col(FailedSignIn.id).in_(ids))
    session.connection().execute(delete(FailedSignIn).where(gone))


def delete_old_failures(session: Session, *, before: datetime) -> None:
    """Deletes attempts that no limit counts any more."""
    session.connection().execute(delete(FailedSignIn).where(col(FailedSignIn.at) <= before))


def _in_force(now: "datetime | BindParameter[datetime]") -> tuple[ColumnElement[bool], ...]:
    return (col(SignIn.revoked_at).is_(None), col(SignIn.expires_at) > now)


# Built once, because every page asks: building a statement costs more than running it.
_ROLE = select(col(Membership.role)).where(
    col(Membership.organisation_id) == bindparam("organisation"), col(Membership.user_id) == bindparam("user")
)
_MEMBERSHIP = _ROLE.add_columns(col(Membership.department_id), col(ArchivedClient.archived_at)).outerjoin(
    ArchivedClient, col(ArchivedClient.organisation_id) == col(Membership.organisation_id)
)
_ARCHIVED = (
    select(col(ArchivedClient.archived_at), col(User.name))
    .join(User, col(User.id) == col(ArchivedClient.user_id))
    .where(col(ArchivedClient.organisation_id) == bindparam("organisation"))
)
_VISITOR = (
    select(col(SignIn.id), col(User.id), col(User.name), col(User.email), col(SignIn.seen_at), col(User.language))
    .join(User, col(User.id) == col(SignIn.user_id))
    .where(
        col(SignIn.token_sha256) == bindparam("token_sha256"),
        *_in_force(bindparam("now")),
        col(User.disabled_at).is_(None),
    )
)
