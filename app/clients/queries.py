"""What clients read from their tables. Every function runs one statement, whatever the size of the tree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlmodel import Session, col

from app.clients.models import ClientLogo, Department, Organisation
from app.clients.pictures import Picture
from app.errors import NotFoundError
from app.lineage.snapshots import Snapshot

# Built once, because every page asks: building a statement costs more than running it.
_ORGANISATION = select(
    col(Organisation.id), col(Organisation.name), col(Organisation.time_zone), col(Organisation.year_starts)
).where(col(Organisation.id) == bindparam("organisation"))
_PROFILE = select(
    col(Organisation.name),
    col(Organisation.time_zone),
    col(Organisation.year_starts),
    col(Organisation.colour),
    col(Organisation.languages),
).where(col(Organisation.id) == bindparam("organisation"))
_LOOKS = tuple(
    select(col(Organisation.name), col(Organisation.colour), *columns)
    .outerjoin(ClientLogo, col(ClientLogo.organisation_id) == col(Organisation.id))
    .where(col(Organisation.id) == bindparam("organisation"))
    for columns in (
        (col(ClientLogo.large), col(ClientLogo.large_width), col(ClientLogo.large_height)),
        (col(ClientLogo.small), col(ClientLogo.small_width), col(ClientLogo.small_height)),
    )
)
_ZONES = select(col(Organisation.id), col(Organisation.time_zone))
_DEPARTMENTS = (
    select(
        col(Department.id),
        col(Department.parent_id),
        col(Department.name),
        col(Department.function),
        col(Department.headcount),
        col(Department.pool),
        col(Department.site),
    )
    .where(col(Department.organisation_id) == bindparam("organisation"), col(Department.closed_at).is_(None))
    .order_by(col(Department.position), col(Department.id))
)


@dataclass(frozen=True)
class OrganisationFacts:
    """A client; `time_zone` is an IANA name, `year_starts` the month with which its financial year begins."""

    id: UUID
    name: str
    time_zone: str
    year_starts: int = 1


@dataclass(frozen=True)
class OrganisationSummary:
    """A client in a list: its open departments, the people attached to them, and its time zone."""

    id: UUID
    name: str
    departments: int
    headcount: int
    time_zone: str


@dataclass(frozen=True)
class DepartmentNode:
    """An open department in its tree.

    `headcount` counts the people attached to it, `total_headcount` those of everything below it too; `depth` is 0 at
    the top; `position` is its place in the whole list, depth first, from 0. `pool` names the departments of the same
    parent with which it is always shown together, None for none; `site` is its own, None where it has that of the
    department above (`clients.tree.effective_sites`).
    """

    id: UUID
    parent_id: UUID | None
    name: str
    function: str
    headcount: int
    total_headcount: int
    depth: int
    position: int
    pool: str | None = None
    site: str | None = None


class Placed(Protocol):
    """A department with its place: a row, or a snapshot of one."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def parent_id(self) -> UUID | None:
        """The department that it lies below; None at the top."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def function(self) -> str:
        """The key of its function."""

    @property
    def headcount(self) -> int:
        """The people attached to it."""

    @property
    def pool(self) -> str | None:
        """The pool that it is in."""

    @property
    def site(self) -> str | None:
        """The site that it was given itself; None where that of the department above it counts."""


@dataclass(frozen=True)
class _Row:
    id: UUID
    parent_id: UUID | None
    name: str
    function: str
    headcount: int
    pool: str | None
    site: str | None


def organisation(session: Session, organisation_id: UUID) -> OrganisationFacts:
    """The organisation; raises NotFoundError when there is none."""
    row = session.connection().execute(_ORGANISATION, {"organisation": organisation_id}).first()
    if row is None:
        raise NotFoundError
    return OrganisationFacts(*row)


@dataclass(frozen=True)
class Profile:
    """What is set of a client. `languages` are tags, none for all that a questionnaire has."""

    name: str
    time_zone: str
    year_starts: int
    colour: str | None
    languages: tuple[str, ...]


def profile(session: Session, organisation_id: UUID) -> Profile:
    """What is set of a client; NotFoundError when there is none."""
    row = session.connection().execute(_PROFILE, {"organisation": organisation_id}).first()
    if row is None:
        raise NotFoundError
    name, time_zone, year_starts, colour, languages = row
    return Profile(name, time_zone, year_starts, colour, tuple(languages or ()))


def look(session: Session, organisation_id: UUID, *, small: bool) -> tuple[str, str | None, Picture | None]:
    """A client's name, colour and logo, large or small; NotFoundError when there is no such client."""
    row = session.connection().execute(_LOOKS[small], {"organisation": organisation_id}).first()
    if row is None:
        raise NotFoundError
    name, colour, png, width, height = row
    return name, colour, Picture(png, width, height) if png else None


