"""The pages of owners: the consultant's with the links of a workflow, and the owner's own behind one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.owners.forms import LinkForm
from app.web.views import View
from app.workflows.choices import Choices
from app.workflows.typed import Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A link in the list. `told` says what became of it, `until` is its last day; `works` while it leads anywhere."""

    id: UUID
    reader: str
    told: str
    made_at: datetime
    saved_at: datetime | None
    until: date
    works: bool


@dataclass(frozen=True)
class LinksPage(View):
    """The links of a workflow, and the form to make one. `made` is the address of a new one, shown once.

    `sends` says whether this service sends mails.
    """

    template: ClassVar[str] = "owners/links.html"
    organisation: OrganisationFacts
    workflow_id: UUID
    name: str
    retired: bool
    lines: tuple[LinkLine, ...]
    typed: LinkForm
    languages: Sequence[tuple[str, str]]
    sends: bool
    made: str
    errors: Mapping[str, str]


@dataclass(frozen=True)
class FactsPage(View):
    """What its owner says of a workflow. `closed` is why nothing can be said any more, empty while it can.

    `beside` says of questions of the law what is confirmed. `saved_at` is when they saved last, `meanwhile` what
    somebody else saved since the page was shown.
    """

    template: ClassVar[str] = "owners/facts.html"
    organisation: str
    zone: str
    token: str
    reader: str
    name: str
    department: str
    until: date
    saved_at: datetime | None
    hours: str
    missing: str
    closed: str
    typed: Typed
    choices: Choices
    beside: Mapping[str, str]
    errors: Mapping[str, str]
    meanwhile: tuple[str, ...]
