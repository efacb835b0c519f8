"""The pages about people on rosters, about deleting a client, and about what was deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.web.views import View


@dataclass(frozen=True)
class EntryLine:
    """A wave on whose list a person stands, with what the list says of them (`told`). It does not say whether they
    answered."""

    wave_id: UUID
    wave: str
    department: str
    told: str
    state: str


@dataclass(frozen=True)
class PeoplePage(View):
    """Looking for one person in all lists of a client; `entries` once they were found."""

    template: ClassVar[str] = "retention/people.html"
    organisation: OrganisationFacts
    reference: str
    errors: Mapping[str, str]
    entries: Sequence[EntryLine] = ()


@dataclass(frozen=True)
class DeleteClientPage(View):
    """What the end of a contract deletes. `state` is none, waiting or failed; `running` are waves that are open."""

    template: ClassVar[str] = "retention/client.html"
    organisation: OrganisationFacts
    state: str
    departments: int
    waves: int
    running: str
    releases: int
    reports: int
    typed: str
    errors: Mapping[str, str]


@dataclass(frozen=True)
class DeletionLine:
    """One deletion in words; `by` is a name, or says that the service did it by itself. `done` is False while the
    worker still has to do it."""

    at: datetime
    organisation: str
    what: str
    counts: str
    reason: str
    by: str
    done: bool


@dataclass(frozen=True)
class DeletionsPage(View):
    """What was deleted by the user and at their clients."""

    template: ClassVar[str] = "retention/deletions.html"
    lines: Sequence[DeletionLine]
