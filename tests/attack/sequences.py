"""Sequences of releases by the real planner, proven as in earnest, and attacked with everything that any of them tells.

Two or three waves of one organisation. After each close headcounts are corrected within the bounds of `waves.service`
and departments rearranged at will, and the result is made again, once for each occasion, in any order.
"""

import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.errors import ConflictError
from app.releases.compute import Made, PreviousWave
from app.releases.document.release import Policy, dump
from app.releases.plan import ledger
from app.releases.plan.coarsening import Department
from app.releases.plan.ledger import Ledger
from app.releases.proof import Dossier, proven
from app.releases.statistics import planning
from surveys.model import Form
from tests.attack import beside
from tests.attack.knowledge import Fact, changes, collect, margins
from tests.attack.plans import compared_by, method_of, sites_of, spreads_of
from tests.attack.solve import Attacked, attack
from tests.attack.worlds import (
    ATTACKED,
    DIMENSION,
    ROLES,
    Later,
    World,
    asked_more,
    located,
    quarter_later,
    random_world,
    released,
)

POLICIES: Final = (Policy(), Policy(k_means=3, k_intervals=5))
FORMS: Final[Sequence[Form]] = ("full", "pulse")
OCCASIONS: Final = ("headcounts", "departments")


@dataclass
class Wave:
    """A wave with the releases that were stored, the headcounts in force, and what is known of it, by family."""

    world: World
    policy: Policy
    departments: tuple[Department, ...]
    made: list[Made]
    facts: dict[str, list[Fact]]
    refused: int = 0

    @property
    def told(self) -> Ledger:
        """What the first release told of."""
        return planning.ledger(self.made[0].wave) if self.made else planning.NOTHING

    @property
    def dossier(self) -> Dossier:
        """The wave as the auditor takes it."""
        releases = tuple((one.release, planning.ledger(one.wave)) for one in self.made)
        return Dossier(ATTACKED, self.world.form, self.world.answers, releases)

    @property
    def as_previous(self) -> PreviousWave:
        """The wave to compare with, with the headcounts that are in force."""
        one = self.world
        return PreviousWave(
            label="2026-Q3", form=one.form, instrument=ATTACKED, departments=self.departments, answers=one.answers,
            policy=self.policy, told=self.told, roster=first_roster(self),
        )  # fmt: skip


def first_roster(wave: Wave) -> Mapping[str, int]:
    """The headcounts of the first release."""
    return {department.id: department.headcount for department in wave.world.departments}


def bounds(headcount: int) -> tuple[int, int]:
    """Between which numbers a headcount may be corrected after the close (`waves.service.correct_headcount`)."""
    least = min(max(0, headcount - 2), math.ceil(headcount / 1.2))
    return least, max(math.floor(1.2 * headcount), headcount + 2)


def corrected(rng: random.Random, planned: Sequence[Department]) -> tuple[Department, ...]:
    """Some headcounts anywhere within their bounds around what was planned, most often at an end."""
    share = rng.choice([0.0, 0.3, 1.0])
    return tuple(
        replace(
            department,
            headcount=rng.choice([*bounds(department.headcount), rng.randint(*bounds(department.headcount))]),
        )
        if rng.random() < share
        else department
        for department in planned
    )


def rearranged(rng: random.Random, departments: Sequence[Department]) -> tuple[Department, ...]:
    """The same departments anywhere: below another one, at the top, flat, in other pools, at other sites, renamed."""
    share, flat = rng.choice([0.1, 0.4, 1.0]), rng.random() < 0.15
    parents = {department.id: department.parent for department in departments}
    for department in departments:
        if flat or rng.random() < share:
            parents[department.id] = None if flat else _new_parent(rng, department.id, parents)
    pools = [None, None, "Desk", "Field"]
    renamed = rng.random() < 0.5
    elsewhere = located(departments, seed=str(parents))
    return tuple(
        replace(
            department,
            parent=parents[department.id],
            pool=rng.choice(pools) if renamed else department.pool,
            name=f"{department.name} new" if rng.random() < share else department.name,
            site=place.site,
        )
        for department, place in zip(departments, elsewhere, strict=True)
    )


def _new_parent(rng: random.Random, one: str, parents: Mapping[str, str | None]) -> str | None:
    """Any department that does not lie below this one, or none."""

    def below(other: str | None) -> bool:
        while other is not None and other != one:
            other = parents[other]
        return other == one

    return rng.choice([None, *(name for name in parents if not below(name))])


