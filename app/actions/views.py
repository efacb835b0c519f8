"""The pages of the action plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.actions.forms import Typed
from app.clients.queries import OrganisationFacts
from app.sentences import Value
from app.web.views import View

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An action in a list or on the board. `standing` is how it stands in words, `when` the day it is due or ended on,
    `about` both and what else is told of it.

    `remarks` are sentences that ask for attention. `deeds` are the states into which it can be moved, with the words on
    the button; none for whoever may change nothing.
    """

    id: UUID
    title: str
    department: str
    owner: str
    when: str
    overdue: bool
    status: str
    standing: str
    about: str
    remarks: tuple[str, ...]
    deeds: Options
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A department with its actions: those under way, and those that ended. `hours` says what they take."""

    department_id: UUID
    name: str
    lines: tuple[Line, ...]
    ended: tuple[Line, ...]
    hours: str
    can_change: bool
    closed: bool = False


@dataclass(frozen=True)
class PlanPage(View):
    """The plan as a list by department. `others` are departments that have taken nothing on yet, `newest` the wave
    whose result is the newest."""

    template: ClassVar[str] = "actions/plan.html"
    organisation: OrganisationFacts
    runs_it: bool
    groups: tuple[Group, ...]
    others: tuple[Group, ...]
    counts: Mapping[str, int]
    overdue: int
    newest: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the board."""

    key: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class BoardPage(View):
    """The plan as a board: a column for each state, of all departments or of one."""

    template: ClassVar[str] = "actions/board.html"
    organisation: OrganisationFacts
    runs_it: bool
    departments: Options
    department: str
    columns: tuple[Column, ...]
    dropped: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Thirty days, or what lies before or after the ninety; `until` is the last of them, None where there is none."""

    key: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class DepartmentPage(View):
    """The ninety days of a department. `seen` is what the form showed, `hours` what was typed."""

    template: ClassVar[str] = "actions/department.html"
    organisation: OrganisationFacts
    runs_it: bool
    department_id: UUID
    name: str
    begins: date
    until: date
    parts: tuple[Part, ...]
    taken: str
    hours: str
    seen: str
    can_change: bool
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version of an action: who saved it, when, and what was different."""

    number: int
    who: str
    saved_at: datetime
    changes: tuple[str, ...]


@dataclass(frozen=True)
class ActionPage(View):
    """An action of the plan. `steps`, `shows`, `why` and `risk` are the library's, empty for one of their own."""

    template: ClassVar[str] = "actions/action.html"
    organisation: OrganisationFacts
    runs_it: bool
    line: Line
    lead: str
    why: str
    facts: tuple[tuple[str, str], ...]
    link: str
    steps: tuple[str, ...]
    shows: tuple[str, ...]
    risk: str
    otherwise: str
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True)
class ActionForm(View):
    """The form of an action: a new one, or one that is changed. `meanwhile` says what somebody else saved."""

    template: ClassVar[str] = "actions/form.html"
    organisation: OrganisationFacts
    runs_it: bool
    planned_id: UUID | None
    title: str
    is_fixed: bool
    typed: Typed
    departments: Options
    standings: Options
    languages: Options
    others: Options
    errors: Mapping[str, str]
    meanwhile: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A proposed action as the form of taking it on shows it; the names of its fields end in its id, `action`."""

    action: str
    title: str
    about: Value
    reason: str
    is_taken: bool
    owner: str
    mail: str
    due: str


@dataclass(frozen=True)
class TakingPage(View):
    """What was proposed for a row of a release, to be taken into the plan of a department."""

    template: ClassVar[str] = "actions/taking.html"
    organisation: OrganisationFacts
    wave_id: str
    label: str
    row_id: str
    name: str
    asked: Mapping[str, str]
    departments: Options
    department: str
    tongue: str
    languages: Options
    begins: date
    form: UUID
    offers: tuple[Offer, ...]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """A link for calendar programmes: whom it is for, what it shows, who made it when, and whether it still works."""

    id: UUID
    label: str
    what: str
    made_by: str
    since: date
    works: bool


@dataclass(frozen=True)
class CalendarPage(View):
    """The plan as a calendar: links to subscribe to, and the file."""

    template: ClassVar[str] = "actions/calendar.html"
    organisation: OrganisationFacts
    runs_it: bool
    links: tuple[Link, ...]
    departments: Options
    department: str
    label: str
    errors: Mapping[str, str]
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Somebody who still has something to do. `mail` is empty where nobody gave one."""

    key: str
    name: str
    mail: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class OwnersPage(View):
    """Who does what. `giving` are those whose actions this person may hand over, `typed` is what was sent.

    `has_mail`: a mail server is set, so that people are reminded.
    """

    template: ClassVar[str] = "actions/owners.html"
    organisation: OrganisationFacts
    runs_it: bool
    owners: tuple[Owner, ...]
    over: tuple[str, ...]
    giving: Options
    has_mail: bool
    languages: Options
    typed: Mapping[str, str]
    errors: Mapping[str, str]
