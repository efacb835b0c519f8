"""How large a text can be set in its room: an estimate from the widths of letters, with some air.

Programs that show slides measure text only when somebody edits it, so what is too long has to be found before.
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

POINTS: Final = 72
LEADING: Final = 1.22
AIR: Final = 1.06
WIDE: Final = ("W", "F")
NARROW: Final = frozenset("iIjlt.,;:!|' ()[]fr1")
ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Paragraphs as they are set, and how large, in points."""

    lines: tuple[str, ...]
    size: float


def fitted(
    paragraphs: Sequence[str],
    width: float,
    height: float,
    *,
    largest: float,
    smallest: float,
    most_lines: int | None = None,
    after: float = 0,
) -> Fitted:
    """The paragraphs at the largest size that lets them stand in a room of inches; cut where none does."""
    size = largest
    while size > smallest and not _stand(paragraphs, width, height, size, most_lines, after):
        size -= 1
    told = tuple(paragraphs)
    while told and not _stand(told, width, height, size, most_lines, after):
        longest = max(range(len(told)), key=lambda place: len(told[place]))
        if len(told[longest]) < 12:
            told = (*told[:-2], ELLIPSIS) if len(told) > 2 else told[:1]
            if len(told) == 1:
                break
            continue
        shorter = clipped(told[longest], int(len(told[longest]) * 0.85))
        told = (*told[:longest], shorter, *told[longest + 1 :])
    return Fitted(told, size)


def clipped(text: str, most: int) -> str:
    """The text, with “…” in place of what is beyond so many letters."""
    return text if len(text) <= most else text[: max(most - 1, 1)].rstrip() + ELLIPSIS


def width_of(text: str, size: float) -> float:
    """About how wide a text is in inches."""
    return sum(map(_em, text)) * size / POINTS * AIR


def lines_of(text: str, width: float, size: float) -> int:
    """On how many lines a text runs, its words kept whole where they have room."""
    lines, filled, space = 1, 0.0, width_of(" ", size)
    for word in text.split(" "):
        wide = width_of(word, size)
        if filled and filled + space + wide > width:
            lines, filled = lines + 1, 0.0
        if wide > width:
            lines, wide = lines + math.ceil(wide / width) - 1, wide % width
        filled += wide + (space if filled else 0)
    return lines


def _stand(
    paragraphs: Sequence[str], width: float, height: float, size: float, most_lines: int | None, after: float
) -> bool:
    lines = [lines_of(one, width, size) for one in paragraphs]
    tall = sum(lines) * size * LEADING / POINTS + len(lines) * after / POINTS
    return tall <= height and (most_lines is None or sum(lines) <= most_lines)


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in WIDE:
        return 1.0
    if letter in NARROW:
        return 0.32
    return 0.7 if letter.isupper() or letter in "mwMW%@" else 0.54
