"""The real planner under attack: what the auditor lets through tells of nobody, over quarters and later releases."""

import os
import random

from tests.attack.sequences import attacked, statistics, two_waves

TREES = int(os.environ.get("PLUMBLINE_ATTACK_TREES", "20"))
"""How many random organisations are attacked. Thousands take minutes; `python -m bench attack` says what it tried."""


def test_nothing_that_is_published_of_random_organisations_tells_of_a_few_people():
    found = statistics(seed=2026, trees=TREES)
    assert found["finds in what was published"] == 0
    assert found["numbers known"] > 20 * TREES, "there must be something to attack"
    assert found["refused by the auditor"] < 0.02 * found["waves"], "the planner plans what the auditor lets through"


def test_what_the_attacker_takes_to_be_printed_of_whom_is_true():
    rng, checked = random.Random(5), 0
    for _ in range(15):
        _, *waves = two_waves(rng)
        for wave in waves:
            insider, points = wave.world.insider, wave.world.points
            for fact in (one for one in wave.facts if one.kind == "means" and one.weights):
                true = sum(
                    float(weight) * float(points[person, list(insider.used(person, fact.column))].mean())
                    for person, weight in fact.weights.items()
                )
                assert fact.low - 1e-6 <= true <= fact.high + 1e-6, (fact.row, fact.column)
                checked += 1
    assert checked > 100


def test_an_outcome_names_what_was_found():
    policy, wave, _ = two_waves(random.Random(1))
    outcome = attacked(wave, policy)
    assert (outcome.passed, outcome.offending, dict(outcome.finds)) == (True, (), {})
