"""The page with the links of a wave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.invitations.forms import EMPTY, LinksForm
from app.invitations.queries import Link
from app.waves.queries import WaveDepartmentFacts, WaveView
from app.web.views import View


@dataclass(frozen=True)
class DepartmentLine:
    """A department with its shared link, its link for shared devices and the number of its personal ones."""

    department_id: UUID
    name: str
    depth: int
    headcount: int
    shared: Link | None
    kiosk: Link | None
    personal: int


@dataclass(frozen=True)
class LinksPage(View):
    """All links of a wave; the personal ones of one department at a time (`chosen`). `listed`: how many personal links
    of a closed wave are still stored.

    The page itself does not say who has answered. But whoever sees a personal link can open it, and finds there what is
    saved and not yet sent, or the thanks for answers that were (docs/privacy.md).
    """

    template: ClassVar[str] = "invitations/links.html"
    organisation: OrganisationFacts
    wave: WaveView
    lines: tuple[DepartmentLine, ...]
    without_shared: int
    chosen: DepartmentLine | None
    personal: tuple[Link, ...]
    batch: str
    listed: int
    typed: LinksForm = EMPTY
    errors: Mapping[str, str] = field(default_factory=dict)


def lines(departments: Sequence[WaveDepartmentFacts], links: Sequence[Link]) -> tuple[DepartmentLine, ...]:
    """One line a department, in the order of the tree."""
    shared = {link.department_id: link for link in links if link.kind == "shared"}
    kiosks = {link.department_id: link for link in links if link.kind == "kiosk"}
    personal = [link.department_id for link in links if link.kind == "personal" and not link.taken_back]
    depths: dict[UUID, int] = {}
    for department in departments:
        depths[department.department_id] = depths[department.parent_id] + 1 if department.parent_id in depths else 0
    return tuple(
        DepartmentLine(
            department.department_id,
            department.name,
            depths[department.department_id],
            department.headcount,
            shared.get(department.department_id),
            kiosks.get(department.department_id),
            personal.count(department.department_id),
        )
        for department in departments
    )
