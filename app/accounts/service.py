"""Accounts: users, their sign-ins, one-time links, memberships, and the limit on failed attempts."""

import hashlib
import math
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from app.accounts import passwords, queries
from app.accounts.models import FailedSignIn, Membership, OneTimeLink, SignIn, User
from app.accounts.roles import CONSULTANT, REVIEWER, RUNNING, Role
from app.errors import PUT_AWAY, ConflictError, GoneError, InvalidError, NotFoundError, TooManyError
from app.sentences import Passage, say, say_count
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE

TOKEN_BYTES = 32
LINK_LASTS = timedelta(hours=24)
WINDOW = timedelta(minutes=15)
PER_EMAIL = 5
PER_ADDRESS = 30
LONGEST_NAME = 120
LONGEST_EMAIL = 254

# Links and sign-ins that have ended stay a while, so that an old link still says that it was used.
KEPT_AFTER_THE_END = timedelta(days=30)

_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


@dataclass(frozen=True)
class Attempt:
    """An attempt to sign in that is counted already; it is forgotten again when the password is right."""

    email: str
    ids: tuple[UUID, ...]
    credentials: queries.Credentials | None


def fingerprint(token: str) -> str:
    """What is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_user(session: Session, *, email: str, name: str, now: datetime, password: str | None = None) -> UUID:
    """Makes an account; without a password it waits for its one-time link.

    Raises InvalidError with a sentence for each field, ConflictError when the address has an account.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    wrong = complaints(email=email, name=name, password=password)
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    if queries.user_by_email(session, email) is not None:
        raise ConflictError(say("There is an account for {email} already.", email=email))
    hashed = passwords.UNSET if password is None else passwords.hash_password(password)
    user = User(email=email, name=name, password_hash=hashed, created_at=now)
    session.add(user)
    session.flush()
    return user.id


def disable_user(session: Session, *, email: str, now: datetime) -> None:
    """Shuts an account and ends its sign-ins; its work stays. Raises NotFoundError for an unknown address."""
    user = _user_with(session, email)
    user.disabled_at = now
    queries.revoke_all(session, user_id=user.id, now=now)


def add_member(
    session: Session,
    *,
    organisation_id: UUID,
    user_id: UUID,
    now: datetime,
    role: Role = CONSULTANT,
    department_id: UUID | None = None,
) -> None:
    """Gives a user a role in an organisation; does nothing when they have one there already."""
    if queries.role(session, user_id=user_id, organisation_id=organisation_id) is None:
        made = Membership(organisation_id=organisation_id, user_id=user_id, role=role, created_at=now)
        made.department_id = department_id
        session.add(made)
        session.flush()


def require_in_use(session: Session, organisation_id: UUID) -> None:
    """ConflictError for whoever has a link to something of a client that is archived, and sends something."""
    if queries.is_archived(session, organisation_id):
        raise ConflictError(PUT_AWAY)


def name_reviewer(session: Session, *, organisation_id: UUID, email: str, name: str, now: datetime) -> UUID:
    """Has somebody of the client review its comments: makes an account for them unless there is one.

    InvalidError for what was typed, ConflictError for somebody with another role at the client, and as `account_for`.
    """
    user = queries.user_by_email(session, email)
    has = user and queries.role(session, user_id=user.id, organisation_id=organisation_id)
    if user and has in RUNNING:
        raise ConflictError(say("{name} is a consultant of this client. Name somebody of the client.", name=user.name))
    if user and has not in (None, REVIEWER):
        raise ConflictError(say("{name} has another role at this client. An owner can change it.", name=user.name))
    user_id = account_for(session, organisation_id=organisation_id, email=email, name=name, now=now)
    add_member(session, organisation_id=organisation_id, user_id=user_id, now=now, role=REVIEWER)
    return user_id


def account_for(session: Session, *, organisation_id: UUID, email: str, name: str, now: datetime) -> UUID:
    """The account of an address for a role at a client; made when there is none.

    InvalidError for what was typed, ConflictError for an account that was shut, and for one that nobody has used yet
    unless it is of this client: whoever is given its first link gets all that it may see.
    """
    user = queries.user_by_email(session, email)
    if user is None:
        return create_user(session, email=email, name=name, now=now)
    if user.disabled_at is not None:
        raise ConflictError(say("The account of {email} has been disabled.", email=user.email))
    if not user.has_password and queries.role(session, user_id=user.id, organisation_id=organisation_id) is None:
        raise ConflictError(
            say("The account of {email} waits for its first password. Name them after that.", email=user.email)
        )
    return user.id


