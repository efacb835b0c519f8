"""Colours and type of files that other programs show: those of the pages, as numbers."""

from collections.abc import Mapping
from typing import Final

from app.releases.document.release import Band
from app.releases.document.words import BAND_LIMITS

FONT: Final = "Arial"
"""On every machine that opens such files; Inter, which the PDF carries with it, is not."""

INK, SOFT, LINE, PAPER, ACCENT = "#16202b", "#5a6470", "#d9d6cd", "#fbfaf7", "#1f5a96"

BANDS: Final[Mapping[Band, tuple[str, str]]] = {
    "low": ("#fee838", "#000000"),
    "emerging": ("#bcaf6f", "#000000"),
    "developing": ("#7c7b78", "#000000"),
    "strong": ("#414d6b", "#ffffff"),
    "leading": ("#00224e", "#ffffff"),
}
"""Fill and text of each band (MEASUREMENT.md 5.1)."""

CHANGES: Final[Mapping[str, tuple[str, str]]] = {
    "far-down": ("#a6480a", "#ffffff"),
    "down": ("#f0b27a", "#000000"),
    "level": ("#f2f2f2", "#000000"),
    "up": ("#8fb4d9", "#000000"),
    "far-up": ("#1f5a96", "#ffffff"),
}
"""Fill and text of each step of change."""


def band_of(score: int) -> Band:
    """The band in whose limits a printed score lies."""
    return next(band for band, limits in BAND_LIMITS.items() if score <= int(limits.split("–")[1]))
