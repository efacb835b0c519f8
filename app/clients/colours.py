"""A client's colour as it can be used: what is written on it, and what it becomes where it is written itself. Pure.

Contrast is that of WCAG 2.2: 4.5 to 1 between text and what lies behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

READABLE: Final = 4.5
PAPER: Final = "#fbfaf7"
INK: Final = "#16202b"
DARK_PAPER: Final = "#12171d"
# What text on a colour can be, the first that can be read. Of white and black one always can.
ON_A_COLOUR: Final = ("#ffffff", INK, "#000000")
STEPS: Final = 64

_WRITTEN = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Colours:
    """A colour, each as #rrggbb: as it was chosen, text on it, and the colour itself as text on paper and in the dark.

    The last two are the chosen one where that can be read, else the nearest to it, darker or lighter, that can.
    """

    chosen: str
    text: str
    on_paper: str
    on_dark: str


def read_colour(text: str) -> str | None:
    """A colour as people write it (#1f5a96, 1F5A96, #15a) as #rrggbb; None for anything else."""
    found = _WRITTEN.fullmatch("".join(text.split()))
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def colours(chosen: str) -> Colours:
    """What a colour, given as #rrggbb, is used as."""
    text = next(one for one in ON_A_COLOUR if contrast(one, chosen) >= READABLE)
    return Colours(chosen, text, _readable(chosen, PAPER, towards=0), _readable(chosen, DARK_PAPER, towards=255))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, behind: str, *, towards: int) -> str:
    return next(one for one in _mixed(colour, towards) if contrast(one, behind) >= READABLE)


def _mixed(colour: str, towards: int) -> Iterator[str]:
    """The colour, then mixed with ever more black (0) or white (255)."""
    for step in range(STEPS + 1):
        yield "#" + "".join(f"{part + round((towards - part) * step / STEPS):02x}" for part in _parts(colour))


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2, 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
