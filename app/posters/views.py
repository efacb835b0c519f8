"""The page with a department's poster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from markupsafe import Markup

from app.clients.queries import OrganisationFacts
from app.waves.queries import WaveDepartmentFacts, WaveView
from app.web.views import View
from surveys.languages import Language


@dataclass(frozen=True)
class PosterPage(View):
    """The code of a department's shared link to show on a screen, and the poster to print in each language."""

    template: ClassVar[str] = "posters/poster.html"
    organisation: OrganisationFacts
    wave: WaveView
    department: WaveDepartmentFacts
    link: str
    code: Markup
    languages: tuple[Language, ...]
    contact: str
    errors: Mapping[str, str] = field(default_factory=dict)
