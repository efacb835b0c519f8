"""The page of the opportunity map."""

from dataclasses import dataclass
from typing import ClassVar

from app.clients.queries import OrganisationFacts
from app.opportunity.shown import Shown
from app.web.views import View


@dataclass(frozen=True)
class MapPage(View):
    """The map of a client or of one department; not `shown` where no result of that `day` tells of workflows."""

    template: ClassVar[str] = "opportunity/map.html"
    organisation: OrganisationFacts
    day: str
    shown: Shown | None
