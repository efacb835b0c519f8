"""Reading the forms of the page with the plan of a wave's mails."""

from dataclasses import replace
from datetime import date

from app.errors import InvalidError
from app.mail.queries import PlanFacts
from app.mail.timing import day_key
from app.mail.words import INVITATION, REMINDER, REMINDERS, RESULTS
from app.rosters.addresses import address
from app.sentences import say
from app.web.forms import FormData

DAY_KEYS = (INVITATION, *(day_key(REMINDER, number) for number in range(1, REMINDERS + 1)), RESULTS)


def read_plan(data: FormData, before: PlanFacts) -> PlanFacts:
    """The plan as it was typed. InvalidError has a sentence for each field that cannot be read."""
    wrong: dict[str, str] = {}
    days = {key: _day(data.text(key), key, wrong) for key in DAY_KEYS}
    hours = {name: _number(data, name, wrong) for name in ("from_hour", "to_hour", "per_minute")}
    reply_to = data.text("reply_to")
    if reply_to and address(reply_to) is None:
        wrong["reply_to"] = say("“{text}” is no mail address. Correct it, or leave it empty.", text=reply_to[:80])
    if wrong:
        raise InvalidError(" ".join(wrong.values()), fields=wrong)
    return replace(
        before,
        sender=" ".join(data.text("sender").split()),
        reply_to=address(reply_to) or "",
        days=days,
        weekends=data.text("weekends") == "yes",
        thanks=data.text("thanks") == "yes",
        from_hour=hours["from_hour"],
        to_hour=hours["to_hour"],
        per_minute=hours["per_minute"],
    )


def _day(text: str, key: str, wrong: dict[str, str]) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        wrong[key] = say("Give a day such as 2026-11-30.")
        return ""


def _number(data: FormData, name: str, wrong: dict[str, str]) -> int:
    number = data.number(name)
    if number is None:
        wrong[name] = say("Give a whole number.")
    return number or 0
