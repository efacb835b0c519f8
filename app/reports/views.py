"""The page on which a report is asked for, watched and fetched."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.reports.options import Options
from app.web.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the page stands: the client and the wave."""

    organisation_id: UUID
    organisation: str
    wave_id: UUID
    wave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The report in one language on one paper. `state` is none (never asked for), waiting, running, done or failed.

    `done` of `steps` lie behind; `slow` says that it takes longer than usual.
    """

    id: str
    options: Options
    title: str
    state: str
    step: str
    done: int
    current: int
    steps: int
    error: str
    slow: bool


@dataclass(frozen=True)
class ReportPage(View):
    """The reports that were asked for, `under_way` while one of them is being made, and with what one can be made."""

    template: ClassVar[str] = "reports/report.html"
    place: Place
    number: int
    under_way: bool
    files: tuple[File, ...]
    languages: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, str], ...]
    chosen: Options


@dataclass(frozen=True)
class NoReleasePage(View):
    """There is nothing to report yet."""

    template: ClassVar[str] = "reports/no_release.html"
    place: Place
    state: str
