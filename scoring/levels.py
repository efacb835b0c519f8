"""The six levels of autonomy that work may be handed to an agent at (measurement design, 2.4)."""

from enum import IntEnum
from typing import Final


class Level(IntEnum):
    """A0 to A5, ordered: a higher level leaves more to the agent. The smaller of two caps is the stricter one."""

    A0 = 0
    A1 = 1
    A2 = 2
    A3 = 3
    A4 = 4
    A5 = 5

    @property
    def label(self) -> str:
        """The level's name, as it is printed."""
        return LABELS[self]


LABELS: Final[tuple[str, ...]] = (
    "Human only",
    "Assist",
    "Co-work",
    "Act on approval",
    "Act by exception",
    "Act and report",
)
