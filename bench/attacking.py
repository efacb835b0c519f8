"""What the attacker finds in random organisations: as the real planner publishes them, and as the broken ones do."""

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

from tests.attack import broken_beside, broken_sequences, decisions, judging
from tests.attack.sequences import statistics
from tests.attack.worlds import random_world

SLICE = 50
COUNTED = (
    "organisations", "waves", "releases", "further releases", "refused", "families attacked", "numbers known",
    "prints of shares",    "ways tried", "given up", "finds",
)  # fmt: skip
"""What is printed of the real planner; "given up" are searches that would have taken too long."""


def report(*, trees: int, broken_trees: int, seed: int) -> None:
    """Print what was attacked and found: first every broken planner, then the real one."""
    print(
        "\nbroken planner                                 organisations  attacked with success  refused by the auditor"
        "  found and not refused"
    )
    for name, case in judging.CASES.items():
        _line(name, _counted(partial(_judged, case=case), broken_trees, seed))
    for name, told in broken_beside.CASES.items():
        _line(name, _counted(partial(broken_beside.judged, case=told, world=random_world), broken_trees, seed))
    for name, sequence in broken_sequences.SEQUENCES.items():
        _line(name, _counted(partial(broken_sequences.judged, sequence=sequence), broken_trees, seed))
    for name, planner in decisions.PLANNERS.items():
        _line(name, _counted(partial(decisions.judged, planner=planner), broken_trees, seed))
    start, found = time.process_time(), Counter[str]()
    for number in range(0, trees, SLICE):
        found += statistics(seed=seed * 1_000_003 + number, trees=min(SLICE, trees - number))
        print(f"real planner: {found['organisations']} organisations, {found['finds']} finds", flush=True)
    print(f"real planner, {time.process_time() - start:.0f} processor seconds")
    for name in COUNTED:
        print(f"  {name}: {found[name]}")


def _line(name: str, counted: Counter[str]) -> None:
    print(
        f"{name:46s} {counted['organisations']:13d} {counted['finds']:22d} {counted['refused']:23d}"
        f" {counted['not refused']:23d}",
        flush=True,
    )


def _judged(rng: random.Random, case: judging.Case) -> judging.Judged | None:
    one = random_world(rng)
    return judging.judged(one, case, rng) if 10 <= len(one.department) <= 80 else None


def _counted(judged: Callable[[random.Random], judging.Judged | None], trees: int, seed: int) -> Counter[str]:
    rng, counted = random.Random(seed), Counter[str]()
    while counted["organisations"] < trees:
        outcome = judged(rng)
        if outcome is None:
            continue
        counted["organisations"] += 1
        counted["finds"] += outcome.found
        counted["refused"] += outcome.refused
        counted["not refused"] += outcome.found and not outcome.refused
    return counted