def remove_logo(session: Session, organisation_id: UUID) -> None:
    """Removes a client's logo, if it has one."""
    session.connection().execute(delete(ClientLogo).where(col(ClientLogo.organisation_id) == organisation_id))


def time_zones(session: Session) -> dict[UUID, str]:
    """The time zone of every organisation, in one statement."""
    return {id: zone for id, zone in session.connection().execute(_ZONES)}


def summaries(session: Session, organisation_ids: Sequence[UUID]) -> tuple[OrganisationSummary, ...]:
    """These organisations by name."""
    open_ones = and_(
        col(Department.organisation_id) == col(Organisation.id),
        col(Department.closed_at).is_(None),
    )
    found = (
        select(
            col(Organisation.id),
            col(Organisation.name),
            func.count(col(Department.id)),
            func.coalesce(func.sum(col(Department.headcount)), 0),
            col(Organisation.time_zone),
        )
        .outerjoin(Department, open_ones)
        .where(col(Organisation.id).in_(organisation_ids))
        .group_by(col(Organisation.id), col(Organisation.name), col(Organisation.time_zone))
        .order_by(func.lower(col(Organisation.name)), col(Organisation.id))
    )
    return tuple(OrganisationSummary(*row) for row in session.connection().execute(found))


def departments(session: Session, organisation_id: UUID) -> tuple[DepartmentNode, ...]:
    """The open departments, depth first, brothers in the order in which they were added."""
    found = session.connection().execute(_DEPARTMENTS, {"organisation": organisation_id})
    return arranged([_Row(*row) for row in found])


def department_names(session: Session, organisation_id: UUID) -> dict[UUID, str]:
    """What all departments are called today, closed ones too."""
    found = select(col(Department.id), col(Department.name)).where(col(Department.organisation_id) == organisation_id)
    return {id: name for id, name in session.connection().execute(found)}


def lock_tree(session: Session, organisation_id: UUID) -> None:
    """Waits until nobody else is changing this organisation's departments; raises NotFoundError when there is none."""
    found = select(col(Organisation.id)).where(col(Organisation.id) == organisation_id).with_for_update()
    if session.connection().scalar(found) is None:
        raise NotFoundError


def next_position(session: Session, organisation_id: UUID) -> int:
    """The position after all departments of the organisation, closed ones too."""
    highest = select(func.max(col(Department.position))).where(col(Department.organisation_id) == organisation_id)
    found = session.connection().scalar(highest)
    return 0 if found is None else found + 1


def set_pools(session: Session, organisation_id: UUID, pools: Mapping[UUID, str | None]) -> None:
    """Puts departments into pools, or takes them out (None)."""
    if not pools:
        return
    changed = (
        update(Department)
        .where(col(Department.organisation_id) == organisation_id, col(Department.id) == bindparam("department"))
        .values(pool=bindparam("given"))
    )
    session.connection().execute(changed, [{"department": key, "given": name} for key, name in pools.items()])


