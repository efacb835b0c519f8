"""The pages of clients."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

from app.clients.brand import Brand, mark_of
from app.clients.calendar import MONTHS
from app.clients.colours import Colours
from app.clients.forms import DepartmentForm, OrganisationForm, written
from app.clients.functions import FUNCTIONS
from app.clients.importing import Preview, Sent, lines_to_skip
from app.clients.imports import SEPARATOR, ImportPlan, Problem
from app.clients.meanwhile import seen_of
from app.clients.pictures import Picture
from app.clients.pools import pools, shown_of
from app.clients.profile import ProfileForm
from app.clients.profile import written as written_profile
from app.clients.queries import DepartmentNode, OrganisationFacts
from app.clients.rules import time_zones
from app.clients.table import HEADINGS, Table
from app.clients.tree import below
from app.sentences import say
from app.spreadsheets.listing import Column, ColumnsMissingError
from app.web.views import View
from surveys.languages import LANGUAGES

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class NewOrganisationPage(View):
    """The form for a new client. `zones` groups (value, label) by continent."""

    template: ClassVar[str] = "clients/new.html"
    typed: OrganisationForm
    errors: dict[str, str]
    zones: dict[str, Options]


@dataclass(frozen=True)
class DepartmentLine:
    """A department in the table; `has_children` decides whether its total says something new."""

    id: UUID
    name: str
    function: str
    headcount: int
    total_headcount: int
    depth: int
    has_children: bool
    pool: str | None
    site: str | None


@dataclass(frozen=True)
class Editing:
    """A department's form: for the one with `id`, or for a new one (None). `seen` is what it shows."""

    id: UUID | None
    typed: DepartmentForm
    parents: Options
    functions: Options
    can_close: bool = False
    together: Options = ()
    seen: str = ""


@dataclass(frozen=True)
class PoolForm:
    """A named pool with the form of its name, under the id of its first department."""

    id: UUID
    name: str
    value: str
    above: str | None
    members: str
    error: str | None
    seen: str


@dataclass(frozen=True)
class DepartmentsPage(View):
    """The tree with one form: for a new department at the end, or for the one that is being changed, in its place.

    `changes` is what somebody else changed meanwhile; `undo` is a change that can be taken back from here.
    """

    template: ClassVar[str] = "clients/departments.html"
    organisation: OrganisationFacts
    lines: tuple[DepartmentLine, ...]
    headcount: int
    editing: Editing
    errors: dict[str, str]
    pools: tuple[PoolForm, ...]
    changes: tuple[str, ...] = ()
    undo: UUID | None = None


@dataclass(frozen=True)
class ImportPage(View):
    """The form for a list of departments, and its report when lines are wrong. `errors` are about the whole list.

    `columns` say which column holds what, `headings` offers those that the list has; `preview` is what it would do,
    `changes` what somebody else changed since it was looked at.
    """

    template: ClassVar[str] = "clients/import.html"
    organisation: OrganisationFacts
    functions: tuple[str, ...]
    form: UUID
    text: str = ""
    complete: bool = False
    problems: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()
    usable: int = 0
    skip: str = ""
    columns: tuple[Column, ...] = ()
    headings: Options = ()
    preview: Preview | None = None
    changes: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SettingsPage(View):
    """What is set of a client, as a form. `seen` and `logo_seen` are what it shows; `colours` what a colour is used as.

    `changes` is what somebody else changed meanwhile.
    """

    template: ClassVar[str] = "clients/settings.html"
    organisation: OrganisationFacts
    typed: ProfileForm
    seen: str
    zones: dict[str, Options]
    months: Options
    languages: tuple[tuple[str, str, bool], ...]
    colours: Colours | None
    logo: Picture | None
    logo_seen: str
    errors: dict[str, str]
    changes: tuple[str, ...] = ()


def settings_page(
    organisation: OrganisationFacts, typed: ProfileForm, brand: Brand, errors: dict[str, str]
) -> SettingsPage:
    """The settings as they are, or as they were typed."""
    return SettingsPage(
        organisation,
        typed,
        seen="" if typed.seen is None else written_profile(typed.seen),
        zones=_zones(),
        months=tuple((str(number), name) for number, name in MONTHS.items()),
        languages=tuple((tag, one.name, tag in typed.languages) for tag, one in LANGUAGES.items()),
        colours=brand.colours,
        logo=brand.logo,
        logo_seen=mark_of(brand.logo),
        errors=errors,
    )


def new_organisation(
    typed: OrganisationForm | None = None, errors: dict[str, str] | None = None
) -> NewOrganisationPage:
    """The form, empty or as it was typed."""
    return NewOrganisationPage(typed or OrganisationForm("", "Europe/Berlin", uuid4()), errors or {}, _zones())


def _zones() -> dict[str, Options]:
    """The time zones by continent."""
    zones: dict[str, list[tuple[str, str]]] = {}
    for zone in time_zones():
        continent, _, place = zone.partition("/")
        zones.setdefault(continent, []).append((zone, place.replace("_", " ").replace("/", ", ") or zone))
    return {continent: tuple(places) for continent, places in zones.items()}


