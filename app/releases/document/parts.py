"""A stored release taken apart, so that a row costs what a row costs, however many there are.

The bytes of a release are canonical: keys in order, quotes in texts escaped. So the seams between its rows stand in no
text, and what a row holds can be packed and read by itself. `document.release.load` reads the same all at once.
"""

import re
import zlib
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from sys import intern
from typing import Any, Final, TypeVar, get_args

from pydantic import TypeAdapter
from pydantic_core import from_json

from app.releases.document.figures import Share, Shares
from app.releases.document.release import (
    LOW_COVERAGE,
    Cell,
    Confirmation,
    Hidden,
    Index,
    Release,
    Row,
    Rows,
    Scored,
    load,
)

Json = dict[str, Any]  # Any: a part of a document before it is read
Value = TypeVar("Value")
Held = Mapping[str, object]
Read = Callable[[int, str], Held]
"""What a row holds in one of `LATER`: the row by its place, and the field."""

LATER: Final = ("anchors", "cells", "items", "unknown")
"""What of a row is read when somebody looks at it: nearly all of its bytes."""
_FIELDS: Final = (
    *((name, f'"{name}":{{'.encode()) for name in LATER[:2]),
    ("", b'"departments":['),
    ("items", b'"items":{'),
    ("", b'"kind":"'),
    ("unknown", b'"unknown":{'),
)
"""Where parts of a row begin that are read now (without a name) or later, in the order of the row."""
_MOVED: Final = tuple(f'"confirmation":"{one}"'.encode() for one in get_args(Confirmation) if one != "none")
_PARTIAL: Final = tuple(f'"coverage":"{one}"'.encode() for one in LOW_COVERAGE)
_QUICK: Final = 1
_ROWS, _AFTER = b',"rows":[', b'}],"schema":'
_CELL: Final = re.compile(rb'\},"([^"]+)":\{"(?:agreement"|band"|kind":"hidden")')
"""Where a cell ends and the next one begins, with its name: whatever stands in a cell begins with something else."""
_HIDDEN: Final = b'{"kind":"hidden"'
_SCORED: Final = TypeAdapter(Scored)
_SHARES, _SHARE = TypeAdapter(dict[str, Shares]), TypeAdapter(dict[str, Share])
_FIRST_KEY: Final = re.compile(rb'\{"(\w+)":')


@dataclass(frozen=True, slots=True)
class Bytes:
    """The bytes of a release: those around its rows, and each row by itself, compressed where it is `packed`."""

    before: bytes
    rows: tuple[bytes, ...]
    after: bytes
    packed: bool = False

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.before) + len(self.after) + sum(map(len, self.rows))

    def raw(self) -> bytes:
        """The canonical bytes."""
        return self.before + b",".join(map(self.row, range(len(self.rows)))) + self.after

    def row(self, place: int) -> bytes:
        """The bytes of one row."""
        return zlib.decompress(self.rows[place]) if self.packed else self.rows[place]

    def pack(self) -> "Bytes":
        """The same in about a sixth of the room."""
        return replace(self, rows=tuple(zlib.compress(one, _QUICK) for one in self.rows), packed=True)


class Later(Mapping[str, Value]):
    """What a row holds by dimension or question, something at least, read when it is asked for."""

    __slots__ = ("_field", "_place", "_read")

    def __init__(self, read: Read, place: int, field: str) -> None:
        self._read, self._place, self._field = read, place, field

    def _found(self) -> Mapping[str, Value]:
        return self._read(self._place, self._field)  # type: ignore[return-value]  # what the field holds

    def __getitem__(self, name: str) -> Value:
        return self._found()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._found()

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def __bool__(self) -> bool:
        return True

    def items(self) -> ItemsView[str, Value]:
        """Names and values."""
        return self._found().items()

    def values(self) -> ValuesView[Value]:
        """The values."""
        return self._found().values()


def apart(raw: bytes) -> Bytes:
    """The bytes of a release with its rows apart; all of them stand `before` where there are no rows to be found."""
    start = raw.find(_ROWS) + len(_ROWS)
    end = raw.find(_AFTER, start)
    first = _FIRST_KEY.match(raw, start)
    if start < len(_ROWS) or end < 0 or first is None:
        return Bytes(raw, (), b"")
    opening = first[0]
    inside = raw[first.end() : end].split(b"}," + opening)
    return Bytes(raw[:start], tuple(opening + one + b"}" for one in inside), raw[end + 1 :])