def arranged(rows: Iterable[Placed]) -> tuple[DepartmentNode, ...]:
    """Departments in the order of brothers, as a list depth first with totals; those of a ring are left out.

    No recursion: a tree may be deep.
    """
    children: dict[UUID | None, list[Placed]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    order: list[tuple[Placed, int]] = []
    waiting = [(row, 0) for row in reversed(children.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        order.append((row, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(row.id, [])))
    totals = _totals(row for row, _ in reversed(order))
    return tuple(
        DepartmentNode(
            row.id,
            row.parent_id,
            row.name,
            row.function,
            row.headcount,
            totals[row.id],
            depth,
            position,
            row.pool,
            row.site,
        )
        for position, (row, depth) in enumerate(order)
    )


def _totals(children_first: Iterable[Placed]) -> dict[UUID, int]:
    """Headcounts with everything below, from rows in which a child comes before its parent."""
    totals: dict[UUID, int] = {}
    for row in children_first:
        totals[row.id] = totals.get(row.id, 0) + row.headcount
        if row.parent_id is not None:
            totals[row.parent_id] = totals.get(row.parent_id, 0) + totals[row.id]
    return totals


def every_department(session: Session, organisation_id: UUID) -> dict[UUID, Snapshot]:
    """All departments by id in their order, closed ones too, as they are now."""
    found = (
        select(
            col(Department.id),
            col(Department.name),
            col(Department.parent_id),
            col(Department.function),
            col(Department.headcount),
            col(Department.pool),
            col(Department.site),
            col(Department.closed_at).is_(None),
        )
        .where(col(Department.organisation_id) == organisation_id)
        .order_by(col(Department.position), col(Department.id))
    )
    every = (Snapshot(*row) for row in session.connection().execute(found))
    return {one.id: one for one in every}


def began(session: Session, organisation_id: UUID) -> dict[UUID, datetime]:
    """When each department was made, closed ones too."""
    found = select(col(Department.id), col(Department.created_at)).where(
        col(Department.organisation_id) == organisation_id
    )
    return {id: moment for id, moment in session.connection().execute(found)}


def write_departments(session: Session, organisation_id: UUID, snapshots: Iterable[Snapshot], *, now: datetime) -> None:
    """Makes departments that are there what these say; who is not open there closes now."""
    rows = [
        {
            "department": one.id,
            "new_name": one.name,
            "new_parent": one.parent_id,
            "new_function": one.function,
            "new_headcount": one.headcount,
            "new_pool": one.pool,
            "new_site": one.site,
            "new_closed": None if one.is_open else now,
        }
        for one in snapshots
    ]
    if not rows:
        return
    changed = (
        update(Department)
        .where(col(Department.organisation_id) == organisation_id, col(Department.id) == bindparam("department"))
        .values(
            name=bindparam("new_name"),
            parent_id=bindparam("new_parent"),
            function=bindparam("new_function"),
            headcount=bindparam("new_headcount"),
            pool=bindparam("new_pool"),
            site=bindparam("new_site"),
            closed_at=bindparam("new_closed"),
        )
    )
    session.flush()
    session.connection().execute(changed, rows)
    _read_anew(session)


def room_for(session: Session, organisation_id: UUID, count: int, *, at: Sequence[UUID]) -> int:
    """The first of `count` positions for new departments: where the first of these is, else after all others."""
    here = col(Department.organisation_id) == organisation_id
    first = select(func.min(col(Department.position))).where(here, col(Department.id).in_(at))
    position = session.connection().scalar(first) if at else None
    if position is None:
        return next_position(session, organisation_id)
    later = update(Department).where(here, col(Department.position) > position)
    session.connection().execute(later.values(position=col(Department.position) + count))
    _read_anew(session)
    return int(position)


def _read_anew(session: Session) -> None:
    """Has departments that this session has read before read again: a statement changed them."""
    for one in session.identity_map.values():
        if isinstance(one, Department):
            session.expire(one)
