"""A figure as an SVG file that stands alone: a sentence on top, the drawing, notes below; no script and no address.

Lengths are in pixels. Type is named with what stands in for it where Inter is not installed.
"""

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from app.exports.fitting import POINTS, clipped, width_of
from app.exports.look import INK, SOFT

WIDTH: Final = 960
EDGE: Final = 32
ROOM: Final = WIDTH - 2 * EDGE
FAMILY: Final = "Inter, Arial, Helvetica, sans-serif"
LEADING: Final = 1.35
_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ElementTree.register_namespace("", _NAMESPACE)


class Sheet:
    """A figure under way, from top to bottom; `y` is how far down it has come."""

    def __init__(self, title: str, described: str, *, language: str) -> None:
        """`title` and `described` are for those who hear the figure."""
        self.y = float(EDGE)
        self._root = ElementTree.Element(f"{{{_NAMESPACE}}}svg", {"role": "img", "aria-labelledby": "title desc"})
        self._root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
        for name, words in (("title", title), ("desc", described)):
            self._add(self._root, name, id=name).text = _clean(words)
        self._paper = self._add(self._root, "rect", width="100%", height="100%", fill="#ffffff")

    def heading(self, words: str) -> None:
        """The sentence that the figure is about."""
        self.paragraph(words, size=24, colour=INK, bold=True)
        self.y += 10

    def paragraph(self, words: str, *, size: float = 14, colour: str = SOFT, bold: bool = False) -> None:
        """Text over the whole width, below what is there."""
        if words:
            lines = self.text(words, EDGE, self.y + size, size=size, colour=colour, bold=bold, room=ROOM)
            self.y += lines * size * LEADING + size / 3

    def text(
        self,
        words: str,
        x: float,
        y: float,
        *,
        size: float,
        colour: str = INK,
        bold: bool = False,
        anchor: str = "start",
        room: float = 0,
        turned: bool = False,
        most: int = 0,
    ) -> int:
        """Text at its first line's foot; with `room` on as many lines as it needs, `most` at most. Says how many."""
        lines = wrapped(words, room, size) if room else [words]
        if most and len(lines) > most:
            lines = [*lines[: most - 1], clipped(" ".join(lines[most - 1 :]), max(2, len(lines[most - 1]) - 1))]
        for place, line in enumerate(lines):
            at = (x + place * size * LEADING, y) if turned else (x, y + place * size * LEADING)
            told = {"x": _short(at[0]), "y": _short(at[1]), "font-family": FAMILY, "font-size": _short(size)}
            told |= {"fill": colour, "font-weight": "600" if bold else "400", "text-anchor": anchor}
            if turned:
                told["transform"] = f"rotate(-90 {_short(at[0])} {_short(at[1])})"
            self._add(self._root, "text", **told).text = _clean(line)
        return len(lines)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle."""
        told = {"x": x, "y": y, "width": width, "height": height}
        self._add(self._root, "rect", fill=fill, **{name: _short(value) for name, value in told.items()})

    def line(self, path: str, colour: str, width: float) -> None:
        """A stroke along a path."""
        self._add(self._root, "path", d=path, stroke=colour, **{"stroke-width": _short(width), "fill": "none"})

    def put(self, drawing: str, x: float, y: float, width: float) -> float:
        """A drawing of its own in this one, as wide as that; says how tall it is then."""
        found = ElementTree.fromstring(drawing)  # noqa: S314 - what our own macros have made
        left, top, wide, tall = map(float, found.get("viewBox", "0 0 1 1").split())
        scale = width / wide
        moved = f"translate({_short(x - left * scale)} {_short(y - top * scale)}) scale({round(scale, 4)})"
        group = self._add(self._root, "g", transform=moved)
        for part in found:
            if not part.tag.endswith("title"):
                group.append(part)
        for part in group.iter():
            if "font-family" in part.attrib:
                part.set("font-family", FAMILY)
            part.tail = None
        return tall * scale

    def done(self, notes: Sequence[str], foot: str) -> bytes:
        """The bytes of the file, with its notes and, in small type, whose it is."""
        self.y += 8
        for one in notes:
            self.paragraph(one)
        self.paragraph(foot, size=11)
        height = _short(self.y + EDGE / 2)
        for name, value in (("width", str(WIDTH)), ("height", height), ("viewBox", f"0 0 {WIDTH} {height}")):
            self._root.set(name, value)
        ElementTree.indent(self._root)
        drawn: bytes = ElementTree.tostring(self._root, encoding="utf-8")
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + drawn + b"\n"

    def _add(self, parent: ElementTree.Element, name: str, **told: str) -> ElementTree.Element:
        return ElementTree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", told)


def wrapped(words: str, room: float, size: float) -> list[str]:
    """The text on lines of at most `room`; a word that is longer than a line is divided."""
    lines = [""]
    for word in (part for whole in words.split() for part in _divided(whole, room, size)):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _wide(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _divided(word: str, room: float, size: float) -> list[str]:
    """A word in parts, each of which has room on a line."""
    parts = [""]
    for letter in word:
        if parts[-1] and _wide(parts[-1] + letter, size) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def _wide(words: str, size: float) -> float:
    return width_of(words, size) * POINTS


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _clean(words: str) -> str:
    return _NO_XML.sub("", words)
