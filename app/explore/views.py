"""What the pages of a release print: the heatmap, its rows, cells and charts, and two waves beside each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationSummary
from app.explore.arranged import Arrangement
from app.explore.cell import Cell
from app.explore.contrast import Between, Compared, Contrast
from app.explore.headline import Headline
from app.explore.heatmap import Heatmap
from app.explore.leading import Leading
from app.explore.over_time import OverTime
from app.explore.portfolio import Portfolio
from app.explore.strip import Strip
from app.explore.sure import Sureness
from app.explore.willing import Willing
from app.explore.written import WrittenHere
from app.figures.courses import Courses
from app.figures.distributions import Asked
from app.figures.division import Division, Workings
from app.figures.dots import Dots
from app.figures.squares import Field
from app.releases.document.approvals import Approval
from app.releases.document.release import Certificate, DimensionHead, Occasion, Policy, Row, WaveFacts
from app.sentences import Sentence
from app.waves.promise import Line
from app.web.views import View


@dataclass(frozen=True)
class Place:
    """Where a page stands: the organisation, and the wave in it."""

    organisation_id: UUID
    organisation: str
    wave_id: UUID
    wave: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A link to the same page looked at otherwise: the key of what it leads to, its words, and whether it is here."""

    key: str
    name: str
    query: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The ways to look at a heatmap: what its cells say, the orders, and whether there is something to fold.

    `look` and `opened` are what the address says besides the order, for the form that changes it.
    """

    looks: tuple[Turn, ...]
    orders: tuple[Turn, ...]
    unfold_all: str
    fold_all: str
    look: str
    opened: str


@dataclass(frozen=True)
class HeatmapPage(View):
    """The heatmap of a wave's newest release. `look` says what its cells say."""

    template: ClassVar[str] = "explore/heatmap.html"
    place: Place
    facts: WaveFacts
    number: int
    sha256: str
    headline: Headline
    heatmap: Heatmap
    dimensions: tuple[DimensionHead, ...]
    look: str
    turns: Turns
    statement: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class RowPage(View):
    """One department, pool or the whole organisation."""

    template: ClassVar[str] = "explore/row.html"
    place: Place
    facts: WaveFacts
    row: Row
    title: str
    strip: Strip
    sure: Sureness
    over_time: OverTime | None
    arrangement: Arrangement | None
    divisions: tuple[Division, ...]
    leading: Leading | None
    willing: Willing | None
    working: Workings | None
    written: WrittenHere | None


@dataclass(frozen=True)
class CellPage(View):
    """One cell of the heatmap in full; the heatmap shows its main part in a drawer."""

    template: ClassVar[str] = "explore/cell.html"
    place: Place
    facts: WaveFacts
    cell: Cell
    arrangement: Arrangement | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen on a page, and whether it is."""

    key: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure: lines, a square, small multiples or bars of questions; `nothing` says why there is none.

    `choices` are what it can be drawn of, and `choosing` what these are.
    """

    title: str
    lines: Dots | None = None
    square: Field | None = None
    over_time: Courses | None = None
    asked: tuple[Asked, ...] = ()
    choosing: str = ""
    choices: tuple[Choice, ...] = ()
    nothing: str = ""


@dataclass(frozen=True)
class FigurePage(View):
    """A figure of a wave's newest release, and the way to the others. `below`: of many rows, those that are shown."""

    template: ClassVar[str] = "explore/figure.html"
    place: Place
    facts: WaveFacts
    name: str
    figures: tuple[Choice, ...]
    drawn: Drawn
    below: tuple[Choice, ...]
    arrangement: Arrangement | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One of a wave's releases: why it was made, in words."""

    number: int
    made_at: datetime
    occasion: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Again:
    """Making the result once more: the choices, where it can be done; what it waits for; what went wrong."""

    occasions: Mapping[Occasion, str]
    waiting: bool = False
    problem: str = ""
    closed_for_good: str = ""


@dataclass(frozen=True)
class CertificatePage(View):
    """How a wave's newest release protects people: its certificate, the promise, and the releases before it."""

    template: ClassVar[str] = "explore/certificate.html"
    place: Place
    facts: WaveFacts
    certificate: Certificate
    checked: tuple[str, ...]
    policy: Policy
    promise: tuple[Line, ...]
    approvals: tuple[Approval, ...]
    languages: Sentence | None
    editions: tuple[Edition, ...]
    time_zone: str
    again: Again


@dataclass(frozen=True)
class WaitingPage(View):
    """There is no release yet. `state` is the wave's; while it is closing, the page asks again by itself."""

    template: ClassVar[str] = "explore/waiting.html"
    place: Place
    state: str
    planned_close: date | None


@dataclass(frozen=True)
class PortfolioPage(View):
    """A consultant's clients side by side; `waiting` are those that have no result yet. `view` is what it shows."""

    template: ClassVar[str] = "explore/portfolio.html"
    portfolio: Portfolio | None
    view: str
    turns: tuple[Turn, ...]
    waiting: tuple[OrganisationSummary, ...]


@dataclass(frozen=True, slots=True)
class TurnsOfComparison:
    """How a comparison is looked at: as a table of numbers or not, and the queries that fold and unfold."""

    is_table: bool
    unfold_all: str
    fold_all: str


@dataclass(frozen=True)
class ComparisonPage(View):
    """Two waves beside each other. `state` is told, ask, waiting or refused, and `why` says what is in the way.

    `between` is None, and `others` are what to choose from, where the address names no two waves that can be compared.
    `happened` is what became of departments between the two, `edition` the comparison, None where a release has it.
    """

    template: ClassVar[str] = "explore/comparison.html"
    place: Place
    between: Between | None
    state: str
    why: str
    contrast: Contrast | None
    turns: TurnsOfComparison | None
    dimensions: tuple[DimensionHead, ...]
    happened: tuple[str, ...]
    edition: Edition | None
    others: tuple[Turn, ...]


@dataclass(frozen=True)
class ComparisonCellPage(View):
    """One cell of two waves beside each other; the page of the comparison shows its main part in a drawer."""

    template: ClassVar[str] = "explore/comparison_cell.html"
    place: Place
    between: Between
    cell: Compared
