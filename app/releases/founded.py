"""How well questions work rests on sets that the auditor knows: it counts them again and refuses finer ones (P3)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from app.releases.document import Release
from app.releases.effects import scores
from app.releases.figures import Quality
from app.releases.membership import Counts, People
from app.releases.statements import Kind, Told

RELIABILITY: Final = "reliability of "
GROUPS: Final = "groups of "
"""How the sets are named in which reliability is centred, and which ICC compares, before the dimension and a colon."""


def not_of_quality(told: Sequence[Told]) -> Iterator[Told]:
    """What is told but for the sets on which quality rests, for an audit in which none is `unfounded`."""
    return (one for one in told if not one.row.startswith((RELIABILITY, GROUPS)))


def unfounded(release: Release, people: People, told: Sequence[Told], *, place: int) -> list[str]:
    """What is said of questions that rests on no set, or on sets that are no unions of those that may have a spread.

    `place` is the release's among those audited.
    """
    by_family: dict[tuple[str, Kind], list[Told]] = defaultdict(list)
    for one in told:
        if one.kind in ("tallies", "spreads") and one.release == place and one.answers is None:
            by_family[one.family, one.kind].append(one)
    found: list[str] = []
    for of in release.quality:
        found += _reliability(of, people, by_family[f"complete:{of.dimension}", "tallies"])
        found += _groups(of, people, by_family[of.dimension, "spreads"])
    return found


def _reliability(one: Quality, people: People, told: Sequence[Told]) -> Iterator[str]:
    says = [one.n, one.alpha, one.omega, *one.item_rest.values()]
    if all(value is None for value in says):
        return
    sizes, faults = _counted(f"{RELIABILITY}{one.dimension}", f"complete:{one.dimension}", people, told)
    yield from faults
    if not faults and one.n is not None and sum(sizes) != one.n:
        yield f"{RELIABILITY}{one.dimension}: it counts other people than its sets hold"


def _groups(one: Quality, people: People, told: Sequence[Told]) -> Iterator[str]:
    if not one.groups and one.icc1 is None and one.icc2 is None:
        return
    sizes, faults = _counted(f"{GROUPS}{one.dimension}", one.dimension, people, told)
    yield from faults
    if not faults and sum(map(bool, sizes)) != one.groups:
        yield f"{GROUPS}{one.dimension}: it compares another number of groups than were named"


def _counted(name: str, family: str, people: People, every: Sequence[Told]) -> tuple[list[int], tuple[str, ...]]:
    """How many people count in each set of that name, and what is wrong with the sets."""
    sets = [one for one in every if one.row.startswith(f"{name}:")]
    if not sets or family not in people.families:
        return [], (f"{name}: nothing says on which sets it rests",)
    known = [one for one in every if not one.row.startswith(f"{name}:") and one.items == sets[0].items]
    there = scores(people, people.families[family], people.families[family].pattern(sets[0].items))
    counted = [int(there[people.numbers(one.departments, release=one.release)].sum()) for one in sets]
    smallest: dict[str, frozenset[str]] = {}
    for one in sorted(known, key=lambda one: -len(one.departments)):
        smallest.update(dict.fromkeys(one.departments, one.departments))
    finer = [one for one, n in zip(sets, counted, strict=True) if n and not _is_union(one, smallest, people, there)]
    return counted, (f"{name}: its sets divide what is told as one",) if finer else ()


def _is_union(one: Told, smallest: dict[str, frozenset[str]], people: People, there: Counts) -> bool:
    """Whether each department of a set in which anybody counts brings with it the smallest set that is told of it."""
    nobody: frozenset[str] = frozenset()
    for name in one.departments:
        around = smallest.get(name, nobody)
        if around and not around <= one.departments:
            return False
        if not around and there[people.numbers([name], release=one.release)].sum():
            return False
    return True
