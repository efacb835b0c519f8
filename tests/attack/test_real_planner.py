"""The real planner under attack: what the auditor lets through tells of nobody, over waves and further releases."""

import json
import os

from app.releases.document.release import dump
from tests.attack.knowledge import collect
from tests.attack.plans import method_of
from tests.attack.sequences import Wave, histories, statistics
from tests.attack.worlds import DIMENSION, MODULE
from tests.thorough import tried

TREES = int(os.environ.get("PLUMBLINE_ATTACK_TREES", tried(10, sample=2)))
"""How many random organisations are attacked. Thousands take minutes; `python -m bench attack` says what it tried."""


def test_nothing_that_is_published_of_random_organisations_tells_of_a_few_people():
    found = statistics(seed=2026, trees=TREES)
    assert found["finds"] == 0
    assert found["numbers known"] > 20 * TREES, "there must be something to attack"
    assert found["further releases"] > TREES / 2
    assert found["refused"] < 0.02 * found["releases"] + 1, "the planner plans what the auditor lets through"
    assert found["given up"] < 0.01 * found["ways tried"]


def test_what_the_attacker_takes_to_be_printed_of_whom_is_true():
    checked = {DIMENSION: 0, MODULE: 0, "change": 0, "lead": 0, "site": 0}
    for wave in (one for waves in histories(6, tried(16, sample=10)) for one in waves):
        for family, facts in wave.facts.items():
            insider, points = wave.world.families[family]
            for fact in (one for one in facts if one.kind == "means" and one.weights):
                true = sum(
                    float(weight) * float(points[person, list(insider.used(person, fact.column))].mean())
                    for person, weight in fact.weights.items()
                )
                assert fact.low - 1e-6 <= true <= fact.high + 1e-6, (fact.row, fact.column)
                checked[family] += 1
                checked["change"] += fact.row.startswith("change of")
                checked["lead"] += "lead" in fact.row
                checked["site"] += fact.row.startswith("site ")
    assert all(count > tried(8, sample=4) for count in checked.values()), checked


def test_a_row_has_an_id_of_its_own_and_rests_on_people_of_its_own():
    checked = 0
    for made in (made for waves in histories(11, 6) for wave in waves for made in wave.made):
        rows = {row.id: frozenset(row.departments) for row in made.release.rows}
        assert len(rows) == len(made.release.rows)
        method = method_of(made, DIMENSION)
        for row in made.release.rows:
            if row.cells[DIMENSION].kind == "scored":
                strata = method(row.id, "cells") or []
                assert strata
                assert all(held <= rows[row.id] for held, _ in strata), row.name
                checked += 1
    assert checked > 50


def _differing(wave: Wave) -> list[str]:
    """The families of which a first release tells something else than the method says that the attacker knows."""
    first = wave.made[0]
    told = json.loads(dump(first.release))
    return [
        family
        for family, (insider, _) in wave.world.families.items()
        if collect(told, insider, family=family)
        != collect(told, insider, family=family, method=method_of(first, family))
    ]


def test_the_weights_that_a_first_release_is_made_with_can_be_read_off_its_document():
    waves = [one for found in histories(8, 5) for one in found if one.made]
    assert len(waves) > 8
    assert [_differing(one) for one in waves] == [[]] * len(waves)
