"""A release as a document: printed values only, frozen, the one thing that every screen and file renders.

A value that must not be shown has no place in here: `Hidden` carries a reason and no number (MEASUREMENT.md 9, P7).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from pydantic import TypeAdapter

from app.releases.document.approvals import Approval
from app.releases.document.canonical import around, canonical
from app.releases.document.figures import (
    Agreement,
    Bound,
    Camps,
    Drivers,
    Gaps,
    Gate,
    ItemHead,
    LeftOut,
    Quality,
    Share,
    Shares,
)

Grade = Literal["A", "B", "C", "D"]
Band = Literal["low", "emerging", "developing", "strong", "leading"]
Reason = Literal["small_group", "not_separately", "no_answers", "withheld"]
NoChangeReason = Literal[
    "first_wave", "not_comparable", "hidden", "other_members", "new", "withheld", "margin", "deleted"
]
Direction = Literal["up", "down", "none"]
RowKind = Literal["organisation", "unit", "pool"]
Block = Literal["trust", "readiness", "criterion"]
Coverage = Literal[">= 95 %", "80-95 %", "< 80 %, partial"]
LOW_COVERAGE: Final[tuple[Coverage, ...]] = ("80-95 %", "< 80 %, partial")
Confirmation = Literal["none", "seems", "confirmed"]
Occasion = Literal["closed", "headcounts", "departments"]
Mode = Literal["confidential", "anonymous"]

SITE: Final = "site"
"""The margin whose groups are departments; the others are named after the question that people answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Printed difference to the previous wave on anchor items, in points.

    `p` is the Benjamini-Hochberg adjusted p in whole hundredths (7 = .07); `confirmation` is "seems" where that is at
    most .10 and the difference at least 5 points, "confirmed" where Holm's adjusted p is at most .05 as well.
    `before` and `now` are the anchor scores compared, as printed.
    """

    before: int
    now: int
    delta: int
    p: int
    direction: Direction
    confirmation: Confirmation
    kind: Literal["change"] = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoChange:
    """Why no difference to the previous wave is given."""

    reason: NoChangeReason
    kind: Literal["no_change"] = "no_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A cell that is shown.

    `score` is in whole points of 0 to 100, to the nearest 5 where fewer than 10 answered; `bound` says that the value
    was clipped. `n` and `interval` (95 %) only from 10 valid answers on. `grade` is the precision by half-width:
    A up to 5 points, B 10, C 15, D more. `coverage` is given on roll-ups only. `shares` and `unknown`, the don't-know
    rate, are averaged over the questions of which the row tells, `agreement` and `camps` rest on at least 10 people.
    `gate` is the gating score, in cells of anchor questions of trust and readiness.
    """

    score: int
    band: Band
    grade: Grade
    change: Change | NoChange
    bound: Bound = ""
    border: Band | None = None
    n: int | None = None
    interval: tuple[int, int] | None = None
    everyone: bool = False
    coverage: Coverage | None = None
    shares: Shares | None = None
    unknown: Share | None = None
    agreement: Agreement | None = None
    camps: Camps | None = None
    gate: Gate | None = None
    kind: Literal["scored"] = "scored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A cell that must not be shown. It carries no numbers, so nothing that renders it can leak them."""

    reason: Reason
    kind: Literal["hidden"] = "hidden"


Cell = Scored | Hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Mean of a row's printed cells of one block, in whole points; None where too few of them are shown."""

    score: int | None
    band: Band | None


CHECKING: Final = "checking"
"""The cell that tells how often people check an agent's work (C1), of those who have used one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The organisation, one department or one pool of small departments.

    `id` is the department's id; pools are "pool:" and their parent's id, the organisation "organisation". `parent` is
    the id of the row above, None for the organisation. `headcount` counts everybody below; `n` is the number of used
    responses, None where the row has none or must not say; `rate` is n of headcount in whole per cent.
    `departments` are the ids of all departments whose people the row holds, `members` the names of those in a pool.
    `cells` maps dimension ids to cells, the ids of department modules (`module:finance`) and of ratings of workflows
    (`rating:1:DS`), and "checking" to how often people check an agent's work. `anchors` maps dimension
    ids to cells of the anchor items alone, in the full form and without n and interval; in the pulse the cells are
    those already. `items` maps the questions of which the row tells to the shares of their answers, `unknown` to the
    share of "don't know".
    """

    id: str
    kind: RowKind
    name: str
    parent: str | None
    depth: int
    headcount: int
    n: int | None
    rate: int | None
    departments: tuple[str, ...]
    members: tuple[str, ...]
    function: str | None
    headcount_corrected: bool
    trust: Index
    readiness: Index
    cells: Mapping[str, Cell]
    anchors: Mapping[str, Cell] = field(default_factory=dict)
    module: str | None = None
    items: Mapping[str, Shares] = field(default_factory=dict)
    unknown: Mapping[str, Share] = field(default_factory=dict)

    @property
    def checks(self) -> int | None:
        """How often people check an agent's work, 0 to 100, of those who have used one; None where it is not told."""
        cell = self.cells.get(CHECKING)
        return cell.score if isinstance(cell, Scored) else None

    def anchor(self, dimension: str) -> Scored | None:
        """The printed score on anchor questions alone; None where it is hidden."""
        cell = (self.anchors or self.cells).get(dimension)
        return cell if isinstance(cell, Scored) else None


