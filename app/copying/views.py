"""The page on which a client's set-up is copied."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from app.clients.queries import OrganisationFacts
from app.copying.service import Wanted
from app.web.views import View


@dataclass(frozen=True)
class CopyPage(View):
    """What a new client would begin with: how much there is of each, and what was typed and ticked.

    `look`: it has a colour or a logo. `thresholds`: it adopted some of its own. `planned` names the waves that are
    planned, "" for none.
    """

    template: ClassVar[str] = "copying/copy.html"
    organisation: OrganisationFacts
    typed: Wanted
    departments: int
    workflows: int
    questionnaires: int
    own_actions: int
    thresholds: bool
    planned: str
    look: bool
    errors: Mapping[str, str] = field(default_factory=dict)
