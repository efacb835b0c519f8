"""How to reorganise, as a chapter: who prepares, checks, decides and answers, and who has to be trained (6.2).

Workflows and their levels are those of the decision record, training is that of the plan record.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.autonomy.library import LEVELS
from app.autonomy.sharing import Shown
from app.planned.document import Place
from app.planned.sharing import Fixed
from app.releases.document import words
from app.releases.document.release import Scored
from app.reports.extent import Extent
from app.reports.phrases import some
from app.sentences import Sentence, Value, say, say_count
from scoring.levels import Level

MOST_PLACES: Final = 24
MOST_NAMED: Final = 5
SKILLS: Final = "R1"


@dataclass(frozen=True, slots=True)
class Duties:
    """Who does what at a level; an agent never answers for a result, and who approves is not who prepared."""

    prepares: Sentence
    checks: Sentence
    decides: Sentence


DUTIES: Final[Mapping[Level, Duties]] = {
    Level.A0: Duties(say("a person"), say("as before"), say("as before")),
    Level.A1: Duties(
        say("a person, with drafts of an agent"), say("the same person, every draft"), say("the same person")
    ),
    Level.A2: Duties(say("agent and person together"), say("the person, each step"), say("the person, each step")),
    Level.A3: Duties(
        say("the agent, several steps"),
        say("an approver who did not prepare it"),
        say("the approver, for each step that is external, irreversible or above a limit"),
    ),
    Level.A4: Duties(
        say("the agent, inside limits set in systems"),
        say("a reviewer: samples, and every exception"),
        say("the agent inside the limits, a person beyond them"),
    ),
    Level.A5: Duties(
        say("the agent"),
        say("monitoring with alerts, and an audit"),
        say("the agent; people can stop it at any time"),
    ),
}
TRAINED: Final[Mapping[str, Sentence]] = {
    "missing": say("not attested"),
    "incomplete": say("attested, and does not count"),
    "not_yet": say("attested, and does not count yet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A level with who does what, and the workflows that are allowed it."""

    level: str
    duties: Duties
    works: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A department: its people, what they say of their skills, and whether training is attested."""

    name: str
    depth: int
    people: int
    skills: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorganising:
    """The chapter. `beyond` says of how many departments there was no room to tell."""

    headline: str
    parts: tuple[Part, ...]
    trained: tuple[Trained, ...]
    beyond: str


def reorganising(record: Shown | None, fixed: Fixed, told: Extent) -> Reorganising:
    """The chapter, of the departments that are printed."""
    places = fixed.plan.places
    if told.cut:
        there = {row.id for row in told.printed.rows}
        places = tuple(one for one in places if one.id in there)
    left = len(places) - MOST_PLACES
    levels = _levels(record)
    return Reorganising(
        headline=_headline(levels),
        parts=tuple(_part(level, names) for level, names in levels.items()),
        trained=tuple(_trained(one, told) for one in places[:MOST_PLACES]),
        beyond=say_count("{n} more department is in the workbook.", "{n} more departments are in the workbook.", left)
        if left > 0
        else "",
    )


def _levels(record: Shown | None) -> dict[Level, list[str]]:
    """The names of workflows by their level, the highest first."""
    found: dict[Level, list[str]] = {}
    for _, _, some_works in record.works if record else ():
        for one in some_works:
            found.setdefault(Level[one.level], []).append(one.name)
    return {level: found[level] for level in sorted(found, reverse=True)}


def _headline(levels: Mapping[Level, list[str]]) -> Sentence:
    acting = sum(len(names) for level, names in levels.items() if level >= Level.A3)
    helping = sum(len(names) for level, names in levels.items() if Level.A1 <= level < Level.A3)
    if acting:
        return say_count(
            "In {n} workflow an agent may act; a person answers for every result",
            "In {n} workflows agents may act; a person answers for every result",
            acting,
        )
    if helping:
        return say_count(
            "In {n} workflow an agent may help; people go on deciding each step",
            "In {n} workflows agents may help; people go on deciding each step",
            helping,
        )
    return say("Nobody hands work over yet; training comes first")


def _part(level: Level, names: list[str]) -> Part:
    named = say("{level} {name}", level=level.name, name=LEVELS[level])
    return Part(level=named, duties=DUTIES[level], works=some(names, MOST_NAMED))


def _trained(one: Place, told: Extent) -> Trained:
    row = told.printed.row(one.id)
    cell = row.cells.get(SKILLS) if row else None
    return Trained(
        name=one.name,
        depth=one.depth,
        people=one.people,
        skills=words.marked_value(cell) if isinstance(cell, Scored) else say("not shown"),
        state=state(one),
    )


def state(one: Place) -> Sentence:
    """How training of those who use agents stands (C03)."""
    if one.trained == "in_force" and one.until:
        return say("attested until {day}", day=one.until)
    if one.trained == "lapsed" and one.until:
        return say("ended on {day}", day=one.until)
    return TRAINED.get(one.trained, TRAINED["missing"])


def duties_of(record: Shown | None) -> Iterator[Part]:
    """The same rows for slides and sheets."""
    yield from (_part(level, names) for level, names in _levels(record).items())
