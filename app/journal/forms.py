"""What is asked of the log: by whom, of what kind, on which days. Addresses are kept, so nothing here refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.acts.kinds import GROUPS, KINDS
from app.acts.queries import Wanted, kinds_of


@dataclass(frozen=True)
class Asked:
    """The filter as typed: an id of a user, a group of kinds, two days as ISO dates; empty for no limit."""

    who: str = ""
    what: str = ""
    since: str = ""
    until: str = ""


def read_asked(sent: Mapping[str, str]) -> Asked:
    """The filter of an address; what can't be meant is left out and shown as left out."""
    return Asked(
        who=sent.get("who", "") if _id(sent.get("who", "")) else "",
        what=sent.get("what", "") if sent.get("what", "") in GROUPS else "",
        since=sent.get("since", "") if _day(sent.get("since", "")) else "",
        until=sent.get("until", "") if _day(sent.get("until", "")) else "",
    )


def wanted_of(asked: Asked, zone: str) -> Wanted:
    """What the filter means; both days count from midnight to midnight in the client's time zone."""
    last = _day(asked.until)
    return Wanted(
        user_id=_id(asked.who),
        kinds=kinds_of(asked.what, KINDS) if asked.what else None,
        since=_midnight(_day(asked.since), zone),
        until=_midnight(last + timedelta(days=1) if last and last < date.max else last, zone),
    )


def read_mark(text: str) -> tuple[datetime, UUID] | None:
    """The last act of the page before, as `mark_of` writes it."""
    moment, _, id = text.partition("~")
    found = _id(id)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, found) if found is not None and at.tzinfo is not None else None


def mark_of(at: datetime, id: UUID) -> str:
    """A place in the log, for the address of the page that follows."""
    return f"{at.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%fZ')}~{id}"


def _midnight(day: date | None, zone: str) -> datetime | None:
    if day is None or day.year < 2:  # before that there is no time in UTC
        return None
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
