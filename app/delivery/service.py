"""Setting what is made and mailed by itself, taking links back, and finding what a link leads to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app import tokens
from app.accounts import passwords
from app.accounts import queries as accounts
from app.accounts.roles import CONSULTANT, LEAD, OWNER, SHOWN_RESULTS, SPONSOR
from app.delivery import queries
from app.delivery.models import ReportDelivery, ReportSchedule
from app.delivery.queries import Delivery, Schedule
from app.errors import ConflictError, InvalidError, NotFoundError
from app.jobs import service as jobs
from app.jobs.queries import states
from app.releases import store
from app.releases.narrowing import rows_for
from app.releases.store import StoredRelease
from app.reports.formats import FORMATS
from app.reports.options import Options
from app.rosters.addresses import address
from app.sentences import Passage, say
from app.waves import queries as waves

PREPARE: Final = "delivery"
SEND: Final = "delivery-mail"
ROLES: Final = (OWNER, CONSULTANT, SPONSOR, LEAD)
USUAL_DAYS, MOST_DAYS = 30, 365
MOST_ADDRESSES: Final = 30
KEPT: Final = None
"""In the place of a password: the one that there is stays."""

NONE_YET: Final = Schedule(
    active=False, files=("pdf",), language="en", paper="A4", roles=(OWNER,), addresses=(), days=USUAL_DAYS,
    password_hash=None, version=0, user_id=None,
)  # fmt: skip
CHANGED: Final = say(
    "Somebody else changed this meanwhile, so nothing of yours was saved. This is what it is now: look through it, and "
    "change it again."
)
AGAIN: Final = say("Type the password again: nothing was saved yet, and it is not shown here.")
GONE: Final = say("There is no such link.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A schedule as it was typed. `password` is KEPT, empty for none, or a new one; `seen` the version on the page."""

    active: bool
    files: tuple[str, ...]
    language: str
    paper: str
    roles: tuple[str, ...]
    addresses: tuple[str, ...]
    days: int | None
    password: str | None
    seen: int


def schedule_of(session: Session, organisation_id: UUID, assessment_id: UUID) -> Schedule:
    """The schedule of an assessment, an empty one where there is none. NotFoundError for an unknown assessment."""
    if not any(one.assessment_id == assessment_id for one in waves.waves(session, organisation_id)):
        raise NotFoundError
    return queries.schedule(session, organisation_id, assessment_id) or NONE_YET


def save(
    session: Session, wanted: Wanted, *, organisation_id: UUID, assessment_id: UUID, user_id: UUID, now: datetime
) -> None:
    """Sets the schedule of an assessment.

    InvalidError has a sentence for each field that is wrong; ConflictError where somebody changed it meanwhile.
    """
    before = schedule_of(session, organisation_id, assessment_id)
    wrong = _wrong(wanted)
    if wrong or wanted.days is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    options = Options.read(paper=wanted.paper, language=wanted.language)
    made = ReportSchedule(
        organisation_id=organisation_id,
        assessment_id=assessment_id,
        active=wanted.active,
        files=list(wanted.files),
        language=options.language,
        paper=options.paper,
        roles=list(wanted.roles),
        addresses=list(dict.fromkeys(address(one) or one for one in wanted.addresses)),
        days=wanted.days,
        password_hash=_hash(wanted.password, before.password_hash),
        version=1,
        user_id=user_id,
        changed_at=now,
    )
    if before.version != wanted.seen or not queries.put(session, made, seen=wanted.seen):
        raise ConflictError(CHANGED)


def _hash(password: str | None, before: str | None) -> str | None:
    if password is KEPT:
        return before
    return passwords.hash_password(password) if password else None


