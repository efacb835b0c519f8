"""The page on which the files of a result are asked for, watched and fetched."""

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
    """A file with its options. `state` is none (never asked for), waiting, running, done or failed.

    `title` tells it from the others; `older` says that it would come out differently by now; `done` of `steps` lie
    behind; `slow` says that it takes longer than usual.
    """

    options: Options
    name: str
    title: str
    purpose: str
    state: str = "none"
    size: str = ""
    older: bool = False
    step: str = ""
    done: int = 0
    current: int = 0
    steps: int = 0
    error: str = ""
    slow: bool = False


@dataclass(frozen=True)
class ReportPage(View):
    """Every format in the language and on the paper that were `chosen`, and what was made with others (`also`).

    `editions` are the reports of single departments that were asked for, `departments` those that can be, by row id.

    `unnamed` are those with roles in place of names. `cut` are the formats that can be cut to one department.
    `under_way`: one of them is being made.
    """

    template: ClassVar[str] = "reports/report.html"
    place: Place
    assessment_id: UUID
    number: int
    under_way: bool
    files: tuple[File, ...]
    also: tuple[File, ...]
    editions: tuple[File, ...]
    unnamed: tuple[File, ...]
    departments: tuple[tuple[str, str], ...]
    cut: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, str], ...]
    chosen: Options


@dataclass(frozen=True)
class NoReleasePage(View):
    """There is nothing to report yet."""

    template: ClassVar[str] = "reports/no_release.html"
    place: Place
    state: str
