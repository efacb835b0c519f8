"""How wide a text is, where it has to be cut to fit beside a drawing, which no browser or style sheet does there."""

import unicodedata
from typing import Final

NARROW: Final = frozenset("iljftrI.,:;!|'’()[]- ")
BROAD: Final = frozenset("mwMW@%—…")

_NARROW, _USUAL, _CAPITAL, _BROAD, _FULL = 0.6, 1.0, 1.25, 1.7, 1.9


def width(text: str) -> float:
    """In small letters of usual width, about; what stands on top of another letter has none."""
    return sum(map(_of_letter, text))


def fitting(text: str, most: float) -> str:
    """The text, with "…" in place of what would be wider than so many small letters of usual width."""
    if width(text) <= most:
        return text
    room, kept = most - _BROAD, 0
    for letter in text:
        room -= _of_letter(letter)
        if room < 0:
            break
        kept += 1
    return f"{text[:kept].rstrip()}…"


def _of_letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if letter in BROAD:
        return _BROAD
    if letter in NARROW:
        return _NARROW
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return _FULL
    return _CAPITAL if letter.isupper() else _USUAL
