"""Work beside the process that makes a release."""

import errno
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from app.errors import ConflictError, UnavailableError
from app.releases import refusals
from app.releases.statistics.aside import aside
from app.releases.statistics.uncollected import is_alone, uncollected
from app.sentences import Sentence
from tests.processes import PATIENT_SECONDS, all_gone


@pytest.fixture(autouse=True)
def processes(monkeypatch):
    """The child processes that a test starts, as on a machine with two cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    started, fork = [], os.fork

    def forked() -> int:
        started.append(fork())
        return started[-1]

    monkeypatch.setattr(os, "fork", forked)
    return started


def are_there(processes):
    """Whether any of them is there, also one that has ended and was not waited for."""
    return any(Path(f"/proc/{one}").exists() for one in processes)


def test_a_child_works_something_out(processes):
    with aside(lambda: (os.getpid(), "x" * 1_000_000)) as found:
        process, text = found()
    assert process != os.getpid()
    assert text == "x" * 1_000_000
    assert processes
    assert not are_there(processes)


def test_what_goes_wrong_in_a_child_goes_wrong_in_its_parent(processes):
    def refused() -> None:
        raise ConflictError(refusals.MISSING.filled({"department": "Sales"}))

    with pytest.raises(ConflictError, match="People of Sales") as raised, aside(refused) as found:
        found()
    assert isinstance(raised.value.message, Sentence)
    assert raised.value.message.values == {"department": "Sales"}
    assert "test_aside.py" in raised.value.__notes__[0]
    assert processes
    assert not are_there(processes)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_is_ended_from_outside_fails_the_release(number, processes):
    ended = pytest.raises(UnavailableError, match=f"exit code -{number}")
    with ended, aside(lambda: os.kill(os.getpid(), number)) as found:
        found()
    assert processes
    assert not are_there(processes)


def test_a_result_that_cannot_be_handed_over_fails_the_release(processes):
    with pytest.raises((AttributeError, TypeError)), aside(lambda: threading.Lock()) as found:
        found()
    assert processes
    assert not are_there(processes)


def test_without_room_for_another_process_the_work_is_done_in_this_one(monkeypatch):
    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", refused)
    before = len(os.listdir("/proc/self/fd"))
    with aside(os.getpid) as found:
        assert found() == os.getpid()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_child_that_hangs_is_waited_for_no_longer_than_its_limit_and_ended(processes, monkeypatch):
    monkeypatch.setattr("app.releases.statistics.aside.LONGEST_SECONDS", 0.3)
    start = time.monotonic()
    hanging = pytest.raises(UnavailableError, match="was not done after 0 minutes, so it was ended")
    with hanging, aside(lambda: time.sleep(10 * PATIENT_SECONDS)) as found:
        found()
    assert time.monotonic() - start < PATIENT_SECONDS
    assert processes
    assert not are_there(processes)


def test_a_child_for_which_nobody_waits_is_ended(processes):
    start = time.monotonic()
    with pytest.raises(ZeroDivisionError), aside(lambda: time.sleep(10 * PATIENT_SECONDS)):
        raise ZeroDivisionError
    assert time.monotonic() - start < PATIENT_SECONDS
    assert processes
    assert not are_there(processes)


def test_a_child_has_no_children():
    def nested() -> bool:
        with aside(os.getpid) as inside:
            return inside() == os.getpid()

    with aside(nested) as found:
        assert found()


def test_on_one_core_nothing_is_done_aside(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    with aside(os.getpid) as found:
        assert found() == os.getpid()


def test_beside_the_release_of_another_thread_nothing_is_done_aside():
    begun, done = threading.Event(), threading.Event()

    def another() -> None:
        with uncollected():
            begun.set()
            done.wait(PATIENT_SECONDS)

    thread = threading.Thread(target=another)
    thread.start()
    begun.wait(PATIENT_SECONDS)
    try:
        assert not is_alone()
        with aside(os.getpid) as found:
            assert found() == os.getpid()
    finally:
        done.set()
        thread.join()
    assert is_alone()


def test_without_its_parent_a_child_ends(tmp_path):
    kept, written = tmp_path / "child", tmp_path / "written"

    def too_late() -> str:
        written.write_text(str(os.getpid()))
        written.rename(kept)
        time.sleep(0.5)
        return "x" * 1_000_000

    parent = os.fork()
    if parent == 0:
        with aside(too_late):
            while not kept.exists():
                time.sleep(0.01)
            os._exit(0)
    os.waitpid(parent, 0)
    assert all_gone([int(kept.read_text())])
