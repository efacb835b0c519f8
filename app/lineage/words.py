"""A change of departments in a sentence: as it was done, and as it is planned. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from app.lineage.descent import Step, steps
from app.lineage.snapshots import Change, Kind, Snapshot
from app.sentences import Listing, Sentence, say

KINDS: Final[Mapping[Kind, Sentence]] = {
    "rename": say("Rename"),
    "move": say("Move"),
    "merge": say("Merge"),
    "split": say("Split"),
    "open": say("Open"),
    "close": say("Close"),
    "import": say("Import"),
}
TOP: Final = say("the top level")
GONE: Final = say("a department that is gone")

Names = Mapping[UUID, str]


def about(change: Change, names: Names) -> Sentence:
    """What a change that is done made of the departments; `names` are those of all departments today."""
    told = steps(change)
    sources = Listing(dict.fromkeys(one.before.name for one in told if one.before))
    results = Listing(dict.fromkeys(one.after.name for one in told if one.after))
    if change.kind == "merge":
        return say("{sources} were merged into {results}.", sources=sources, results=results)
    if change.kind == "split":
        return say("{sources} was split into {results}.", sources=sources, results=results)
    if change.kind == "import":
        return _about_list(told)
    return _about_one(told[0], names) if told else say("Nothing of the tree was changed.")


def _about_one(step: Step, names: Names) -> Sentence:
    if step.before is None or step.after is None:
        one = step.before or step.after
        name = one.name if one else ""
        return say("{name} was closed.", name=name) if step.before else say("{name} was opened.", name=name)
    before, after = step.before, step.after
    if before.parent_id == after.parent_id:
        return say("{before} was renamed {after}.", before=before.name, after=after.name)
    places = {"before": before.name, "from": _place(before, names), "to": _place(after, names)}
    if before.name == after.name:
        return say("{before} was moved from {from} to {to}.").filled(places)
    return say("{before} was moved from {from} to {to} and renamed {after}.").filled({**places, "after": after.name})


def _about_list(told: Sequence[Step]) -> Sentence:
    same = [one for one in told if one.before and one.after]
    return say(
        "A list changed the departments: {opened} new, {renamed} renamed, {moved} moved, {closed} closed.",
        opened=sum(one.before is None for one in told),
        renamed=sum(one.before.name != one.after.name for one in same if one.before and one.after),
        moved=sum(one.before.parent_id != one.after.parent_id for one in same if one.before and one.after),
        closed=sum(one.after is None for one in told),
    )


def came(name: str, heir: str) -> Sentence:
    """Of what belonged to a department that was merged: where it is now."""
    return say("It came from {name}, which was merged into {heir}.", name=name, heir=heir)


def planned(change: Change, names: Names) -> Sentence:
    """What a change that waits will do; `names` are those of all departments today."""
    wanted = change.wanted
    sources = Listing(names.get(one, GONE) for one in wanted.departments)
    to = TOP if wanted.parent_id is None else names.get(wanted.parent_id, GONE)
    sentences: dict[Kind, Sentence] = {
        "rename": say("Rename {sources} to {name}", sources=sources, name=wanted.name),
        "move": say("Move {sources} to {to}", sources=sources, to=to),
        "merge": say("Merge {sources} into {name}", sources=sources, name=wanted.name),
        "split": say("Split {sources} into {parts}", sources=sources, parts=Listing(one.name for one in wanted.parts)),
        "open": say("Open {name} at {to}", name=wanted.name, to=to),
        "close": say("Close {sources}", sources=sources),
    }
    return sentences[change.kind]


def _place(one: Snapshot, names: Names) -> str:
    return TOP if one.parent_id is None else names.get(one.parent_id, GONE)
