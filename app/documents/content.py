"""A document as it was saved: every place of it with what stands there, what the data said then, and who wrote it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import TypeAdapter

from app.documents.template import Kind


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in a place. `data` is what the data said when it was saved, `by` who wrote something else, empty for
    what was filled from the data; `gap` is what the data did not know."""

    text: str
    data: str = ""
    by: str = ""
    gap: str = ""


NOTHING: Final = Said("")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, with what may stand in it; no choices for anything."""

    id: str
    label: str
    choices: tuple[str, ...] = ()
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table. `added` are lines of people's own, `out` those that were left out."""

    id: str
    cells: tuple[Said, ...]
    added: bool = False
    out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a document; which fields it has depends on its kind, as in its template."""

    kind: Kind
    id: str
    label: str
    said: Said | None = None
    heads: tuple[Head, ...] = ()
    lines: tuple[Line, ...] = ()
    of: str = ""
    hint: str = ""

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines that are not left out and hold something."""
        return tuple(one for one in self.lines if not one.out and any(cell.text or cell.gap for cell in one.cells))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Parts of one kind that stand together."""

    kind: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A document whole, in one language. `release` is the number of the release of `wave` that it quotes, 0 for none;
    `decision` that of the decision record, 0 where none was issued."""

    document: str
    edition: str
    language: str
    title: str
    subject: str
    as_of: date
    wave: str = ""
    release: int = 0
    decision: int = 0
    parts: tuple[Part, ...]

    def part(self, id: str) -> Part | None:
        """The part of that id, or None."""
        return next((one for one in self.parts if one.id == id), None)


_ADAPTER: Final = TypeAdapter(Content)


def as_json(content: Content) -> dict[str, Any]:  # Any: JSON
    """A document as it is stored."""
    found: dict[str, Any] = _ADAPTER.dump_python(content, mode="json")  # Any: JSON
    return found


def from_json(stored: Mapping[str, Any]) -> Content:  # Any: JSON
    """A document as it was stored."""
    return _ADAPTER.validate_python(dict(stored))


def places(content: Content) -> Iterator[tuple[str, str, Said]]:
    """Every place of a document that people may change: its path, what it is called, and what stands there."""
    for part in content.parts:
        if part.said is not None:
            yield part.id, part.label, part.said
        for line in part.lines:
            name = next((cell.text for cell in line.cells if cell.text), "")
            for head, cell in zip(part.heads, line.cells, strict=True):
                yield path(part.id, line.id, head.id), f"{name}: {head.label}" if name else head.label, cell


def path(part: str, line: str, column: str) -> str:
    """What a cell of a table is called."""
    return f"{part}.{line}.{column}"
