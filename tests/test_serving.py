"""The service as processes: it starts with one command, says what to do next, and stops cleanly.

Starting a real one takes seconds, so each that is started here is asked for several things, and what the command line
refuses before it starts anything is tested within this process.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from app import cli, db, serve
from app.demo import prepare
from app.settings import Settings
from tests.processes import LOOK_SECONDS, PATIENT_SECONDS, all_gone, is_running

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def service(database_url: str, folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`python -m app serve` with its output, ended by force if a test leaves it running."""
    # Compiled files may be written: each process would otherwise compile the whole program again.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {
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
            process.wait(PATIENT_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


def lines_until(process: subprocess.Popen[str], words: str) -> str:
    """What the process printed until a line with these words."""
    assert process.stdout is not None
    seen: list[str] = []
    deadline = time.monotonic() + PATIENT_SECONDS
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


def first_child_of(process: subprocess.Popen[str]) -> int:
    """The process that a service starts before anything else, as soon as it is there."""
    while process.poll() is None:
        if children := children_of(process.pid):
            return children[0]
        time.sleep(LOOK_SECONDS)
    pytest.fail("the service ended before it started a process")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """The environment of a command line within this process: SQLite in a folder of the test's own, a free port."""
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PLUMBLINE_PORT", str(free_port()))
    for name in ("PLUMBLINE_DATABASE_URL", "PLUMBLINE_WEB_DATABASE_URL", "PLUMBLINE_SECRET_KEY", "PLUMBLINE_HOST"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def answer_to(word: str, monkeypatch: pytest.MonkeyPatch) -> object:
    """What `./run WORD` ends with, within this process: an exit code, or the sentence of a refusal (then it is 1)."""
    monkeypatch.setattr(sys, "argv", ["app", word])
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    return ended.value.code


def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Settings, list[str]]]:
    """Has the command line note with what it would start a service, instead of starting it."""
    noted: list[tuple[Settings, list[str]]] = []

    def supervise(settings: Settings, children: list[serve.Child], *, notes: list[str]) -> int:
        noted.append((settings, notes))
        return len(children)

    monkeypatch.setattr(serve, "supervise", supervise)
    return noted


def test_an_empty_service_prints_a_link_for_the_first_account_and_stops_once_and_quietly(tmp_path: Path) -> None:
    port = free_port()
    with service("", tmp_path / "data", port) as process:
        printed = lines_until(process, "Stop it with Ctrl-C")
        link = re.search(rf"http://127\.0\.0\.1:{port}/start/\S+", printed)
        assert link is not None, printed
        with urlopen(link[0], timeout=PATIENT_SECONDS) as page:
            assert "password" in page.read().decode()
        children = children_of(process.pid)
        assert len(children) == 2
        siblings = [one for child in children for one in children_of(child)]
        # Whoever asks twice is not to break off the stopping.
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
            time.sleep(LOOK_SECONDS)
        assert process.wait(PATIENT_SECONDS) == 0
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()
    assert all_gone(children, seconds=0)
    assert all_gone(siblings)


@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
def test_on_postgresql_each_core_has_a_web_process_and_the_service_ends_when_one_dies(
    database_url: str, tmp_path: Path
) -> None:
    with service(database_url, tmp_path / "data", free_port()) as process:
        printed = lines_until(process, "Stop it with Ctrl-C")
        assert "/start/" in printed
        children = children_of(process.pid)
        assert len(children) == len(os.sched_getaffinity(0)) + 1
        os.kill(children[-1], signal.SIGKILL)
        assert process.wait(PATIENT_SECONDS) == 1
        assert process.stdout is not None
        assert "A process of the service ended" in process.stdout.read()
    assert all_gone(children, seconds=0)


@pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="a sibling needs a core of its own, and Linux"
)
def test_on_sqlite_the_web_process_has_a_sibling_and_the_service_ends_when_it_dies(tmp_path: Path) -> None:
    port = free_port()
    with service("", tmp_path / "data", port) as process:
        lines_until(process, "Stop it with Ctrl-C")
        children = children_of(process.pid)
        siblings = [one for child in children for one in children_of(child)]
        assert len(siblings) == 1
        # Each is kept on a core of its own, and both answer.
        [web] = [one for one in children if children_of(one)]
        cores = [os.sched_getaffinity(one) for one in (web, *siblings)]
        assert all(len(one) == 1 for one in cores)
        assert not cores[0] & cores[1]
        for _ in range(20):
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=PATIENT_SECONDS) as said:
                assert said.read() == b"ok"
        os.kill(siblings[0], signal.SIGKILL)
        assert process.wait(PATIENT_SECONDS) == 1
        assert process.stdout is not None
        assert "A process of the service ended" in process.stdout.read()
    assert all_gone(children, seconds=0)


