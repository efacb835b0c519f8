"""Clients: organisations and the department tree."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.roles import OWNER
from app.accounts.service import add_member
from app.acts.service import note
from app.clients import queries
from app.clients.imports import DEEPEST, ImportPlan, ImportRow, Path, paths, plan_import
from app.clients.models import Department, Organisation
from app.clients.pools import about_pool, lonely, named_like_a_pool, pools, proposed_name
from app.clients.queries import DepartmentNode
from app.clients.rules import (
    WOULD_BE_TOO_MANY,
    about_function,
    about_headcount,
    about_name,
    about_short_name,
    fold,
    time_zones,
)
from app.clients.tree import below, height
from app.errors import ConflictError, InvalidError, NotFoundError
from app.sentences import Passage, say

MOST_DEPARTMENTS = 2000
TOO_MANY = say("There are {most} departments, and that is the most. Close one first.", most=MOST_DEPARTMENTS)


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    changed: int


@dataclass(frozen=True)
class Together:
    """With which department another one is to be shown together: with its pool, or in a new one; None for neither."""

    department_id: UUID | None


def create_organisation(
    session: Session, *, name: str, time_zone: str, user_id: UUID, now: datetime, organisation_id: UUID | None = None
) -> UUID:
    """Makes a client whose first member is the user. The same `organisation_id` twice makes one: a form sent twice.

    Raises InvalidError with a sentence for each field.
    """
    name = " ".join(name.split())
    wrong = {}
    if about := about_name(name, "Fernhill Instruments"):
        wrong["name"] = about
    if time_zone not in time_zones():
        wrong["time_zone"] = say("Choose the time zone from the list, for example Europe/Berlin.")
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    wanted = organisation_id or uuid4()
    try:
        with session.begin_nested():
            session.add(Organisation(id=wanted, name=name, time_zone=time_zone, created_at=now))
    except IntegrityError:
        if accounts.role(session, user_id=user_id, organisation_id=wanted) is None:
            raise ConflictError(say("This form has been used. Open the page again and send it once more.")) from None
        return wanted
    add_member(session, organisation_id=wanted, user_id=user_id, now=now, role=OWNER)
    note(session, "client.made", organisation_id=wanted, user_id=user_id, now=now)
    return wanted


def add_department(
    session: Session,
    organisation_id: UUID,
    *,
    name: str,
    parent_id: UUID | None,
    function: str,
    headcount: int,
    now: datetime,
    site: str | None = None,
    department_id: UUID | None = None,
) -> UUID:
    """Adds a department as the last one below its parent. The same `department_id` twice adds one: a form sent twice.

    Raises InvalidError with a sentence for each field, NotFoundError for an unknown organisation.
    """
    queries.lock_tree(session, organisation_id)
    if department_id is not None and session.get(Department, (organisation_id, department_id)) is not None:
        return department_id
    tree = queries.departments(session, organisation_id)
    name = " ".join(name.split())
    _check(tree, None, name=name, parent_id=parent_id, function=function, headcount=headcount, site=site)
    if len(tree) >= MOST_DEPARTMENTS:
        raise ConflictError(TOO_MANY)
    department = Department(
        organisation_id=organisation_id,
        id=department_id or uuid4(),
        parent_id=parent_id,
        name=name,
        function=function,
        headcount=headcount,
        position=queries.next_position(session, organisation_id),
        site=_spaced(site),
        created_at=now,
    )
    session.add(department)
    session.flush()
    return department.id


def change_department(
    session: Session,
    organisation_id: UUID,
    department_id: UUID,
    *,
    name: str,
    parent_id: UUID | None,
    function: str,
    headcount: int,
    site: str | None = None,
    together: Together | None = None,
) -> None:
    """Renames or moves a department, or sets its function, headcount, site and pool. Waves that have opened keep what
    they froze. `site` and `together` leave it as it is where they are None, but who moves leaves the pool.

    Raises InvalidError with a sentence for each field, ConflictError for a closed one, NotFoundError for none.
    """
    queries.lock_tree(session, organisation_id)
    department = _open_department(session, organisation_id, department_id)
    tree = queries.departments(session, organisation_id)
    name = " ".join(name.split())
    _check(tree, department_id, name=name, parent_id=parent_id, function=function, headcount=headcount, site=site)
    _check_together(tree, parent_id, together)
    department.name, department.parent_id, moved = name, parent_id, department.parent_id != parent_id
    department.function, department.headcount = function, headcount
    department.site = department.site if site is None else _spaced(site)
    session.flush()
    if moved or together is not None:
        _show_together(session, organisation_id, department_id, together or Together(None))


def require_open_department(session: Session, organisation_id: UUID, department_id: UUID) -> None:
    """Raises NotFoundError when there is no such department here, ConflictError when it has been closed."""
    _open_department(session, organisation_id, department_id)


def close_department(session: Session, organisation_id: UUID, department_id: UUID, *, now: datetime) -> None:
    """Takes a department out of later waves; earlier waves keep it. Does nothing when it is closed already.

    Raises ConflictError while departments below it are open.
    """
    queries.lock_tree(session, organisation_id)
    department = session.get(Department, (organisation_id, department_id))
    if department is None:
        raise NotFoundError
    under = [n.name for n in queries.departments(session, organisation_id) if n.parent_id == department_id]
    if under:
        raise ConflictError(
            say(
                "{name} can't be closed while there are departments below it: {names}. Close them or move them first.",
                name=department.name,
                names=", ".join(under[:5]),
            )
        )
    department.closed_at = department.closed_at or now
    session.flush()
    _dissolve_lonely(session, organisation_id)


def name_pool(session: Session, organisation_id: UUID, *, name: str, members: Collection[UUID]) -> None:
    """Shows these departments together from the next wave on that opens, under a name. A pool of that name may be
    there if all its departments are among them; departments that were in other pools leave those.

    Raises InvalidError, field `pool`, when they are no departments of one parent or the name will not do.
    """
    queries.lock_tree(session, organisation_id)
    tree = queries.departments(session, organisation_id)
    if not set(members) <= {node.id for node in tree}:
        raise NotFoundError
    name = " ".join(name.split())
    about = about_pool(tree, name, members)
    if about is not None:
        raise InvalidError(about, fields={"pool": about})
    queries.set_pools(session, organisation_id, dict.fromkeys(members, name))
    _dissolve_lonely(session, organisation_id)


def rename_pool(session: Session, organisation_id: UUID, department_id: UUID, *, name: str) -> None:
    """Gives the pool of a department another name. Raises InvalidError, field `pool`, for a name that will not do."""
    name_pool(session, organisation_id, name=name, members=_pool_of(session, organisation_id, department_id))


def dissolve_pool(session: Session, organisation_id: UUID, department_id: UUID) -> None:
    """Shows the departments of this one's pool on their own again where they can be. Waves that have opened keep it."""
    members = _pool_of(session, organisation_id, department_id)
    queries.set_pools(session, organisation_id, dict.fromkeys(members, None))


