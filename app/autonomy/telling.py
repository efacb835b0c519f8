"""A decision as lines and figures of pages: the ladder of levels, and what a department's page says. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.autonomy.decision import ControlFact, Decided, Decision
from app.autonomy.library import CONTROLS, LEVELS, MEANINGS
from app.autonomy.possible import handed
from app.autonomy.spoken import Names, allowed, obstacles, remarks, verdict
from app.autonomy.views import ControlLine, Line, Pin, Rung, ScoreLine, Step, Told
from app.autonomy.work_lines import work_line
from app.releases.document.words import pool_name
from app.sentences import Listing, Passage, Sentence, say, say_count
from scoring.controls import Status
from scoring.gating import GatesPolicy
from scoring.levels import Level

STEPS: Final = tuple(Step(id=one.name, name=LEVELS[one], meaning=MEANINGS[one]) for one in Level)
_STATES: Final[Mapping[Status, Sentence]] = {
    "missing": say("Not attested"),
    "incomplete": say("Incomplete"),
    "not_yet": say("Not yet"),
    "lapsed": say("Ended"),
    "in_force": say("In force"),
}


def lines(decision: Decision, names: Names) -> tuple[Line, ...]:
    """Every department, in the order of the tree."""
    depths = {one.id: one.depth for one in decision.facts.places}
    return tuple(_line(one, min(4, depths.get(one.id, 0)), names) for one in decision.departments)


def _line(one: Decided, depth: int, names: Names) -> Line:
    level = one.ceiling.level
    return Line(
        id=one.id,
        name=one.name,
        depth=depth,
        group=pool_name(one.ceiling.group or ""),
        level=level.name,
        level_name=LEVELS[level],
        rungs=_rungs(one),
        blocked=_blocked(one),
        verdict=verdict(one, names),
        told=int(one.told),
        shown=int(one.shown),
        gap=beside(one),
        handed=handed(one),
        pins=_pins(one),
        has_answers=one.has_answers,
    )


def _pins(one: Decided) -> tuple[Pin, ...]:
    """Where staff's answers and controls stand on the ladder, each by itself, with the levels between them."""
    low, high = sorted((one.told, one.shown))
    return tuple(
        Pin(
            id=level.name,
            said=one.has_answers and level == one.told,
            shown=level == one.shown,
            between=one.has_answers and low < level < high,
        )
        for level in Level
    )


def _rungs(one: Decided) -> tuple[Rung, ...]:
    return tuple(_rung(one, level) for level in Level)


def _rung(one: Decided, level: Level) -> Rung:
    found = one.ceiling
    if level == found.level:
        return Rung(id=level.name, state="summit", told=say("allowed up to here"), mark=level.name)
    if level < found.level:
        return Rung(id=level.name, state="reached", told=say("allowed"))
    if level == found.next_level:
        count = len(found.blocking)
        told = say_count("{n} thing is missing", "{n} things are missing", count)
        return Rung(id=level.name, state="next", told=told, mark=str(count))
    return Rung(id=level.name, state="beyond", told=say("not yet"))


def _blocked(one: Decided) -> str:
    """How much blocks the next level, in short."""
    kinds = [block.kind for block in one.ceiling.blocking]
    controls, scores = kinds.count("control"), kinds.count("score")
    others = len(kinds) - controls - scores
    counted = (
        (controls, say_count("{n} control", "{n} controls", controls)),
        (scores, say_count("{n} score", "{n} scores", scores)),
        (others, say_count("{n} other thing", "{n} other things", others)),
    )
    return Listing(words for number, words in counted if number) if kinds else ""


def beside(one: Decided) -> Sentence:
    """What staff's answers would carry beside what controls would, and the gap between them."""
    carried, shown = LEVELS[one.told], LEVELS[one.shown]
    if not one.has_answers:
        return say("Of staff’s answers nothing is told; controls carry {shown}.", shown=shown)
    gap = abs(one.told - one.shown)
    if not gap:
        return say("Staff’s answers and controls both carry {told}.", told=carried)
    if one.told > one.shown:
        return say_count(
            "Staff’s answers carry {told}, controls {shown}: {n} level has to be shown.",
            "Staff’s answers carry {told}, controls {shown}: {n} levels have to be shown.",
            gap,
            told=carried,
            shown=shown,
        )
    return say_count(
        "Controls carry {shown}, staff’s answers {told}: {n} level is on paper only.",
        "Controls carry {shown}, staff’s answers {told}: {n} levels are on paper only.",
        gap,
        told=carried,
        shown=shown,
    )


