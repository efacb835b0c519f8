"""The pages on which a client's own templates are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.documents.content import Block
from app.documents.drawing import Drawing
from app.documents.owned import State
from app.sentences import Sentence, Value
from app.web.views import View

Options = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Line:
    """An own template in the list, with how it stands and what somebody should know of it."""

    code: str
    title: str
    about: str
    standing: Value
    remarks: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Own templates that stand alike."""

    key: State
    name: Sentence
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ListPage(View):
    """All own templates of a client, those of the service that can be copied, and the form for a file."""

    template: ClassVar[str] = "drafting/list.html"
    organisation: OrganisationFacts
    groups: tuple[Group, ...]
    sources: Options
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """A place for words: its path, the name of its box, its kind, and what stands there by language."""

    path: str
    name: Sentence
    kind: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class PartFields:
    """A part of a template in the form. `knows` are the names that only the lines of its table know."""

    path: str
    number: int
    kind: Sentence
    title: Sentence
    fields: tuple[Field, ...]
    knows: str
    wrong: bool


@dataclass(frozen=True)
class Look:
    """A template filled with the data of a client."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    drawings: Mapping[str, Drawing]


@dataclass(frozen=True)
class FormPage(View):
    """The form of an own template. `base` is the whole of it as text; `names` is what can be filled in, with what it is
    on the chosen subject `on`; `source_title` that of the service's template of which it is a copy."""

    template: ClassVar[str] = "drafting/form.html"
    organisation: OrganisationFacts
    form: UUID
    seen: int | None
    code: str
    source: str
    source_title: str
    instead: bool
    base: str
    head: tuple[Field, ...]
    parts: tuple[PartFields, ...]
    new_parts: int
    kinds: Options
    subjects: Options
    on: str
    words: str
    names: tuple[tuple[str, str], ...]
    errors: Mapping[str, str]
    meanwhile: tuple[str, ...]
    look: Look | None
    unlooked: Value


@dataclass(frozen=True)
class TemplatePage(View):
    """An own template, as it is or as its draft says, filled with the data of the client."""

    template: ClassVar[str] = "drafting/template.html"
    organisation: OrganisationFacts
    code: str
    state: State
    drafted: bool
    number: int
    saves: int
    title: str
    standing: Value
    remarks: tuple[Value, ...]
    look: Look | None
    unlooked: Value


@dataclass(frozen=True)
class Offer:
    """A template of another client that can be taken over, if it is not here already."""

    id: UUID
    title: str
    about: str
    is_here: bool
    ticked: bool


@dataclass(frozen=True)
class TakingPage(View):
    """Templates of another client of whoever looks: `others` are these clients, `chosen` the one that is looked at."""

    template: ClassVar[str] = "drafting/taking.html"
    organisation: OrganisationFacts
    others: Options
    chosen: str
    offers: tuple[Offer, ...]
    errors: Mapping[str, str]