def _wrong(wanted: Wanted) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not wanted.files or not set(wanted.files) <= set(FORMATS):
        wrong["files"] = say("Choose at least one file.")
    if wanted.active and not wanted.roles and not wanted.addresses:
        wrong["addresses"] = say("Choose who gets a link, or give an address.")
    strange = [one for one in wanted.addresses if address(one) is None]
    if strange:
        wrong["addresses"] = say("This is no e-mail address: {address}. Give one on each line.", address=strange[0])
    if len(wanted.addresses) > MOST_ADDRESSES:
        wrong["addresses"] = say("Give at most {most} addresses.", most=MOST_ADDRESSES)
    if not set(wanted.roles) <= set(ROLES):
        wrong["addresses"] = say("Choose who gets a link, or give an address.")
    if wanted.days is None or not 1 <= wanted.days <= MOST_DAYS:
        wrong["days"] = say("Give a number of days from 1 to {most}.", most=MOST_DAYS)
    complaint = passwords.complaint(wanted.password, email="") if wanted.password else None
    return {**wrong, **({"password": complaint} if complaint else {})}


def take_back(session: Session, *, organisation_id: UUID, assessment_id: UUID, id: UUID | None, now: datetime) -> None:
    """Takes a link back at once, and a mail that was not sent yet; taken back twice, it stays so."""
    row = _row(session, organisation_id, assessment_id, id)
    row.revoked_at = row.revoked_at or now
    if row.state == "waiting":
        row.state = "held"
    session.flush()


def given_up(session: Session, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the deliveries whose job was given up: their mails wait for nothing any more."""
    return frozenset(id for id, state in states(session, kind=SEND, subject_ids=ids).items() if state == "failed")


def send_again(session: Session, *, organisation_id: UUID, assessment_id: UUID, id: UUID | None, now: datetime) -> None:
    """Has a mail that failed tried again, or a new link sent where the old one was taken back or has ended.

    ConflictError while the mail is under way, or its link works.
    """
    row = _row(session, organisation_id, assessment_id, id)
    ended = row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now)
    under_way = row.state == "waiting" and row.revoked_at is None and not given_up(session, [row.id])
    if under_way or (row.state == "sent" and not ended):
        raise ConflictError(say("{address} has a link that works, or gets one in a moment.", address=row.address))
    if ended:
        row.generation, row.token_sha256 = row.generation + 1, None
    row.state, row.error, row.revoked_at, row.expires_at, row.sent_at = "waiting", "", None, None, None
    row.asked_at = now
    session.flush()
    jobs.schedule(session, organisation_id=organisation_id, kind=SEND, subject_id=row.id, due=now, now=now)


def _row(session: Session, organisation_id: UUID, assessment_id: UUID, id: UUID | None) -> ReportDelivery:
    row = queries.locked(session, organisation_id, id) if id else None
    if row is None or row.assessment_id != assessment_id:
        raise NotFoundError(GONE)
    return row


def enter(session: Session, token: str, *, now: datetime) -> tuple[Delivery, StoredRelease] | None:
    """The delivery that a token belongs to, with its release; None for a token that leads nowhere.

    Unknown, ended, taken back, or of a member who may not see results any more: nobody is told which.
    """
    found = tokens.found(token, lambda sha256: queries.find(session, sha256))
    if found is None or not found.in_force(now):
        return None
    release = store.by_id(session, found.organisation_id, found.release_id)
    return (found, release) if release is not None and still_may(session, found, release) else None


def still_may(session: Session, delivery: Delivery, release: StoredRelease) -> bool:
    """Whether a member's role shows them what their link leads to, a lead's department included; others need none."""
    if delivery.user_id is None:
        return True
    user = accounts.user(session, delivery.user_id)
    member = accounts.membership(session, user_id=delivery.user_id, organisation_id=delivery.organisation_id)
    if user is None or user.disabled_at is not None or member is None:
        return False
    role, department_id, _ = member
    return role in SHOWN_RESULTS and (role != LEAD or delivery.edition == edition_of(release, department_id))


def edition_of(release: StoredRelease, department_id: UUID | None) -> str | None:
    """The row of a lead's department; None for a lead whose department has none of its own."""
    if department_id is None:
        return None
    return next((row.id for row in rows_for(release.document, department_id)[1:2]), None)
