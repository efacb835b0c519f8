"""Works something out in a child process while this one goes on, so that a release uses two processor cores.

The child is a fork: it has everything that is there without a copy of it, and gives back its result alone. It opens no
database, uses none of the connections that it inherits, and ends without giving them back, which is its parent's to do.
A child that is ended from outside, or that is not done after half an hour, fails the release; none is left behind.
"""

import logging
import os
import pickle
import select
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Generic, NoReturn, TypeVar

from app.errors import UnavailableError
from app.releases import refusals
from app.releases.statistics.uncollected import is_alone

LONGEST_SECONDS: Final = 1800.0
"""A child that takes longer is taken to hang: the largest waves are a matter of seconds."""
_AT_ONCE: Final = 1 << 20

log = logging.getLogger("plumbline.releases")

_Found = TypeVar("_Found")
_Work = Callable[[], _Found]

_FORKING = threading.Lock()
"""Held while there is a pipe of which another child must not get the end that is written to."""
_in_child = False


@contextmanager
def aside(work: Callable[[], _Found]) -> Iterator[Callable[[], _Found]]:
    """Within it `work` is done in a child process; the function that it gives waits for the result.

    Whatever `work` raises is raised there. UnavailableError where the child was ended, or does not end. With one core,
    outside Linux, beside another release that this process makes and where the machine has no room for another process,
    `work` is done when its result is asked for.
    """
    child = _begun(work) if _worthwhile() else None
    if child is None:
        yield work
        return
    try:
        yield child.result
    finally:
        child.end()


def _worthwhile() -> bool:
    # What another thread of this process does for a release could hold a lock that the child would wait for.
    return sys.platform == "linux" and not _in_child and len(os.sched_getaffinity(0)) > 1 and is_alone()


class _Child(Generic[_Found]):
    """A process that works."""

    def __init__(self, work: Callable[[], _Found]) -> None:
        with _FORKING:
            reading, writing = os.pipe()
            try:
                self._process: int | None = _forked()
            except OSError:
                os.close(reading)
                os.close(writing)
                raise
            if self._process == 0:
                _do(work, writing, of_parent=reading)
            os.close(writing)
        self._line = os.fdopen(reading, "rb", buffering=0)

    def result(self) -> _Found:
        """Waits for what the fork found. Raises what that raised, or UnavailableError where it ended without a word."""
        said = self._read(time.monotonic() + LONGEST_SECONDS)
        if (code := self._ended()) != 0:
            raise UnavailableError(refusals.ENDED.filled({"code": code}))
        is_result, found = pickle.loads(said)  # noqa: S301  # written by our own fork
        if not is_result:
            raise found
        return found  # type: ignore[no-any-return]

    def _read(self, latest: float) -> bytes:
        """What it writes until it ends. UnavailableError where that is not over by then."""
        parts: list[bytes] = []
        waiting = select.poll()
        waiting.register(self._line, select.POLLIN)
        while waiting.poll(1000 * max(0.0, latest - time.monotonic())):
            part = os.read(self._line.fileno(), _AT_ONCE)
            if not part:
                return b"".join(parts)
            parts.append(part)
        raise UnavailableError(refusals.HANGING.filled({"minutes": round(LONGEST_SECONDS / 60)}))

    def end(self) -> None:
        """Ends it where nobody waited for its result."""
        self._line.close()
        if self._process is not None:
            os.kill(self._process, signal.SIGKILL)
            self._ended()

    def _ended(self) -> int:
        """Waits for its end: its exit code, or the signal that ended it with a minus."""
        assert self._process is not None
        _, status = os.waitpid(self._process, 0)
        self._process = None
        return os.waitstatus_to_exitcode(status)


def _begun(work: Callable[[], _Found]) -> _Child[_Found] | None:
    """A child that works; None where the limits of memory or processes leave no room for it."""
    try:
        return _Child(work)
    except OSError as error:
        log.warning("a release is made in one process, because there was no room for another: %s", error.strerror)
        return None


def _forked() -> int:
    with warnings.catch_warnings():
        # Python warns of forks beside other threads, whose locks the child would wait for: it takes none of theirs.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _do(work: Callable[[], object], line: int, *, of_parent: int) -> NoReturn:
    """The child: works, writes the result and ends at once. When its parent is gone, writing ends it."""
    global _in_child
    _in_child = True
    code = 1
    try:
        os.close(of_parent)  # only its parent reads, so that a child whose parent is gone cannot write
        said = _said(work)
        with os.fdopen(line, "wb") as writing:
            writing.write(said)
        code = 0
    finally:
        # Not as a program ends: that would flush and close what belongs to the parent.
        os._exit(code)


def _said(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps((True, work()), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        error.add_note(f"In a child process:\n{traceback.format_exc()}")
        return pickle.dumps((False, error), protocol=pickle.HIGHEST_PROTOCOL)
