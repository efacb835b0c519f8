"""How long a release takes, from answer sheets in SQLite to the audited document: processor seconds and memory.

Each size is measured in a process of its own, so that its peak of memory is that of one release.
"""

import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy import create_engine
from sqlmodel import Session

from app.answers.read import sheets as read_sheets
from app.metadata import metadata
from app.releases import columns, planning
from app.releases.columns import DepartmentAnswers
from app.releases.compute import Made, PreviousWave, build
from app.releases.document import Policy, WaveFacts
from app.releases.plan import Unit
from app.releases.proof import Dossier, proven
from bench import auditing
from scoring.kernel import patterns, score_counts
from surveys.model import Instrument

DIMENSIONS = 15
SIZES = ((12, 1_000), (500, 10_000), (500, 100_000), (500, 1_000_000))
"""Departments and answer sheets."""
ORGANISATION, WAVES = UUID(int=1), (UUID(int=2), UUID(int=3))
"""The second wave is compared with the first."""


@dataclass(frozen=True)
class Measured:
    """One release: processor seconds by step, and the highest memory of its process in megabytes."""

    read: float
    compute: float
    audit: float
    megabytes: float


def instrument() -> Instrument:
    """A questionnaire of 15 dimensions with 4 questions, 2 of them anchors: 60 items, 30 columns."""
    one = auditing.instrument()
    return replace(one, dimensions=one.dimensions[:DIMENSIONS], context=())


def units(departments: int, people: int) -> tuple[Unit, ...]:
    """A tree of three levels: ten divisions or fewer, each with groups of up to seven teams; sizes differ widely."""
    rng = random.Random(7)
    shares = [rng.lognormvariate(0, 0.8) for _ in range(departments)]
    found: list[Unit] = []
    for number, share in enumerate(shares):
        parent = None if number < 10 else f"{number % 10}" if number < 60 else f"{10 + number % 50}"
        head = max(1, round(people * share / sum(shares)))
        name = f"Department {number}"
        found.append(Unit(id=str(number), name=name, parent=parent, function="other", headcount=head))
    return tuple(found)


def department_id(unit_id: str) -> UUID:
    """The id of a department in the table of answer sheets."""
    return UUID(int=1_000 + int(unit_id))


def fill(path: Path, all_units: tuple[Unit, ...]) -> None:
    """Write two waves of random answer sheets in which everybody answers and leaves out one answer in twenty."""
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    with sqlite3.connect(path) as database:
        for wave in WAVES:
            rng = np.random.default_rng(wave.int)
            for unit in sorted(all_units, key=lambda one: department_id(one.id).hex):
                codes = rng.integers(ord("1"), ord("6"), size=(unit.headcount, 4 * DIMENSIONS), dtype=np.uint8)
                codes[rng.random(codes.shape, dtype=np.float32) < 0.05] = ord("S")
                database.executemany(
                    "INSERT INTO answer_sheet"
                    " (organisation_id, wave_id, department_id, id, language, day, flags, codes)"
                    " VALUES (?, ?, ?, ?, 'en', '2026-10-01', 0, ?)",
                    _rows(wave, department_id(unit.id), codes),
                )


def _rows(wave: UUID, department: UUID, codes: columns.Codes) -> Iterator[tuple[str, str, str, str, bytes]]:
    for number, sheet in enumerate(codes):
        yield ORGANISATION.hex, wave.hex, department.hex, UUID(int=number).hex, sheet.tobytes()


def _items(one: Instrument) -> tuple[str, ...]:
    return tuple(item.id for dimension in one.dimensions for item in dimension.items)


def read(path: Path, wave: UUID, all_units: tuple[Unit, ...], one: Instrument) -> dict[str, DepartmentAnswers]:
    """The answer sheets of a wave as the worker reads them."""
    items = _items(one)
    engine = create_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        found = read_sheets(session, organisation_id=ORGANISATION, wave_id=wave)
    engine.dispose()
    return {
        unit.id: DepartmentAnswers(items, np.frombuffer(given.codes, dtype=np.uint8).reshape(given.count, len(items)))
        for unit in all_units
        if (given := found.get(department_id(unit.id))) is not None
    }


def made(
    one: Instrument, all_units: tuple[Unit, ...], answers: Mapping[str, DepartmentAnswers], before: PreviousWave | None
) -> Made:
    """The release of a wave."""
    facts = WaveFacts(
        organisation="Bench", assessment="", label="", form="full", opened_on="", closed_on="", instrument="",
        instrument_version="", instrument_sha256="", roster_sha256="", previous_label=None,
    )  # fmt: skip
    return build(
        facts=facts, policy=Policy(), number=1, instrument=one, form="full", units=all_units, answers=answers,
        corrected=frozenset(), previous=before,
    )  # fmt: skip