def import_departments(
    session: Session, organisation_id: UUID, rows: Sequence[ImportRow], *, now: datetime
) -> Imported:
    """Adds the departments of a list and updates function, headcount, pool and site of those there are; removes none.

    Raises InvalidError naming each line that can't be imported; then nothing has been changed.
    """
    queries.lock_tree(session, organisation_id)
    tree = queries.departments(session, organisation_id)
    plan = plan_import(rows, tree)
    problems = [f"Line {problem.line}: {problem.message}" for problem in plan.problems]
    problems += [f"Line {row.line}: {text}" for row in rows for text in _about_row(row)]
    if len(tree) + plan.added > MOST_DEPARTMENTS:
        problems.append(WOULD_BE_TOO_MANY.filled({"most": MOST_DEPARTMENTS}))
    if problems:
        raise InvalidError("\n".join(problems))
    _write(session, organisation_id, plan, tree, now=now)
    return Imported(plan.added, plan.changed)


def _write(
    session: Session, organisation_id: UUID, plan: ImportPlan, tree: Sequence[DepartmentNode], *, now: datetime
) -> None:
    there = dict(zip(paths(tree).values(), tree, strict=True))
    ids: dict[Path, UUID] = {path: node.id for path, node in there.items()}
    queries.update_departments(
        session,
        organisation_id,
        [
            (place.known.id, place.row.function, place.row.headcount)
            for place in plan.placed
            if place.known and place.is_change
        ],
    )
    position = queries.next_position(session, organisation_id)
    for place in plan.placed:
        if place.known is not None:
            continue
        ids[place.path] = uuid4()
        session.add(
            Department(
                organisation_id=organisation_id,
                id=ids[place.path],
                parent_id=ids[place.path[:-1]] if place.path[:-1] else None,
                name=" ".join(place.row.department.split()),
                function=place.row.function,
                headcount=place.row.headcount,
                position=position + place.row.line,
                created_at=now,
            )
        )
    session.flush()
    sites = {ids[place.path]: _spaced(place.row.site) for place in plan.placed if place.row.site is not None}
    queries.set_sites(session, organisation_id, sites)
    _write_pools(session, organisation_id, plan, there, ids)


def _write_pools(
    session: Session,
    organisation_id: UUID,
    plan: ImportPlan,
    there: Mapping[Path, DepartmentNode],
    ids: Mapping[Path, UUID],
) -> None:
    """Puts the departments of a list into their pools; a pool is spelled as it was spelled first."""
    names = {(path[:-1], fold(node.pool)): node.pool for path, node in there.items() if node.pool}
    chosen: dict[UUID, str | None] = {}
    for place in plan.placed:
        if place.row.pool is not None:
            name = " ".join(place.row.pool.split())
            chosen[ids[place.path]] = names.setdefault((place.path[:-1], fold(name)), name) if name else None
    queries.set_pools(session, organisation_id, chosen)
    _dissolve_lonely(session, organisation_id)


