"""What changed from one decision to another, and why. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.autonomy.decision import Decided, Decision
from app.autonomy.library import LEVELS
from app.autonomy.spoken import Names, kept, needed, spans
from app.autonomy.versions import named
from app.autonomy.workflow import DecidedWork
from app.sentences import Listing, Passage, Sentence, say
from scoring.ceiling import Block, Ceiling
from scoring.gating import OverTrust

_TRUST: Final[Mapping[OverTrust, Sentence]] = {
    "clear": say("none to be seen"),
    "flagged": say("trust runs ahead of skills or of checking"),
    "unknown": say("not known"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed for one department: `direction` is up, down, new, gone or same (only what it rests on changed)."""

    department: str
    direction: str
    what: str
    why: str


def differences(before: Decision, now: Decision, names: Names) -> tuple[Difference, ...]:
    """Departments whose ceiling, or what counts for it, is not the same; in the order of the later decision."""
    found = [one for place in now.departments if (one := _difference(before, now, place, names))]
    there = {one.id for one in now.departments}
    gone = (one for one in before.departments if one.id not in there)
    return (*found, *(_gone(one, now) for one in gone))


def _difference(before: Decision, now: Decision, new: Decided, names: Names) -> Difference | None:
    old = before.of(new.id)
    if old is None:
        what = say("{level}, not in the record before", level=LEVELS[new.ceiling.level])
        return Difference(department=new.name, direction="new", what=what, why=Passage(_began(before, now, new)))
    reasons = list(_reasons(before, now, old, new, names))
    if old.ceiling.level == new.ceiling.level:
        if not reasons:
            return None
        what = say("{level} as before", level=LEVELS[new.ceiling.level])
        return Difference(department=new.name, direction="same", what=what, why=Passage(reasons))
    rises = new.ceiling.level > old.ceiling.level
    form = say("up from {before} to {now}") if rises else say("down from {before} to {now}")
    what = form.filled({"before": LEVELS[old.ceiling.level], "now": LEVELS[new.ceiling.level]})
    return Difference(department=new.name, direction="up" if rises else "down", what=what, why=Passage(reasons))


def _gone(one: Decided, now: Decision) -> Difference:
    what = say("not a department any more")
    heirs = [place for place in now.facts.places if one.id in place.sources]
    names = Listing(place.name for place in heirs)
    if not heirs:
        why = say("It was closed.")
    elif heirs[0].origin == "merge":
        why = say("It was merged into {names}.", names=names)
    else:
        why = say("It was split into {names}.", names=names)
    return Difference(department=one.name, direction="gone", what=what, why=why)


def _began(before: Decision, now: Decision, new: Decided) -> Iterator[Sentence]:
    """What became of the levels and controls that were before, of a department that took over others."""
    place = next((place for place in now.facts.places if place.id == new.id), None)
    olds = [old for source in (place.sources if place else ()) if (old := before.of(source))]
    if place is None or not olds:
        return
    departments = Listing(say("{name} ({level})", name=old.name, level=LEVELS[old.ceiling.level]) for old in olds)
    if place.origin == "merge":
        yield say("It took over {departments}, and is granted anew.", departments=departments)
    else:
        yield say("It was part of {departments}, and is granted anew.", departments=departments)
    had = {one.control for old in olds for one in old.controls if one.status == "in_force"}
    if lost := sorted(had - {one.control for one in new.controls if one.status == "in_force"}):
        yield say("No longer in force: {ids}.", ids=spans(lost))
    if changed := list(_works([work for old in olds for work in old.works], new)):
        yield say("Workflows: {changes}.", changes=Listing(changed))


def _reasons(before: Decision, now: Decision, old: Decided, new: Decided, names: Names) -> Iterator[Sentence]:
    had, have = ({one.control for one in each.controls if one.status == "in_force"} for each in (old, new))
    if gained := sorted(have - had):
        yield say("New in force: {ids}.", ids=spans(gained))
    if lost := sorted(had - have):
        yield say("No longer in force: {ids}.", ids=spans(lost))
    if before.release_sha256 != now.release_sha256:
        moved = list(_moved(old, new, names))
        if moved:
            yield say("What can be relied on: {moves}.", moves=Listing(moved))
    if before.policy != now.policy:
        yield say(
            "Thresholds: {before} before, {now} now.",
            before=named(before.policy.version),
            now=named(now.policy.version),
        )
    if old.ceiling.group != new.ceiling.group:
        yield say("It rests on other people’s answers than before.")
    yield from _conditions(old, new, names)
    if changed := list(_works(old.works, new)):
        yield say("Workflows: {changes}.", changes=Listing(changed))


def _conditions(old: Decided, new: Decided, names: Names) -> Iterator[Sentence]:
    """What else stands in the way, or does no more, and whether a level is only kept."""
    was, is_now = old.ceiling, new.ceiling
    if was.level <= is_now.level and (gone := _others(was, is_now)):
        yield say("No longer needed: {tasks}.", tasks=needed(gone, names))
    if was.level >= is_now.level and (came := _others(is_now, was)):
        yield say("Needed now: {tasks}.", tasks=needed(came, names))
    if old.overtrust != new.overtrust:
        yield say("Over-trust: {before} before, {now} now.", before=_TRUST[old.overtrust], now=_TRUST[new.overtrust])
    if _is_kept(new) and not _is_kept(old):
        yield kept(is_now)
    elif _is_kept(old) and not _is_kept(new):
        yield say("Before, it was kept because it was granted earlier; this no longer counts.")


def _others(some: Ceiling, others: Ceiling) -> tuple[Block, ...]:
    """What blocks the one and not the other, without controls, scores and trust, which are told by themselves."""
    there = {(one.kind, one.ref) for one in others.blocking}
    return tuple(
        one
        for one in some.blocking
        if (one.kind, one.ref) not in there and one.kind not in ("control", "score", "overtrust") and one.ref != "C1"
    )


def _is_kept(one: Decided) -> bool:
    return one.ceiling.granted < one.ceiling.level


def _moved(old: Decided, new: Decided, names: Names) -> Iterator[Sentence]:
    """Dimensions whose gating score is not the same, as far as both are told."""
    earlier = {one.dimension: one.lower for one in old.scores}
    for one in new.scores:
        was = earlier.get(one.dimension)
        if was is not None and was != one.lower:
            yield say("{name} {was} to {now}", name=names.get(one.dimension, one.dimension), was=was, now=one.lower)


def _works(old: Iterable[DecidedWork], new: Decided) -> Iterator[Sentence]:
    """Workflows of both whose level is not the same."""
    earlier = {one.code: one.level for one in old}
    for one in new.works:
        was = earlier.get(one.code)
        if was is not None and was != one.level:
            yield say("“{name}” {was} to {now}", name=one.name, was=was.name, now=one.level.name)
