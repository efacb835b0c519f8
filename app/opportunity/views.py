"""The page of the opportunity map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.opportunity.drawing import Dot
from app.web.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLine:
    """A workflow in the table: numbers in words, `zone` empty where there is none and `missing` says why."""

    number: int
    name: str
    department: str
    zone: str
    borderline: bool
    wish: str
    raters: str
    capability: str
    hours: str
    released: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A workflow of the shortlist or the red list, with what is said of it."""

    name: str
    department: str
    told: str
    borderline: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: an address, its name, and whether it is chosen."""

    value: str
    name: str
    here: bool


@dataclass(frozen=True)
class MapPage(View):
    """The map of a client or of one department; no `label` where no result tells of workflows."""

    template: ClassVar[str] = "opportunity/map.html"
    organisation: OrganisationFacts
    wave_id: UUID | None
    label: str
    basis: str
    headline: str
    assumption: str
    departments: Sequence[Choice]
    levels: Sequence[Choice]
    dots: Sequence[Dot]
    lines: Sequence[MapLine]
    shortlist: Sequence[ListLine]
    red: Sequence[ListLine]
