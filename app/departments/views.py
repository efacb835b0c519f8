"""The pages about changes of departments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.departments.drawing import Drawing
from app.departments.forms import ChangeForm
from app.web.views import View

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change as a line. `remark` says what a wave that runs then keeps, `problem` why it could not be done."""

    id: UUID
    day: date
    told: str
    remark: str = ""
    problem: str = ""
    is_held: bool = False
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class KindLink:
    """A kind of change that can be planned, and whether its form is here."""

    key: str
    name: str
    here: bool


@dataclass(frozen=True)
class ChangesPage(View):
    """What is planned, the form of a change of one kind, and what was done, the newest first."""

    template: ClassVar[str] = "departments/changes.html"
    organisation: OrganisationFacts
    planned: Sequence[ChangeLine]
    done: Sequence[ChangeLine]
    kinds: Sequence[KindLink]
    typed: ChangeForm
    departments: Options
    functions: Options
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A change in the table beside the drawing."""

    day: date
    told: str
    is_planned: bool


@dataclass(frozen=True)
class LineagePage(View):
    """Which department came from which: drawn, and as a table. `unchanged` departments are not drawn."""

    template: ClassVar[str] = "departments/lineage.html"
    organisation: OrganisationFacts
    drawing: Drawing | None
    entries: Sequence[Entry]
    waves: Sequence[tuple[str, date]]
    unchanged: int