def _about_row(row: ImportRow) -> list[str]:
    found = (
        about_name(" ".join(row.department.split())),
        about_function(row.function),
        about_headcount(row.headcount),
        about_short_name(say("site"), _spaced(row.site) or ""),
    )
    return [text for text in found if text is not None]


def _spaced(site: str | None) -> str | None:
    """A site as it is kept: without white space around it, None for an empty one."""
    return " ".join((site or "").split()) or None


def _check(
    tree: Sequence[DepartmentNode],
    department_id: UUID | None,
    *,
    name: str,
    parent_id: UUID | None,
    function: str,
    headcount: int,
    site: str | None,
) -> None:
    """Raises InvalidError with a sentence for each field of a department that is to be added or changed."""
    found = {
        "name": about_name(name) or _about_brothers(tree, department_id, name=name, parent_id=parent_id),
        "parent": _about_parent(tree, department_id, parent_id),
        "function": about_function(function),
        "headcount": about_headcount(headcount),
        "site": about_short_name(say("site"), _spaced(site) or ""),
    }
    wrong = {field: text for field, text in found.items() if text is not None}
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)


def _about_brothers(
    tree: Sequence[DepartmentNode], department_id: UUID | None, *, name: str, parent_id: UUID | None
) -> str | None:
    for node in tree:
        if node.id != department_id and node.parent_id == parent_id and fold(node.name) == fold(name):
            return say("There is a department {name} in the same place already. Choose another name.", name=node.name)
        if node.pool is not None and fold(node.pool) == fold(name):
            return named_like_a_pool(node.pool)
    return None


def _about_parent(tree: Sequence[DepartmentNode], department_id: UUID | None, parent_id: UUID | None) -> str | None:
    if parent_id is None:
        return None
    nodes = {node.id: node for node in tree}
    if parent_id not in nodes:
        return say("This parent is not there any more. Choose another one, or the top level.")
    if parent_id in below(tree, department_id):
        return say("{name} lies below this department, or is it. Choose another parent.", name=nodes[parent_id].name)
    if nodes[parent_id].depth + 1 + height(tree, department_id) >= DEEPEST:
        return say("That would be more than {deepest} levels deep. Choose a parent higher up.", deepest=DEEPEST)
    return None


def _check_together(tree: Sequence[DepartmentNode], parent_id: UUID | None, together: Together | None) -> None:
    if together is None or together.department_id is None:
        return
    other = next((node for node in tree if node.id == together.department_id), None)
    if other is None or other.parent_id != parent_id:
        gone = say("That department is not there any more.")
        told = say("{name} lies below another parent.", name=other.name) if other else gone
        about = Passage([told, say("Only departments of the same parent can be shown together.")])
        raise InvalidError(about, fields={"together": about})


def _show_together(session: Session, organisation_id: UUID, department_id: UUID, together: Together) -> None:
    """Puts a department into the pool of another one, made if need be, or takes it out of its own."""
    tree = queries.departments(session, organisation_id)
    nodes = {node.id: node for node in tree}
    this = nodes[department_id]
    other = None if together.department_id in (None, department_id) else nodes[together.department_id]
    if other is None or other.pool is None or other.pool != this.pool or other.parent_id != this.parent_id:
        name = None if other is None else other.pool or _new_name(tree, other, this)
        queries.set_pools(session, organisation_id, dict.fromkeys({department_id, (other or this).id}, name))
    _dissolve_lonely(session, organisation_id)


def _new_name(tree: Sequence[DepartmentNode], *members: DepartmentNode) -> str:
    taken = {fold(node.name) for node in tree} | {fold(node.pool) for node in tree if node.pool}
    ordered = sorted(members, key=lambda node: node.position)
    return proposed_name([node.name for node in ordered], taken)


def _pool_of(session: Session, organisation_id: UUID, department_id: UUID) -> tuple[UUID, ...]:
    """The departments of a department's pool; ConflictError when it is in none."""
    queries.lock_tree(session, organisation_id)
    department = _open_department(session, organisation_id, department_id)
    for pool in pools(queries.departments(session, organisation_id)):
        ids = tuple(node.id for node in pool.members)
        if department_id in ids:
            return ids
    raise ConflictError(say("{name} is in no pool any more, so nothing was changed.", name=department.name))


def _dissolve_lonely(session: Session, organisation_id: UUID) -> None:
    """Takes departments out of pools in which they are alone: one department is no pool."""
    alone = lonely(queries.departments(session, organisation_id))
    queries.set_pools(session, organisation_id, dict.fromkeys(alone, None))


def _open_department(session: Session, organisation_id: UUID, department_id: UUID) -> Department:
    department = session.get(Department, (organisation_id, department_id))
    if department is None:
        raise NotFoundError
    if department.closed_at is not None:
        raise ConflictError(say("{name} has been closed and can't be changed any more.", name=department.name))
    return department
