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
def service(
    database_url: str, folder: Path, port: int, *, command: str = "serve", **more: str
) -> Iterator[subprocess.Popen[str]]:
    """`python -m app serve` with its output, ended by force if a test leaves it running."""
    # Compiled files may be written: each process would otherwise compile the whole program again.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {
        "PLUMBLINE_DATA_DIR": str(folder),
        "PLUMBLINE_DATABASE_URL": database_url,
        "PLUMBLINE_PORT": str(port),
        **more,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app", command],
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


def all_gone(pids: list[int], seconds: float = 20.0) -> bool:
    """Whether all these processes end within the time; a process that only waits to be buried has ended."""
    deadline = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_supervisor_that_is_killed_leaves_nothing_running(tmp_path: Path) -> None:
    with service("", tmp_path / "data", free_port()) as process:
        lines_until(process, "Stop it with Ctrl-C")
        children = children_of(process.pid)
        assert len(children) == 2
        process.kill()
        process.wait(10)
        assert all_gone(children)


def test_a_process_whose_parent_is_gone_stops_also_where_nothing_tells_it() -> None:
    child = "import os, sys; from app.serve import stop_when_alone; stop_when_alone(int(sys.argv[1]))"
    parent = (
        "import os, subprocess, sys; "
        f"print(subprocess.Popen([sys.executable, '-c', {child!r}, str(os.getpid())]).pid, flush=True); "
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        time.sleep(1.5)
        assert is_running(pid)
        process.kill()
    assert all_gone([pid])


def test_asking_twice_to_stop_stops_once_and_quietly(tmp_path: Path) -> None:
    with service("", tmp_path / "data", free_port()) as process:
        lines_until(process, "Stop it with Ctrl-C")
        children = children_of(process.pid)
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
            time.sleep(0.02)
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()
    assert all_gone(children, seconds=1.0)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PLUMBLINE_DATA_DIR", "/dev/null", "is a file"),
        ("PLUMBLINE_DATA_DIR", "/dev/null/data", "cannot be made"),
        ("PLUMBLINE_HOST", "nonsense.invalid", "cannot listen on nonsense.invalid"),
        ("PLUMBLINE_DATABASE_URL", "postgresql://u:pw@h:abc/x", "the port may not be a number"),
    ],
)
def test_a_setting_that_cannot_work_is_one_sentence_and_exit_code_1(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    with service("", tmp_path / "data", free_port(), **{name: value}) as process:
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 1
    assert printed.startswith(f"{name}: ")
    assert words in printed
    assert printed.count("\n") == 1


def test_a_database_that_does_not_answer_is_told_within_ten_seconds(tmp_path: Path) -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        url = f"postgresql://u:pw@127.0.0.1:{silent.getsockname()[1]}/x"
        with service(url, tmp_path / "data", free_port()) as process:
            printed, _ = process.communicate(timeout=60)
            assert process.returncode == 1
        assert time.monotonic() - began < 10
    assert printed.startswith("PLUMBLINE_DATABASE_URL: the database cannot be reached")
    assert "pw" not in printed
    assert printed.count("\n") == 1


@pytest.mark.lived_in
def test_a_lost_key_is_not_replaced_while_a_wave_is_open_unless_one_says_so(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with service(database_url, folder, free_port()) as process:
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 1
    assert "secret.key is missing" in printed
    assert "./run new-key" in printed
    assert not (folder / "secret.key").exists()
    with service(database_url, folder, free_port(), command="new-key") as process:
        assert "There is a new key" in process.communicate(timeout=60)[0]
    with service(database_url, folder, free_port(), command="new-key") as process:
        assert "There is a key already" in process.communicate(timeout=60)[0]
        assert process.returncode == 1
    with service(database_url, folder, free_port()) as process:
        lines_until(process, "Stop it with Ctrl-C")
