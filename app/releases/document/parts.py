"""A stored release taken apart, so that a row costs what a row costs, however many there are.

The bytes of a release are canonical: keys in order, quotes in texts escaped. So the seams between its rows stand in no
text, and what a row holds can be packed and read by itself. `document.release.load` reads the same all at once.
"""

import re
import zlib
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass, replace
from functools import cache
from sys import intern
from typing import Any, Final, TypeVar

from pydantic_core import from_json

from app.releases.document.figures import Agreement, Bound, Camps, Gate, Share, Shares
from app.releases.document.release import (
    LOW_COVERAGE,
    Cell,
    Change,
    Hidden,
    Index,
    NoChange,
    NoChangeReason,
    Reason,
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
"""What of a row is read when somebody looks at it."""
_QUICK: Final = 1
_ROWS, _AFTER = b',"rows":[', b'}],"schema":'
_FIRST_KEY: Final = re.compile(rb'\{"(\w+)":')


@dataclass(frozen=True, slots=True)
class Packed:
    """The bytes of a release: those around its rows, and each row by itself, compressed."""

    before: bytes
    rows: tuple[bytes, ...]
    after: bytes

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.before) + len(self.after) + sum(map(len, self.rows))

    def raw(self) -> bytes:
        """The canonical bytes."""
        return self.before + b",".join(map(zlib.decompress, self.rows)) + self.after

    def row(self, place: int) -> Json:
        """One row as JSON."""
        found: Json = from_json(zlib.decompress(self.rows[place]))
        return found


class Later(Mapping[str, Value]):
    """What a row holds by dimension or question: its names are known, the rest is read when it is asked for."""

    __slots__ = ("_field", "_names", "_place", "_read")

    def __init__(self, names: tuple[str, ...], read: Read, place: int, field: str) -> None:
        self._names, self._read, self._place, self._field = names, read, place, field

    def _found(self) -> Mapping[str, Value]:
        return self._read(self._place, self._field)  # type: ignore[return-value]  # what the field holds

    def __getitem__(self, name: str) -> Value:
        return self._found()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def items(self) -> ItemsView[str, Value]:
        """Names and values."""
        return self._found().items()

    def values(self) -> ValuesView[Value]:
        """The values."""
        return self._found().values()


def packed(raw: bytes) -> Packed:
    """The bytes of a release with its rows apart; all of them stand `before` where there are no rows to be found."""
    start = raw.find(_ROWS) + len(_ROWS)
    end = raw.find(_AFTER, start)
    first = _FIRST_KEY.match(raw, start)
    if start < len(_ROWS) or end < 0 or first is None:
        return Packed(raw, (), b"")
    opening = first[0]
    inside = raw[first.end() : end].split(b"}," + opening)
    rows = tuple(zlib.compress(opening + one + b"}", _QUICK) for one in inside)
    return Packed(raw[:start], rows, raw[end + 1 :])


def opened(found: Packed, read: Read) -> Release:
    """The release of these bytes; `read` gives what its rows hold in `LATER`, by place and field."""
    whole = load(found.before + found.after)
    if not found.rows:
        return whole
    every = [found.row(place) for place in range(len(found.rows))]
    rows = Rows(_row(one, place, read) for place, one in enumerate(every))
    rows.moved = frozenset(one["id"] for one in every if any(map(_has_moved, one["cells"].values())))
    rows.partial = frozenset(one["id"] for one in every if any(map(_is_partial, one["cells"].values())))
    return replace(whole, rows=rows)


def held(found: Packed, place: int, field: str) -> Held:
    """What one row holds in one of `LATER`."""
    return _HELD[field](found.row(place)[field])


def _row(told: Json, place: int, read: Read) -> Row:
    known = {**told, **{name: tuple(told[name]) for name in ("departments", "members")}}
    known |= {name: Index(**told[name]) for name in ("trust", "readiness")}
    for field in LATER:
        if field in told:
            names = _names(tuple(map(intern, told[field])))
            known[field] = Later[Any](names, read, place, field)  # Any: what the field holds
    return Row(**known)


def _has_moved(cell: Json) -> bool:
    return bool(cell.get("change", {}).get("confirmation", "none") != "none")


def _is_partial(cell: Json) -> bool:
    return cell.get("coverage") in LOW_COVERAGE


@cache
def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Most rows have the same names, which are kept once."""
    return names


def _cells(told: Mapping[str, Json]) -> dict[str, Cell]:
    return {intern(name): _cell(one) for name, one in told.items()}


def _cell(told: Json) -> Cell:
    if told["kind"] == "hidden":
        return _hidden(told["reason"])
    known = {**told, "change": _change(told["change"]), "interval": _pair(told.get("interval"))}
    for name, of in _PARTS.items():
        if (one := told.get(name)) is not None:
            known[name] = of(one)
    return Scored(**known)


def _change(told: Json) -> Change | NoChange:
    return _no_change(told["reason"]) if told["kind"] == "no_change" else Change(**told)


def _pair(told: Sequence[int] | None) -> tuple[int, int] | None:
    return None if told is None else (told[0], told[1])


def _shares(told: Json) -> Shares:
    three = {name: _share(**told[name]) for name in ("favourable", "neutral", "unfavourable")}
    return Shares(**three, interval=_pair(told.get("interval")))


# There are few different ones of these and many of each, so each is kept once.
@cache
def _share(percent: int, bound: Bound = "") -> Share:
    return Share(percent=percent, bound=bound)


@cache
def _hidden(reason: Reason) -> Hidden:
    return Hidden(reason=reason)


@cache
def _no_change(reason: NoChangeReason) -> NoChange:
    return NoChange(reason=reason)


_PARTS: Final[Mapping[str, Callable[[Json], object]]] = {
    "shares": _shares,
    "unknown": lambda told: _share(**told),
    "agreement": lambda told: Agreement(**told),
    "camps": lambda told: Camps(**told),
    "gate": lambda told: Gate(**told),
}
_HELD: Final[Mapping[str, Callable[[Mapping[str, Json]], Held]]] = {
    "anchors": _cells,
    "cells": _cells,
    "items": lambda told: {intern(name): _shares(one) for name, one in told.items()},
    "unknown": lambda told: {intern(name): _share(**one) for name, one in told.items()},
}
