"""The pages of the inventory of workflows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.web.views import View
from app.workflows.choices import Choices, Options
from app.workflows.typed import Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A workflow in the list. `often` and `minutes` are in words; `hours` is whole hours a month, None where not known.

    `missing` says what nobody has said yet, `came_from` in which department it was done before a merge.
    """

    id: UUID
    name: str
    often: str
    minutes: int | None
    hours: int | None
    owner: str
    rated: bool
    retired: bool
    missing: str
    came_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A department with its workflows: those that are done, and those that are done no more.

    `closed` says that there is no such department any more. `rated` counts those that staff are asked about; `wrong`
    says why they could not be, after a merge.
    """

    department_id: UUID
    name: str
    lines: tuple[Line, ...]
    retired: tuple[Line, ...]
    hours: int
    unknown: int
    rated: int
    can_change: bool
    closed: bool = False
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class InventoryPage(View):
    """The workflows of a client by department. `others` are departments of which none is named yet."""

    template: ClassVar[str] = "workflows/inventory.html"
    organisation: OrganisationFacts
    runs_it: bool
    groups: tuple[Group, ...]
    others: tuple[Group, ...]
    count: int
    hours: int
    most: int


@dataclass(frozen=True)
class WorkflowForm(View):
    """The form of a workflow: a new one, or one that is changed. `meanwhile` says what somebody else saved.

    Who is `proposing` confirms no answer of the law; `beside` says of a question what else was said.
    """

    template: ClassVar[str] = "workflows/form.html"
    organisation: OrganisationFacts
    workflow_id: UUID | None
    name: str
    typed: Typed
    departments: Options
    choices: Choices
    beside: Mapping[str, str]
    proposing: bool
    errors: Mapping[str, str]
    meanwhile: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version of a workflow: who saved it, when, and what was different."""

    number: int
    saved_at: datetime
    who: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawLine:
    """A question of the law: the confirmed answer with who gave it and who kept it when another was proposed, and one
    that waits to be confirmed."""

    flag: str
    label: str
    answer: str
    by: str
    kept: str
    proposed: str


@dataclass(frozen=True)
class WorkflowPage(View):
    """A workflow: what is known of it, and each version."""

    template: ClassVar[str] = "workflows/workflow.html"
    organisation: OrganisationFacts
    workflow_id: UUID
    name: str
    department: str
    retired: bool
    rated: bool
    runs_it: bool
    can_change: bool
    came_from: str
    facts: tuple[tuple[str, str], ...]
    flags: tuple[LawLine, ...]
    version: int
    tests: tuple[tuple[str, str], ...]
    hours: str
    missing: str
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedLine:
    """A workflow of the library; `there` says that the department has one of this name."""

    key: str
    name: str
    description: str
    there: bool


@dataclass(frozen=True)
class LibraryPage(View):
    """What departments of a function usually do, to pick from."""

    template: ClassVar[str] = "workflows/library.html"
    organisation: OrganisationFacts
    department: str
    seeds: tuple[SeedLine, ...]
    errors: Mapping[str, str]
