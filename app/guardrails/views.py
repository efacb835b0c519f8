"""The pages of guardrails: all of a client or of one department, one of them, and where a client works."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.clients.queries import OrganisationFacts
from app.guardrails.forms import Typed
from app.sentences import Sentence, Value
from app.web.views import View

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A guardrail in the list. `about` says from which level and why, `where` in how many departments it counts, `told`
    how it stands there; `status` is its key, empty where it does not count; `mark` says that counsel has to confirm a
    part of it. `counsel` is what was said of it last."""

    id: str
    title: Sentence
    about: Value
    where: str
    status: str
    state: str
    mark: str
    told: str
    counsel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Guardrails that stand alike."""

    key: str
    name: Sentence
    told: Sentence
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """What a law says from a day on; `ahead` where that day is yet to come, `over` where what it says has ended."""

    day: date
    until: date | None
    law: str
    what: Sentence
    basis: Sentence
    confirmed: bool
    checked_on: date
    ahead: bool
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LawLine:
    """What was read of a law, and when."""

    name: str
    basis: Sentence
    checked_on: date
    confirmed: bool


@dataclass(frozen=True)
class GuardrailsPage(View):
    """The guardrails of a client, or of the department that is chosen; `counts` has those that count by how they stand.

    `where` says in which countries, `granted` whence the levels come.
    """

    template: ClassVar[str] = "guardrails/guardrails.html"
    organisation: OrganisationFacts
    runs_it: bool
    name: str
    where: Value
    granted: Sentence
    departments: Options
    department: str
    levels: Options
    level: str
    states: Options
    state: str
    counts: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]
    days: tuple[DayLine, ...]
    laws: tuple[LawLine, ...]
    machine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLine:
    """A control of a guardrail in a department."""

    id: str
    title: Sentence
    told: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentLine:
    """How a guardrail stands in a department: whether it counts there, with what, and why."""

    id: str
    name: str
    level: str
    counts: Sentence
    state: str
    mark: str
    controls: tuple[ControlLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A place in a law or standard, what was read of it, and when."""

    text: str
    confirmed: bool
    basis: Sentence
    checked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """An action of the library that serves a guardrail; `about` says for whom it is and what it takes."""

    id: str
    title: Sentence
    about: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """What counsel said, a version of it. `otherwise` where the guardrail has other words since."""

    number: int
    said: str
    text: str
    otherwise: str
    made_by: str
    saved_at: datetime


@dataclass(frozen=True)
class GuardrailPage(View):
    """One guardrail: the rule, how it stands in each department, what it refers to, and what counsel said."""

    template: ClassVar[str] = "guardrails/guardrail.html"
    organisation: OrganisationFacts
    runs_it: bool
    id: str
    title: Sentence
    rule: Sentence
    shown: Sentence
    start: Sentence
    about: Value
    no_control: bool
    granted: Sentence
    lines: tuple[DepartmentLine, ...]
    cited: tuple[Cited, ...]
    unsure: bool
    actions: tuple[Serving, ...]
    notes: tuple[NoteLine, ...]
    kinds: Options
    typed: Typed
    seen: int
    errors: Mapping[str, str]
    meanwhile: str
    machine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A country to tick."""

    name: str
    label: Sentence
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A department with its boxes; `told` says where it works while none is ticked."""

    name: str
    told: Value
    own: bool
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class CountriesPage(View):
    """In which countries the client and its departments work. `seen` is what the form shows, to be sent back."""

    template: ClassVar[str] = "guardrails/countries.html"
    organisation: OrganisationFacts
    boxes: tuple[Box, ...]
    places: tuple[Place, ...]
    seen: str
    errors: Mapping[str, str]
    meanwhile: str
