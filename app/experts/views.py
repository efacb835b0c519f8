"""The pages of what experts say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.experts.forms import RatingForm
from app.web.views import View

Options = Sequence[tuple[str, str, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowLine:
    """A workflow in the list: `told` says who rated it and what is missing; `mine` whether the reader has rated it."""

    id: UUID
    name: str
    told: str
    enough: bool
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentGroup:
    """The workflows of a department."""

    name: str
    lines: tuple[WorkflowLine, ...]


@dataclass(frozen=True)
class ExpertsPage(View):
    """All workflows of a client, and how many experts rated each. `waiting` counts those not rated by the reader."""

    template: ClassVar[str] = "experts/list.html"
    organisation: OrganisationFacts
    groups: tuple[DepartmentGroup, ...]
    count: int
    enough: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingLine:
    """A rating, for who may see it. `told` says whether it counts, `informed` that others' were seen before."""

    id: UUID
    who: str
    mine: bool
    capability: str
    human_part: str
    on: date
    at: datetime
    source: str
    link: str
    file_name: str
    informed: bool
    told: str
    counts: bool
    because: str


@dataclass(frozen=True)
class RatingPage(View):
    """A workflow, what experts say of it, and the form to rate it.

    `others` names who rated it while the reader has not: their ratings are shown only after the reader's own. `basis`
    says on what the map rests.
    """

    template: ClassVar[str] = "experts/workflow.html"
    organisation: OrganisationFacts
    workflow_id: UUID
    name: str
    department: str
    description: str
    retired: bool
    basis: tuple[str, ...]
    others: tuple[str, ...]
    counting: tuple[RatingLine, ...]
    history: tuple[RatingLine, ...]
    rated_before: bool
    typed: RatingForm
    capability: Options
    human_part: Options
    errors: Mapping[str, str]
