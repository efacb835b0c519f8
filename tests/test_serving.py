"""The service as processes: it starts with one command, says what to do next, and stops cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parent.parent
READY_SECONDS = 60.0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def service(database_url: str, folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`python -m app serve` with its output, ended by force if a test leaves it running."""
    environment = os.environ | {
        "PLUMBLINE_DATA_DIR": str(folder),
        "PLUMBLINE_DATABASE_URL": database_url,
        "PLUMBLINE_PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def lines_until(process: subprocess.Popen[str], words: str) -> str:
    """What the process printed until a line with these words."""
    assert process.stdout is not None
    seen: list[str] = []
    deadline = time.monotonic() + READY_SECONDS
    for line in process.stdout:
        seen.append(line)
        if words in line:
            return "".join(seen)
        if time.monotonic() > deadline:
            break
    pytest.fail(f"{words!r} was not printed: {''.join(seen)}")


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(one) for one in found.stdout.split()]


def test_an_empty_service_prints_a_link_that_creates_the_first_account_and_stops_on_request(
    database_url: str, tmp_path: Path
) -> None:
    port = free_port()
    with service(database_url, tmp_path / "data", port) as process:
        printed = lines_until(process, "Stop it with Ctrl-C")
        link = re.search(rf"http://127\.0\.0\.1:{port}/start/\S+", printed)
        assert link is not None, printed
        with urlopen(link[0], timeout=10) as page:
            assert "password" in page.read().decode()
        children = children_of(process.pid)
        assert len(children) >= 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def test_the_service_ends_with_an_error_when_one_of_its_processes_dies(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    with service(database_url, tmp_path / "data", port) as process:
        lines_until(process, "Stop it with Ctrl-C")
        children = children_of(process.pid)
        os.kill(children[-1], signal.SIGKILL)
        assert process.wait(30) == 1
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def test_a_port_that_is_taken_is_named_with_what_to_do(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with service("", tmp_path / "data", port) as process:
            assert "PLUMBLINE_PORT=" in lines_until(process, "cannot be used")
            assert process.wait(30) == 1