def departments_page(
    organisation: OrganisationFacts,
    tree: Sequence[DepartmentNode],
    *,
    change: UUID | None = None,
    parent: UUID | None = None,
    typed: DepartmentForm | None = None,
    errors: dict[str, str] | None = None,
    pool: tuple[UUID, str, str] | None = None,
) -> DepartmentsPage:
    """The tree with the form for `change`, or for a new department below `parent`; `typed` goes before the rest.

    `pool` is a refused name of a pool: a department in it, the name, and the sentence.
    """
    with_children = {node.parent_id for node in tree}
    lines = tuple(
        DepartmentLine(
            node.id,
            node.name,
            FUNCTIONS.get(node.function, node.function),
            node.headcount,
            node.total_headcount,
            node.depth,
            node.id in with_children,
            node.pool,
            node.site,
        )
        for node in tree
    )
    editing = _editing(tree, change, parent=parent, typed=typed, can_close=change not in with_children)
    headcount = sum(node.headcount for node in tree)
    return DepartmentsPage(organisation, lines, headcount, editing, errors or {}, tuple(_pools(tree, pool)))


def empty_import(organisation: OrganisationFacts) -> ImportPage:
    """The form before anything was sent."""
    return ImportPage(organisation, _functions(), uuid4())


def import_page(
    organisation: OrganisationFacts,
    sent: Sent,
    *,
    refusal: str = "",
    missing: ColumnsMissingError | None = None,
    table: Table | None = None,
    plan: ImportPlan | None = None,
    preview: Preview | None = None,
) -> ImportPage:
    """The form as it was sent, with the report of a plan that has problems, or with what the list would do."""
    page = ImportPage(organisation, _functions(), sent.form, sent.text, sent.complete)
    if missing is not None:
        page = replace(page, **_columns(missing.headings, missing.columns))
    if table is not None:
        page = replace(page, **_columns(table.headings, table.columns or {}))
    if plan is None or preview is not None:
        return replace(page, preview=preview, skip=sent.skip, errors={"list": refusal} if refusal else {})
    return replace(
        page,
        problems=plan.problems,
        left_out=tuple(row.department for row in plan.left_out),
        usable=0 if sent.complete else len(plan.placed),
        skip=lines_to_skip(plan),
    )


COLUMNS: Final = {
    "department": say("Department"),
    "parent": say("Lies below"),
    "function": say("Function"),
    "headcount": say("Headcount"),
    "pool": say("Pool"),
    "site": say("Site"),
    "id": say("Id"),
}


def _columns(headings: Sequence[str], columns: Mapping[str, int]) -> dict[str, Any]:  # Any: fields of ImportPage
    assert set(COLUMNS) == set(HEADINGS)
    return {
        "headings": (("", say("Not in the list")), *((str(at), name) for at, name in enumerate(headings))),
        "columns": tuple(Column(f"column_{one}", label, str(columns.get(one, ""))) for one, label in COLUMNS.items()),
    }


def _functions() -> tuple[str, ...]:
    return tuple(label.lower() for label in FUNCTIONS.values())


def _editing(
    tree: Sequence[DepartmentNode],
    change: UUID | None,
    *,
    parent: UUID | None,
    typed: DepartmentForm | None,
    can_close: bool,
) -> Editing:
    node = next((node for node in tree if node.id == change), None)
    if typed is None and node is not None:
        above = str(node.parent_id or "")
        typed = DepartmentForm(
            node.name, above, node.function, str(node.headcount), node.site or "", uuid4(), _shown_with(tree, node)
        )
    if typed is None:
        typed = DepartmentForm("", str(parent or ""), "other", "", "", uuid4())
    inside = below(tree, node.id) if node is not None else frozenset()
    seen = typed.seen or (None if node is None else seen_of(node))
    return Editing(
        node.id if node is not None else None,
        typed,
        (("", say("Top level")), *_parents(tree, inside)),
        tuple(FUNCTIONS.items()),
        can_close=node is not None and can_close,
        together=() if node is None else tuple(_together(tree, node)),
        seen="" if seen is None else written(seen),
    )


def _shown_with(tree: Sequence[DepartmentNode], node: DepartmentNode) -> str:
    """The id of another department of the same pool, as `_together` offers it."""
    mine = next((pool.members for pool in pools(tree) if node in pool.members), ())
    return next((str(other.id) for other in mine if other.id != node.id), "")


def _together(tree: Sequence[DepartmentNode], node: DepartmentNode) -> Iterator[tuple[str, str]]:
    """With whom a department can be shown together: a pool of its parent, or another department, as a new pool."""
    brothers = [other for other in tree if other.parent_id == node.parent_id and other.id != node.id]
    if not brothers:
        return
    yield "", say("On its own, where enough people answer")
    for pool in pools(brothers):
        yield (
            str(pool.members[0].id),
            say("In the pool {pool}: {members}", pool=pool.name, members=", ".join(one.name for one in pool.members)),
        )
    for other in brothers:
        if other.pool is None:
            yield str(other.id), say("With {name}, as a new pool", name=other.name)


def _pools(tree: Sequence[DepartmentNode], refused: tuple[UUID, str, str] | None) -> Iterator[PoolForm]:
    names = {node.id: node.name for node in tree}
    for pool in pools(tree):
        wrong = refused is not None and refused[0] in {node.id for node in pool.members}
        yield PoolForm(
            id=pool.members[0].id,
            name=pool.name,
            value=refused[1] if refused and wrong else pool.name,
            above=names[pool.parent_id] if pool.parent_id else None,
            members=", ".join(node.name for node in pool.members),
            error=refused[2] if refused and wrong else None,
            seen=shown_of(pool),
        )


def _parents(tree: Sequence[DepartmentNode], inside: frozenset[UUID]) -> Options:
    """The departments that can be a parent, each with its path."""
    paths: dict[UUID, str] = {}
    for node in tree:
        above = paths[node.parent_id] + SEPARATOR if node.parent_id is not None else ""
        paths[node.id] = above + node.name
    return tuple((str(node.id), paths[node.id]) for node in tree if node.id not in inside)
