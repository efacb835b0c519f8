"""Releases that were read a moment ago: their documents never change, so what was read once is good for ever.

What the rows of a document hold is read when it is asked for, so a page costs what it shows, however large the release.
The newest documents stay as they are stored. When others come they are packed, each row by itself, so that a year of
waves fits, however large the client.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

from app.releases.document.parts import Bytes, Held, apart, held, opened
from app.releases.document.release import Release

Value = TypeVar("Value")

ROOM: Final = 24_000_000
"""How many bytes of packed documents are kept: 500 departments and a wave take about 1 MB, 50 about 0.1 MB."""
FRESH: Final = 12_000_000
"""How many bytes of documents are kept as they are stored: 500 departments and a wave take 5 MB, 50 about 0.6 MB."""
READ: Final = 3_000
"""Of how many rows what they hold in one field is kept as read: about 6 kB each."""


class Newest(Generic[Value]):
    """What was used last of things that weigh up to `room` together, one at least. Threads may share it."""

    def __init__(self, room: int, leave: Callable[[Hashable, Value], object] | None = None) -> None:
        self._room, self._weight, self._leave = room, 0, leave
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
        """Keeps it, and forgets what was not used for longest (`leave` is told of it); gives what stands there."""
        left: list[tuple[Hashable, Value]] = []
        with self._lock:
            if key in self._found:
                return self._found[key][1]
            self._found[key] = weight, value
            self._weight += weight
            while len(self._found) > 1 and self._weight > self._room:
                old, (gone, known) = self._found.popitem(last=False)
                self._weight -= gone
                left.append((old, known))
        if self._leave is not None:
            for one in left:
                self._leave(*one)
        return value

    def __len__(self) -> int:
        return len(self._found)


class Document:
    """A release with its bytes."""

    __slots__ = ("_key", "_parts", "bytes", "release")

    def __init__(self, found: Bytes, parts: Newest[Held]) -> None:
        self.bytes, self._parts, self._key = found, parts, object()
        self.release: Release = opened(found, self._part)

    def pack(self) -> None:
        """Takes less room from now on, and a little longer to read."""
        self.bytes = self.bytes.pack()

    def _part(self, place: int, field: str) -> Held:
        """What a row holds, read now or a moment ago."""
        key = (self._key, place, field)
        known = self._parts.find(key)
        return self._parts.keep(key, held(self.bytes, place, field)) if known is None else known


class Kept:
    """Documents by their SHA-256, those used last: up to `fresh` bytes as they are stored, and then up to `room` bytes
    packed. Threads may share it.
    """

    def __init__(self, room: int = ROOM, read: int = READ, fresh: int = FRESH) -> None:
        self._fresh: Newest[Document] = Newest(fresh, self._pack)
        self._documents: Newest[Document] = Newest(room)
        self._parts: Newest[Held] = Newest(read)

    def find(self, sha256: str) -> Document | None:
        """The document with this digest, if it is kept."""
        return self._fresh.find(sha256) or self._documents.find(sha256)

    def document(self, sha256: str, raw: bytes) -> Document:
        """The document whose canonical bytes have this digest."""
        found = self.find(sha256)
        return found or self._fresh.keep(sha256, Document(apart(raw), self._parts), len(raw))

    def _pack(self, sha256: Hashable, document: Document) -> None:
        document.pack()
        self._documents.keep(sha256, document, document.bytes.size)

    def __len__(self) -> int:
        return len(self._fresh) + len(self._documents)
