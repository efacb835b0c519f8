"""How long a release takes, from answer sheets in SQLite to the bytes that are stored: seconds and memory.

Each line is measured in a process of its own with the environment of a worker, so that its peak of memory is that of
one release, with the child processes that it starts. A worker makes releases for weeks, so its second release is what
counts; of a small organisation the first and later ones stand beside it.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import numpy as np
from sqlalchemy import Engine, create_engine
from sqlmodel import Session

from app import serve
from app.answers.read import sheets as read_sheets
from app.releases.compute import Made, PreviousWave, build
from app.releases.document.release import Policy, WaveFacts, digest
from app.releases.plan.coarsening import Department
from app.releases.proof import Dossier, proven
from app.releases.statistics import planning
from app.releases.statistics.columns import DepartmentAnswers
from app.releases.statistics.screened import Screened, Sent, screened
from app.releases.statistics.uncollected import uncollected
from bench.filling import DIMENSIONS, ORGANISATION, WAVES, department_id, fill, instrument, organisation
from bench.memory import megabytes
from scoring.kernel import patterns, score_counts
from surveys.model import Instrument

SIZES = ((12, 1_000), (500, 1_000), (500, 10_000), (500, 100_000), (500, 1_000_000))
"""Departments and answer sheets."""
LIMITS = {1_000: 0.15, 1_000_000: 10.0}
"""How many seconds of the clock a release of so many sheets may take: the small one of a first wave, the large one
compared."""
PARTS = ("read", "compute", "audit")
"""Reading leaves careless sheets out, too, and while the audit runs the document is written."""
State = Literal["first", "second", "later"]
"""Which release of its process it is: the first one; the second one, after a small one; or the middle one of a few of
the same wave after that."""
STATES: Final[Sequence[tuple[bool, State]]] = (
    (False, "first"),
    (False, "second"),
    (True, "second"),
    (False, "later"),
    (True, "later"),
)
"""What is measured of a small organisation, with a wave before or without; of others the second release."""
LATER = 7
"""How many of the same wave."""


@dataclass
class Measured:
    """One release: processor seconds by step of all processes, seconds of the clock, and the peak of their memory in
    megabytes, where pages that several share count once."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))
    clock: float = 0.0
    megabytes: float = 0.0

    @property
    def total(self) -> float:
        """All seconds."""
        return sum(self.seconds.values())


def _items(one: Instrument) -> tuple[str, ...]:
    return tuple(item.id for dimension in one.dimensions for item in dimension.items)


@cache
def _engine(path: Path) -> Engine:
    """The worker's: it stays, and knows the statements that it made."""
    return create_engine(f"sqlite:///{path}")


def read(
    path: Path, wave: UUID, all_departments: tuple[Department, ...], one: Instrument
) -> tuple[Sent, Mapping[str, int]]:
    """The answer sheets of a wave, with their number by language, as the worker reads them."""
    items = _items(one)
    with Session(_engine(path)) as session:
        found = read_sheets(session, organisation_id=ORGANISATION, wave_id=wave)
    given = {
        department.id: there
        for department in all_departments
        if (there := found.of.get(department_id(department.id))) is not None
    }
    codes = {name: np.frombuffer(there.codes, dtype=np.uint8).reshape(there.count, -1) for name, there in given.items()}
    flags = {name: np.frombuffer(there.flags, dtype=np.uint8) for name, there in given.items()}
    return Sent({name: DepartmentAnswers(items, of) for name, of in codes.items()}, flags), found.languages


def kept(sent: Sent, one: Instrument, all_departments: tuple[Department, ...]) -> Screened:
    """Who is left out."""
    roster, k = {department.id: department.headcount for department in all_departments}, Policy().k_intervals
    return screened(sent, instrument=one, form="full", departments=all_departments, roster=roster, k=k)


