"""When mails may go out, and which rounds are due. Pure: days and hours are those of the client's time zone."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.mail.queries import PlanFacts
from app.mail.words import INVITATION, REMINDER, REMINDERS, RESULTS, THANKS

SATURDAY: Final = 5
LOOK_AGAIN: Final = timedelta(minutes=1)
SELDOM: Final = timedelta(hours=6)


def day_key(kind: str, number: int = 1) -> str:
    """By what a plan names the day of a round: invitation, reminder-2, results."""
    return f"{kind}-{number}" if kind == REMINDER else kind


def is_open(plan: PlanFacts, zone: str, now: datetime) -> bool:
    """Whether mails may go out at this moment."""
    local = now.astimezone(ZoneInfo(zone))
    return _may(plan, local.date()) and plan.from_hour <= local.hour < plan.to_hour


def opens(plan: PlanFacts, zone: str, now: datetime) -> datetime:
    """The next moment at which mails may go out."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date()
    if local.hour >= plan.from_hour:
        day += timedelta(days=1)
    while not _may(plan, day):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, plan.from_hour, tzinfo=ZoneInfo(zone)).astimezone(now.tzinfo)


def due(days: Mapping[str, str], begun: Collection[tuple[str, int]], today: date) -> tuple[tuple[str, int], ...]:
    """The rounds whose day has come and that were not begun: the invitation first, and the newest reminder as the last.

    Reminders that were missed, because the service stood still, are not made up for one after the other.
    """
    rounds = [(INVITATION, 1), *((REMINDER, number) for number in range(1, REMINDERS + 1))]
    return tuple(
        one
        for one in rounds
        if one not in begun and (day := days.get(day_key(*one))) and date.fromisoformat(day) <= today
    )


def results_due(days: Mapping[str, str], begun: Collection[tuple[str, int]], today: date) -> bool:
    """Whether the day has come to tell people that the results are there."""
    day = days.get(RESULTS)
    return (RESULTS, 1) not in begun and bool(day) and date.fromisoformat(day or "") <= today


def to_come(plan: PlanFacts, begun: Collection[tuple[str, int]], *, over: bool) -> bool:
    """Whether a round is planned that was not begun; of a wave that is over, only thanks and results."""
    if over:
        thanks = plan.thanks and (INVITATION, 1) in begun and (THANKS, 1) not in begun
        return thanks or bool(plan.days.get(RESULTS) and (RESULTS, 1) not in begun)
    rounds = [(INVITATION, 1), *((REMINDER, number) for number in range(1, REMINDERS + 1)), (RESULTS, 1)]
    return any(bool(plan.days.get(day_key(*one))) and one not in begun for one in rounds)


def _may(plan: PlanFacts, day: date) -> bool:
    return plan.weekends or day.weekday() < SATURDAY
