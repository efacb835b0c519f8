"""Guardrails as a chapter: which count, how each stands as of the plan record's day, and dates of law (6.3, 6.4)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.guardrails.facts import CONFIRM, KINDS, STATUSES
from app.guardrails.places import PLACES
from app.planned.document import Guard, LawDay, PlanDocument
from app.playbooks.guardrail import BASES
from app.reports.phrases import some
from app.sentences import Listing, Passage, Sentence, Value, say, say_count

MOST_DAYS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardLine:
    """A guardrail that counts: from which level, in how many departments, how it stands, what else is told of it."""

    id: str
    title: str
    start: str
    count: int
    state: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A row of the table of laws with days."""

    day: date
    until: date | None
    law: str
    what: str
    ahead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """The chapter: guardrails that count by how they stand, what is missing first.

    `others` tells of those that do not count now, `read` what was looked up, and when.
    """

    headline: str
    where: Value
    departments: int
    parts: tuple[tuple[str, tuple[GuardLine, ...]], ...]
    others: tuple[str, ...]
    days: tuple[DayLine, ...]
    read: tuple[Value, ...]


def guarded(plan: PlanDocument) -> Guarded:
    """The chapter."""
    counting = [one for one in plan.guards if one.stands]
    return Guarded(
        headline=headline(counting),
        where=Listing(PLACES[key] for key in PLACES if key in plan.countries),
        departments=len(plan.places),
        parts=tuple(_parts(counting)),
        others=tuple(_others(plan)),
        days=tuple(days(plan)),
        read=tuple(_read(plan)),
    )


def headline(counting: list[Guard]) -> Sentence:
    """How many count, and how many of these are in force everywhere where they count."""
    if not counting:
        return say("No guardrail counts yet, because no department may use agents")
    return say_count(
        "{n} guardrail counts now, and {held} is attested throughout",
        "{n} guardrails count now, and {held} of them are attested throughout",
        len(counting),
        held=sum(status(one) == "in_force" for one in counting),
    )


def status(one: Guard) -> str:
    """How a guardrail stands: the worst of the departments in which it counts; empty where it counts in none."""
    found = {stand.status for stand in one.stands}
    return next((key for key in STATUSES if key in found), "")


def line(one: Guard) -> GuardLine:
    """A guardrail as a line of a table."""
    key = status(one)
    return GuardLine(
        id=one.id,
        title=one.named,
        start=one.start,
        count=len(one.stands),
        state=Passage(_state(one, key), " · "),
        detail=Passage((*_detail(one), counsel(one)), " · "),
    )


def _parts(counting: list[Guard]) -> Iterator[tuple[str, tuple[GuardLine, ...]]]:
    """Those that stand alike under how they do, where the mark for counsel stands beside what is known."""
    for key, told in STATUSES.items():
        alike = [one for one in counting if status(one) == key]
        if alike:
            yield told, tuple(_under(one, key) for one in alike)


def _under(one: Guard, key: str) -> GuardLine:
    marks = tuple(_state(one, key))[1:]
    told = line(one)
    return replace(told, detail=Passage((*marks, told.detail), " · ") if marks else told.detail)


def is_at(one: Guard, key: str) -> bool:
    """Whether it stands so, or is to be confirmed by counsel where that is asked for."""
    return status(one) == key or (key == "confirm" and bool(one.stands and one.unsure))


def _state(one: Guard, key: str) -> Iterator[Value]:
    """How its controls stand, and the mark where counsel has to confirm a part of it."""
    yield from (told for name, told in STATUSES.items() if name == key)
    if one.stands and one.unsure and key != "confirm":
        yield CONFIRM


def _detail(one: Guard) -> Iterator[Value]:
    found = Counter(stand.status for stand in one.stands)
    ends = [stand.until for stand in one.stands if stand.until]
    if len(found) > 1:
        yield from (
            say("{state}: {count}", state=told, count=found[key]) for key, told in STATUSES.items() if found[key]
        )
    elif set(found) == {"in_force"} and ends:
        yield say("until {day} at first", day=min(ends))
    if one.unsure:
        yield some(one.unsure, 2)


def counsel(one: Guard) -> Value:
    """What counsel said of it last; empty where nothing is written down."""
    kind = next((told for key, told in KINDS.items() if key == one.kind), None)
    if kind is None or one.said_on is None:
        return ""
    return say("{kind}: {counsel}, {day}.", kind=kind, counsel=one.counsel, day=one.said_on)


def _others(plan: PlanDocument) -> Iterator[Sentence]:
    """Those that count from a higher level on, and those of which nobody has said whether they do."""
    later = [one.id for one in plan.guards if not one.stands and one.standing == "later"]
    asked = [one.id for one in plan.guards if not one.stands and one.standing == "where"]
    if later:
        yield say("From a higher level on: {ids}.", ids=Listing(later))
    if asked:
        yield say("Only where a workflow is of a kind of which nobody has said whether it is there: {ids}.",
                  ids=Listing(asked))  # fmt: skip


def days(plan: PlanDocument) -> Iterator[DayLine]:
    """What holds on the record's day or later, the nearest first; what is over is left out."""
    meant = [one for one in plan.days if one.until is None or one.until >= plan.as_of]
    for one in sorted(meant, key=lambda each: (each.day <= plan.as_of, each.day))[:MOST_DAYS]:
        yield DayLine(day=one.day, until=one.until, law=one.law, what=_what(one), ahead=one.day > plan.as_of)


def _what(one: LawDay) -> str:
    return one.said if one.confirmed else Passage((one.said, say("To be confirmed.")))


def _read(plan: PlanDocument) -> Iterator[Value]:
    """What was read of laws and standards, those together of which the same was read on the same day."""
    groups: dict[tuple[str, date], list[str]] = {}
    for law in plan.laws:
        groups.setdefault((law.basis, law.checked_on), []).append(law.name)
    for (basis, day), names in groups.items():
        told = next((said for key, said in BASES.items() if key == basis), "")
        if basis == "not_checked":
            yield say("{basis}: {laws}.", basis=told, laws=Listing(names))
        else:
            yield say("{basis}, checked on {day}: {laws}.", basis=told, day=day, laws=Listing(names))
