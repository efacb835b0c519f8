"""A ceiling in sentences: what is allowed, what the next level needs, and who can do something about it. Pure.

Screen and report take their sentences from here, so that they cannot differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.autonomy.decision import Decided
from app.autonomy.library import CONTROLS, LEVELS, MOVERS
from app.releases.document.words import pool_name
from app.sentences import Listing, Passage, Sentence, say, say_count
from scoring.ceiling import Block, Ceiling
from scoring.levels import Level

Names = Mapping[str, str]
"""Of each dimension its name."""

MEASURED: Final = say("the consultant, with more answers in the next wave")


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that blocks the next level: what it is, how far it is, and who can do something about it."""

    kind: str
    ref: str
    what: Sentence
    who: str


def allowed(name: str, level: Level) -> Sentence:
    """What a department may do."""
    if level == Level.A0:
        return say("{name} may not use agents yet.", name=name)
    return say("{name} may run agents up to {level}.", name=name, level=LEVELS[level])


def verdict(one: Decided, names: Names) -> str:
    """What a department may do and what the next level needs, as one short paragraph."""
    found = one.ceiling
    parts: list[Sentence] = [allowed(one.name, found.level)]
    if found.next_level is not None:
        tasks = list(_tasks(found.blocking, names))
        need = say("To reach {level}: {tasks}.", level=LEVELS[found.next_level], tasks=Listing(tasks))
        parts.append(need)
    parts.extend(remarks(one))
    return Passage(parts)


def remarks(one: Decided) -> Iterator[Sentence]:
    """What else has to be known to read a ceiling."""
    found = one.ceiling
    if found.group is not None:
        yield say(
            "These are the results of “{group}”, because the department is too small for its own.",
            group=pool_name(found.group),
        )
    elif not one.has_answers:
        yield say("Nothing is told of its own answers, so that nothing above Assist can be granted.")
    if one.overtrust == "flagged" and all(block.kind != "overtrust" for block in found.blocking):
        yield say("Over-trust: trust runs ahead of skills or of checking there, and stops agents at Act on approval.")
    if found.granted < found.level:
        yield kept(found)
    less, more = found.sensitivity.minus5, found.sensitivity.plus5
    if (less, more) != (found.level, found.level):
        yield say(
            "With all gates 5 points lower it would be {less}, with all 5 points higher {more}.",
            less=LEVELS[less],
            more=LEVELS[more],
        )


def kept(found: Ceiling) -> Sentence:
    """Of a level that is above what would be granted today."""
    return say(
        "Its scores would grant {granted} today; {level} is kept because it was granted before.",
        granted=LEVELS[found.granted],
        level=LEVELS[found.level],
    )


def needed(blocking: Sequence[Block], names: Names) -> Listing:
    """What has to be done about each of these, as a part of a sentence."""
    return Listing(list(_tasks(blocking, names)))


def _tasks(blocking: Sequence[Block], names: Names) -> Iterator[Sentence]:
    """What has to be done, in the order of the specification; controls together."""
    controls = [one.ref for one in blocking if one.kind == "control"]
    if controls:
        yield say_count("attest {n} control ({ids})", "attest {n} controls ({ids})", len(controls), ids=spans(controls))
    for one in blocking:
        if one.kind != "control":
            yield _task(one, names)


def _task(one: Block, names: Names) -> Sentence:
    name, have, need = names.get(one.ref, one.ref), one.have, one.need or 0
    if one.kind == "score":
        return say_count(
            "raise {name} ({id}) by {n} point",
            "raise {name} ({id}) by {n} points",
            one.shortfall,
            name=name,
            id=one.ref,
        )
    if one.kind == "split":
        return say("resolve the split on {name} ({id})", name=name, id=one.ref)
    if one.kind == "dk":
        return say("have people know the facts about {name} ({id})", name=name, id=one.ref)
    if one.kind == "overtrust":
        return say("bring trust and checking together (over-trust)")
    if one.kind == "tenure":
        return say("hold Act by exception in {need} waves in a row (so far {have})", need=need, have=have or 0)
    return _evidence(one, names)


def _evidence(one: Block, names: Names) -> Sentence:
    if one.ref == "response_rate":
        if one.have is None:
            return say("have at least {need} % of its people answer", need=one.need or 0)
        return say("have at least {need} % of its people answer (now {have} %)", need=one.need or 0, have=one.have)
    if one.ref == "own_results":
        return say("have results of its own instead of its group’s")
    if one.ref == "C1":
        return say("show how often an agent’s work is checked, which this result does not tell")
    dimension, _, split = one.ref.partition(" ")
    name = names.get(dimension, dimension)
    if split:
        return say("have 10 answers or more on {name} ({id}), so that a split would show", name=name, id=dimension)
    return say("have {name} ({id}) answered by enough people", name=name, id=dimension)


def obstacles(one: Decided, names: Names) -> tuple[Obstacle, ...]:
    """Everything that blocks the next level, each with who can do something about it."""
    return tuple(_obstacle(block, one, names) for block in one.ceiling.blocking)


def _obstacle(block: Block, one: Decided, names: Names) -> Obstacle:
    kind, ref = block.kind, block.ref
    if kind == "control":
        control = CONTROLS.get(ref)
        title = control.title if control else ref
        what = say("{title}: {state}.", title=title, state=_state(ref, one))
        return Obstacle(kind=kind, ref=ref, what=what, who=control.who if control else "")
    if kind == "score":
        what = say(
            "{name} can be relied on for {have} points of 100; the gate is {need}.",
            name=names.get(ref, ref),
            have=block.have or 0,
            need=block.need or 0,
        )
        return Obstacle(kind=kind, ref=ref, what=what, who=MOVERS.get(ref, ""))
    what = _sentence(block, one, names)
    return Obstacle(kind=kind, ref=ref.partition(" ")[0], what=what, who=_who(block))


def _who(block: Block) -> str:
    if block.kind in ("split", "dk", "overtrust"):
        return MOVERS.get(block.ref, say("the lead, with the people of the department"))
    return "" if block.kind == "tenure" else MEASURED


def _sentence(block: Block, one: Decided, names: Names) -> Sentence:
    name = names.get(block.ref, block.ref)
    if block.kind == "split":
        return say("On {name} people fall into two camps: some trust it, some do not.", name=name)
    if block.kind == "dk" and block.ref in one.untold:
        return say(
            "It is not told whether enough people know the facts about {name}, so it counts as if not.", name=name
        )
    if block.kind == "dk":
        return say("Many people do not know the facts about {name}.", name=name)
    if block.kind == "overtrust":
        return say("Trust runs ahead of skills or of checking.")
    return say("Needed: {task}.", task=_task(block, names))


def _state(control: str, one: Decided) -> Sentence:
    fact = next((fact for fact in one.controls if fact.control == control), None)
    if fact is None or fact.status == "missing":
        if fact is not None and fact.only_for:
            return say("attested before the merger for {names} only", names=Listing(fact.only_for))
        return say("not attested")
    if fact.status == "lapsed" and fact.until is not None:
        return say("its attestation ended on {day}", day=fact.until)
    if fact.status == "not_yet":
        return say("its attestation does not count yet")
    if fact.status == "incomplete":
        return say("its attestation lacks an owner, evidence or an end")
    return say("attested")


def spans(ids: Sequence[str]) -> str:
    """Ids of controls in short: C05 to C08 and C10 are "C05–C08, C10"."""
    numbers = sorted(int(one[1:]) for one in ids if one[1:].isdigit())
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(f"C{run[0]:02}" if len(run) == 1 else f"C{run[0]:02}–C{run[-1]:02}" for run in found)
