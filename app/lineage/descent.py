"""Which department came from which, from the changes that are done. Pure.

What was done is told by snapshots of the departments concerned, before and after. So the tree of any day is today's,
with everything taken back that counts only from a later day on: every day has exactly one tree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.lineage.snapshots import Change, Snapshot

Tree = Mapping[UUID, Snapshot]


@dataclass(frozen=True, slots=True)
class Step:
    """One department into another, or into itself under another name or in another place; None where it begins or
    ends."""

    before: Snapshot | None
    after: Snapshot | None

    @property
    def is_same(self) -> bool:
        """True where it is one department before and after."""
        return self.before is not None and self.after is not None and self.before.id == self.after.id


def take_back(tree: dict[UUID, Snapshot], change: Change) -> None:
    """Puts the departments of a change back as they were before it."""
    there = {one.id for one in change.before}
    for one in change.after:
        if one.id not in there:
            tree.pop(one.id, None)
    tree.update({one.id: one for one in change.before})


def steps(change: Change) -> tuple[Step, ...]:
    """What a change did to departments that began, ended, were renamed or were moved, each with what it became."""
    before = {one.id: one for one in change.before}
    after = {one.id: one for one in change.after}
    if change.kind in ("merge", "split"):
        sources = [before[one] for one in change.wanted.departments if one in before]
        made = [one for one in change.after if one.id not in before]
        return tuple(Step(source, result) for source in sources for result in made)
    found = [Step(_if_open(before.get(id)), _if_open(one)) for id, one in after.items()]
    return tuple(one for one in found if _is_told(one))


def _if_open(one: Snapshot | None) -> Snapshot | None:
    return one if one is not None and one.is_open else None


def _is_told(step: Step) -> bool:
    if step.before is None or step.after is None:
        return step.before is not step.after
    return (step.before.name, step.before.parent_id) != (step.after.name, step.after.parent_id)


def heirs(changes: Iterable[Change]) -> dict[UUID, UUID]:
    """Of each department that was merged the one that took it over in the end; none of those that were split."""
    found: dict[UUID, UUID] = {}
    for change in sorted(changes, key=lambda one: one.order):
        if change.kind != "merge":
            continue
        for step in steps(change):
            if step.before is None or step.after is None:
                continue
            found = {old: step.after.id if new == step.before.id else new for old, new in found.items()}
            found[step.before.id] = step.after.id
    return found


def concerning(changes: Sequence[Change], departments: Iterable[UUID]) -> tuple[Change, ...]:
    """The changes after which a group of departments was no longer the same: those that ended, began, took over or
    moved one of them, or one that came to be one of them."""
    wanted = set(departments)
    found: list[Change] = []
    for change in sorted(changes, key=lambda one: one.order, reverse=True):
        told = [one for one in steps(change) if _ids(one) & wanted]
        if told:
            found.append(change)
            wanted |= {id for one in told for id in _ids(one)}
    return tuple(reversed(found))


def _ids(step: Step) -> set[UUID]:
    return {one.id for one in (step.before, step.after) if one is not None}