def test_a_supervisor_that_is_killed_leaves_nothing_running(tmp_path: Path) -> None:
    with service("", tmp_path / "data", free_port()) as process:
        lines_until(process, "Stop it with Ctrl-C")
        children = children_of(process.pid)
        assert len(children) == 2
        siblings = [one for child in children for one in children_of(child)]
        process.kill()
        process.wait(PATIENT_SECONDS)
        assert all_gone([*children, *siblings])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_start_that_is_broken_off_leaves_nothing_running_and_says_nothing(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with service("", tmp_path / "data", free_port()) as process:
        child = first_child_of(process)
        process.send_signal(number)
        printed, _ = process.communicate(timeout=PATIENT_SECONDS)
        assert process.returncode == code
    assert printed == ""
    assert all_gone([child])


def test_a_process_that_is_not_told_to_begin_ends_quietly(
    environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    child = serve.Child("web")
    child.line.close()
    assert child.process.wait(PATIENT_SECONDS) == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="reads the environment of a process from /proc")
@pytest.mark.parametrize(("given", "threads"), [(None, b"1"), ("2", b"2")])
def test_a_process_does_linear_algebra_on_one_core_unless_told_otherwise(
    environment: pytest.MonkeyPatch, given: str | None, threads: bytes
) -> None:
    environment.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if given is not None:
        environment.setenv("OPENBLAS_NUM_THREADS", given)
    child = serve.Child("worker")
    file, deadline = Path(f"/proc/{child.process.pid}/environ"), time.monotonic() + PATIENT_SECONDS
    # Empty for the instant in which the new process exchanges its program.
    while not (told := file.read_bytes().split(b"\0"))[0] and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    child.line.close()
    assert child.process.wait(PATIENT_SECONDS) == 0
    assert b"OPENBLAS_NUM_THREADS=" + threads in told


def test_a_process_whose_parent_is_gone_stops_also_where_nothing_tells_it() -> None:
    child = "import os, sys; from app.serve import stop_when_alone; stop_when_alone(int(sys.argv[1]), pause=0.05)"
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
        time.sleep(0.4)
        assert is_running(pid)
        process.kill()
    assert all_gone([pid])


def test_the_help_names_what_a_newcomer_needs() -> None:
    told = CliRunner().invoke(cli.cli, ["--help"]).output
    for words in ("demo", "serve", "user", "./run test"):
        assert words in told


def test_a_refusal_is_one_line_and_exit_code_1_and_leaves_nothing_running(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with service("", tmp_path / "data", port) as process:
            child = first_child_of(process)
            printed, _ = process.communicate(timeout=PATIENT_SECONDS)
            assert process.returncode == 1
    assert printed.startswith(f"PLUMBLINE_PORT: 127.0.0.1:{port} cannot be used")
    assert "PLUMBLINE_PORT=" in printed
    assert printed.count("\n") == 1
    assert all_gone([child], seconds=0)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PLUMBLINE_DATA_DIR", "/dev/null", "is a file"),
        ("PLUMBLINE_DATA_DIR", "/dev/null/data", "cannot be made"),
        ("PLUMBLINE_HOST", "nonsense.invalid", "cannot listen on nonsense.invalid"),
        ("PLUMBLINE_DATABASE_URL", "postgresql://u:pw@h:abc/x", "the port may not be a number"),
    ],
)
def test_a_setting_that_cannot_work_is_one_sentence(
    environment: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    environment.setenv(name, value)
    told = str(answer_to("serve", environment))
    assert told.startswith(f"{name}: ")
    assert words in told
    assert "\n" not in told


def test_a_database_that_does_not_answer_is_told_in_time(environment: pytest.MonkeyPatch) -> None:
    assert db.CONNECT_SECONDS <= 5  # the service tries once
    environment.setattr(db, "CONNECT_SECONDS", 2)
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        environment.setenv("PLUMBLINE_DATABASE_URL", f"postgresql://u:pw@127.0.0.1:{silent.getsockname()[1]}/x")
        # One that waits for longer finds the port closed, so that this test ends.
        rescue = threading.Timer(PATIENT_SECONDS, silent.shutdown, [socket.SHUT_RDWR])
        rescue.start()
        told = str(answer_to("serve", environment))
        assert rescue.is_alive(), "it waited until it was rescued"
        rescue.cancel()
    assert told.startswith("PLUMBLINE_DATABASE_URL: the database cannot be reached")
    assert "pw" not in told
    assert "\n" not in told


@pytest.mark.both
@pytest.mark.lived_in
def test_a_lost_key_is_not_replaced_while_a_wave_is_open_unless_one_says_so(
    environment: pytest.MonkeyPatch, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services = started(environment)
    environment.setenv("PLUMBLINE_DATABASE_URL", database_url)
    told = str(answer_to("serve", environment))
    assert "secret.key is missing" in told
    assert "./run new-key" in told
    assert not (tmp_path / "data" / "secret.key").exists()
    assert services == []
    assert answer_to("new-key", environment) == 0
    assert "There is a new key" in capsys.readouterr().out
    assert "There is a key already" in str(answer_to("new-key", environment))
    assert answer_to("serve", environment) == 0
    assert len(services) == 1


def test_the_demo_is_served_once_its_data_are_there_and_its_start_page_is_named(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services = started(environment)
    environment.setenv("PLUMBLINE_SECRET_KEY", "5e" * 32)
    prepared: list[Settings] = []
    environment.setattr(prepare, "prepare_apart", prepared.append)
    assert answer_to("demo", environment) == 0
    [(settings, notes)] = services
    mails = {"smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password", "mail_from"}
    assert [one.model_dump(exclude=mails) for one in prepared] == [settings.model_dump(exclude=mails)]
    assert settings.smtp_host == "127.0.0.1", "the mails of the demo go to nobody outside"
    assert settings.demo
    assert settings.data_dir == tmp_path / "data"
    assert notes == [f"The demo's start page: {settings.base_url}/demo"]
