"""A page of a PDF as it is drawn: each text with where it stands, its colours, and the marked content that it is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any  # objects of a PDF

from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

Pdf = Any  # Any: objects of a PDF are of any kind, and each path through them would be a cast
SHOWS = (b"Tj", b"TJ", b"'", b'"')


@dataclass(frozen=True)
class Shown:
    """A text on a page: its marked content (None for an artifact), where it stands, and its colours and size."""

    text: str
    content: int | None
    colour: str
    ground: str
    size: float


def fonts_of(page: Pdf) -> dict[str, Pdf]:
    """The typefaces of a page by their names."""
    found = page["/Resources"].get_object().get("/Font", {}).get_object()
    return {str(name): one.get_object() for name, one in found.items()}


def pages_of(reader: Pdf) -> list[list[Shown]]:
    """What each page shows; kept with the reader, because several checks ask."""
    kept = getattr(reader, "_shown", None)
    if kept is None:
        kept = [list(_Drawing(reader, page).shown()) for page in reader.pages]
        reader._shown = kept
    return list(kept)


class _Drawing:
    """A page's instructions as they are carried out: where it paints which colour, and what text stands on it."""

    def __init__(self, reader: Pdf, page: Pdf) -> None:
        self.codes = {name: _letters(font) for name, font in fonts_of(page).items()}
        self.operations = ContentStream(page["/Contents"].get_object(), reader).operations
        self.matrix: tuple[float, ...] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        self.colour, self.font, self.size = "#000000", "", 0.0
        self.line: tuple[float, ...] = self.matrix
        self.stack: list[Pdf] = []
        # Lines around boxes are drawn as boxes through a frame, which is cut out of them by this rule.
        self.framed = False
        self.marked: list[int | None] = []
        self.path: list[tuple[float, float, float, float]] = []
        self.painted: list[tuple[tuple[float, float, float, float], str]] = []

    def shown(self) -> Iterator[Shown]:
        """Each text of the page."""
        for operands, operator in self.operations:
            if operator in SHOWS:
                yield self._show(operands)
            else:
                self._step(operator, operands)

    def _step(self, operator: bytes, operands: Pdf) -> None:
        match operator:
            case b"q":
                self.stack.append((self.matrix, self.colour, self.font, self.size, self.framed))
            case b"Q":
                self.matrix, self.colour, self.font, self.size, self.framed = self.stack.pop()
            case b"cm":
                self.matrix = _times(_numbers(operands), self.matrix)
            case b"rg":
                self.colour = "#" + "".join(f"{round(255 * float(one)):02x}" for one in operands)
            case b"scn" | b"g" | b"k":
                self.colour = "#ffffff" if operator == b"scn" else "#000000"
            case b"BMC" | b"BDC":
                said = operands[1] if operator == b"BDC" and isinstance(operands[1], DictionaryObject) else {}
                self.marked.append(int(said["/MCID"]) if "/MCID" in said else None)
            case b"EMC":
                self.marked.pop()
            case _:
                self._paint(operator, operands)

    def _paint(self, operator: bytes, operands: Pdf) -> None:
        match operator:
            case b"re":
                left, bottom, width, height = _numbers(operands)
                corners = [_at(self.matrix, x, y) for x in (left, left + width) for y in (bottom, bottom + height)]
                across, up = [one[0] for one in corners], [one[1] for one in corners]
                self.path.append((min(across), min(up), max(across), max(up)))
            case b"f" | b"f*" | b"F" | b"B":
                self.painted += [(one, self.colour) for one in self.path if not self.framed]
                self.path = []
            case b"n" | b"S" | b"s":
                self.path = []
            case b"W*":
                self.framed = True
            case _:
                self._write(operator, operands)

    def _write(self, operator: bytes, operands: Pdf) -> None:
        match operator:
            case b"Tf":
                self.font, self.size = str(operands[0]), float(operands[1])
            case b"Tm":
                self.line = _numbers(operands)
            case b"BT":
                self.line = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
            case b"Td" | b"TD":
                self.line = _times((1.0, 0.0, 0.0, 1.0, *_numbers(operands)), self.line)

    def _show(self, operands: Pdf) -> Shown:
        parts = operands[0] if isinstance(operands[0], ArrayObject) else operands[:1]
        codes = self.codes.get(self.font, {})
        text = "".join(_decoded(one, codes) for one in parts if isinstance(one, bytes | str))
        whole = _times(self.line, self.matrix)
        # A little above the base line, and a little in from where the text begins.
        size = self.size * max(abs(whole[0]), abs(whole[1]))
        x, y = _at(whole, 0.1 * self.size, 0.2 * self.size)
        below = (colour for box, colour in reversed(self.painted) if box[0] <= x <= box[2] and box[1] <= y <= box[3])
        content = self.marked[-1] if self.marked else None
        return Shown(text, content, self.colour, next(below, "#ffffff"), size)


def _letters(font: Pdf) -> dict[int, str]:
    """What the codes of a typeface stand for."""
    if "/ToUnicode" not in font:
        return {}
    told = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    return {
        int(code, 16): bytes.fromhex(letters).decode("utf-16-be", "replace")
        for code, letters in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", told)
    }


def _decoded(part: Pdf, codes: Mapping[int, str]) -> str:
    raw = part if isinstance(part, bytes) else part.original_bytes
    return "".join(codes.get(int.from_bytes(raw[at : at + 2]), "") for at in range(0, len(raw), 2))


def _numbers(operands: Pdf) -> tuple[float, ...]:
    return tuple(float(one) for one in operands)


def _times(one: tuple[float, ...], two: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _at(matrix: tuple[float, ...], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)
