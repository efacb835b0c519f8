"""The workflows of a client's departments, as others may know them. Each function says what it costs."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.workflows.models import Workflow
from surveys import model

Workflows = Mapping[UUID, tuple[model.Workflow, ...]]
"""By department, in the order of the department."""


def workflows(session: Session, organisation_id: UUID) -> Workflows:
    """The workflows that are rated, by department; retired ones are not among them. In one statement."""
    found: dict[UUID, tuple[model.Workflow, ...]] = {}
    for row in rows(session, organisation_id):
        if row.retired_at is None:
            found[row.department_id] = (*found.get(row.department_id, ()), model.Workflow(row.code, row.name))
    return found


# What follows is for this room's service.


def rows(session: Session, organisation_id: UUID) -> tuple[Workflow, ...]:
    """All workflows of a client, retired ones too, in the order of their departments."""
    statement = (
        select(Workflow)
        .where(col(Workflow.organisation_id) == organisation_id)
        .order_by(col(Workflow.department_id), col(Workflow.position), col(Workflow.id))
    )
    return tuple(session.execute(statement).scalars())
