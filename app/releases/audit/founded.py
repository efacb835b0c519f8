"""How well questions work rests on sets that the auditor knows: it counts them again and refuses finer ones (P3)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.releases.audit.effects import scores
from app.releases.audit.membership import People
from app.releases.audit.statements import Kind, Statement, Strata, held_by
from app.releases.document.figures import Quality
from app.releases.document.release import Release

RELIABILITY: Final = "reliability of "
GROUPS: Final = "groups of "
"""How the sets are named in which reliability is centred, and which ICC compares, before the dimension and a colon."""


def not_of_quality(told: Sequence[Statement]) -> Iterator[Statement]:
    """What is told but for the sets on which quality rests, for an audit in which none is `unfounded`."""
    return (one for one in told if not _basis(one).startswith((RELIABILITY, GROUPS)))


def _basis(one: Statement) -> str:
    """What rests on the sets of which something is told: the name before a colon."""
    return one.basis if isinstance(one, Strata) else one.row.partition(": ")[0]


def unfounded(release: Release, people: People, told: Sequence[Statement], *, place: int) -> list[str]:
    """What is said of questions that rests on no set, or on sets that are no unions of those that may have a spread.

    `place` is the release's among those audited.
    """
    by_family: dict[tuple[str, Kind], list[Statement]] = defaultdict(list)
    for one in told:
        if one.kind in ("tallies", "spreads") and one.release == place and one.answers is None:
            by_family[one.family, one.kind].append(one)
    found: list[str] = []
    for of in release.quality:
        found += _reliability(of, people, by_family[f"complete:{of.dimension}", "tallies"])
        found += _groups(of, people, by_family[of.dimension, "spreads"])
    return found


def _reliability(one: Quality, people: People, told: Sequence[Statement]) -> Iterator[str]:
    says = [one.n, one.alpha, one.raw, one.omega, one.heywood or None, *one.item_rest.values()]
    if all(value is None for value in says):
        return
    sizes, faults = _counted(f"{RELIABILITY}{one.dimension}", f"complete:{one.dimension}", people, told)
    yield from faults
    if not faults and one.n is not None and sum(sizes) != one.n:
        yield f"{RELIABILITY}{one.dimension}: it counts other people than its sets hold"


def _groups(one: Quality, people: People, told: Sequence[Statement]) -> Iterator[str]:
    if not one.groups and one.icc1 is None and one.icc2 is None:
        return
    sizes, faults = _counted(f"{GROUPS}{one.dimension}", one.dimension, people, told)
    yield from faults
    if not faults and sum(map(bool, sizes)) != one.groups:
        yield f"{GROUPS}{one.dimension}: it compares another number of groups than were named"


def _counted(name: str, family: str, people: People, every: Sequence[Statement]) -> tuple[list[int], tuple[str, ...]]:
    """How many people count in each set of that name, and what is wrong with the sets."""
    named = [one for one in every if _basis(one) == name]
    if not named or family not in people.families:
        return [], (f"{name}: nothing says on which sets it rests",)
    items, release = named[0].items, named[0].release
    known = [held for one in every if _basis(one) != name and one.items == items for held in held_by(one)]
    scored = scores(people, people.families[family], people.families[family].pattern(items))
    there = people.by_department(scored, release=release)
    sets = [held for one in named for held in held_by(one)]
    counted = [sum([there.get(department, 0) for department in held]) for held in sets]
    smallest: dict[str, frozenset[str]] = {}
    for held in sorted(known, key=lambda one: -len(one)):
        smallest.update(dict.fromkeys(held, held))
    finer = any(n and not _is_union(held, smallest, there) for held, n in zip(sets, counted, strict=True))
    return counted, (f"{name}: its sets divide what is told as one",) if finer else ()


def _is_union(held: frozenset[str], smallest: Mapping[str, frozenset[str]], there: Mapping[str, int]) -> bool:
    """Whether each department of a set in which anybody counts brings with it the smallest set that is told of it."""
    nobody: frozenset[str] = frozenset()
    for name in held:
        around = smallest.get(name, nobody)
        if (around and not around <= held) or (not around and there.get(name, 0)):
            return False
    return True
