"""Sequences of releases by the real planner, audited, and attacked with everything that any of them tells."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.releases import document, evidence, planning
from app.releases.audit import Audit, audit
from app.releases.compute import Made
from app.releases.document import Policy
from app.releases.membership import joined
from tests.attack.knowledge import Fact, Side, changes, collect
from tests.attack.solve import Find, attack
from tests.attack.worlds import DIMENSION, World, earlier, quarter_later, random_world, released
from tests.releases.waves import ATR

WAYS = 6
"""Means, spreads, numbers and participation solved exactly, roundings, remainders (`solve.attack`)."""
POLICIES = (Policy(), Policy(k_means=3, k_intervals=5))


@dataclass(frozen=True)
class Wave:
    """A wave with its releases, what the attacker knows of it, and the auditor's verdict on all of them together."""

    world: World
    made: tuple[Made, ...]
    facts: tuple[Fact, ...]
    audit: Audit


@dataclass(frozen=True)
class Outcome:
    """What an attack on a wave found, by way; `passed` says whether the wave would have been published at all."""

    passed: bool
    facts: int
    finds: Mapping[str, Find]
    offending: tuple[str, ...]


def two_waves(rng: random.Random) -> tuple[Policy, Wave, Wave]:
    """A wave, perhaps released a second time with other headcounts and departments, and the next quarter's."""
    policy = rng.choice(POLICIES)
    forms = rng.choice([("full", "pulse"), ("pulse", "full"), ("full", "full"), ("pulse", "pulse")])
    before = random_world(rng, form=forms[0])  # type: ignore[arg-type]
    now = quarter_later(rng, before, form=forms[1])  # type: ignore[arg-type]
    made = [released(before, policy)]
    if rng.random() < 0.5:
        made.append(released(rearranged(rng, before), policy, told=planning.ledger(made[0].wave), number=2))
    told = planning.ledger(made[0].wave)
    later = released(now, policy, previous=replace(earlier(before, policy), told=told))
    own, past = changes(*(_side(one, release) for one, release in ((now, later), (before, made[0]))))
    first = Wave(before, tuple(made), (*_facts(before, made), *past), _audit(before, made, later, side="before"))
    second = Wave(now, (later,), (*_facts(now, [later]), *own), _audit(now, [later], later, side="now"))
    return policy, first, second


def rearranged(rng: random.Random, one: World) -> World:
    """The same people, with a department moved and a headcount corrected."""
    units = list(one.units)
    place = rng.randrange(len(units))
    roots = [unit.id for unit in units if unit.parent is None and unit.id != units[place].id]
    inner = {unit.parent for unit in units}
    if units[place].id not in inner and roots:
        units[place] = replace(units[place], parent=rng.choice(roots))
    other = rng.randrange(len(units))
    units[other] = replace(units[other], headcount=units[other].headcount + rng.randint(0, 3))
    return replace(one, units=tuple(units))


def _side(one: World, made: Made) -> Side:
    return Side(json.loads(document.dump(made.release)), one.insider, DIMENSION)


def _facts(one: World, made: list[Made]) -> list[Fact]:
    first, *others = ([*collect(_side(one, each).document, one.insider, family=DIMENSION)] for each in made)
    # What a later release leaves of a row may be several sets with weights of their own: its bounds are not used.
    return [*first, *(replace(fact, low=float("-inf"), high=float("inf")) for facts in others for fact in facts)]


def _audit(one: World, made: list[Made], later: Made, *, side: str) -> Audit:
    told = [
        sentence
        for number, each in enumerate(made)
        for sentence in evidence.told_in(planning.ledger(each.wave), ATR, one.form, release=number)
    ]
    for number, each in enumerate(made):
        told += evidence.margins(each.release, ATR, one.form, place=number)
    which: evidence.Which = "before" if side == "before" else "now"
    told += evidence.compared(later.trends, side=which, release=0)
    people = evidence.people(one.answers, ATR, one.form)
    return audit([each.release for each in made], joined([people] * len(made)), told=told)


def attacked(wave: Wave, policy: Policy) -> Outcome:
    """Attack everything that is told of a wave."""
    finds = attack(
        wave.facts,
        wave.world.insider,
        wave.world.points,
        k_means=policy.k_means,
        k_intervals=policy.k_intervals,
    )
    return Outcome(wave.audit.passed, len(wave.facts), finds, wave.audit.offending)


def statistics(seed: int, trees: int) -> Counter[str]:
    """Attack that many organisations of 3 people or more over two quarters; what happened, counted."""
    rng, counted = random.Random(seed), Counter[str]()
    while counted["organisations"] < trees:
        policy, *waves = two_waves(rng)
        if not all(3 <= len(one.world.department) <= 120 for one in waves):
            continue
        counted["organisations"] += 1
        for wave in waves:
            outcome = attacked(wave, policy)
            counted["waves"] += 1
            counted["releases"] += len(wave.made)
            counted["numbers known"] += outcome.facts
            counted["ways tried"] += WAYS
            counted["refused by the auditor"] += not outcome.passed
            counted["finds in what was published"] += outcome.passed and bool(outcome.finds)
            counted["finds in what was refused"] += not outcome.passed and bool(outcome.finds)
    return counted
