"""A wave's departments as the client is arranged today, for a further release of the wave."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from app.clients import changes
from app.clients import queries as clients
from app.releases.plan.coarsening import Department
from app.releases.plan.rooted import rooted


def departments_now(session: Session, organisation_id: UUID, frozen: Sequence[Department]) -> tuple[Department, ...]:
    """The wave's departments at their places in today's tree, under today's names and pools.

    Those that were merged are a pool in the place of the one that took them over, under its name. Those that were
    closed otherwise stay where the wave had them, or come to the top where that is gone too. Departments that are new
    took no part. The headcounts and the sites are the wave's own.
    """
    today = {str(one.id): one for one in clients.departments(session, organisation_id)}
    heirs = {str(old): str(new) for old, new in changes.heirs(session, organisation_id).items()}
    known = {department.id for department in frozen}
    merged = Counter(heirs[one] for one in known if one in heirs)
    departments = []
    for department in frozen:
        node = today.get(heirs.get(department.id, department.id))
        if node is None:
            departments.append(department)
            continue
        parent = None if node.parent_id is None else str(node.parent_id)
        while parent is not None and parent not in known:  # a new level in between holds nobody who answered
            above = today[parent].parent_id
            parent = None if above is None else str(above)
        shared = merged[str(node.id)] > 1
        name, pool = (department.name, node.pool or node.name) if shared else (node.name, node.pool)
        departments.append(replace(department, name=name, parent=parent, pool=pool))
    return rooted(departments)