def told(one: Decided, decision: Decision, names: Names, questions: Mapping[str, str]) -> Told:
    """What the page of a department says; `questions` are the texts of questions by id."""
    found = one.ceiling
    return Told(
        name=one.name,
        group=pool_name(found.group or ""),
        level=found.level.name,
        title=allowed(one.name, found.level),
        meaning=MEANINGS[found.level],
        next_level=LEVELS[found.next_level] if found.next_level is not None else "",
        rungs=_rungs(one),
        obstacles=obstacles(one, names),
        remarks=(*remarks(one), *_origin(one, decision)),
        beside=beside(one),
        handed=handed(one),
        scores=tuple(_scores(one, decision.policy, names)),
        controls=tuple(_controls(one, decision)),
        contradictions=tuple(_contradictions(one, questions)),
        works=tuple(work_line(work, decision.shares) for work in one.works),
    )


def _origin(one: Decided, decision: Decision) -> Iterator[Sentence]:
    """What the ceiling of a department rests on that took over others and has no result of its own yet."""
    place = next((place for place in decision.facts.places if place.id == one.id), None)
    if place is None or place.origin is None or one.has_answers:
        return
    if place.origin == "merge":
        yield say(
            "It took over {names}, which {wave} still tells of apart. Its controls are those that each of them had; "
            "its workflows are theirs, with their facts, ratings and versions.",
            names=Listing(place.members),
            wave=decision.wave,
        )
    else:
        yield say(
            "It began when {names} was split, which {wave} still tells of as one. Its controls are those that {names} "
            "had; the workflows of {names} wait until somebody says who goes on with them.",
            names=Listing(place.members),
            wave=decision.wave,
        )


def _scores(one: Decided, policy: GatesPolicy, names: Names) -> Iterator[ScoreLine]:
    following = one.ceiling.next_level or Level.A5
    rung = policy.rungs[following - 1]
    scored = {score.dimension: score for score in one.scores}
    gated = {gate.dimension for each in policy.rungs for gate in each.gates}
    for dimension in sorted(gated, key=lambda name: (not name.startswith("T"), name)):
        score, gate = scored.get(dimension), rung.minimum(dimension)
        short = None if score is None or gate is None or score.lower >= gate else gate - score.lower
        yield ScoreLine(
            id=dimension,
            name=names.get(dimension, dimension),
            relied_on="" if score is None else str(score.lower),
            gate="" if gate is None else str(gate),
            missing="" if short is None else say_count("{n} point short", "{n} points short", short),
        )


def _controls(one: Decided, decision: Decision) -> Iterator[ControlLine]:
    names = {place.id: place.name for place in (*decision.facts.gone, *decision.facts.places)}
    attested = {fact.id: fact for fact in decision.facts.attested}
    needed = {control: rung.level for rung in decision.policy.rungs for control in rung.controls}
    for fact in one.controls:
        control, source = CONTROLS.get(fact.control), attested.get(fact.attestation)
        yield ControlLine(
            id=fact.control,
            title=control.title if control else fact.control,
            level=needed[fact.control].name,
            state=_STATES[fact.status],
            good=fact.status == "in_force",
            note=_note(fact, source.owner if source else "", names.get(source.department, "") if source else ""),
        )


def _note(fact: ControlFact, owner: str, where: str) -> str:
    """Until when it counts, through what, and who answers for it."""
    parts: list[Sentence] = []
    if fact.until is not None and fact.status == "in_force":
        parts.append(say("Counts until {day}.", day=fact.until))
    elif fact.until is not None and fact.status == "lapsed":
        parts.append(say("It counted until {day}.", day=fact.until))
    if fact.only_for:
        parts.append(
            say("Before the merger attested for {names} only; attest it for all.", names=Listing(fact.only_for))
        )
    elif fact.status == "in_force":
        parts.append(_through(fact, where))
        parts.append(say("{owner} answers for it.", owner=owner))
    return Passage(parts)


def _through(fact: ControlFact, where: str) -> Sentence:
    if fact.through == "organisation":
        return say("Attested for the whole organisation.")
    if fact.through == "above":
        return say("Attested for {name}, above it.", name=where)
    if fact.through == "merge":
        return say("Each of the departments that were merged had it.")
    if fact.through == "split":
        return say("The department that was split had it.")
    return say("Attested for this department.")


def _contradictions(one: Decided, questions: Mapping[str, str]) -> Iterator[Sentence]:
    for each in one.contradictions:
        control = CONTROLS.get(each.control)
        yield say(
            "{control} {title}: attested, but not experienced by staff. {share} % find it true that “{question}”",
            control=each.control,
            title=control.title if control else "",
            share=each.favourable,
            question=questions.get(each.item, each.item),
        )
