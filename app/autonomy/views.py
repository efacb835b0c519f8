"""The pages about controls, ceilings and decision records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.autonomy.comparing import Difference
from app.autonomy.forms import AttestationForm
from app.autonomy.possible import Handed
from app.autonomy.spoken import Obstacle
from app.autonomy.testing import Rule
from app.clients.queries import OrganisationFacts
from app.web.views import View

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A level as the head of a column: its id, its name and what it means."""

    id: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A level of a department on its ladder: `state` is reached, summit, next or beyond; `told` says it in words."""

    id: str
    state: str
    told: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A level on the line on which staff's answers and controls stand: whether one of them, or the gap, lies there."""

    id: str
    said: bool
    shown: bool
    between: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A department on the ladder: its ceiling with the sentence that explains it, what staff's answers (`told`) and
    controls (`shown`) would carry by themselves, and what is wished, possible and tested of its workflows."""

    id: str
    name: str
    depth: int
    group: str
    level: str
    level_name: str
    rungs: tuple[Rung, ...]
    blocked: str
    verdict: str
    told: int
    shown: int
    gap: str
    handed: Handed
    pins: tuple[Pin, ...]
    has_answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A control that counts and soon will not: where, and until when."""

    control: str
    title: str
    where: str
    until: date
    days: int


@dataclass(frozen=True)
class LadderPage(View):
    """All departments on the ladder of levels, as of today.

    `untold_checks` says that nobody can reach A4, because it is not told how often people check.
    """

    template: ClassVar[str] = "autonomy/ladder.html"
    organisation: OrganisationFacts
    wave: str
    release_number: int
    as_of: date
    policy: str
    steps: Sequence[Step]
    lines: Sequence[Line]
    untold_checks: bool
    endings: Sequence[Ending]
    differences: Sequence[Difference]
    last: int
    last_as_of: date | None
    essence: str
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NothingPage(View):
    """Before the first result: what ceilings will rest on, and what can be attested already."""

    template: ClassVar[str] = "autonomy/nothing.html"
    organisation: OrganisationFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """A dimension: what can be relied on, the gates of this level and the next, and whether it passes the next."""

    id: str
    name: str
    relied_on: str
    gate: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLine:
    """A control for a department: the level that needs it, its state in words, and what else is known."""

    id: str
    title: str
    level: str
    state: str
    good: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """A workflow of a department: its level, the caps that bind (`capped` names them, `limited` is the sentence), what
    would lift them, and its hours."""

    id: str
    name: str
    level: str
    level_name: str
    capped: str
    limited: str
    todo: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a department's page says of it, also to its lead and the client's sponsors."""

    name: str
    group: str
    level: str
    title: str
    meaning: str
    next_level: str
    rungs: tuple[Rung, ...]
    obstacles: tuple[Obstacle, ...]
    remarks: tuple[str, ...]
    beside: str
    handed: Handed
    scores: tuple[ScoreLine, ...]
    controls: tuple[ControlLine, ...]
    contradictions: tuple[str, ...]
    works: tuple[WorkLine, ...]


@dataclass(frozen=True)
class DepartmentPage(View):
    """One department: what is allowed now, what blocks the next level, and who can do something about it."""

    template: ClassVar[str] = "autonomy/department.html"
    organisation: OrganisationFacts
    wave: str
    as_of: date
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class CapLine:
    """One of the six caps of a workflow, with what it rests on, and whether it binds."""

    name: str
    level: str
    level_name: str
    why: str
    binds: bool


@dataclass(frozen=True)
class WorkPage(View):
    """One workflow: its level, the six caps with what they rest on, and how many checked cases show what.

    `rated_in` says in which department staff rated it, where that is not the one whose work it is now.
    """

    template: ClassVar[str] = "autonomy/workflow.html"
    organisation: OrganisationFacts
    workflow_id: UUID
    department_id: str
    department: str
    wave: str
    as_of: date
    name: str
    title: str
    meaning: str
    limited: str
    rated_in: str
    rungs: tuple[Rung, ...]
    caps: tuple[CapLine, ...]
    tasks: tuple[str, ...]
    conditions: tuple[str, ...]
    hours: str
    one_in: int
    rules: tuple[Rule, ...]
    checked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationLine:
    """An attestation of the history. `state` is counts, soon (ends within 30 days), ended, withdrawn or incomplete.
    `renew` is the department for which it is attested anew: empty for the organisation, None where there is none."""

    id: UUID
    control: str
    title: str
    where: str
    on: date
    owner: str
    until: date | None
    link: str
    file_name: str
    remark: str
    by: str
    at: datetime
    state: str
    told: str
    withdrawn_because: str
    can_withdraw: bool
    renew: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlGroup:
    """A control with its attestations, the newest first."""

    id: str
    title: str
    shown_by: str
    who: str
    level: str
    days: int
    counting: tuple[AttestationLine, ...]
    history: tuple[AttestationLine, ...]


@dataclass(frozen=True)
class ControlsPage(View):
    """What is attested, and the form to attest a control. `department` is a lead's own, empty for who runs the client;
    `merged` says what became of attestations of departments that were merged; `because` is what was typed to withdraw
    the attestation `withdrawing`."""

    template: ClassVar[str] = "autonomy/controls.html"
    organisation: OrganisationFacts
    department: str
    groups: Sequence[ControlGroup]
    merged: Sequence[str]
    typed: AttestationForm
    controls: Options
    departments: Options
    withdrawing: UUID | None = None
    because: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """An issued record in the list."""

    number: int
    wave: str
    release_number: int
    as_of: date
    policy: str
    reason: str
    by: str
    at: datetime
    levels: str


@dataclass(frozen=True)
class RecordsPage(View):
    """The decision records of a client, the newest first."""

    template: ClassVar[str] = "autonomy/records.html"
    organisation: OrganisationFacts
    records: Sequence[RecordLine]


@dataclass(frozen=True)
class RecordPage(View):
    """One decision record as it was issued, beside another one."""

    template: ClassVar[str] = "autonomy/record.html"
    organisation: OrganisationFacts
    record: RecordLine
    sha256: str
    release_sha256: str
    lines: Sequence[Line]
    works: Sequence[tuple[str, str, Sequence[WorkLine]]]
    steps: Sequence[Step]
    others: Options
    compared: int
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """A dimension in the table of gates: its name and, for each level from A1 on, the field and what stands in it."""

    id: str
    name: str
    gates: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version of the thresholds that was adopted."""

    name: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class PolicyPage(View):
    """The thresholds of a client, the form that changes them, and what a change would do before it is adopted:
    `effects` on some departments, and a sentence on those whose ceiling is `kept`."""

    template: ClassVar[str] = "autonomy/policy.html"
    organisation: OrganisationFacts
    version: str
    after: int
    steps: Sequence[Step]
    gates: Sequence[GateLine]
    typed: Mapping[str, str]
    controls: Sequence[tuple[str, str]]
    looked: bool
    effects: Sequence[Difference]
    kept: str
    has_release: bool
    versions: Sequence[VersionLine]
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