def measured(path: Path, departments: int, people: int, *, compared: bool, audited: bool) -> Measured:
    """Read, compute and audit one release in this process. The release of the wave before is there already."""
    one, all_units = instrument(), units(departments, people)
    # What every process pays once is paid before: a smaller wave is made first.
    warm = units(12, 60)
    everybody = np.random.default_rng(1).integers(ord("1"), ord("6"), size=(12, 4 * DIMENSIONS), dtype=np.uint8)
    made(one, warm, {unit.id: DepartmentAnswers(_items(one), everybody) for unit in warm}, None)
    previous, dossier = None, None
    reading = 0.0
    if compared:
        start = time.process_time()
        earlier = read(path, WAVES[0], all_units, one)
        reading = time.process_time() - start
        first = made(one, all_units, earlier, None)
        told = planning.ledger(first.wave)
        previous = PreviousWave(
            label="", form="full", instrument=one, units=all_units, answers=earlier, policy=Policy(), told=told
        )
        dossier = Dossier(one, "full", earlier, ((first.release, told),))
        del first
    start = time.process_time()
    answers = read(path, WAVES[1], all_units, one)
    ready = time.process_time()
    found = made(one, all_units, answers, previous)
    computed = time.process_time()
    if audited:
        proven(found, Dossier(one, "full", answers, ()), dossier)
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(read=reading + ready - start, compute=computed - ready, audit=end - computed, megabytes=peak)


def _apart(path: Path, departments: int, people: int, *, compared: bool, audited: bool) -> Measured:
    """`measured` in a process of its own."""
    words = [str(path), str(departments), str(people), str(int(compared)), str(int(audited))]
    done = subprocess.run([sys.executable, "-m", __name__, *words], check=True, stdout=subprocess.PIPE)
    return Measured(**json.loads(done.stdout))


def kernel(people: int) -> tuple[float, float]:
    """Processor seconds for all tables of a wave in 500 departments, and to count the bytes of the same answers."""
    one, rng = instrument(), np.random.default_rng(1)
    answers = rng.integers(0, 6, size=(4 * DIMENSIONS, people), dtype=np.uint8)
    sizes = np.full(500, people // 500, dtype=np.intp)
    straight = np.zeros(4, dtype=np.bool_)

    def tables() -> None:
        for number in range(len(one.dimensions)):
            items = list(answers[4 * number : 4 * number + 4])
            found = patterns(items, sizes, points=5)
            for asked in (range(4), range(2)):
                counted = score_counts(found, asked, reverse=straight[: len(asked)])
                assert counted.n.sum() + counted.m2.size > 0
            assert found.answer_counts().sum() == 4 * people

    def bytes_once() -> None:
        np.bincount(answers.ravel(), minlength=256)

    seconds: list[float] = []
    for step in (tables, bytes_once):
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            step()
            best = min(best, time.process_time() - start)
        seconds.append(best)
    return seconds[0], seconds[1]


def report(*, audited: bool, largest: int) -> None:
    """Print a line for each size, with and without a wave before, then the kernel and how the time grows."""
    print("departments   sheets  wave before  read s  score+plan s  audit s  sum s  peak MB")
    points: dict[bool, list[tuple[int, float]]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as folder:
        for departments, people in (one for one in SIZES if one[1] <= largest):
            path = Path(folder) / f"{people}.sqlite"
            fill(path, units(departments, people))
            for compared in (False, True):
                one = _apart(path, departments, people, compared=compared, audited=audited)
                points[compared].append((people, one.read + one.compute))
                total = one.read + one.compute + one.audit
                print(
                    f"{departments:11d} {people:8d} {'yes' if compared else 'no':>12s} {one.read:7.2f}"
                    f" {one.compute:13.2f} {one.audit if audited else float('nan'):8.2f} {total:6.2f}"
                    f" {one.megabytes:8.0f}"
                )
            path.unlink()
    for compared, of_size in points.items():
        said = "with" if compared else "without"
        print(f"read, score and plan {said} a wave before: {_line(of_size[1:] or of_size)}")
    counts = [(people, *kernel(people)) for _, people in SIZES]
    for people, counted, once in counts:
        print(f"{people:8d} sheets: all counts {counted:.4f} s, bincount of their bytes {once:.4f} s")
    print(f"all counts: {_line([(people, counted) for people, counted, _ in counts])}, ratio {counted / once:.2f}")


def _line(points: list[tuple[int, float]]) -> str:
    """The line by least squares, and how far the points are from it at most.

    The constant stands for what is paid for each department and column.
    """
    n, seconds = (np.array(one, dtype=np.float64) for one in zip(*points, strict=True))
    slope, fixed = np.polyfit(n, seconds, 1) if n.size > 1 else (0.0, seconds[0])
    away = float(np.abs(seconds - fixed - slope * n).max())
    return f"{fixed:.3f} s + {1e6 * slope:.2f} s for a million sheets, at most {away:.3f} s off"


if __name__ == "__main__":
    where, departments, people, compared, audited = sys.argv[1:]
    found = measured(Path(where), int(departments), int(people), compared=compared == "1", audited=audited == "1")
    print(json.dumps(asdict(found)))
