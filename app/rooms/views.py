"""The page of a wave's room."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from markupsafe import Markup

from app.clients.queries import OrganisationFacts
from app.waves.queries import WaveDepartmentFacts, WaveView
from app.web.views import View


@dataclass(frozen=True)
class RoomPage(View):
    """Without a room the form to open one; with one what a projector shows: where to go, the code, how many answered.

    `there` are the departments that can join, `others` those that can be chosen; `chosen` and `typed_hours` are what
    the form holds when it comes back.
    """

    template: ClassVar[str] = "rooms/room.html"
    organisation: OrganisationFacts
    wave: WaveView
    there: tuple[WaveDepartmentFacts, ...]
    others: tuple[WaveDepartmentFacts, ...]
    hours: tuple[int, ...]
    address: str
    code: str
    picture: Markup
    answered: int
    closes_at: datetime | None
    errors: Mapping[str, str] = field(default_factory=dict)
    chosen: Collection[UUID] = ()
    typed_hours: int = 2
