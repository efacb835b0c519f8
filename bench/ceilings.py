"""How often ceilings flip where nothing changes: departments over 8 quarters, granted anew each time, or kept (P14).

Each quarter other people answer; what the department thinks never changes. Everything but answers is in order, so the
ceiling follows the scores alone. Printed like a release: whole points and the department's own spread from 10 people
on, to the nearest 5 points with the column's spread below.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from scoring.ceiling import Facts, GatedCell, department_ceiling
from scoring.estimates import Spread
from scoring.gating import GATES, GatingScore, gating_score
from scoring.levels import Level
from scoring.printed import EXACT_FROM

DIMENSIONS: Final = ("T1", "T2", "T3", "T4", "T5", "R1", "R2", "R3", "R4", "R5", "R6")
CHANGES: Final = 8
SPREAD, SHARED, STEP = 20.0, 0.4, 12.5
"""Of people: the spread of a score in points, how much of its variance dimensions share, and the steps of a score."""
OF_THE_COLUMN: Final = Spread(SPREAD, 60)
DEPARTMENTS: Final = 200
SIZES: Final = (6, 12, 25, 60)
SAME: Final = (45, 50, 55, 60, 65, 70)

Truth = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """Of departments of one kind: how often a ceiling differs from the quarter before, and how often it lies above or
    below what the true scores would carry; shares of 0 to 1."""

    flips: float
    above: float
    below: float


def quarter(draw: np.random.Generator, truth: Truth, n: int) -> tuple[GatedCell, ...]:
    """The cells of one quarter: `n` people answer."""
    common, own = draw.normal(size=(n, 1)), draw.normal(size=(n, truth.size))
    people = truth + SPREAD * (np.sqrt(SHARED) * common + np.sqrt(1 - SHARED) * own)
    scores = np.clip(np.round(people / STEP) * STEP, 0, 100)
    exact = n >= EXACT_FROM
    means, spreads = scores.mean(axis=0), scores.std(axis=0, ddof=1)
    printed = np.clip(np.round(means), 5, 95) if exact else np.clip(5 * np.round(means / 5), 10, 90)
    return tuple(
        _cell(name, gating_score(int(mean), n=n, spread=Spread(float(s), n - 1) if exact else OF_THE_COLUMN))
        for name, mean, s in zip(DIMENSIONS, printed, spreads, strict=True)
    )


def ceiling(cells: tuple[GatedCell, ...], *, held: Level = Level.A0) -> Level:
    """The ceiling where everything but the answers is in order."""
    known = Facts(
        cells=cells, controls=frozenset(GATES.controls), overtrust="clear", response_rate=80, waves_at_a4=2, held=held
    )
    return department_ceiling(known, policy=GATES).level


def looked_at(kind: str, n: int, *, kept: bool, departments: int = DEPARTMENTS, seed: int = 20261123) -> Seen:
    """Departments of `n` people over nine quarters. Of a `kind` "mixed" each dimension has a score of its own,
    otherwise it is the score of all."""
    draw = np.random.default_rng(seed)
    flips, distance = [], []
    for truth in _truths(draw, kind, departments):
        true, levels = ceiling(_known(truth)), [ceiling(quarter(draw, truth, n))]
        for _ in range(CHANGES):
            levels.append(ceiling(quarter(draw, truth, n), held=levels[-1] if kept else Level.A0))
        flips += [one != other for one, other in pairwise(levels)]
        distance += [int(level) - int(true) for level in levels]
    away = np.array(distance)
    return Seen(float(np.mean(flips)), float(np.mean(away > 0)), float(np.mean(away < 0)))


def report() -> None:
    """Prints the figures of docs/autonomy.md."""
    print(f"{DEPARTMENTS} departments of each kind, {CHANGES} changes of quarter, no true change")
    print("score of all | people | flips a quarter, anew -> kept | above truth, anew -> kept | below, anew -> kept")
    for kind in (*map(str, SAME), "mixed"):
        for n in SIZES:
            anew, kept = (looked_at(kind, n, kept=one) for one in (False, True))
            pairs = ((anew.flips, kept.flips), (anew.above, kept.above), (anew.below, kept.below))
            print(f"{kind:>5} | {n:>3} | " + " | ".join(f"{one:.0%} -> {other:.0%}" for one, other in pairs))


def _truths(draw: np.random.Generator, kind: str, departments: int) -> Iterator[Truth]:
    for _ in range(departments):
        yield draw.normal(58, 8, len(DIMENSIONS)) if kind == "mixed" else np.full(len(DIMENSIONS), float(kind))


def _known(truth: Truth) -> tuple[GatedCell, ...]:
    """The cells of a department of which everything is known."""
    scores = np.clip(np.round(truth), 0, 100).astype(int).tolist()
    return tuple(_cell(name, GatingScore(one, one)) for name, one in zip(DIMENSIONS, scores, strict=True))


def _cell(name: str, score: GatingScore) -> GatedCell:
    return GatedCell(dimension=name, score=score, split=False)
