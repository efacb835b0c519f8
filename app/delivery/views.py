"""The page on which it is set what is made and mailed by itself, and the page behind a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.sentences import Sentence
from app.web.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to tick: its key, what it is called, and what to know of it."""

    key: str
    name: str
    told: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed, or what is set."""

    active: bool
    files: tuple[str, ...]
    language: str
    paper: str
    roles: tuple[str, ...]
    addresses: str
    days: str
    keeps_password: bool
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One link to one result. `state` is waiting, failed, on, taken back or ended."""

    id: UUID
    wave: str
    who: str
    address: str
    state: str
    error: str
    sent_at: datetime | None
    until: date | None
    opened_on: date | None
    visits: int
    downloads: int


@dataclass(frozen=True)
class SchedulePage(View):
    """What an assessment makes and mails by itself, and what it has; `mails` says whether a mail server is set."""

    template: ClassVar[str] = "delivery/schedule.html"
    organisation: OrganisationFacts
    assessment: str
    assessment_id: UUID
    typed: Typed
    files: tuple[Choice, ...]
    roles: tuple[Choice, ...]
    languages: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, Sentence], ...]
    lines: tuple[Line, ...]
    protected: bool
    mails: bool
    active: bool
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file behind a link; `anew` is the day on which it was made anew after the mail went, None where it was not."""

    key: str
    name: str
    told: str
    size: str
    anew: date | None


@dataclass(frozen=True)
class FilesPage(View):
    """The files behind a link, and until when it works; `newer` says that there is a newer result, else empty.

    `rests`: the client is archived, so nothing follows.
    """

    template: ClassVar[str] = "delivery/files.html"
    organisation: str
    wave: str
    number: int
    token: str
    until: date
    newer: str
    rests: bool
    files: tuple[Fetched, ...]
