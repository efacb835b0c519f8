"""The pages of this feature."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.explore.headline import Headline
from app.explore.heatmap import Heatmap, Look
from app.explore.strip import Strip
from app.releases.document import DimensionHead, Row, WaveFacts
from app.web.views import View


@dataclass(frozen=True)
class Place:
    """Where a page stands: the organisation, and the wave in it."""

    organisation_id: UUID
    organisation: str
    wave_id: UUID
    wave: str


@dataclass(frozen=True)
class HeatmapPage(View):
    """The heatmap of a wave's newest release. `look` says which of its three tables is drawn."""

    template: ClassVar[str] = "explore/heatmap.html"
    place: Place
    facts: WaveFacts
    number: int
    sha256: str
    headline: Headline
    heatmap: Heatmap
    dimensions: tuple[DimensionHead, ...]
    look: Look
    statement: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class RowPage(View):
    """One department, pool or the whole organisation."""

    template: ClassVar[str] = "explore/row.html"
    place: Place
    facts: WaveFacts
    row: Row
    title: str
    strip: Strip


@dataclass(frozen=True)
class WaitingPage(View):
    """There is no release yet. `state` is the wave's; while it is closing, the page asks again by itself."""

    template: ClassVar[str] = "explore/waiting.html"
    place: Place
    state: str
    planned_close: date | None
