"""Releases that were read a moment ago: their documents never change, so what was parsed once is good for ever."""

from collections import OrderedDict
from threading import Lock

from app.releases.document.release import Release, load

ROOM = 8_000_000
"""How many bytes of documents are kept parsed: a year's waves of a client with 50 departments, or one with 500."""


class Kept:
    """Parsed documents by their SHA-256, those used last up to `room` bytes of JSON. Threads may share it."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._found: OrderedDict[str, tuple[int, Release]] = OrderedDict()
        self._lock = Lock()

    def document(self, sha256: str, raw: bytes) -> Release:
        """The release whose canonical bytes have this digest."""
        with self._lock:
            if sha256 in self._found:
                self._found.move_to_end(sha256)
                return self._found[sha256][1]
        read = load(raw)
        with self._lock:
            self._found[sha256] = (len(raw), read)
            while len(self._found) > 1 and sum(size for size, _ in self._found.values()) > self._room:
                self._found.popitem(last=False)
        return read

    def __len__(self) -> int:
        return len(self._found)
