"""The page of a list of workflows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.spreadsheets.listing import Column
from app.web.views import View
from app.worklists.planning import Problem
from app.worklists.service import Preview


@dataclass(frozen=True)
class ImportPage(View):
    """The form of a list, with what is wrong with it or what it would change. `meanwhile` says that this is news."""

    template: ClassVar[str] = "worklists/import.html"
    organisation: OrganisationFacts
    form: UUID
    text: str
    headings: Sequence[tuple[str, str]] = ()
    columns: Sequence[Column] = ()
    problems: Sequence[Problem] = ()
    preview: Preview | None = None
    meanwhile: str = ""
    refusal: str = ""