def made(
    one: Instrument, all_departments: tuple[Department, ...], found: Screened, before: PreviousWave | None
) -> Made:
    """The release of a wave."""
    facts = WaveFacts(
        organisation="Bench", assessment="", label="", form="full", opened_on="", closed_on="", instrument="",
        instrument_version="", instrument_sha256="", roster_sha256="", previous_label=None,
    )  # fmt: skip
    return build(
        facts=facts, policy=Policy(), number=1, instrument=one, form="full",
        departments=all_departments, answers=found.used,
        corrected=frozenset(), previous=before, screened=found,
    )  # fmt: skip


class Wave:
    """A wave that is read and screened, scored and proven, one step after the other."""

    def __init__(self, path: Path, wave: UUID, all_departments: tuple[Department, ...]) -> None:
        self._path, self._wave, self._departments, self._one = path, wave, all_departments, instrument()

    def read(self) -> None:
        """Reads the sheets, and leaves careless ones out."""
        sent, self.languages = read(self._path, self._wave, self._departments, self._one)
        self.sent = {name: len(one.codes) for name, one in sent.answers.items()}
        self.kept = kept(sent, self._one, self._departments)

    def compute(self, before: "Wave | None") -> None:
        """Scores, plans and prints."""
        previous = None if before is None else before.as_previous
        self.made = made(self._one, self._departments, self.kept, previous)
        self.told = planning.ledger(self.made.wave)

    def audit(self, before: "Wave | None") -> None:
        """Proves it, beside the release of the wave before, and writes the bytes that are stored, and their digest."""
        proof = proven(self.made, self.dossier(), None if before is None else before.dossier(stored=True))
        self.release = proof.release
        digest(proof.document)

    def dossier(self, *, stored: bool = False) -> Dossier:
        """The wave as the auditor takes it, with its release where that was stored before."""
        releases = ((self.release, self.told),) if stored else ()
        return Dossier(self._one, "full", self.kept.used, releases, self.sent, self.languages)

    @property
    def as_previous(self) -> PreviousWave:
        """The wave as the next one is compared with it."""
        return PreviousWave(
            label="", form="full", instrument=self._one, departments=self._departments, answers=self.kept.used,
            policy=Policy(),
            told=self.told,
        )  # fmt: skip


