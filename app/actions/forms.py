"""What was typed of an action of the plan, as it was typed, and what it says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from app.actions.facts import STATUSES, Facts
from app.errors import InvalidError
from app.numerals import whole
from app.rosters import addresses
from app.sentences import Passage, say
from app.web.forms import FormData

FIELDS: Final = ("title", "moves", "hours", "owner", "mail", "language", "due", "status", "reason", "evidence", "link")
MOST_NEEDS: Final = 12
MOST_HOURS: Final = 99_999
NO_DAY: Final = say("Give the day as it stands in a calendar, for example 2027-01-29.")


@dataclass(frozen=True)
class Typed:
    """An action as typed: `fields` by name, `needs` the ids of what comes first, `seen` the version that was shown.

    `form` is the id that a new one gets, `action` the id of the library's action that it is, "" for one of their own.
    """

    fields: Mapping[str, str]
    department: str = ""
    needs: tuple[str, ...] = ()
    seen: int | None = None
    form: UUID = field(default_factory=uuid4)
    action: str = ""


def read(data: FormData) -> Typed:
    """The form of an action."""
    return Typed(
        fields={name: data.text(name) for name in FIELDS},
        department=data.text("department"),
        needs=tuple(name.removeprefix("need-") for name in data.fields if name.startswith("need-")),
        seen=data.number("seen"),
        form=read_id(data.text("form")) or uuid4(),
        action=data.text("action"),
    )


def shown(facts: Facts, *, version: int | None, form: UUID, action: str = "") -> Typed:
    """The form of an action as it is."""
    return Typed(
        fields={
            "title": facts.title,
            "moves": ", ".join(facts.moves),
            "hours": str(facts.hours),
            "owner": facts.owner,
            "mail": facts.mail,
            "language": facts.language,
            "due": facts.due.isoformat(),
            "status": facts.status,
            "reason": facts.reason,
            "evidence": facts.evidence,
            "link": facts.link,
        },
        department=str(facts.department_id),
        needs=tuple(str(one) for one in facts.needs),
        seen=version,
        form=form,
        action=action,
    )


def moved(typed: Typed, data: FormData) -> Typed:
    """The form of an action that a button moves on: nothing but how it stands is different."""
    return replace(typed, fields={**typed.fields, "status": data.text("status")}, seen=data.number("seen"))


def facts_of(typed: Typed, *, department_id: UUID, languages: Sequence[str]) -> Facts:
    """The facts that were typed. InvalidError names each field that holds no day and no number."""
    said = typed.fields
    errors: dict[str, str] = {}
    due = read_day(said["due"])
    if due is None:
        errors["due"] = NO_DAY
    hours = whole(said["hours"], most=MOST_HOURS) or 0
    status = next((one for one in STATUSES if one == said["status"]), None)
    if status is None:
        errors["status"] = say("Choose how it stands: to do, under way, done or dropped.")
    if due is None or status is None:
        raise InvalidError(Passage(errors.values()), fields=errors)
    return Facts(
        department_id=department_id,
        title=" ".join(said["title"].split()),
        due=due,
        moves=read_moves(said["moves"]),
        hours=hours,
        owner=" ".join(said["owner"].split()),
        mail=addresses.address(said["mail"]) or said["mail"],
        language=said["language"] if said["language"] in languages else languages[0],
        status=status,
        reason=said["reason"].strip(),
        evidence=said["evidence"].strip(),
        link=said["link"],
        needs=tuple(found for one in typed.needs[:MOST_NEEDS] if (found := read_id(one)) is not None),
    )


def read_moves(text: str) -> tuple[str, ...]:
    """Ids of dimensions out of a line."""
    return tuple(dict.fromkeys(one for one in re.split(r"[\s,;]+", text.upper()) if one))


def read_day(text: str) -> date | None:
    """A day as a browser sends it; None for what is none."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def read_id(text: str) -> UUID | None:
    """An id as a form sends it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
