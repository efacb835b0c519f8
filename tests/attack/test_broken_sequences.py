"""The attacker succeeds against further releases and role levels that are wrong, and the door refuses them."""

import random

import pytest

from tests.attack.broken_sequences import SEQUENCES, judged
from tests.attack.judging import Judged


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_broken_sequence_is_found_and_refused(name: str):
    rng, found = random.Random(4), list[Judged]()
    while sum(one.found for one in found) < 2:
        outcome = judged(rng, SEQUENCES[name])
        if outcome is not None:
            found.append(outcome)
    assert all(one.refused for one in found if one.found)
    assert len(found) < 30
