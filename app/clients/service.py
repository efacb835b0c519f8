"""Clients: organisations and the department tree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.roles import OWNER
from app.accounts.service import add_member
from app.acts.service import note
from app.clients import changes, queries
from app.clients.meanwhile import Seen, require_as_seen, require_pool_as_seen
from app.clients.models import Department, Organisation
from app.clients.placing import require_place, spaced
from app.clients.pools import about_pool, lonely, pools, proposed_name
from app.clients.queries import DepartmentNode
from app.clients.restructuring import Outcome, snapshot_of
from app.clients.rules import about_name, fold, time_zones
from app.errors import ConflictError, InvalidError, NotFoundError
from app.lineage.snapshots import Kind, Wanted
from app.sentences import Passage, say

MOST_DEPARTMENTS = 2000
TOO_MANY = say("There are {most} departments, and that is the most. Close one first.", most=MOST_DEPARTMENTS)


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
    require_place(tree, None, name=name, parent_id=parent_id, function=function, headcount=headcount, site=site)
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
        site=spaced(site),
        created_at=now,
    )
    session.add(department)
    session.flush()
    _keep(session, organisation_id, None, department.id, now)
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
    now: datetime,
    site: str | None = None,
    together: Together | None = None,
    seen: Seen | None = None,
) -> None:
    """Renames or moves a department, or sets its function, headcount, site and pool. Waves that have opened keep what
    they froze. `site` and `together` leave it as it is where they are None, but who moves leaves the pool.

    Raises InvalidError with a sentence for each field, ConflictError for a closed one, NotFoundError for none, and
    ChangedMeanwhileError where it is not what somebody had `seen`.
    """
    queries.lock_tree(session, organisation_id)
    department = _open_department(session, organisation_id, department_id)
    tree = queries.departments(session, organisation_id)
    before = next(node for node in tree if node.id == department_id)
    require_as_seen(tree, before, seen)
    name = " ".join(name.split())
    require_place(
        tree, department_id, name=name, parent_id=parent_id, function=function, headcount=headcount, site=site
    )
    _check_together(tree, parent_id, together)
    department.name, department.parent_id, moved = name, parent_id, department.parent_id != parent_id
    department.function, department.headcount = function, headcount
    department.site = department.site if site is None else spaced(site)
    session.flush()
    if moved or together is not None:
        _show_together(session, organisation_id, department_id, together or Together(None))
    if moved or name != before.name:
        _keep(session, organisation_id, before, department_id, now)


def require_open_department(session: Session, organisation_id: UUID, department_id: UUID) -> None:
    """Raises NotFoundError when there is no such department here, ConflictError when it has been closed."""
    _open_department(session, organisation_id, department_id)


def close_department(
    session: Session, organisation_id: UUID, department_id: UUID, *, now: datetime, seen: Seen | None = None
) -> UUID | None:
    """Takes a department out of later waves, and gives the id of the change; earlier waves keep it.

    Does nothing when it is closed already. Raises ConflictError while departments below it are open, and
    ChangedMeanwhileError where it is not what somebody had `seen`.
    """
    queries.lock_tree(session, organisation_id)
    department = session.get(Department, (organisation_id, department_id))
    if department is None:
        raise NotFoundError
    if department.closed_at is not None:
        return None
    if seen is not None:
        tree = queries.departments(session, organisation_id)
        require_as_seen(tree, next(node for node in tree if node.id == department_id), seen)
    try:
        return changes.apply(session, organisation_id, "close", Wanted(departments=(department_id,)), now=now)
    except InvalidError as error:
        raise ConflictError(error.message) from None


def _keep(
    session: Session, organisation_id: UUID, before: DepartmentNode | None, department_id: UUID, now: datetime
) -> None:
    """Keeps that a department was added, renamed or moved in place."""
    tree = queries.departments(session, organisation_id)
    after = snapshot_of(next(node for node in tree if node.id == department_id))
    if before is None:
        changes.record(session, organisation_id, "open", Outcome((), (after,)), now=now)
        return
    kind: Kind = "rename" if before.parent_id == after.parent_id else "move"
    found, wanted = Outcome((snapshot_of(before),), (after,)), Wanted(departments=(department_id,))
    changes.record(session, organisation_id, kind, found, now=now, wanted=wanted)


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


def rename_pool(
    session: Session, organisation_id: UUID, department_id: UUID, *, name: str, seen: str | None = None
) -> None:
    """Gives the pool of a department another name. Raises InvalidError, field `pool`, for a name that will not do, and
    ChangedMeanwhileError where it is not what was seen."""
    name_pool(session, organisation_id, name=name, members=_pool_of(session, organisation_id, department_id, seen))


def dissolve_pool(session: Session, organisation_id: UUID, department_id: UUID, *, seen: str | None = None) -> None:
    """Shows the departments of this one's pool on their own again where they can be. Waves that have opened keep it.
    Raises ChangedMeanwhileError where it is not what was seen."""
    members = _pool_of(session, organisation_id, department_id, seen)
    queries.set_pools(session, organisation_id, dict.fromkeys(members, None))


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


def _pool_of(session: Session, organisation_id: UUID, department_id: UUID, seen: str | None) -> tuple[UUID, ...]:
    """The departments of a department's pool; ConflictError when it is in none."""
    queries.lock_tree(session, organisation_id)
    department = _open_department(session, organisation_id, department_id)
    for pool in pools(queries.departments(session, organisation_id)):
        ids = tuple(node.id for node in pool.members)
        if department_id in ids:
            require_pool_as_seen(pool, seen)
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
