"""The pages of the list of people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.people.plan import BadRow, Place, Plan, Row
from app.people.service import Prepared, first_lines
from app.rosters.queries import Listed, PersonFacts
from app.sentences import say
from app.waves.queries import WaveView
from app.web.views import View

MOST_BAD: Final = 200
MOST_SHOWN: Final = 8
COLUMNS: Final = {
    "department": say("Department"),
    "mail": say("Mail address"),
    "name": say("Name"),
    "reference": say("Reference"),
    "language": say("Language"),
}
NOBODY: Final = Listed(0, 0)


@dataclass(frozen=True)
class DepartmentLine:
    """A department: how many people belong to it, how many stand on the list, how many of them have an address."""

    name: str
    depth: int
    headcount: int
    listed: int
    addresses: int


@dataclass(frozen=True)
class ListPage(View):
    """Who is asked in a wave, in numbers that are the same whoever has answered.

    `elsewhere` counts people in departments that are not part of the wave; `without_link` those of an open wave who
    have none yet; `waiting`: a list was sent and not taken.
    """

    template: ClassVar[str] = "people/list.html"
    organisation: OrganisationFacts
    wave: WaveView
    lines: tuple[DepartmentLine, ...]
    listed: int
    addresses: int
    elsewhere: int
    without_link: int
    waiting: bool
    undeliverable: tuple[PersonFacts, ...]
    reference: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ColumnLine:
    """What a column may hold, and which one was chosen: its place as text, "" for none."""

    key: str
    label: str
    chosen: str


@dataclass(frozen=True)
class ShownRow:
    """A line of the list as it will be taken."""

    department: str
    row: Row


@dataclass(frozen=True)
class ImportPage(View):
    """Sending a list, choosing its columns, and looking at what it would change before it is taken."""

    template: ClassVar[str] = "people/import.html"
    organisation: OrganisationFacts
    wave: WaveView
    prepared: Prepared | None
    columns: tuple[ColumnLine, ...]
    headings: tuple[tuple[str, str], ...]
    level_is_there: bool
    shown: tuple[ShownRow, ...]
    bad: tuple[BadRow, ...]
    more_bad: int
    pasted: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def lines(departments: Mapping[UUID, Place], listed: Mapping[UUID, Listed]) -> tuple[DepartmentLine, ...]:
    """One line a department, in the order of the tree."""
    depths: dict[UUID, int] = {}
    for id, one in departments.items():
        depths[id] = depths[one.parent_id] + 1 if one.parent_id in depths else 0
    return tuple(
        DepartmentLine(one.name, depths[id], one.headcount, there.people, there.addresses)
        for id, one in departments.items()
        for there in [listed.get(id, NOBODY)]
    )


def import_page(
    organisation: OrganisationFacts,
    wave: WaveView,
    prepared: Prepared | None,
    names: Mapping[UUID, str],
    *,
    pasted: str = "",
    errors: Mapping[str, str] | None = None,
) -> ImportPage:
    """The page with a list that was sent, or without one."""
    found: Plan | None = prepared.plan if prepared else None
    chosen = prepared.columns if prepared else {}
    bad = found.bad if found else ()
    return ImportPage(
        organisation=organisation,
        wave=wave,
        prepared=prepared,
        columns=tuple(ColumnLine(key, label, str(chosen.get(key, ""))) for key, label in COLUMNS.items()),
        headings=tuple(
            (str(place), name or f"({place + 1})") for place, name in enumerate(prepared.headings if prepared else ())
        ),
        level_is_there="level" in chosen,
        shown=tuple(
            ShownRow(names[row.department_id], row) for row in (first_lines(prepared, MOST_SHOWN) if prepared else ())
        ),
        bad=bad[:MOST_BAD],
        more_bad=max(0, len(bad) - MOST_BAD),
        pasted=pasted,
        errors=errors or {},
    )
