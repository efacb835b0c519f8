"""Days of a client's calendar as moments: a change counts from the first moment of its day on."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def today(now: datetime, zone: str) -> date:
    """The day that it is in the client's time zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def beginning(day: date, zone: str) -> datetime:
    """The first moment of a day, in UTC: where the clocks skip midnight, the moment in which they are set forward."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