def measured(
    path: Path, departments: int, people: int, *, compared: bool, audited: bool, state: State = "second"
) -> Measured:
    """Make a release in this process. The release of the wave before is there already, its sheets are read again."""
    # As a worker does before it takes its first job (`app.serve`).
    import scipy.special  # noqa: F401

    all_departments = organisation(departments, people)
    if state != "first":
        _warm(path.parent)
    before = _before(path, all_departments) if compared else None
    made_of = (path, all_departments, before)
    found = [_release(*made_of, audited=audited) for _ in range(LATER if state == "later" else 1)]
    return sorted(found, key=lambda one: one.total)[len(found) // 2]


def _before(path: Path, all_departments: tuple[Department, ...]) -> Wave:
    """The wave before with its release, without its sheets."""
    before = Wave(path, WAVES[0], all_departments)
    before.read()
    before.compute(None)
    before.release = before.made.release
    del before.made, before.sent, before.kept
    return before


@uncollected()
def _release(path: Path, all_departments: tuple[Department, ...], before: Wave | None, *, audited: bool) -> Measured:
    found, start = Measured(), time.perf_counter()
    wave = Wave(path, WAVES[1], all_departments)
    found.seconds["read"] = _timed(lambda: _both(wave, before))
    found.seconds["compute"] = _timed(lambda: wave.compute(before))
    if audited:
        found.seconds["audit"] = _timed(lambda: wave.audit(before))
    found.clock = time.perf_counter() - start
    found.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def _both(wave: Wave, before: Wave | None) -> None:
    """Reads two waves side by side, as the worker does."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        earlier = None if before is None else beside.submit(before.read)
        wave.read()
        if earlier is not None:
            earlier.result()


def _timed(step: Callable[[], None]) -> float:
    start = _processor_seconds()
    step()
    return _processor_seconds() - start


def _processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


def _warm(folder: Path) -> None:
    """Makes a small release, as a worker has before its second one."""
    path, few = folder / "warm.sqlite", organisation(12, 240)
    fill(path, few)
    wave = Wave(path, WAVES[0], few)
    wave.read()
    wave.compute(None)
    wave.audit(None)
    path.unlink()


def _apart(path: Path, departments: int, people: int, *, compared: bool, audited: bool, state: State) -> Measured:
    """`measured` in a process of its own, which has the environment of a worker."""
    words = [str(path), str(departments), str(people), str(int(compared)), str(int(audited)), state]
    command = [sys.executable, "-m", __name__, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**serve.ENVIRONMENT, **os.environ}) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, megabytes(process.pid))
            time.sleep(0.1)
        assert process.stdout is not None
        said = process.stdout.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    found = Measured(**json.loads(said))
    return replace(found, megabytes=max(peak, found.megabytes))


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
    parts = "".join(f"{name + ' s':>14s}" for name in PARTS)
    print(f"departments   sheets  wave before  release{parts}   sum s  clock s  of limit  peak MB")
    points: dict[bool, list[tuple[int, float]]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as folder:
        for departments, people in (one for one in SIZES if one[1] <= largest):
            path = Path(folder) / f"{departments}-{people}.sqlite"
            fill(path, organisation(departments, people))
            for compared, state in STATES if (departments, people) == SIZES[0] else STATES[1:3]:
                one = _apart(path, departments, people, compared=compared, audited=audited, state=state)
                if departments == SIZES[-1][0]:
                    points[compared].append((people, one.total))
                print(_told(one, departments, people, compared=compared, state=state))
            path.unlink()
    for compared, of_size in points.items():
        said = "with" if compared else "without"
        print(f"a release of 500 departments {said} a wave before: {_line(of_size)}" if of_size else "")
    counts = [(people, *kernel(people)) for people in sorted({people for _, people in SIZES})]
    for people, counted, once in counts:
        print(f"{people:8d} sheets: all counts {counted:.4f} s, bincount of their bytes {once:.4f} s")
    print(f"all counts: {_line([(people, counted) for people, counted, _ in counts])}, ratio {counted / once:.2f}")


def _told(one: Measured, departments: int, people: int, *, compared: bool, state: State) -> str:
    """A line: each step with its share of the sum, and the clock beside what it may say."""
    steps = "".join(f"{one.seconds[name]:8.3f} ({one.seconds[name] / one.total:3.0%})" for name in PARTS)
    # The limits are about a first wave of a few departments, and a large wave that is compared.
    limit = LIMITS.get(people) if compared == (people > SIZES[0][1]) and (departments, people) != SIZES[1] else None
    share = "" if limit is None else f"{one.clock / limit:.2f}"
    said = "yes" if compared else "no"
    which = f"{departments:11d} {people:8d} {said:>12s} {state:>8s}"
    return f"{which}{steps} {one.total:7.3f} {one.clock:8.3f} {share:>9s} {one.megabytes:8.0f}"


def _line(points: list[tuple[int, float]]) -> str:
    """The line by least squares, and how far the points are from it at most.

    The constant stands for what is paid for each department and column.
    """
    n, seconds = (np.array(one, dtype=np.float64) for one in zip(*points, strict=True))
    slope, fixed = np.polyfit(n, seconds, 1) if n.size > 1 else (0.0, seconds[0])
    away = float(np.abs(seconds - fixed - slope * n).max())
    return f"{fixed:.3f} s + {1e6 * slope:.2f} s for a million sheets, at most {away:.3f} s off"


if __name__ == "__main__":
    where, departments, people, compared, audited, which = sys.argv[1:]
    told: dict[str, State] = {one: one for _, one in STATES}
    size = int(departments), int(people)
    print(
        json.dumps(
            asdict(measured(Path(where), *size, compared=compared == "1", audited=audited == "1", state=told[which]))
        )
    )
