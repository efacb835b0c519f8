"""The page of the walk, and what stands on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.sentences import Sentence
from app.waves.likely import Likely
from app.waves.queries import ResponseRate, WaveView
from app.web.views import View

Phase = Literal["running", "closing", "closed"]
State = Literal["done", "open", "now", "later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it costs to close now.

    `missing` people more would reach the target, None without one; `low` and `high` are where the turnout would end at
    `closes`, in per cent, None where that cannot be told; `likely` is what the result would show, None on the first
    day. `days` are left until the planned close, 0 for none.
    """

    missing: int | None
    low: int | None
    high: int | None
    closes: date | None
    days: int
    likely: Likely | None


@dataclass(frozen=True, slots=True)
class FarLine:
    """A group of the turnout from which far more people answered than belong to it."""

    name: str
    responses: int
    headcount: int


@dataclass(frozen=True, slots=True)
class OverfullLine:
    """A department from which more people answered than it has. `told` is their number where it may be said."""

    department_id: UUID
    name: str
    headcount: int
    told: int | None
    blocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who will see what: numbers of people by role, and the names of those who read the comments, none for those who
    run the client."""

    running: int
    sponsors: int
    leads: int
    reviewers: Sequence[str]

    @property
    def nobody(self) -> bool:
        """True where no result that is shared could be seen by anybody of the client."""
        return not (self.sponsors or self.leads)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the worker, and whether it is done."""

    told: Sentence
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the worker is. `state` is settle, making or failed; `again`: an attempt was given up before."""

    state: Literal["settle", "making", "failed"]
    again: bool
    stages: Sequence[Stage]


@dataclass(frozen=True, slots=True)
class Made:
    """The release: its number, and since when it is there."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Careless:
    """What a release tells of sheets that were left out, as sentences. `alert` is what the consultant has to know
    before relying on it, `read_by` who said they had read that, "" for nobody."""

    told: Sequence[str]
    alert: str
    read_by: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Comments:
    """How far the review of the comments is."""

    decided: int
    count: int
    published: bool


@dataclass(frozen=True)
class WalkPage(View):
    """The walk. `states` are those of its steps by their keys, `left` how many of them wait for a person.

    `cost` and `far` (groups with far more answers than people) are there while the wave runs, `overfull` and `progress`
    while it closes, `made`, `careless` and `shared` once it is closed; `comments` where it asks for them.
    """

    template: ClassVar[str] = "closing/walk.html"
    organisation: OrganisationFacts
    wave: WaveView
    phase: Phase
    states: Mapping[str, State]
    left: int
    total: ResponseRate
    cost: Cost | None
    far: Sequence[FarLine]
    overfull: Sequence[OverfullLine]
    graces: tuple[tuple[str, Sentence, str], ...]
    readers: Readers
    progress: Progress | None
    made: Made | None
    careless: Careless | None
    comments: Comments | None
    shared: bool
