"""Whether processes that a test started still run. Waiting for them ends late: a busy machine takes its time."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

LOOK_SECONDS: Final = 0.02
PATIENT_SECONDS: Final = 60.0
"""After this time a test gives up; where all is well it waits for a small part of it."""


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_gone(pids: Sequence[int], *, seconds: float = PATIENT_SECONDS) -> bool:
    """Whether all these processes end within the time."""
    deadline = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True