def history(rng: random.Random) -> list[Wave]:
    """Two or three waves with all of their releases; it ends early where the first release of a wave is refused."""
    policy, found = rng.choice(POLICIES), list[Wave]()
    one = asked_more(rng, random_world(rng, form=rng.choice(FORMS)))
    for number in range(rng.choice([2, 2, 3])):
        if number:
            one = asked_more(rng, quarter_later(rng, one, form=rng.choice(FORMS)))
            one = replace(one, departments=rearranged(rng, one.departments)) if rng.random() < 0.4 else one
        wave = Wave(one, policy, one.departments, [], defaultdict(list))
        found.append(wave)
        previous = found[-2] if number else None
        _release(wave, previous)
        if not wave.made:
            break
        _again(rng, wave, previous)
    return found


def _again(rng: random.Random, wave: Wave, previous: Wave | None) -> None:
    """Further releases of a wave, at most one an occasion, and headcounts that go on being corrected."""
    for occasion in rng.sample(OCCASIONS, rng.randint(0, 2)):
        wave.departments = corrected(rng, wave.world.departments)
        departments = rearranged(rng, wave.departments) if occasion == "departments" else wave.departments
        _release(wave, previous, Later(departments, wave.told, first_roster(wave), len(wave.made) + 1))
    if rng.random() < 0.3:
        wave.departments = corrected(rng, wave.world.departments)


def _release(wave: Wave, previous: Wave | None, later: Later | None = None) -> None:
    """Makes a release and stores it with what it tells, unless it is refused as it would be in earnest."""
    made = released(wave.world, wave.policy, previous=previous.as_previous if previous else None, later=later)
    try:
        if later:
            valid, k = planning.valid_answers(made.wave), wave.policy
            after = planning.ledger(made.wave)
            ledger.require_safe(later.told, after, valid=valid, k_means=k.k_means, k_intervals=k.k_intervals)
        release = proven(made, wave.dossier, previous.dossier if previous else None).release
    except ConflictError:
        wave.refused += 1
        return
    wave.made.append(replace(made, release=release))
    for family in wave.world.families:
        wave.facts[family] += told_of(wave.world, wave.made[-1], family)
    if previous:
        _compare(wave, previous, wave.made[-1])


def told_of(one: World, made: Made, family: str) -> Iterator[Fact]:
    """Everything that one release tells of its own wave in a family, but for its changes."""
    insider, _ = one.families[family]
    document_ = json.loads(dump(made.release))
    yield from collect(document_, insider, family=family, method=method_of(made, family))
    yield from spreads_of(made, insider, family)
    yield from margins(document_, insider, family=family, labels=ROLES)
    yield from sites_of(made, document_, insider, family)
    yield from beside.facts(made, document_, insider, one.said[family], family=family)


def _compare(wave: Wave, previous: Wave, made: Made) -> None:
    both = compared_by(made, DIMENSION, form_before=previous.world.form, form_now=wave.world.form)
    if both is None:
        return
    document_ = json.loads(dump(made.release))
    for one, compared in zip((previous, wave), both, strict=True):
        one.facts[DIMENSION] += changes(document_, one.world.insider, compared, family=DIMENSION)


def attacked(wave: Wave) -> dict[str, Attacked]:
    """Attack everything that is told of a wave, family by family."""
    policy = wave.policy
    return {
        family: attack(facts, *wave.world.families[family], k_means=policy.k_means, k_intervals=policy.k_intervals)
        for family, facts in wave.facts.items()
    }


def histories(seed: int, trees: int, *, least: int = 3, most: int = 120) -> Iterator[list[Wave]]:
    """That many random organisations over their waves, none of which has fewer or more people than this."""
    rng, found = random.Random(seed), 0
    while found < trees:
        waves = history(rng)
        if all(least <= len(one.world.department) <= most for one in waves):
            found += 1
            yield waves


def statistics(seed: int, trees: int) -> Counter[str]:
    """Attack that many organisations of 3 people or more over two or three waves; what happened, counted."""
    counted = Counter[str]()
    for waves in histories(seed, trees):
        counted["organisations"] += 1
        counted["waves"] += len(waves)
        for wave in waves:
            counted["releases"] += len(wave.made)
            counted["further releases"] += max(0, len(wave.made) - 1)
            counted["refused"] += wave.refused
            counted["numbers known"] += sum(len(facts) for facts in wave.facts.values())
            for one, family in ((one, family) for one in wave.made for family in wave.world.families):
                insider = wave.world.families[family][0]
                told = list(beside.prints(one, json.loads(dump(one.release)), insider))
                counted["prints of shares"] += len(told)
                counted["finds"] += beside.REAL.alike(told, insider) is not None
                counted["finds"] += beside.REAL.fixed(told, insider) is not None
            for family, outcome in attacked(wave).items():
                counted["families attacked"] += 1
                counted["ways tried"] += outcome.tried
                counted["given up"] += len(outcome.given_up)
                counted["finds"] += len(outcome.finds)
                counted[f"finds in {family}"] += len(outcome.finds)
    return counted
