"""The plan of thirty, sixty and ninety days as a chapter: who does what by when, and what the next wave should show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.actions import frame
from app.actions.facts import ENDED, STATUS_WORDS
from app.planned.document import Deed, PlanDocument
from app.playbooks.action import NAMES
from app.playbooks.roles import ROLES
from app.reports.extent import Extent
from app.sentences import Listing, Passage, Sentence, say, say_count

MOST_DEEDS: Final = 45
PARTS: Final = (
    say("In the first thirty days"),
    say("By the sixtieth day"),
    say("By the ninetieth day"),
    say("Later"),
    say("Done"),
)
DONE: Final = len(PARTS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedLine:
    """An action: where, who does it, by when, what it takes and what it should move."""

    title: str
    department: str
    who: str
    due: date
    overdue: bool
    state: str
    hours: int
    moves: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """The chapter: actions by part. `beyond` says how many there was no room for."""

    headline: str
    as_of: date
    parts: tuple[tuple[str, tuple[DeedLine, ...]], ...]
    hours: str
    beyond: str


def scheduled(plan: PlanDocument, told: Extent) -> Scheduled | None:
    """The chapter; None where nothing is planned."""
    meant = [one for one in plan.deeds if one.status != "dropped"]
    if told.cut:
        there = {row.id for row in told.printed.rows}
        meant = [one for one in meant if one.department in there]
    if not meant:
        return None
    kept, names = meant[:MOST_DEEDS], names_of(plan)
    left = len(meant) - len(kept)
    return Scheduled(
        headline=headline(meant),
        as_of=plan.as_of,
        parts=tuple(_parts(kept, names, plan.as_of)),
        hours=say_count(
            "{n} hour of all people together, as the plan has it.",
            "{n} hours of all people together, as the plan has it.",
            sum(one.hours for one in meant),
        ),
        beyond=say_count("{n} more action is in the workbook.", "{n} more actions are in the workbook.", left)
        if left
        else "",
    )


def names_of(plan: PlanDocument) -> dict[str, str]:
    """What departments are called."""
    return {one.id: one.name for one in plan.places}


def headline(meant: list[Deed]) -> Sentence:
    """How much there is to do, and by when first."""
    waiting = [one for one in meant if one.status not in ENDED]
    if not waiting:
        return say("All that was planned is done; the next wave shows whether it moved anything")
    return say_count(
        "{n} action is under way or to come, due by {day}",
        "{n} actions are under way or to come, the first due by {day}",
        len(waiting),
        day=min(one.due for one in waiting),
    )


def _parts(deeds: list[Deed], names: dict[str, str], today: date) -> Iterator[tuple[str, tuple[DeedLine, ...]]]:
    for number, name in enumerate(PARTS):
        lines = tuple(line(one, names, today) for one in deeds if part(one) == number)
        if lines:
            yield name, lines


def part(one: Deed) -> int:
    """The part in which an action stands: its thirty days, later, or done."""
    return DONE if one.status in ENDED else frame.part(one.begins, one.due)


def line(one: Deed, names: dict[str, str], today: date) -> DeedLine:
    """An action as a line of a table."""
    return DeedLine(
        title=one.named,
        department=names.get(one.department, say("a department that was closed")),
        who=_who(one),
        due=one.ended if one.ended and one.status in ENDED else one.due,
        overdue=one.status not in ENDED and one.due < today,
        state=next((told for key, told in STATUS_WORDS.items() if key == one.status), ""),
        hours=one.hours,
        moves=Listing(one.moves),
    )


def _who(one: Deed) -> str:
    """Who does it, and in which role; somebody has to be found where neither is told."""
    role = ROLES.get(one.role, "")
    if one.owner and role:
        return Passage((one.owner, role), ", ")
    return one.owner or role or say("to be named")


def moved(plan: PlanDocument) -> Sentence | None:
    """What the next wave should show; None where no action says it."""
    keys = {key for one in plan.deeds if one.status != "dropped" for key in one.moves}
    named = [say("{code} {name}", code=key, name=NAMES[key]) for key in NAMES if key in keys]
    if not named:
        return None
    return say("The next wave should show another score in {cells}; that it will is a hope, not a finding.",
               cells=Listing(named))  # fmt: skip
