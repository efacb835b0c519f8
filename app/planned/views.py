"""The page of plan records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.web.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """A record in the list: the release that it was fixed on is `wave`'s."""

    number: int
    as_of: date
    made_by: str
    issued_at: datetime
    wave: str
    sha256: str


@dataclass(frozen=True)
class RecordsPage(View):
    """What would be fixed today, in counts, and the records. `wave` is empty while there is no result.

    `same_as` is the number of the newest record where it says the same as today, 0 where it does not.
    """

    template: ClassVar[str] = "planned/records.html"
    organisation: OrganisationFacts
    wave: str
    wave_id: UUID | None
    as_of: date | None
    actions: int
    departments: int
    guardrails: int
    to_confirm: int
    decision: int
    essence: str
    same_as: int
    lines: tuple[RecordLine, ...]
    problem: str
