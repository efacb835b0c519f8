"""The pages of documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.clients.brand import Badge
from app.clients.queries import OrganisationFacts
from app.documents.content import Block
from app.documents.drawing import Drawing
from app.web.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A document in a list: what it is, for what it is good, and how it stands. `language` is that of the address."""

    template: str
    title: str
    about: str
    standing: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A client, a department or a workflow with the documents about it; none where a page of their own has them."""

    id: UUID
    name: str
    about: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class ListPage(View):
    """All documents of a client, or for a sponsor and a lead those that are shared with them.

    For those who run the client, `shared` are what is no longer there, with what was saved of it; `told`: there is a
    result that the papers can quote.
    """

    template: ClassVar[str] = "documents/list.html"
    organisation: OrganisationFacts
    runs_it: bool
    whole: Subject
    departments: tuple[Subject, ...]
    works: tuple[Subject, ...]
    shared: tuple[Subject, ...]
    saved: int
    told: bool


@dataclass(frozen=True)
class SubjectPage(View):
    """The documents of one department or workflow."""

    template: ClassVar[str] = "documents/subject.html"
    organisation: OrganisationFacts
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A language in which the document can be read."""

    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not known, in a sentence, and the address of the page that says it; empty where there is no such page."""

    told: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version: its number, who saved it and when."""

    number: int
    who: str
    saved_at: datetime


@dataclass(frozen=True)
class DocumentPage(View):
    """A document. `version` is the one that is shown, 0 for one that nobody has saved; `shared` the one that is shared.

    `missing` and `news` are by path: what nobody has said, and what the data say today where a person wrote otherwise.
    `moved` counts the places that would follow the data when it is saved. `retired`: its template is in use no more.
    """

    template: ClassVar[str] = "documents/document.html"
    organisation: OrganisationFacts
    runs_it: bool
    badge: Badge
    subject_id: UUID
    subject: str
    document: str
    title: str
    about: str
    facts: str
    language_tag: str
    languages: tuple[Spoken, ...]
    blocks: tuple[Block, ...]
    drawings: Mapping[str, Drawing]
    missing: Mapping[str, Missing]
    news: Mapping[str, str]
    moved: int
    version: int
    newest: int
    saved_by: str
    saved_at: datetime | None
    shared: int
    gone: bool
    retired: bool
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True)
class EditPage(View):
    """The form of a document. `marks` tell what was shown, `meanwhile` what somebody else saved."""

    template: ClassVar[str] = "documents/edit.html"
    organisation: OrganisationFacts
    subject_id: UUID
    subject: str
    document: str
    title: str
    language_tag: str
    blocks: tuple[Block, ...]
    texts: Mapping[str, str]
    marks: Mapping[str, str]
    missing: Mapping[str, Missing]
    news: Mapping[str, str]
    out: frozenset[str]
    seen: int
    errors: Mapping[str, str]
    meanwhile: tuple[str, ...]


@dataclass(frozen=True)
class FlowFile(View):
    """A drawing by itself."""

    template: ClassVar[str] = "documents/flow.html"
    drawing: Drawing
    day: date
