"""Releases that were read a moment ago: their documents never change, so what was read once is good for ever.

A document is kept packed, each row by itself, and what its rows hold is read when it is asked for. So a page costs what
it shows, however large the release, and a year of waves fits, however large the client.
"""

from collections import OrderedDict
from collections.abc import Hashable
from functools import partial
from threading import Lock
from typing import Final, Generic, TypeVar

from app.releases.document.parts import Held, Packed, held, opened, packed
from app.releases.document.release import Release

Value = TypeVar("Value")

ROOM: Final = 24_000_000
"""How many bytes of packed documents are kept: 500 departments and a wave take about 1 MB, 50 about 0.1 MB."""
READ: Final = 3_000
"""Of how many rows what they hold in one field is kept as read: about 6 kB each."""


class Newest(Generic[Value]):
    """What was used last of things that weigh up to `room` together, one at least. Threads may share it."""

    def __init__(self, room: int) -> None:
        self._room, self._weight = room, 0
        self._found: OrderedDict[Hashable, tuple[int, Value]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> Value | None:
        """What is kept under this key."""
        with self._lock:
            found = self._found.get(key)
            if found is None:
                return None
            self._found.move_to_end(key)
            return found[1]

    def keep(self, key: Hashable, value: Value, weight: int = 1) -> Value:
        """Keeps it, and forgets what was not used for longest; gives what stands there."""
        with self._lock:
            if key in self._found:
                return self._found[key][1]
            self._found[key] = weight, value
            self._weight += weight
            while len(self._found) > 1 and self._weight > self._room:
                _, (gone, _) = self._found.popitem(last=False)
                self._weight -= gone
            return value

    def __len__(self) -> int:
        return len(self._found)


class Document:
    """A release with its bytes, packed."""

    __slots__ = ("packed", "release")

    def __init__(self, found: Packed, parts: "Newest[Held]") -> None:
        self.packed = found
        self.release: Release = opened(found, partial(_part, found, parts, object()))


def _part(found: Packed, parts: "Newest[Held]", document: object, place: int, field: str) -> Held:
    """What a row of a document holds, read now or a moment ago."""
    key = (document, place, field)
    known = parts.find(key)
    return parts.keep(key, held(found, place, field)) if known is None else known


class Kept:
    """Documents by their SHA-256, those used last up to `room` bytes of packed JSON. Threads may share it."""

    def __init__(self, room: int = ROOM, read: int = READ) -> None:
        self._documents: Newest[Document] = Newest(room)
        self._parts: Newest[Held] = Newest(read)

    def find(self, sha256: str) -> Document | None:
        """The document with this digest, if it is kept."""
        return self._documents.find(sha256)

    def document(self, sha256: str, raw: bytes) -> Document:
        """The document whose canonical bytes have this digest."""
        found = self.find(sha256)
        if found is None:
            made = Document(packed(raw), self._parts)
            found = self._documents.keep(sha256, made, made.packed.size)
        return found

    def __len__(self) -> int:
        return len(self._documents)