def opened(found: Bytes, read: Read) -> Release:
    """The release of these bytes; `read` gives what its rows hold in `LATER`, by place and field."""
    whole = load(found.before + found.after)
    if not found.rows:
        return whole
    every = [_parts(found.row(place)) for place in range(len(found.rows))]
    told: list[Json] = from_json(b"[" + b",".join([one[""] for one in every]) + b"]")
    rows = Rows(_row(one, parts, place, read) for place, (one, parts) in enumerate(zip(told, every, strict=True)))
    cells = {one.id: parts["cells"] for one, parts in zip(rows, every, strict=True)}
    rows.moved = frozenset(id for id, raw in cells.items() if any(one in raw for one in _MOVED))
    rows.partial = frozenset(id for id, raw in cells.items() if any(one in raw for one in _PARTIAL))
    return replace(whole, rows=rows)


def held(found: Bytes, place: int, field: str) -> Held:
    """What one row holds in one of `LATER`."""
    return _HELD[field](_parts(found.row(place))[field])


def _parts(row: bytes) -> dict[str, bytes]:
    """The JSON of each of `LATER` that a row has, and without a name of all else.

    What stands in a row below `LATER` has none of the names by which `_FIELDS` are found there, and keys stand in
    their order, so each is looked for behind the one before.
    """
    starts: list[tuple[str, int]] = []
    behind = 0
    for name, opening in _FIELDS:
        place = row.find(opening, behind)
        if place >= 0:
            starts.append((name, place))
            behind = place + len(opening)
    starts.append(("", len(row)))
    now: list[bytes] = []
    parts: dict[str, bytes] = {}
    for (name, start), (_, end) in pairwise(starts):
        part = row[start : end - 1]  # without the comma, or the end of the row
        if name:
            parts[name] = part[len(name) + len('"":') :]
        else:
            now.append(part)
    return {**parts, "": b"{" + b",".join(now) + b"}"}


def _row(told: Json, parts: Mapping[str, bytes], place: int, read: Read) -> Row:
    known = {**told, **{name: tuple(told[name]) for name in ("departments", "members")}}
    known |= {name: Index(**told[name]) for name in ("trust", "readiness")}
    for field in LATER:
        if field in parts:
            # Any: what the field holds
            known[field] = {} if parts[field] == b"{}" else Later[Any](read, place, field)
    return Row(**known)


class Cells(Mapping[str, Cell]):
    """The cells of a row: which there are is known, each is read when it is asked for."""

    __slots__ = ("_cells",)

    def __init__(self, raw: bytes) -> None:
        self._cells: dict[str, Cell | bytes] = {}
        name, start = raw[2 : raw.index(b'"', 2)], raw.index(b":") + 1
        for seam in _CELL.finditer(raw):
            self._cells[intern(name.decode())] = raw[start : seam.start() + 1]
            name, start = seam[1], seam.end(1) + len('":')
        self._cells[intern(name.decode())] = raw[start:-1]

    def __getitem__(self, name: str) -> Cell:
        found = self._cells[name]
        if isinstance(found, bytes):
            found = self._cells[name] = _cell(found)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._cells

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def _cell(raw: bytes) -> Cell:
    return _hidden(raw) if raw.startswith(_HIDDEN) else _SCORED.validate_json(raw)


@cache
def _hidden(raw: bytes) -> Hidden:
    """There are few different ones, and many of each: each is kept once."""
    return Hidden(reason=from_json(raw)["reason"])


def _shares(raw: bytes) -> dict[str, Shares]:
    return {intern(name): one for name, one in _SHARES.validate_json(raw).items()}


def _unknown(raw: bytes) -> dict[str, Share]:
    return {intern(name): one for name, one in _SHARE.validate_json(raw).items()}


_HELD: Final[Mapping[str, Callable[[bytes], Held]]] = {
    "anchors": Cells,
    "cells": Cells,
    "items": _shares,
    "unknown": _unknown,
}
