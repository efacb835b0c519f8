"""The demo's story as data: who works where, how they feel about agents, and how that moves from wave to wave.

Nobody here exists. Levels are on the scale of the heatmap, 0 to 100.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

CLIENT = "Lantern Bay Ferries (fictional)"
ZONE = "Europe/Lisbon"
ASSESSMENT = "Agent readiness 2026"
CONSULTANT = "Demo Consultant"
EMAIL = "demo@plumbline.example"
READER = "Privacy officer"
LEAD = "Head of Legal"
LEADS_NAME = "Head of Legal (fictional)"
OWN_QUESTIONNAIRE = "Agent readiness with our own questions"
OWN_QUESTION = "We know which of our contracts say that an agent may be used."
LEADS_REMARK = "We have two kinds of contracts, with clients and with suppliers. Which are meant?"
PRIVACY_OFFICER = "Iris Sample (fictional)"
REMARK = "Approved for the questions and rules as they are. Please ask me again when one of them changes."
PASSWORD = "follow the plumb line"  # noqa: S105  # printed on the demo's start page on purpose

# What holds for everybody before a department's own level is added.
DIMENSIONS = {
    "T1": 60, "T2": 49, "T3": 66, "T4": 54, "T5": 50,
    "R1": 47, "R2": 58, "R3": 42, "R4": 44, "R5": 53, "R6": 63, "W": 50,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Department:
    """A department: people attached to it, the share that answers, and where it lies above or below everybody.

    `own` is added to single dimensions; `moves` is added from the wave of that number on, to one dimension or to all
    ("*"). `divided` is the distance of its two camps from their mean, `inexperienced` the share without experience.
    `unknowing` is the share that does not know the facts of a dimension, where it is another one than everywhere.
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
    inexperienced: float = 0.12
    unknowing: Mapping[str, float] = field(default_factory=dict)
    renamed: tuple[int, str] | None = None


RISE = {"*": 7.0, "T2": 17.0, "R1": 20.0, "R3": 25.0, "R4": 18.0}

DEPARTMENTS = (
    Department(name="Legal", function="legal", headcount=16, answers=0.85, level=-11,
               own={"T2": -20, "T3": 2, "R3": 12, "T4": -6}),
    Department(name="HR", function="hr", headcount=13, answers=0.8, level=3, own={"T5": 8, "R2": -6}),
    Department(name="Finance", function="finance", headcount=7, answers=0.88, level=-8,
               moves={2: {"*": 2.0}, 3: RISE}),
    Department(name="Accounts payable", function="finance", headcount=19, parent="Finance", answers=0.84, level=-6,
               own={"R2": 12}, moves={2: {"*": 2.0}, 3: RISE}, unknowing={"R2": 0.45}),
    Department(name="Controlling", function="finance", headcount=14, parent="Finance", answers=0.86, level=-3,
               own={"T1": 5}, moves={2: {"*": 2.0}, 3: RISE}),
    Department(name="Tax", function="finance", headcount=8, parent="Finance", answers=0.77, level=-10,
               moves={3: RISE}, inexperienced=0.55),
    Department(name="Operations", function="operations", headcount=54, answers=0.7, level=-2, divided=27,
               own={"R2": 8, "T5": -10}),
    Department(name="IT", function="it", headcount=26, answers=0.85, level=18,
               own={"R1": 14, "T1": 6, "T2": 6, "T5": -4}, moves={3: {"R3": 6.0}}),
    Department(name="Customer service", function="customer_service", headcount=38, answers=0.74, level=4,
               own={"T1": 8, "T5": -8, "W": 8, "R1": -22, "R4": -4}, moves={3: {"T4": 4.0}},
               renamed=(3, "Guest services")),
    Department(name="Internal audit", function="other", headcount=3, answers=1.0, level=-4),
)  # fmt: skip


# Departments that are always shown together, under a name: the small one keeps its neighbour over the quarters.
POOLS = {"People and audit": ("HR", "Internal audit")}

# What two departments become when the next year begins.
MERGING = ("Controlling", "Tax")
MERGED = "Planning and tax"
MERGES_ON = date(2027, 1, 4)

# Where people work; the departments below Finance are where Finance is.
SITES = {
    "Lantern Quay": ("Legal", "HR", "Finance", "Internal audit"),
    "Gull Point": ("Operations",),
    "Old Lighthouse": ("IT", "Customer service"),
}


@dataclass(frozen=True, kw_only=True)
class WaveStory:
    """One wave: when it opened, when it closed (None: it is still open), and whether it asked for comments."""

    label: str
    form: str
    opened: datetime
    closed: datetime | None
    turnout: float = 1.0
    comments: bool = False


def _at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZoneInfo(ZONE))


FOUNDED = _at(1, 12, 9)
DECIDED = _at(9, 25, 10)
WAVES = (
    WaveStory(label="2026-Q1", form="full", opened=_at(2, 2, 8), closed=_at(2, 20, 18), turnout=0.93),
    WaveStory(label="2026-Q2", form="pulse", opened=_at(5, 4, 8), closed=_at(5, 22, 18), turnout=0.99),
    WaveStory(label="2026-Q3", form="pulse", opened=_at(8, 31, 8), closed=_at(9, 18, 18), turnout=1.05, comments=True),
    WaveStory(label="2026-Q4", form="pulse", opened=_at(11, 9, 8), closed=None, turnout=0.45),
)
