"""How long a read-only link lasts, and how it is recognised. Days are those of the client's time zone."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app import tokens
from app.share import queries
from app.share.queries import LinkFacts

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 365
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"

fingerprint = tokens.fingerprint


def new_token() -> str:
    """A token that nobody can make again: 130 random bits, written as those of other links are."""
    return "".join(secrets.choice(_LETTERS) for _ in range(tokens.TOKEN_LENGTH))


def found(session: Session, token: str) -> LinkFacts | None:
    """The link of a token, whatever has become of it; None for an unknown one."""
    return tokens.found(token, lambda sha256: queries.find(session, sha256))


def in_force(link: LinkFacts, now: datetime) -> bool:
    """Whether a link leads anywhere at this moment."""
    return link.revoked_at is None and now < link.expires_at


def day_of(now: datetime, zone: str) -> date:
    """The day that it is for the client."""
    return now.astimezone(ZoneInfo(zone)).date()


def days(zone: str, now: datetime) -> tuple[date, date]:
    """The first and the last day that may be the last of a new link."""
    today = day_of(now, zone)
    return today, today + timedelta(days=MOST_DAYS)


def usual_day(zone: str, now: datetime) -> date:
    """The last day of a link for which nobody chooses another."""
    return day_of(now, zone) + timedelta(days=USUAL_DAYS)


def end_of(day: date, zone: str) -> datetime:
    """The moment at which a day is over for the client."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def last_day(link: LinkFacts, zone: str) -> date:
    """The last day on which a link works."""
    return day_of(link.expires_at - timedelta(seconds=1), zone)
