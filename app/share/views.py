"""The pages of what is shared."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.releases.document.release import DimensionHead, WaveFacts
from app.share.telling import ToldTable
from app.web.views import View


@dataclass(frozen=True)
class SharedLine:
    """A wave whose result is shared."""

    wave_id: UUID
    assessment: str
    label: str
    shared_at: datetime


@dataclass(frozen=True)
class ResultsPage(View):
    """The results of a client that its sponsors and leads see."""

    template: ClassVar[str] = "share/results.html"
    organisation: OrganisationFacts
    results: tuple[SharedLine, ...]


@dataclass(frozen=True)
class ResultPage(View):
    """One shared result. `department` is the lead's own, empty for who sees all; `report`: there is one to download."""

    template: ClassVar[str] = "share/result.html"
    organisation: OrganisationFacts
    wave_id: UUID
    facts: WaveFacts
    number: int
    answered: int | None
    asked: int
    table: ToldTable
    dimensions: tuple[DimensionHead, ...]
    department: str
    alone: bool
    papers: tuple[str, ...]


@dataclass(frozen=True)
class SharingPage(View):
    """Sharing a wave's result: which release the client sees, which is the newest, and who they are."""

    template: ClassVar[str] = "share/sharing.html"
    organisation: OrganisationFacts
    wave_id: UUID
    wave: str
    newest: int | None
    shared: int | None
    shared_at: datetime | None
    shared_by: str
    readers: tuple[tuple[str, str, str], ...]