def waiting_reviewer(session: Session, *, organisation_id: UUID, user_id: UUID) -> queries.UserFacts | None:
    """A reviewer who has not chosen a password yet and sees nothing but this organisation's comments, else None.

    Only they may be given a link by a consultant: it opens everything that its account may see.
    """
    reviewing = queries.role(session, user_id=user_id, organisation_id=organisation_id) == REVIEWER
    return waiting(session, organisation_id=organisation_id, user_id=user_id) if reviewing else None


def waiting(session: Session, *, organisation_id: UUID, user_id: UUID) -> queries.UserFacts | None:
    """A member who has not chosen a password yet and sees nothing but this organisation, else None.

    Only they may be given a link by its owners: it opens everything that its account may see.
    """
    user = queries.user(session, user_id)
    if user is None or user.has_password or user.disabled_at is not None:
        return None
    places = {one.organisation_id for one in queries.memberships(session, user_id)}
    return user if places == {organisation_id} else None


def start_attempt(session: Session, *, email: str, address: str, now: datetime) -> Attempt:
    """Counts an attempt before its password is looked at, so that many at once can't slip through.

    Raises TooManyError, which says how many minutes to wait, beyond 5 in 15 minutes for an e-mail address and 30 for
    a caller's address. Written in a transaction of its own; the password is compared after it.
    """
    email = email.strip().lower()
    ids = count_guess(session, about=f"email:{email}", address=address, now=now)
    return Attempt(email, ids, queries.credentials(session, email))


def count_guess(session: Session, *, about: str, address: str, now: datetime) -> tuple[UUID, ...]:
    """Counts one guess at a password, by what it is about and by the caller's address; gives what forgets it again.

    Raises TooManyError, which says how many minutes to wait, beyond 5 in 15 minutes about one thing and 30 for a
    caller's address.
    """
    queries.delete_old_failures(session, before=now - WINDOW)
    ids = []
    for key, limit in ((_key(about), PER_EMAIL), (_key(f"address:{address}"), PER_ADDRESS)):
        failed = queries.failures(session, key_sha256=key, since=now - WINDOW)
        if len(failed) >= limit:
            raise TooManyError(_please_wait(failed[limit - 1] + WINDOW - now))
        ids.append(uuid4())
        session.add(FailedSignIn(id=ids[-1], key_sha256=key, at=now))
    session.flush()
    return tuple(ids)


def forget_guess(session: Session, *, about: str, ids: Sequence[UUID]) -> None:
    """The password was right: forgets all guesses about this, and of the caller's this one."""
    queries.delete_failures(session, key_sha256=_key(about), ids=ids)


def sign_in(session: Session, *, user_id: UUID, device: str, now: datetime, hours: int) -> str:
    """A new sign-in; returns the token for the cookie, of which only the SHA-256 is stored."""
    queries.delete_ended_sign_ins(session, before=now - KEPT_AFTER_THE_END)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ends = now + timedelta(hours=hours)
    session.add(
        SignIn(
            user_id=user_id,
            token_sha256=fingerprint(token),
            device=device,
            created_at=now,
            seen_at=now,
            expires_at=ends,
        )
    )
    session.flush()
    return token


def finish_attempt(session: Session, attempt: Attempt, *, password_hash: str | None = None) -> None:
    """The password was right: forgets the failures, and keeps `password_hash` when it was made anew."""
    forget_guess(session, about=f"email:{attempt.email}", ids=attempt.ids)
    if password_hash is not None and attempt.credentials is not None:
        _user(session, attempt.credentials.user_id).password_hash = password_hash


def sign_out(session: Session, *, user_id: UUID, sign_in_id: UUID, now: datetime) -> None:
    """Ends a sign-in of the user; raises NotFoundError when it is not theirs or has ended."""
    if not queries.revoke(session, user_id=user_id, sign_in_id=sign_in_id, now=now):
        raise NotFoundError(say("This sign-in has ended already."))


def change_password(session: Session, *, user_id: UUID, password: str, keep: UUID | None, now: datetime) -> None:
    """Sets a new password and ends all sign-ins but `keep`; raises InvalidError when it will not do."""
    user = _user(session, user_id)
    wrong = passwords.complaint(password, email=user.email)
    if wrong:
        raise InvalidError(wrong, fields={"password": wrong})
    user.password_hash = passwords.hash_password(password)
    queries.revoke_all(session, user_id=user_id, now=now, but=keep)
    session.flush()