class Rows(tuple[Row, ...]):
    """The rows of a release, found by their ids too.

    `moved` are the ids of those with a change that is at least likely, `partial` of those that stand for less than 95 %
    of their people in a dimension; None where nobody looked.
    """

    moved: frozenset[str] | None = None
    partial: frozenset[str] | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Row]:
        """Each row by its id."""
        return {one.id: one for one in self}

    @cached_property
    def by_departments(self) -> Mapping[frozenset[str], tuple[Row, ...]]:
        """The rows that hold the same departments, by these, each in the order of the release."""
        found: dict[frozenset[str], list[Row]] = {}
        for one in self:
            found.setdefault(frozenset(one.departments), []).append(one)
        return {departments: tuple(rows) for departments, rows in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginGroup:
    """All people of the organisation who gave one of the answers in `name`, or work there: their number and cells.

    `answers` are the codes of these answers to the margin's question, 0 for those who did not say; empty in releases
    from before they were noted. Of a site, `departments` are the ids of those whose people it holds and `headcount`
    counts these people.
    """

    name: str
    n: int
    cells: dict[str, Cell]
    answers: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    headcount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """What the people of the organisation say by one attribute, whatever their department; no groups where withheld."""

    id: str
    question: str
    groups: tuple[MarginGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A department that is part of a pool and has no row of its own: its name, and the row that holds its people."""

    id: str
    name: str
    row: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionHead:
    """A column of the heatmap."""

    id: str
    name: str
    short: str
    definition: str
    block: Block
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleHead:
    """A department's own module: shown on its page, never part of the heatmap."""

    id: str
    function: str
    name: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowHead:
    """A workflow that the people of a department rated: told in cells `rating:{id}:{rating}` of one `row`."""

    id: str
    name: str
    department: str
    row: str
    ratings: tuple[str, ...]

    def cell(self, rating: str) -> str:
        """What the cell of a rating is called."""
        return f"rating:{self.id}:{rating}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The privacy policy that the wave froze when it opened (`waves.policy`), as far as a reader has to know it.

    `retention_months` is None in releases of waves that promised no deletion.
    """

    version: str = "1"
    k_means: int = 5
    k_intervals: int = 10
    k_comments: int = 10
    mode: Mode = "confidential"
    comments: bool = False
    retention_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveFacts:
    """What a release says of the wave it was made from. Dates are ISO days in the organisation's time zone.

    `languages_offered` are the tags of the languages in which the wave could be answered, none in releases from before
    there was a choice; `languages` those that are told to have been used (releases/languages.py).
    """

    organisation: str
    assessment: str
    label: str
    form: Literal["full", "pulse"]
    opened_on: str
    closed_on: str
    instrument: str
    instrument_version: str
    instrument_sha256: str
    roster_sha256: str
    previous_label: str | None
    languages_offered: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was published and what was withheld, and what the auditor found (`releases.audit`).

    `smallest_support` is the smallest number of people on whom any combination of means, or of numbers of responses,
    rests; `smallest_interval_support` the same for intervals and numbers of answers. `statistics` counts the numbers
    that were combined; `audited` is False in releases from before there was an auditor.
    """

    statement: str
    k_means: int
    k_intervals: int
    means_published: int
    means_hidden: int
    intervals_published: int
    smallest_support: int | None
    smallest_interval_support: int | None = None
    statistics: int = 0
    audited: bool = False
    shares_published: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Release `number` of a wave. `rows` come in the order of the department tree, the organisation first.

    `occasion` says why it was made: the wave closed, or afterwards headcounts were corrected or departments moved.
    `left_out` is None in releases of waves that left nobody out, before there was a rule; `gaps` where leaders may not
    be told apart, `drivers` where no outcome was asked or fewer people than an interval needs have a score in all.
    """

    schema: int
    number: int
    method: str
    wave: WaveFacts
    policy: Policy
    dimensions: tuple[DimensionHead, ...]
    modules: tuple[ModuleHead, ...]
    rows: tuple[Row, ...]
    small: tuple[Small, ...]
    comparable: tuple[str, ...]
    not_comparable: dict[str, str]
    certificate: Certificate
    notes: tuple[str, ...]
    occasion: Occasion = "closed"
    approvals: tuple[Approval, ...] = ()
    margins: tuple[Margin, ...] = ()
    items: tuple[ItemHead, ...] = ()
    quality: tuple[Quality, ...] = ()
    left_out: LeftOut | None = None
    gaps: Gaps | None = None
    drivers: Drivers | None = None
    workflows: tuple[WorkflowHead, ...] = ()

    @property
    def organisation(self) -> Row:
        """The row of the whole organisation."""
        return self.rows[0]

    def row(self, row_id: str) -> Row | None:
        """The row of that id, or None."""
        if isinstance(self.rows, Rows):
            return self.rows.by_id.get(row_id)
        return next((r for r in self.rows if r.id == row_id), None)


_ADAPTER = TypeAdapter(Release)


def dump(release: Release) -> bytes:
    """The canonical bytes of a release: JSON with sorted keys and no spaces. The same release gives the same bytes."""
    return canonical(release).encode()


def dumped(release: Release) -> Callable[[Certificate], bytes]:
    """What `dump` gives of a release, for the certificate that it gets in the end."""
    before, after = around(release, "certificate")
    return lambda certificate: f"{before}{canonical(certificate)}{after}".encode()


def load(document: bytes) -> Release:
    """The release that `dump` wrote; raises pydantic's ValidationError for anything else."""
    return _ADAPTER.validate_json(document)


def digest(document: bytes) -> str:
    """The SHA-256 of a release's bytes, by which it is quoted."""
    return hashlib.sha256(document).hexdigest()
