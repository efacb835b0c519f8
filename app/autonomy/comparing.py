"""What changed from one decision to another, and why. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.autonomy.decision import Decided, Decision
from app.autonomy.library import LEVELS
from app.autonomy.spoken import Names, spans
from app.autonomy.versions import named
from app.sentences import Listing, Passage, Sentence, say


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
    return (*found, *(_gone(one) for one in gone))


def _difference(before: Decision, now: Decision, new: Decided, names: Names) -> Difference | None:
    old = before.of(new.id)
    if old is None:
        what = say("{level}, not in the record before", level=LEVELS[new.ceiling.level])
        return Difference(department=new.name, direction="new", what=what, why="")
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


def _gone(one: Decided) -> Difference:
    what = say("not a department any more")
    return Difference(department=one.name, direction="gone", what=what, why="")


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
    if changed := list(_works(old, new)):
        yield say("Workflows: {changes}.", changes=Listing(changed))


def _moved(old: Decided, new: Decided, names: Names) -> Iterator[Sentence]:
    """Dimensions whose gating score is not the same, as far as both are told."""
    earlier = {one.dimension: one.lower for one in old.scores}
    for one in new.scores:
        was = earlier.get(one.dimension)
        if was is not None and was != one.lower:
            yield say("{name} {was} to {now}", name=names.get(one.dimension, one.dimension), was=was, now=one.lower)


def _works(old: Decided, new: Decided) -> Iterator[Sentence]:
    """Workflows of both whose level is not the same."""
    earlier = {one.code: one.level for one in old.works}
    for one in new.works:
        was = earlier.get(one.code)
        if was is not None and was != one.level:
            yield say("“{name}” {was} to {now}", name=one.name, was=was.name, now=one.level.name)
