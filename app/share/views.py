"""The pages of what is shared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.autonomy.sharing import Shown
from app.clients.brand import Badge
from app.clients.queries import OrganisationFacts
from app.explore.arranged import Arrangement
from app.explore.cell import Cell
from app.explore.contrast import Between, Compared, Contrast
from app.opportunity.shown import Shown as Opportunities
from app.releases.document.release import DimensionHead
from app.reports.options import Options
from app.share.intended import Plan
from app.share.queries import DayFacts
from app.share.result import Result
from app.share.seen import Seen
from app.share.telling import ToldAction, ToldBlock, ToldDeed
from app.staffpage.service import TypedAction
from app.web.views import View
from surveys.languages import Language


@dataclass(frozen=True)
class SharedLine:
    """A wave whose result is shared."""

    wave_id: UUID
    assessment: str
    label: str
    shared_at: datetime


@dataclass(frozen=True)
class ResultsPage(View):
    """The results of a client that its sponsors and leads see."""

    template: ClassVar[str] = "share/results.html"
    organisation: OrganisationFacts
    badge: Badge
    results: tuple[SharedLine, ...]


@dataclass(frozen=True)
class ResultPage(View):
    """One shared result, and who has seen it. `department` is the lead's own, empty for who sees all; `listed`: the
    visit of whoever reads this is in the list; `compared` are the waves with which it can be read beside."""

    template: ClassVar[str] = "share/result.html"
    organisation: OrganisationFacts
    wave_id: UUID
    result: Result
    department: str
    alone: bool
    reports: tuple[Options, ...]
    seen: Seen
    listed: bool
    compared: tuple[Between, ...]
    badge: Badge
    decided: bool = False
    workflows: bool = False


@dataclass(frozen=True)
class DecidedPage(View):
    """How far agents may go, as the newest record on a shared result says: whole, or a lead's own department."""

    template: ClassVar[str] = "share/decided.html"
    organisation: OrganisationFacts
    wave_id: UUID
    shown: Shown


@dataclass(frozen=True)
class OpportunitiesPage(View):
    """Which work is wanted and possible, on a shared result: whole, or a lead's own department."""

    template: ClassVar[str] = "share/opportunities.html"
    organisation: OrganisationFacts
    wave_id: UUID
    shown: Opportunities


@dataclass(frozen=True)
class CellPage(View):
    """One cell of a shared result in full; the table shows its main part in a drawer."""

    template: ClassVar[str] = "share/cell.html"
    organisation: OrganisationFacts
    wave_id: UUID
    label: str
    cell: Cell
    arrangement: Arrangement | None


@dataclass(frozen=True)
class ComparisonPage(View):
    """Two waves whose results are both shared, beside each other, as far as somebody sees the later one."""

    template: ClassVar[str] = "share/comparison.html"
    organisation: OrganisationFacts
    between: Between
    contrast: Contrast
    dimensions: tuple[DimensionHead, ...]
    cells: str
    is_table: bool


@dataclass(frozen=True)
class ComparedPage(View):
    """One cell of two waves beside each other; the table shows its main part in a drawer."""

    template: ClassVar[str] = "share/compared.html"
    organisation: OrganisationFacts
    between: Between
    cell: Compared


@dataclass(frozen=True)
class SharingPage(View):
    """Sharing a wave's result: which release the client sees, which is the newest, and who they are."""

    template: ClassVar[str] = "share/sharing.html"
    organisation: OrganisationFacts
    wave_id: UUID
    wave: str
    newest: int | None
    shared: int | None
    shared_at: datetime | None
    shared_by: str
    readers: tuple[tuple[str, str, str], ...]
    seen: Seen | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A read-only link: what it shows, until which day, who made it, and on which days it was opened how often.

    `state` is "on", "ended" or "taken back".
    """

    id: UUID
    label: str
    whole: bool
    rows: str
    with_report: bool
    protected: bool
    until: date
    made_by: str
    state: str
    days: tuple[DayFacts, ...]

    @property
    def visits(self) -> int:
        """How often it was opened."""
        return sum(one.visits for one in self.days)

    @property
    def downloads(self) -> int:
        """How often its report was downloaded."""
        return sum(one.downloads for one in self.days)


@dataclass(frozen=True, slots=True)
class Choosable:
    """A row that a link can show; `depth` is 1 for the uppermost."""

    id: str
    name: str
    depth: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLink:
    """What was typed for a new link; `shows` is whole, organisation or rows."""

    form: str
    label: str = ""
    shows: str = "whole"
    rows: tuple[str, ...] = ()
    with_report: bool = False
    until: str = ""


@dataclass(frozen=True)
class LinksPage(View):
    """The read-only links to what is shared of a wave. `made` is the address of a new one, shown this once.

    `unnamed` says that files which name people are behind no link until they are made with roles in place of names.
    """

    template: ClassVar[str] = "share/links.html"
    organisation: OrganisationFacts
    wave_id: UUID
    wave: str
    shared: int | None
    lines: tuple[LinkLine, ...]
    choosable: tuple[Choosable, ...]
    last: date
    typed: TypedLink
    unnamed: bool
    made: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadingPage(View):
    """A shared result behind a read-only link: all of it, or a part."""

    template: ClassVar[str] = "share/reading.html"
    token: str
    organisation: str
    badge: Badge
    whole: bool
    until: date
    result: Result
    reports: tuple[Options, ...]


@dataclass(frozen=True)
class ReadingCellPage(View):
    """One cell of it in full."""

    template: ClassVar[str] = "share/reading_cell.html"
    token: str
    organisation: str
    cell: Cell


@dataclass(frozen=True)
class DoorPage(View):
    """A link that asks for a password. The same for a wrong password and for a link that leads nowhere."""

    template: ClassVar[str] = "share/door.html"
    organisation: str
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NowherePage(View):
    """A link that leads nowhere: it was never made, has ended or was taken back."""

    template: ClassVar[str] = "share/nowhere.html"
    organisation: str


@dataclass(frozen=True)
class StaffPage(View):
    """Writing what is done next for the page for all staff, in the language `spoken`.

    `languages` are those of the wave, each with how many sentences have no words in it; `fallbacks` what readers of
    this language see in place of those. `seen` is the edition on this page; `theirs` what somebody else wrote
    meanwhile. `plan` is what staff may be told of the newest plan record on the release that is shared. `differs`: what
    is written is not what is published; `newer`: another release is shared by now.
    """

    template: ClassVar[str] = "share/staff.html"
    organisation: OrganisationFacts
    wave_id: UUID
    wave: str
    finished: bool
    shared: int | None
    spoken: Language
    languages: tuple[tuple[Language, int], ...]
    typed: tuple[TypedAction, ...]
    fallbacks: tuple[str, ...]
    seen: int
    address: str
    published_at: datetime | None
    published_by: str
    plan: Plan
    differs: bool
    newer: bool
    theirs: tuple[TypedAction, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ToldPage(View):
    """What all staff read: the scores of the whole organisation, what is done next, and the plan as of a day."""

    template: ClassVar[str] = "share/told.html"
    organisation: str
    badge: Badge
    label: str
    answered: int | None
    asked: int
    closed_on: str
    short: str
    blocks: tuple[ToldBlock, ...]
    unseen: str
    actions: tuple[ToldAction, ...]
    planned: tuple[ToldDeed, ...]
    as_of: date | None
    contact: str | None
    languages: tuple[Language, ...]
    preview: bool


@dataclass(frozen=True)
class UntoldPage(View):
    """The page of staff where nothing is told, or no longer."""

    template: ClassVar[str] = "share/untold.html"
    languages: tuple[Language, ...]
