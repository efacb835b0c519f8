"""Random releases with comments beside them, and the attacker who subtracts one list of comments from another."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.comments.compose import Decided
from app.releases.document.release import Release, Row
from app.releases.plan.coarsening import Department, Node, count, plan_wave, tree
from tests.explore import samples

Told = Sequence[tuple[frozenset[str], frozenset[str]]]
"""Lists of comments as they are printed: the departments whose people they are from, and the comments."""


@dataclass(frozen=True)
class Drawn:
    """An organisation after a wave: its release, who answered and what they wrote."""

    release: Release
    answered: Mapping[str, int]
    comments: tuple[Decided, ...]

    @property
    def written(self) -> dict[str, int]:
        return dict(Counter(one.department for one in self.comments))


def drawn(dice: random.Random, *, most: int = 24) -> Drawn:
    """Three levels with people at inner nodes; between none and all of those who answered wrote something."""
    departments, answered = [], {}

    def add(name: str, parent: str | None, people: int) -> None:
        departments.append(
            Department(id=name, name=name, parent=parent, function="other", headcount=people + dice.randint(0, 4))
        )
        answered[name] = people

    for a in range(dice.randint(1, 4)):
        add(f"D{a}", None, dice.randint(0, 6))
        for b in range(dice.randint(0, 4)):
            add(f"D{a}T{b}", f"D{a}", dice.randint(0, most))
    return Drawn(release_of(departments, answered), answered, tuple(_comments(dice, answered)))


def _comments(dice: random.Random, answered: Mapping[str, int]) -> Iterator[Decided]:
    share, shown = dice.choice([0.3, 0.6, 1.0]), dice.choice([0.5, 0.9, 1.0])
    for department, people in answered.items():
        for number in range(people):
            if dice.random() < share:
                text = f"{department} {number}" if dice.random() < shown else None
                yield Decided(department=department, text=text, theme=dice.choice(["", "Training", "Data", "Jobs"]))


def release_of(departments: Sequence[Department], answered: Mapping[str, int]) -> Release:
    """The rows that such a wave has, without scores."""
    root = plan_wave(tree("Organisation", departments), answered)
    rows = list(_rows(root, answered, parent=None, depth=0))
    return replace(samples.release(), rows=tuple(rows))


def _rows(node: Node, answered: Mapping[str, int], *, parent: str | None, depth: int) -> Iterator[Row]:
    people = count(node, answered)
    yield replace(
        samples.row(node.name, n=people or None, headcount=node.headcount, depth=depth),
        id=node.id,
        kind=node.kind,
        parent=parent,
        departments=tuple(sorted(node.departments)),
        members=node.members,
    )
    for child in node.children:
        yield from _rows(child, answered, parent=node.id, depth=depth + 1)


def told_apart(told: Told, written: Mapping[str, int], *, fewer_than: int) -> list[str]:
    """The comments that somebody who reads all lists can trace to a set with fewer comments than that.

    A comment is from the departments of every list that it stands in; where the list of a set is known to hold all of
    its comments, one that does not stand in it is from elsewhere.
    """
    found = []
    for comment in frozenset().union(*(comments for _, comments in told)):
        place = frozenset.intersection(*(people for people, comments in told if comment in comments))
        others = [people for people, comments in told if comment not in comments and people < place]
        rest = place.difference(*others)
        if sum(written.get(one, 0) for one in rest) < fewer_than:
            found.append(comment)
    return found
