"""The pages of waves: what each template is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from app.clients.brand import Badge
from app.clients.queries import OrganisationFacts
from app.sentences import Listing, say
from app.waves.approvals import Decision
from app.waves.checks import Blocker
from app.waves.final import Outlook
from app.waves.forms import NextInput, PlanInput, PolicyInput
from app.waves.languages import LanguageLine
from app.waves.likely import Likely
from app.waves.policy import RETENTION_MONTHS, SMALLEST_GROUPS
from app.waves.promise import Promise
from app.waves.queries import ResponseRate, WaveView
from app.waves.steps import Step
from app.web.views import View

MODE_CHOICES: Final = (
    (
        "confidential",
        say("Confidential"),
        say("Personal links, each for one person, or one link for a department. No answer says whose it is."),
    ),
    ("anonymous", say("Anonymous link"), say("One link for each department, and no list of people at all.")),
)


@dataclass(frozen=True)
class WaveLine:
    """A wave in the list of its assessment, in words. `too_few`: it has closed and must not say how few answered."""

    wave: WaveView
    state: str
    form: str
    dates: str
    response_rate: ResponseRate | None
    too_few: bool


@dataclass(frozen=True)
class AssessmentBlock:
    """An assessment with its waves, the newest first."""

    id: UUID
    name: str
    waves: tuple[WaveLine, ...]


@dataclass(frozen=True)
class DepartmentLine:
    """A department at the top of the tree, with everybody below it; `parts` counts the departments below."""

    name: str
    people: int
    parts: int


@dataclass(frozen=True)
class OrganisationPage(View):
    """The overview of a client; `owns` for its owners."""

    template: ClassVar[str] = "waves/organisation.html"
    organisation: OrganisationFacts
    badge: Badge
    owns: bool
    step: Step
    assessments: Sequence[AssessmentBlock]
    departments: Sequence[DepartmentLine]
    department_count: int
    people: int


@dataclass(frozen=True)
class Promised:
    """What people are promised: the choices as they stand in the form, and the promise that results from what is kept.

    `modes` are (mode, name, what it means), `sizes` the smallest groups and `months` the times of keeping to choose.
    """

    typed: PolicyInput
    promise: Promise
    errors: Mapping[str, str]
    modes: Sequence[tuple[str, str, str]] = MODE_CHOICES
    sizes: Sequence[int] = SMALLEST_GROUPS
    months: Sequence[int] = RETENTION_MONTHS


@dataclass(frozen=True)
class PlanPage(View):
    """Planning an assessment. `forms` are (form, name, what it takes)."""

    template: ClassVar[str] = "waves/plan.html"
    organisation: OrganisationFacts
    typed: PlanInput
    errors: Mapping[str, str]
    instruments: Sequence[tuple[str, str]]
    forms: Sequence[tuple[str, str, str]]
    promised: Promised


@dataclass(frozen=True)
class DraftPage(View):
    """A wave before it opens: what it will ask and freeze, and what holds it up.

    `newer` is the newest version of a questionnaire that is asked in an older one; `unreviewed` names the languages
    that are offered and that nobody has reviewed.
    """

    template: ClassVar[str] = "waves/draft.html"
    organisation: OrganisationFacts
    wave: WaveView
    form: str
    questionnaire: str
    newer: str
    minutes: str
    department_count: int
    people: int
    blockers: Sequence[Blocker]
    small: Sequence[str]
    promised: Promised
    decisions: Sequence[Decision]
    languages: Sequence[LanguageLine]
    unreviewed: Listing


@dataclass(frozen=True)
class PromisePage(View):
    """What the people of a wave are promised: to be chosen while it is a draft, to be read from then on."""

    template: ClassVar[str] = "waves/promise.html"
    organisation: OrganisationFacts
    wave: WaveView
    promised: Promised


@dataclass(frozen=True)
class ObjectionsPage(View):
    """Somebody objects to the papers of the wave that is about to open; asked once, people decide."""

    template: ClassVar[str] = "waves/objections.html"
    organisation: OrganisationFacts
    wave: WaveView
    objections: Sequence[Decision]


@dataclass(frozen=True)
class TurnoutLine:
    """One line of the turnout: a department, or several small ones together; `above` is what the line is part of."""

    name: str
    above: str | None
    pooled: bool
    response_rate: ResponseRate


@dataclass(frozen=True)
class OpenPage(View):
    """A wave while people answer. `counted_until` is the last day of the departments' counts, None on the first day.

    `missing` is how many people more the target needs, None without one; `outlook` where the turnout will end, None
    where that cannot be told; `nudge` are the groups whose turnout is lowest. `likely` is what the result will show,
    None on the first day.
    """

    template: ClassVar[str] = "waves/open.html"
    organisation: OrganisationFacts
    wave: WaveView
    form: str
    minutes: str
    total: ResponseRate
    missing: int | None
    outlook: Outlook | None
    lines: Sequence[TurnoutLine]
    nudge: Sequence[TurnoutLine]
    likely: Likely | None
    counted_until: date | None
    overdue: bool


@dataclass(frozen=True)
class CancelledPage(View):
    """A wave that was cancelled, with the reason that was given; nothing of it is released."""

    template: ClassVar[str] = "waves/cancelled.html"
    organisation: OrganisationFacts
    wave: WaveView


@dataclass(frozen=True)
class ToldPage(View):
    """Whom people can ask, and when and where they will see the results: as it is, or as it was typed."""

    template: ClassVar[str] = "waves/told.html"
    organisation: OrganisationFacts
    wave: WaveView
    typed: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True)
class ClosedPage(View):
    """A closed wave: its result, and the next one. `uncompared` is the label of the wave before when its answers had
    been deleted before this one closed."""

    template: ClassVar[str] = "waves/closed.html"
    organisation: OrganisationFacts
    wave: WaveView
    form: str
    total: ResponseRate
    uncompared: str | None
    alert: str
    follower: WaveView | None
    forms: Sequence[tuple[str, str, str]]
    typed: NextInput
    errors: Mapping[str, str]


@dataclass(frozen=True)
class HeadcountLine:
    """A department with its planned headcount and the one in force; `above` is the department it belongs to."""

    department_id: UUID
    name: str
    above: str | None
    planned: int
    value: str
    error: str | None
    changeable: bool


@dataclass(frozen=True)
class CorrectionLine:
    """Who changed a headcount, and when."""

    department: str
    before: int
    after: int
    by: str
    at: datetime


@dataclass(frozen=True)
class HeadcountsPage(View):
    """The headcounts of a wave, each with its correction."""

    template: ClassVar[str] = "waves/headcounts.html"
    organisation: OrganisationFacts
    wave: WaveView
    note: str
    lines: Sequence[HeadcountLine]
    corrections: Sequence[CorrectionLine]
