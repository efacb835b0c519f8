"""The pages of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts, OrganisationSummary
from app.sentences import Sentence
from app.waves.queries import ResponseRate
from app.waves.steps import Step
from app.web.views import View


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: what it is, and where it is dealt with."""

    sentence: Sentence | str
    action: str
    route: str
    wave_id: UUID | None


@dataclass(frozen=True, slots=True)
class Running:
    """A wave that takes answers, or has just taken them."""

    label: str
    turnout: ResponseRate


@dataclass(frozen=True, slots=True)
class Result:
    """The newest result of a client."""

    wave_id: UUID
    label: str
    closed: date
    shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """A client at a glance; `rank` orders them, 0 for those that need somebody."""

    id: UUID
    name: str
    departments: int
    people: int
    step: Step
    running: Running | None
    result: Result | None
    waiting: tuple[Waiting, ...]
    rank: int


@dataclass(frozen=True)
class Lost:
    """An organisation that somebody saw and sees no longer, with the day on which their access ended."""

    name: str
    day: date


@dataclass(frozen=True)
class HomePage(View):
    """The clients of whoever is signed in, whose comments they review, and whose results they see.

    `put_away` counts those that are archived; `of_archive` says that it is they who are shown. `lost` are those that
    they saw until lately.
    """

    template: ClassVar[str] = "desk/home.html"
    clients: Sequence[ClientLine]
    reviewing: Sequence[OrganisationSummary]
    reading: Sequence[OrganisationSummary]
    lost: Sequence[Lost]
    put_away: int
    of_archive: bool


@dataclass(frozen=True)
class Timed:
    """What happens by itself at a client: waves with the day on which they open, changes of departments, and mails."""

    waves: Sequence[tuple[UUID, str, date]]
    changes: Sequence[tuple[str, date]]
    mails: Sequence[tuple[UUID, str]]

    @property
    def is_empty(self) -> bool:
        """True where there is nothing of it."""
        return not (self.waves or self.changes or self.mails)


@dataclass(frozen=True)
class ArchivePage(View):
    """Putting a client away, or bringing it back. `owns` for its owners, who alone do either.

    `since` and `by` tell of one that is archived, `running` is the wave that stands in the way of archiving. `planned`
    is what is still to come, `overdue` what was to happen and has not.
    """

    template: ClassVar[str] = "desk/archive.html"
    organisation: OrganisationFacts
    owns: bool
    since: datetime | None
    by: str
    running: tuple[UUID, str] | None
    planned: Timed
    overdue: Timed
    error: str = ""
