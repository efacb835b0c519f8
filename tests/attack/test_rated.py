"""Ratings of many workflows, five of which fall to each person by lot, under attack (decision 0035).

The attacker knows who does what, to whom which workflows fell, and who left which rating out. Never a rating.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import numpy as np

from app.releases.compute import Made, build
from app.releases.document.release import Policy, dump
from app.releases.plan.ledger import Ledger
from app.releases.proof import Dossier, proven
from app.releases.statistics import planning
from app.releases.statistics.columns import DepartmentAnswers
from surveys.arrange import MOST_EACH, OFTEN
from surveys.load import latest
from surveys.model import Instrument, Workflow
from tests.attack.insider import Insider
from tests.attack.knowledge import Fact, collect
from tests.attack.solve import attack
from tests.attack.worlds import ATTACKED, DIMENSION, World, random_world
from tests.releases.waves import facts
from tests.thorough import tried

ATR = latest("atr")
POLICY = Policy()


@dataclass(frozen=True)
class Rated:
    """An organisation one department of which rates workflows: `codes` by person (of that department) and rating."""

    world: World
    department: str
    workflows: tuple[Workflow, ...]
    codes: np.ndarray

    @property
    def instrument(self) -> Instrument:
        asked = replace(ATTACKED, workflow=ATR.workflow, scales={**ATTACKED.scales, **ATR.scales})
        return replace(asked, rated_here=((self.department, self.workflows),))

    @property
    def ratings(self) -> tuple[str, ...]:
        return tuple(item.id for one in self.workflows for item in self.instrument.rated(one))

    @property
    def answers(self) -> dict[str, DepartmentAnswers]:
        found = dict(self.world.answers)
        before = found[self.department]
        found[self.department] = DepartmentAnswers(
            (*before.item_ids, *self.ratings), np.hstack([before.codes, self.codes])
        )
        return found

    def knows(self, rating: str) -> tuple[Insider, np.ndarray]:
        """What the attacker knows of who gave a rating, and the ratings themselves, which only the judge may know."""
        places, column = self.places, self.ratings.index(rating)
        valid, points = np.zeros((len(self.world.department), 1), dtype=bool), np.zeros((len(self.world.department), 1))
        given = self.codes[:, column]
        valid[places, 0] = np.isin(given, list(b"12345"))
        points[places, 0] = 25.0 * (given.astype(float) - ord("1"))
        return Insider(self.world.departments, self.world.department, (rating,), valid, {"cells": (0,)}), points

    @property
    def places(self) -> list[int]:
        return [number for number, one in enumerate(self.world.department) if one == self.department]


def rated(rng: random.Random) -> Rated | None:
    """A random organisation in which the largest department without others below has six to fifteen workflows."""
    one = random_world(rng)
    above = {department.parent for department in one.departments}
    sizes = {name: one.department.count(name) for name in set(one.department) - above}
    if not sizes or max(sizes.values()) < 8 or len(one.department) > 80:
        return None
    department = max(sorted(sizes), key=lambda name: sizes[name])
    workflows = tuple(Workflow(str(number), f"Workflow {number}") for number in range(1, rng.randint(6, 15) + 1))
    share, missing = rng.choice([0.4, 0.7, 1.0]), rng.choice([0.0, 0.1])
    codes = [_person(rng, workflows, share, missing) for _ in range(sizes[department])]
    return Rated(one, department, workflows, np.array(codes, dtype=np.uint8))


def _person(rng: random.Random, workflows: tuple[Workflow, ...], share: float, missing: float) -> list[int]:
    """What one person said, rating by rating, as it stands on a sheet."""
    done = [one for one in workflows if rng.random() < share]
    fallen = rng.sample(done, min(MOST_EACH, len(done)))
    return [
        ord("-" if asked is None else rng.choice("12345") if asked and rng.random() >= missing else "S")
        for one in workflows
        for asked in (one in done if item.id == OFTEN else (True if one in fallen else None) for item in ATR.workflow)
    ]


def released(one: Rated) -> Made:
    return build(
        facts=facts("full", None), policy=POLICY, number=1, instrument=one.instrument, form="full",
        departments=one.world.departments, answers=one.answers, corrected=frozenset(), previous=None, told=Ledger(()),
        roster=None,
    )  # fmt: skip


@cache
def scenes() -> tuple[tuple[Rated, Made], ...]:
    """Organisations with what the auditor let through of them."""
    rng, found = random.Random(35), list[tuple[Rated, Made]]()
    while len(found) < tried(30, sample=15):
        one = rated(rng)
        if one is not None and one.world.form == "full":
            found.append((one, _proven(one, released(one))))
    return tuple(found)


def _proven(one: Rated, made: Made) -> Made:
    dossier = Dossier(one.instrument, "full", one.answers, ((made.release, planning.ledger(made.wave)),))
    return replace(made, release=proven(made, dossier, None).release)


def told(one: Rated, made: Made) -> Iterator[tuple[str, list[Fact]]]:
    document = json.loads(dump(made.release))
    for rating in one.ratings:
        insider, _ = one.knows(rating)
        yield rating, collect(document, insider, family=f"rating:{rating}")


def test_no_rating_of_many_workflows_tells_of_a_few_people():
    shown = hidden = 0
    for one, made in scenes():
        for rating, known in told(one, made):
            insider, points = one.knows(rating)
            result = attack(known, insider, points, k_means=POLICY.k_means, k_intervals=POLICY.k_intervals)
            assert result.finds == {}, rating
            means = [fact for fact in known if fact.kind == "means"]
            shown, hidden = shown + len(means), hidden + (not means)
            for fact in means:
                true = float(np.mean([points[person, 0] for person in fact.weights]))
                assert fact.low - 1e-6 <= true <= fact.high + 1e-6
                assert len(fact.weights) >= POLICY.k_means
    assert shown > 50
    assert hidden > 20, "some fall to too few"


def test_a_rating_is_told_of_its_own_department_and_a_score_of_no_raters_alone():
    for one, made in scenes():
        for row in made.release.rows:
            ratings = {column for column in row.cells if column.startswith("rating:")}
            told_here = {column for column in ratings if row.cells[column].kind == "scored"}
            assert not told_here or row.departments == (one.department,)
            assert set(row.cells) - ratings <= {DIMENSION, "checking"}


def test_the_attack_finds_whoever_is_left_over_where_a_score_is_told_of_raters_alone():
    """What a result must not tell: of a dimension the mean of a department, and that of those who rated something."""
    found = 0
    for one, made in scenes():
        everybody = {person: Fraction(1) for person in one.places}
        for rating in one.ratings:
            insider, _ = one.knows(rating)
            raters = {person: Fraction(1) for person in everybody if insider.valid[person, 0]}
            if not (POLICY.k_means <= len(raters) and 0 < len(everybody) - len(raters) < POLICY.k_means):
                continue
            people = len(one.world.department)
            whole = replace(insider, items=("T1a",), valid=np.ones((people, 1), dtype=bool))
            both = [Fact("all", "cells", "means", everybody, 50, 50), Fact("raters", "cells", "means", raters, 50, 50)]
            result = attack(both, whole, np.full((people, 1), 50.0), k_means=5, k_intervals=10)
            found += bool(result.finds)
            assert result.finds
            break
        assert made.release.number == 1
    assert found > 2
