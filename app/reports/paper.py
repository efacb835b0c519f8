"""How figures are spaced on paper: in hundredths of the width of a field that runs from 0 to 100."""

from typing import Final

from app.figures.dots import Spacing

# A figure over the whole page has a field of about 80 mm, each of six beside each other one of about 33 mm.
BROAD: Final = Spacing(head=9, step=7, indent=3)
NARROW: Final = Spacing(head=14, step=17, indent=9)
MOST_LINES: Final = 26
"""Rows of a figure in which each is a line, more of which would not stand on one page."""
