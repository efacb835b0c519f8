"""Departments that were moved about, as a tree."""

from collections.abc import Sequence
from dataclasses import replace

from app.releases.plan.coarsening import Department


def rooted(departments: Sequence[Department]) -> tuple[Department, ...]:
    """The departments, those whose ancestors form a ring (one was moved below a closed one) put to the top."""
    parent = {department.id: department.parent for department in departments}

    def circles(one: str) -> bool:
        seen, above = {one}, parent[one]
        while above is not None and above not in seen:
            seen.add(above)
            above = parent[above]
        return above is not None

    return tuple(
        replace(department, parent=None) if circles(department.id) else department for department in departments
    )