def choose_language(session: Session, *, user_id: UUID, language: str) -> None:
    """Keeps the language that a user reads the console in; "" for that of the browser. InvalidError for any other."""
    if language not in ("", *SPOKEN_IN_THE_CONSOLE):
        raise InvalidError(say("Choose one of these languages."))
    _user(session, user_id).language = language or None
    session.flush()


def make_start_link(session: Session, *, user_id: UUID | None, now: datetime) -> str:
    """The token of a one-time link: to make the first account (no user), or to choose a new password.

    It ends after 24 hours, and an earlier one of the same user at once. Only its SHA-256 is stored.
    """
    queries.delete_expired_links(session, before=now - KEPT_AFTER_THE_END)
    if user_id is not None:
        queries.end_links(session, user_id=user_id, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        OneTimeLink(token_sha256=fingerprint(token), user_id=user_id, created_at=now, expires_at=now + LINK_LASTS)
    )
    session.flush()
    return token


def find_link(session: Session, *, token: str, now: datetime) -> queries.LinkFacts:
    """A link that can be used; raises NotFoundError when there is none, GoneError when it is used or too old."""
    found = queries.link(session, token_sha256=fingerprint(token))
    if found is None:
        raise NotFoundError(say("This link is not known. Perhaps a part of it was lost: copy the whole address."))
    again = "./run user reset EMAIL" if found.user_id or queries.any_user(session) else "./run"
    anew = say("Whoever runs this service makes a new one with “{command}”.", command=again)
    if found.used_at is not None:
        raise GoneError(
            Passage([say("This link has been used, and it works once. Sign in with the password chosen then."), anew])
        )
    if found.expires_at <= now:
        raise GoneError(
            Passage([say("This link has ended: it lasts 24 hours, and a newer one takes its place."), anew])
        )
    user = queries.user(session, found.user_id) if found.user_id else None
    if user is not None and user.disabled_at is not None:
        raise GoneError(say("This link has ended: the account has been disabled."))
    if found.user_id is None and queries.any_user(session):
        raise GoneError(Passage([say("The first account has been made already. Sign in with it."), anew]))
    return found


def start(session: Session, *, token: str, email: str, name: str, password: str, now: datetime) -> UUID:
    """Uses a one-time link: makes the first account, or sets a new password and ends all sign-ins of the user.

    `email` and `name` count for the first account only. Raises as `find_link`, and InvalidError for what was typed.
    """
    link = find_link(session, token=token, now=now)
    # What was typed is judged first: a page that asks again must not have spent the link.
    if link.user_id is None:
        wrong = complaints(email=email, name=name, password=password)
    else:
        about_password = passwords.complaint(password, email=_user(session, link.user_id).email)
        wrong = {"password": about_password} if about_password else {}
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    if not queries.use_link(session, token_sha256=fingerprint(token), now=now):
        raise GoneError(say("This link has just been used. Sign in with the password chosen then."))
    if link.user_id is None:
        return create_user(session, email=email, name=name, password=password, now=now)
    change_password(session, user_id=link.user_id, password=password, keep=None, now=now)
    return link.user_id


def complaints(*, email: str, name: str, password: str | None = None) -> dict[str, str]:
    """What is wrong with what was typed for an account, by field; nothing where it will do."""
    email, name = email.strip().lower(), " ".join(name.split())
    wrong: dict[str, str] = {}
    if not _EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        wrong["email"] = say("Give an e-mail address such as ada@example.org.")
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = say("Give a name of at most {most} characters; colleagues see it.", most=LONGEST_NAME)
    about_password = passwords.complaint(password, email=email) if password is not None else None
    if about_password:
        wrong["password"] = about_password
    return wrong


def _please_wait(time: timedelta) -> str:
    minutes = max(1, math.ceil(time.total_seconds() / 60))
    return say_count(
        "There were too many failed attempts. Please wait a minute, then try again.",
        "There were too many failed attempts. Please wait {n} minutes, then try again.",
        minutes,
    )


def _key(about: str) -> str:
    return hashlib.sha256(about.encode()).hexdigest()


def _user(session: Session, user_id: UUID) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def _user_with(session: Session, email: str) -> User:
    facts = queries.user_by_email(session, email)
    if facts is None:
        raise NotFoundError(say("There is no account for {email}.", email=email.strip().lower()))
    return _user(session, facts.id)
