"""Releases that are wrong on purpose: beside others of the same wave, role levels or sites. Each forgets one thing."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np

from app.errors import ConflictError
from app.releases.compute import Made
from app.releases.document.release import SITE, Cell, Margin, MarginGroup, NoChange, Policy, Scored
from app.releases.plan.ledger import require_safe
from app.releases.proof import proven
from app.releases.statistics import planning
from app.releases.statistics.planning import NOTHING
from scoring.grades import band
from scoring.printed import printed_score
from tests.attack.insider import score
from tests.attack.judging import Judged
from tests.attack.knowledge import Fact
from tests.attack.sequences import Wave, attacked, corrected, rearranged, told_of
from tests.attack.worlds import DIMENSION, ROLE, ROLES, Later, World, asked_more, random_world, released

POLICY: Final = Policy()
Sequence = Callable[[random.Random, World], Judged | None]
"""What happens to an organisation: whether a few people are found, and whether the door would have refused; None where
there is nothing to go wrong."""


def planned_anew(rng: random.Random, one: World) -> Judged | None:
    """The result is made again after a reorganisation as if nothing had been told before."""
    first = released(one, POLICY)
    later = Later(rearranged(rng, corrected(rng, one.departments)), NOTHING, None, 2)
    second = released(one, POLICY, later=later)
    if len(first.release.rows) < 2 or len(second.release.rows) < 2:
        return None
    return _judged(one, [first, second], [*told_of(one, first, DIMENSION), *told_of(one, second, DIMENSION)])


def with_a_latecomer(rng: random.Random, one: World) -> Judged | None:
    """Between two releases with the same sets one more person answers."""
    late = rng.randrange(len(one.department))
    others = [person for person in range(len(one.department)) if person != late]
    before = _only(one, others)
    first = released(before, POLICY)
    told = planning.ledger(first.wave)
    second = released(one, POLICY, later=Later(one.departments, told, None, 2))
    if not one.insider.used(late, "cells") or second.release.organisation.cells[DIMENSION].kind != "scored":
        return None
    facts = [*_renumbered(told_of(before, first, DIMENSION), others), *told_of(one, second, DIMENSION)]
    try:
        after = planning.ledger(second.wave)
        require_safe(told, after, valid=planning.valid_answers(second.wave), k_means=5, k_intervals=10)
    except ConflictError:
        return Judged(_found(one, facts), refused=True)
    return Judged(_found(one, facts), refused=False)


def roles_of_ten_each(rng: random.Random, one: World) -> Judged | None:
    """Every role level that 10 people gave is told, whatever the departments beside it leave."""
    del rng
    made, insider = released(one, POLICY), one.insider
    groups = []
    for value, label in ROLES.items():
        those = [person for person in insider.people if insider.roles[person] == value]
        scored = [person for person in those if insider.used(person, "cells")]
        if len(scored) >= POLICY.k_intervals:
            mean = float(np.mean([score(one.points, insider, person, "cells") for person in scored]))
            groups.append(MarginGroup(name=f"“{label}”", n=len(those), cells={DIMENSION: _printed(mean, len(scored))}))
    if not groups:
        return None
    margin = Margin(id=ROLE, question="", groups=tuple(groups))
    told = replace(made, release=replace(made.release, margins=(margin,)))
    return _judged(one, [told], list(told_of(one, told, DIMENSION)))


def sites_of_their_own(rng: random.Random, one: World) -> Judged | None:
    """Each site is told of exactly its departments, whatever pools lie across."""
    del rng
    made, insider = released(one, POLICY), one.insider
    groups, facts = [], list(told_of(one, replace(made, release=replace(made.release, margins=())), DIMENSION))
    for site in dict.fromkeys(department.site for department in one.departments):
        held = tuple(department.id for department in one.departments if department.site == site)
        scored = insider.scored(held, "cells")
        if len(scored) < POLICY.k_means:
            continue
        mean = float(np.mean([score(one.points, insider, person, "cells") for person in scored]))
        cells: dict[str, Cell] = {DIMENSION: _printed(mean, len(scored))}
        groups.append(MarginGroup(name=site or "none", n=len(insider.within(held)), cells=cells, departments=held))
        facts.append(Fact(f"site {site}", "cells", "means", dict.fromkeys(scored, Fraction(1, len(scored)))))
    if len(groups) < 2:
        return None
    margin = Margin(id=SITE, question="", groups=tuple(groups))
    told = replace(made, release=replace(made.release, margins=(margin,)))
    return _judged(one, [told], facts)


def _printed(mean: float, n: int) -> Scored:
    printed = printed_score(mean, n=n)
    return Scored(
        score=printed.score,
        bound=printed.bound,
        band=band(printed.score),
        grade="C",
        change=NoChange(reason="margin"),
    )


def _only(one: World, people: list[int]) -> World:
    """The organisation with these people only."""
    rows = {name: getattr(one, name)[people] for name in ("codes", "module", "roles") if getattr(one, name) is not None}
    return replace(one, department=tuple(one.department[person] for person in people), **rows)


def _renumbered(facts: Iterable[Fact], people: list[int]) -> list[Fact]:
    """The facts of some people as facts of all."""
    return [replace(one, weights={people[place]: weight for place, weight in one.weights.items()}) for one in facts]


def _judged(one: World, made: list[Made], facts: list[Fact]) -> Judged:
    wave = Wave(one, POLICY, one.departments, [], defaultdict(list))
    refused = False
    for each in made:
        try:
            proven(each, wave.dossier, None)
        except ConflictError:
            refused = True
        wave.made.append(each)
    return Judged(_found(one, facts), refused)


def _found(one: World, facts: list[Fact]) -> bool:
    return bool(
        attacked(Wave(one, POLICY, one.departments, [], defaultdict(list, {DIMENSION: facts})))[DIMENSION].finds
    )


SEQUENCES: Final[Mapping[str, Sequence]] = {
    "a further release planned anew": planned_anew,
    "a further release with one latecomer": with_a_latecomer,
    "role levels from 10 people each": roles_of_ten_each,
    "sites of their own, across pools": sites_of_their_own,
}


def judged(rng: random.Random, sequence: Sequence) -> Judged | None:
    """One of these on a random organisation whose people may leave questions out; None where it can't go wrong."""
    one = asked_more(rng, random_world(rng))
    return sequence(rng, one) if 10 <= len(one.department) <= 80 else None
