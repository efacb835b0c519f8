"""Who read the papers of a wave before it opened, and what they decided, as a release tells it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a reader of the wave's papers decided: for whom they read, their name, the day, and of which version."""

    reader: str
    name: str
    decision: Literal["approved", "objected"]
    decided_on: str
    current: bool
