"""A second web process on SQLite: a fork of the first one, with which it shares the program and most of its memory.

SQLite has one writer at a time, but to read a request, look at its answers and put a page together takes longer than to
write. A process that was started for itself would load all of it once more.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Final

MOST: Final = 2
"""Those who write wait for each other, so that a third process would have little to do."""


def divided(cores: Sequence[int], *, end_with: Callable[[int], None]) -> int:
    """Goes on in a process for each core, two at most, and gives each its own; the first one is the caller's.

    Nothing may be open that two processes can't share: no connection, no thread that holds a lock. When one of the two
    ends, the other is asked to stop; `end_with` has a process stop with that number. Only on Linux.
    """
    if sys.platform == "linux":
        for core in cores[1:MOST]:
            caller = os.getpid()
            if (sibling := os.fork()) == 0:
                end_with(caller)
                return core
            threading.Thread(target=_stop_with, args=(sibling,), daemon=True).start()
    return cores[0]


def _stop_with(sibling: int) -> None:
    os.waitpid(sibling, 0)
    os.kill(os.getpid(), signal.SIGTERM)
