"""The processes of a measurement: the service as `serve` starts it, the empty endpoints, the load generator."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.respond import machine
from bench.respond.generator import Found
from bench.respond.scene import LINK_KEY
from bench.respond.script import Exchange
from tests.test_serving import free_port

READY: Final = "Plumbline is ready"
HOST: Final = "127.0.0.1"
STOP_SECONDS: Final = 40
ROOT: Final = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Service:
    """Something that answers: its port and the processes that do the answering."""

    port: int
    processes: tuple[int, ...]

    @property
    def host(self) -> str:
        """What browsers call it."""
        return f"{HOST}:{self.port}"


@contextmanager
def plumbline(url: str, folder: Path) -> Iterator[Service]:
    """The service on a database, started with one command; `url` is empty for SQLite in the folder."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLUMBLINE_")} | {
        "PLUMBLINE_DATA_DIR": str(folder),
        "PLUMBLINE_DATABASE_URL": url,
        "PLUMBLINE_PORT": str(port),
        "PLUMBLINE_SECRET_KEY": LINK_KEY,
    }
    words = [sys.executable, "-m", "app", "serve"]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if not any(READY in line for line in process.stdout):
                raise RuntimeError("The service did not start.")
            started = [one for one in machine.family(process.pid) if " web " in machine.command(one)]
            yield Service(port, tuple(started))
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


@contextmanager
def empty(kind: str, sizes: Mapping[str, float], folder: Path) -> Iterator[Service]:
    """Endpoints that do nothing."""
    words = [sys.executable, "-m", "bench.respond.empty", kind, str(min(os.sched_getaffinity(0))), str(folder)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            json.dump(sizes, process.stdin)
            process.stdin.close()
            yield Service(int(process.stdout.readline()), (process.pid,))
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def generated(
    service: Service, script: Sequence[Exchange], tokens: Sequence[str], *, concurrency: int, apart: bool
) -> Found:
    """Lets the load generator send all these responses. `apart`: on the cores that the service does not use.

    RuntimeError where an answer was not as it has to be.
    """
    cores = sorted(os.sched_getaffinity(0))
    orders = {
        "host": HOST,
        "port": service.port,
        "cores": cores[1:] if apart and len(cores) > 1 else cores,
        "tokens": list(tokens),
        "concurrency": concurrency,
        "script": [
            {**asdict(one), "request": one.request.decode(), "status": one.status.decode(), "told": one.told.decode()}
            for one in script
        ],
    }
    words = [sys.executable, "-m", "bench.respond.generator"]
    done = subprocess.run(words, cwd=ROOT, input=json.dumps(orders), stdout=subprocess.PIPE, text=True, check=True)
    found = Found(**json.loads(done.stdout))
    if found.wrong:
        raise RuntimeError(f"An answer was wrong: {found.wrong[0]}")
    return found
