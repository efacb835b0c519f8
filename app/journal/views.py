"""The page of the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.clients.queries import OrganisationFacts
from app.journal.forms import Asked
from app.web.views import View

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """One act in words. `about` are the wave and the thing that it concerned, as they are called today."""

    at: datetime
    who: str
    what: str
    about: tuple[str, ...]


@dataclass(frozen=True)
class JournalPage(View):
    """Who did what. `following` is the mark of the next page, empty on the last; `filtered`: something is left out."""

    template: ClassVar[str] = "journal/journal.html"
    organisation: OrganisationFacts
    asked: Asked
    people: Options
    groups: Options
    lines: tuple[Line, ...]
    filtered: bool
    earlier: bool
    following: str
