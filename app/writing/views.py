"""The pages on which a client's own actions are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.playbooks.queries import State
from app.sentences import Sentence, Value
from app.web.views import View
from app.writing.forms import Typed

Options = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Line:
    """An own action in the list; `remarks` are what somebody should know of it."""

    code: str
    title: str
    about: Value
    standing: Value
    remarks: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Own actions that stand alike."""

    key: State
    name: Sentence
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ListPage(View):
    """All own actions of a client, and the form for a file: whether its actions are `used` at once, and what is wrong
    with it, by field and in the file."""

    template: ClassVar[str] = "writing/list.html"
    organisation: OrganisationFacts
    groups: tuple[Group, ...]
    used: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """An action of another client that can be taken over, if it is not here already."""

    id: UUID
    title: Sentence
    about: Value
    is_here: bool
    ticked: bool


@dataclass(frozen=True)
class TakingPage(View):
    """Actions of another client of whoever looks: `others` are these clients, `chosen` the one that is looked at."""

    template: ClassVar[str] = "writing/taking.html"
    organisation: OrganisationFacts
    others: Options
    chosen: str
    offers: tuple[Offer, ...]
    errors: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """A department or pool, whether the action would be proposed there, and why or why not."""

    name: str
    row_id: str
    told: Sentence
    proposed: bool


@dataclass(frozen=True)
class Preview:
    """An action as it would be in the plan, and where it would be proposed by the release of `label`, "" without one.

    `more` places are not listed; `missed` are those where something stands against it.
    """

    title: Sentence
    about: Value
    why: Sentence
    steps: tuple[Sentence, ...]
    shows: tuple[Sentence, ...]
    risk: Sentence
    wave_id: str
    label: str
    hours: int
    level: str
    places: tuple[Place, ...]
    more: int
    missed: tuple[Place, ...]


@dataclass(frozen=True)
class Offered:
    """What can be chosen in the form; of languages the tag and the name."""

    dimensions: Options
    bands: Options
    functions: Options
    roles: Options
    costs: Options
    actions: Options
    languages: Options
    needs: int


@dataclass(frozen=True)
class FormPage(View):
    """The form of an own action. `copied` is the title of the library's from which it is copied, `newer` the version
    that the library has meanwhile; `meanwhile` what somebody else saved; `look` is what was typed as it would look."""

    template: ClassVar[str] = "writing/form.html"
    organisation: OrganisationFacts
    typed: Typed
    offered: Offered
    copied: Sentence | None
    newer: str
    errors: Mapping[str, str]
    meanwhile: tuple[Value, ...]
    look: Preview | None


@dataclass(frozen=True)
class VersionLine:
    """A version as it came into use."""

    version: str
    used_at: datetime
    made_by: str
    sha256: str


@dataclass(frozen=True)
class ActionPage(View):
    """An own action, as it is or as its draft says; `number` is that of its newest version, 0 before it is in use."""

    template: ClassVar[str] = "writing/action.html"
    organisation: OrganisationFacts
    code: str
    state: State
    drafted: bool
    number: int
    saves: int
    title: str
    standing: Value
    remarks: tuple[Value, ...]
    look: Preview | None
    versions: tuple[VersionLine, ...] = field(default_factory=tuple)
