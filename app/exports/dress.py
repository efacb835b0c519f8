"""The client's look on files of other programs: its colour where it can be read, its logo and what lies behind that."""

from dataclasses import dataclass
from typing import Final

from app.clients.pictures import Picture
from app.reports.looks import cover
from app.reports.work import Source

SHARPEST: Final = 150
"""Pixels to an inch at which a logo is as large as it gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """`accent` is the colour of words, `strip` that of a strip along an edge, empty for none; `ground` lies behind a
    logo that is too pale for paper, empty for none."""

    accent: str
    strip: str
    logo: Picture | None
    ground: str

    def logo_within(self, width: float, height: float) -> tuple[float, float]:
        """How wide and tall the logo is in a room of inches; nothing where there is none."""
        if self.logo is None:
            return 0.0, 0.0
        wide, tall = self.logo.width / SHARPEST, self.logo.height / SHARPEST
        share = min(1.0, width / wide, height / tall)
        return wide * share, tall * share


def dress(source: Source) -> Dress:
    """What the client's look is in a file; ours where it has none."""
    look = cover(source.brand, name=source.release.wave.organisation)
    return Dress(accent=look.text, strip=look.colour, logo=source.brand.logo, ground=look.ground)
