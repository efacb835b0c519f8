"""What timed releases are made of: a questionnaire, a tree of departments, two waves of random answer sheets."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy import create_engine

from app.metadata import metadata
from app.releases.plan.coarsening import Department
from app.releases.statistics import columns
from bench import auditing
from surveys.model import Instrument
from surveys.screening import Flag

DIMENSIONS = 15
PREDICTORS = 11
"""As many as the questionnaire of the product has; the other dimensions are outcomes."""
ORGANISATION, WAVES = UUID(int=1), (UUID(int=2), UUID(int=3))
"""The second wave is compared with the first."""
CARELESS, DOUBTFUL = 0.02, 0.02
"""So many sheets have signs enough to be left out, or one too few, so that their answers are looked at."""


@cache
def instrument() -> Instrument:
    """A questionnaire of 15 dimensions with 4 questions, 2 of them anchors: 60 items, 30 columns, with an outcome.

    Read once a process, as the worker reads those that are shipped (`surveys.load`)."""
    one = auditing.instrument()
    kept = one.dimensions[:DIMENSIONS]
    outcomes = tuple(replace(dimension, block="criterion") for dimension in kept[PREDICTORS:])
    return replace(one, dimensions=(*kept[:PREDICTORS], *outcomes), context=())


def organisation(departments: int, people: int) -> tuple[Department, ...]:
    """A tree of three levels: ten divisions or fewer, each with groups of up to seven teams; sizes differ widely."""
    rng = random.Random(7)
    shares = [rng.lognormvariate(0, 0.8) for _ in range(departments)]
    found: list[Department] = []
    for number, share in enumerate(shares):
        parent = None if number < 10 else f"{number % 10}" if number < 60 else f"{10 + number % 50}"
        head = max(1, round(people * share / sum(shares)))
        name = f"Department {number}"
        found.append(Department(id=str(number), name=name, parent=parent, function="other", headcount=head))
    return tuple(found)


def department_id(department_id: str) -> UUID:
    """The id of a department in the table of answer sheets."""
    return UUID(int=1_000 + int(department_id))


def fill(path: Path, all_departments: tuple[Department, ...]) -> None:
    """Write two waves of random answer sheets in which everybody answers and leaves out one answer in twenty."""
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    with sqlite3.connect(path) as database:
        for wave in WAVES:
            rng = np.random.default_rng(wave.int)
            for department in sorted(all_departments, key=lambda one: department_id(one.id).hex):
                codes = rng.integers(ord("1"), ord("6"), size=(department.headcount, 4 * DIMENSIONS), dtype=np.uint8)
                codes[rng.random(codes.shape, dtype=np.float32) < 0.05] = ord("S")
                database.executemany(
                    "INSERT INTO answer_sheet"
                    " (organisation_id, wave_id, department_id, id, language, day, flags, codes)"
                    " VALUES (?, ?, ?, ?, 'en', '2026-10-01', ?, ?)",
                    _rows(wave, department_id(department.id), codes, rng.random(department.headcount).tolist()),
                )


def _rows(
    wave: UUID, department: UUID, codes: columns.Codes, chance: Sequence[float]
) -> Iterator[tuple[str, str, str, str, int, bytes]]:
    signs = Flag.LONGSTRING | Flag.LOW_VARIANCE
    for number, (sheet, drawn) in enumerate(zip(codes, chance, strict=True)):
        found = signs | Flag.FAST if drawn < CARELESS else signs if drawn < CARELESS + DOUBTFUL else 0
        yield ORGANISATION.hex, wave.hex, department.hex, UUID(int=number).hex, int(found), sheet.tobytes()
