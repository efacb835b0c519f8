"""What people type into the pages of waves, read into types; what can't be read gets a sentence at its field."""

from dataclasses import dataclass
from datetime import date

from app.clients.rules import read_headcount
from app.errors import InvalidError
from app.numerals import whole
from app.sentences import say
from app.waves.policy import Policy, chosen
from app.web.forms import FormData


@dataclass(frozen=True)
class PlanInput:
    """The plan of an assessment as it was typed. `planned_close` is still text, as the page shows it again."""

    name: str
    instrument: str
    label: str
    form: str
    planned_close: str


@dataclass(frozen=True)
class PolicyInput:
    """The privacy policy as it was chosen, still as text."""

    mode: str
    k: str
    comments: bool
    retention_months: str


@dataclass(frozen=True)
class NextInput:
    """The next wave as it was typed."""

    form: str
    label: str


def read_plan(data: FormData) -> PlanInput:
    """The plan as it was sent."""
    names = ("name", "instrument", "label", "form", "planned_close")
    return PlanInput(**{name: data.text(name) for name in names})


def read_policy(data: FormData) -> PolicyInput:
    """The choices of a policy as they were sent."""
    return PolicyInput(data.text("mode"), data.text("k"), bool(data.text("comments")), data.text("retention_months"))


def choices_of(policy: Policy) -> PolicyInput:
    """The choices that lead to a policy, as the form shows them."""
    return PolicyInput(policy.mode, str(policy.k_means), policy.comments, str(policy.retention_months or ""))


def policy_of(typed: PolicyInput) -> Policy:
    """The policy of these choices; InvalidError has a sentence for each that is not offered."""
    return chosen(
        mode=typed.mode,
        k=whole(typed.k) or 0,
        comments=typed.comments,
        retention_months=whole(typed.retention_months) or 0,
    )


def read_next(data: FormData) -> NextInput:
    """The next wave as it was sent."""
    return NextInput(data.text("form"), data.text("label"))


def day_of(text: str) -> date | None:
    """The closing day, None for an empty field; InvalidError for anything but a day of the calendar."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = say(
            "{text} is not a day of the calendar. Write it as year-month-day, for example 2027-03-31.", text=text
        )
        raise InvalidError(sentence, fields={"planned_close": sentence}) from None


def headcount_of(data: FormData) -> int:
    """The headcount that was typed, read as the import reads it; InvalidError for anything but a whole number."""
    headcount = read_headcount(data.text("headcount"))
    if headcount is None:
        sentence = say("Give the headcount as a whole number of people, for example 12.")
        raise InvalidError(sentence, fields={"headcount": sentence})
    return headcount
