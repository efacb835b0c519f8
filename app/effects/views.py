"""The page on which a plan is told quarter by quarter."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.web.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLine:
    """A cell that an action should move: what two waves print of it, comparable cells, and what that says.

    `beside` and `apart` are empty where they are not told; `address` is that of the cell, empty where there is none.
    """

    name: str
    row: str
    address: str
    moved: str
    beside: str
    apart: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedLine:
    """An action in a few words; `note` is what shows it or why it was dropped, `link` leads to that."""

    id: UUID
    title: str
    about: str
    note: str
    link: str
    cells: tuple[CellLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterPart:
    """A quarter: what was decided, done, dropped and still goes on, and what the wave at its end shows.

    `measured` says so in a sentence. `shown` are actions that were done with the cells that they should move, `done`
    those of which nothing is measured yet; `going_on` is told of the newest quarter alone.
    """

    key: str
    name: str
    lead: str
    measured: str
    decided: tuple[DeedLine, ...]
    records: str
    shown: tuple[DeedLine, ...]
    done: tuple[DeedLine, ...]
    dropped: tuple[DeedLine, ...]
    going_on: tuple[DeedLine, ...]


@dataclass(frozen=True)
class QuartersPage(View):
    """The plan quarter by quarter, the newest first. `numbers`: comparable cells are told in numbers too."""

    template: ClassVar[str] = "effects/quarters.html"
    organisation: OrganisationFacts
    runs_it: bool
    numbers: bool
    title: str
    parts: tuple[QuarterPart, ...]
