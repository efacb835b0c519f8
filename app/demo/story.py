"""The demo's story as data: who works where, how they feel about agents, and how that moves from wave to wave.

Nobody here exists. Levels are on the scale of the heatmap, 0 to 100.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

CLIENT = "Lantern Bay Ferries (fictional)"
ZONE = "Europe/Lisbon"
ASSESSMENT = "Agent readiness 2026"
CONSULTANT = "Demo Consultant"
EMAIL = "demo@plumbline.example"
PASSWORD = "follow the plumb line"  # noqa: S105  # printed on the demo's start page on purpose

# What holds for everybody before a department's own level is added.
DIMENSIONS = {
    "T1": 58, "T2": 50, "T3": 62, "T4": 55, "T5": 52,
    "R1": 50, "R2": 56, "R3": 46, "R4": 48, "R5": 54, "R6": 60, "W": 52,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Department:
    """A department: people attached to it, the share that answers, and where it lies above or below everybody.

    `own` is added to single dimensions; `moves` is added from the wave of that number on, to one dimension or to all
    ("*"). `divided` is the distance of its two camps from their mean.
    """

    name: str
    function: str
    headcount: int
    parent: str | None = None
    answers: float = 0.76
    level: float = 0.0
    own: Mapping[str, float] = field(default_factory=dict)
    moves: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    divided: float = 0.0
    renamed: tuple[int, str] | None = None


RISE = {"*": 6.0, "T2": 17.0, "R1": 20.0, "R3": 23.0, "R4": 16.0}

DEPARTMENTS = (
    Department(name="Legal", function="legal", headcount=16, answers=0.85, level=-6,
               own={"T2": -24, "T3": -4, "R3": 8, "T4": -6}),
    Department(name="HR", function="hr", headcount=13, answers=0.8, level=2, own={"T5": 8, "R2": -6}),
    Department(name="Finance", function="finance", headcount=5, answers=0.9, level=-6,
               moves={2: {"*": 3.0}, 3: RISE}),
    Department(name="Accounts payable", function="finance", headcount=19, parent="Finance", answers=0.84, level=-4,
               own={"R2": 10}, moves={2: {"*": 3.0}, 3: RISE}),
    Department(name="Controlling", function="finance", headcount=14, parent="Finance", answers=0.86, level=-2,
               own={"T1": 5}, moves={2: {"*": 4.0}, 3: RISE}),
    Department(name="Tax", function="finance", headcount=6, parent="Finance", answers=0.67, level=-8,
               moves={3: RISE}),
    Department(name="Operations", function="operations", headcount=54, answers=0.7, level=0, divided=27,
               own={"R2": 8, "T5": -8}),
    Department(name="IT", function="it", headcount=26, answers=0.85, level=13,
               own={"R1": 12, "T1": 4, "T2": 6}, moves={3: {"R3": 6.0}}),
    Department(name="Customer service", function="customer_service", headcount=38, answers=0.74, level=3,
               own={"T5": -10, "W": 6}, moves={3: {"T4": 4.0}}, renamed=(3, "Guest services")),
    Department(name="Internal audit", function="other", headcount=3, answers=1.0, level=-4),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WaveStory:
    """One wave: when it opened, and when it closed (None: it is still open)."""

    label: str
    form: str
    opened: datetime
    closed: datetime | None
    turnout: float = 1.0


def _at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo(ZONE))


FOUNDED = _at(1, 12, 9)
WAVES = (
    WaveStory(label="2026-Q1", form="full", opened=_at(2, 2, 8), closed=_at(2, 20, 18), turnout=0.93),
    WaveStory(label="2026-Q2", form="pulse", opened=_at(5, 4, 8), closed=_at(5, 22, 18), turnout=0.99),
    WaveStory(label="2026-Q3", form="pulse", opened=_at(8, 31, 8), closed=_at(9, 18, 18), turnout=1.05),
    WaveStory(label="2026-Q4", form="pulse", opened=_at(11, 9, 8), closed=None, turnout=0.45),
)
