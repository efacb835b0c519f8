"""What processes and the disk did: processor time and memory from `/proc`, fsyncs from what the databases count."""

import os
import resource
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import text

from app.db import Database

TICKS: Final = os.sysconf("SC_CLK_TCK")
FSYNCS: Final = 300
BLOCK: Final = 4096
"""Bytes that are written before each fsync when the disk itself is measured; a page of SQLite."""
SYNCS_OF_A_CHECKPOINT: Final = 3
"""Of the log before it, of the database after it, of the header when the log begins anew."""
OF_POSTGRESQL: Final = "SELECT coalesce(sum(fsyncs), 0) FROM pg_stat_io"
OF_POSTGRESQL_BEFORE_18: Final = "SELECT wal_sync FROM pg_stat_wal"
WAL_IN_IO: Final = 180_000
STATISTICS_LATE_SECONDS: Final = 1.5
"""PostgreSQL's processes tell their counts after a while."""


def children(pid: int) -> list[int]:
    """The processes that this one started and that are still there."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in told.split()]


def family(pid: int) -> list[int]:
    """A process and all below it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def command(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def processor_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes so far, with that of those below them that have ended."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICKS


def megabytes(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def fsyncs(database: Database) -> int:
    """How many times the database had the disk write everything down, counted by itself.

    SQLite's index of its log counts the transactions (`iChange`), of which each is one fsync with `synchronous=FULL`,
    and the header of the log counts the checkpoints; both stand in its documented file format. PostgreSQL has a view.
    """
    if database.is_sqlite:
        file = str(database.write.url.database)
        with open(f"{file}-shm", "rb") as index, open(f"{file}-wal", "rb") as log:
            changes = int.from_bytes(index.read(12)[8:12], "little")
            checkpoints = int.from_bytes(log.read(16)[12:16], "big")
        return changes + SYNCS_OF_A_CHECKPOINT * checkpoints
    time.sleep(STATISTICS_LATE_SECONDS)
    with database.reading() as session:
        version = int(session.connection().execute(text("SHOW server_version_num")).scalar_one())
        asked = OF_POSTGRESQL if version >= WAL_IN_IO else OF_POSTGRESQL_BEFORE_18
        return int(session.connection().execute(text(asked)).scalar_one())


def fsync_milliseconds(folder: Path) -> tuple[float, float]:
    """Median and 99th percentile of writing a block to the end of a file and having the disk keep it."""
    found, path = [], folder / "fsync"
    with path.open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            start = time.perf_counter()
            file.write(bytes(BLOCK))
            os.fdatasync(file.fileno())
            found.append(1000 * (time.perf_counter() - start))
    path.unlink()
    found.sort()
    return found[FSYNCS // 2], found[FSYNCS * 99 // 100]
