"""The workflows of a client's departments, as others may know them. Each function says what it costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from app.errors import NotFoundError
from app.lineage import queries as lineage
from app.lineage.descent import heirs
from app.workflows.facts import NOTHING, Facts, from_json
from app.workflows.models import Workflow, WorkflowVersion
from surveys import model

Workflows = Mapping[UUID, tuple[model.Workflow, ...]]
"""By department, in the order of the department."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFacts:
    """A workflow with its facts, as of a moment. `code` is its id in layouts and releases; `saved_at`, `made_by` and
    `way` are those of its newest version, None and empty where there is none.

    `department_id` is whose work it is: of departments that were merged the one that took them over. `chosen_id` is the
    one that somebody chose for it, which stays as it was, so that a merge that is taken back takes nothing along.
    """

    id: UUID
    department_id: UUID
    chosen_id: UUID
    code: str
    name: str
    position: int
    rated: bool
    retired: bool
    version: int
    facts: Facts
    saved_at: datetime | None = None
    made_by: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Homes:
    """Whose work a workflow is: departments that were merged live on in the one that took them over."""

    heirs: Mapping[UUID, UUID]

    def now(self, department_id: UUID) -> UUID:
        """The department that it is today: its own, or the one that took it over."""
        return self.heirs.get(department_id, department_id)

    def of(self, there: Iterable[Workflow], department_id: UUID) -> list[Workflow]:
        """Those of these rows that are the work of a department of today."""
        return [row for row in there if self.now(row.department_id) == department_id]


def homes(session: Session, organisation_id: UUID, *, at: datetime | None = None) -> Homes:
    """Which departments of a client took over which, as it is or as it was at a moment; in one statement."""
    done = lineage.done(session, organisation_id)
    return Homes(heirs(one for one in done if at is None or one.done_at is None or one.done_at <= at))


def workflows(session: Session, organisation_id: UUID) -> Workflows:
    """The workflows that are rated, by department; retired ones are not among them. In two statements."""
    found: dict[UUID, tuple[model.Workflow, ...]] = {}
    whose = homes(session, organisation_id)
    for row in rows(session, organisation_id):
        if row.retired_at is None and row.rated:
            home = whose.now(row.department_id)
            found[home] = (*found.get(home, ()), model.Workflow(row.code, row.name))
    return found


def inventory(session: Session, organisation_id: UUID, *, at: datetime | None = None) -> tuple[WorkflowFacts, ...]:
    """Every workflow of a client with its facts as they are, or as they were at a moment; in three statements.

    Those that were not there yet at that moment are left out.
    """
    newest, whose = _versions(session, organisation_id, at), homes(session, organisation_id, at=at)
    there = (row for row in rows(session, organisation_id) if at is None or row.created_at <= at)
    return tuple(_told(row, newest.get(row.id), whose, at) for row in there)


def workflow(session: Session, organisation_id: UUID, workflow_id: UUID) -> WorkflowFacts:
    """One workflow; NotFoundError when the client has none of that id. In three statements at most."""
    row = one_row(session, organisation_id, workflow_id)
    newest = session.get(WorkflowVersion, (organisation_id, workflow_id, row.version))
    return _told(row, newest, homes(session, organisation_id), None)


def names(session: Session, organisation_id: UUID) -> dict[UUID, str]:
    """What each workflow of a client is called, retired ones too; in one statement."""
    return {row.id: row.name for row in rows(session, organisation_id)}


def history(session: Session, organisation_id: UUID, workflow_id: UUID) -> tuple[WorkflowVersion, ...]:
    """The versions of a workflow, the newest first; in one statement."""
    statement = (
        select(WorkflowVersion)
        .where(col(WorkflowVersion.organisation_id) == organisation_id, col(WorkflowVersion.workflow_id) == workflow_id)
        .order_by(col(WorkflowVersion.number).desc())
    )
    return tuple(session.execute(statement).scalars())


def versions(session: Session, organisation_id: UUID) -> tuple[tuple[str, WorkflowVersion], ...]:
    """All versions of a client's workflows, each with the code of its workflow, in one statement: for its export."""
    same = and_(
        col(Workflow.organisation_id) == col(WorkflowVersion.organisation_id),
        col(Workflow.id) == col(WorkflowVersion.workflow_id),
    )
    statement = (
        select(col(Workflow.code), WorkflowVersion)
        .join(WorkflowVersion, same)
        .where(col(Workflow.organisation_id) == organisation_id)
        .order_by(col(Workflow.created_at), col(Workflow.code), col(WorkflowVersion.number))
    )
    return tuple((code, version) for code, version in session.execute(statement))


# What follows is for this room's service.


def rows(session: Session, organisation_id: UUID) -> tuple[Workflow, ...]:
    """All workflows of a client, retired ones too, in the order of their departments, read anew."""
    statement = (
        select(Workflow)
        .where(col(Workflow.organisation_id) == organisation_id)
        .order_by(col(Workflow.department_id), col(Workflow.position), col(Workflow.id))
        .execution_options(populate_existing=True)
    )
    return tuple(session.execute(statement).scalars())


def one_row(session: Session, organisation_id: UUID, workflow_id: UUID) -> Workflow:
    """The row of a workflow, read anew; NotFoundError when there is none."""
    row = session.get(Workflow, (organisation_id, workflow_id), populate_existing=True)
    if row is None:
        raise NotFoundError
    return row


def _versions(session: Session, organisation_id: UUID, at: datetime | None) -> dict[UUID, WorkflowVersion]:
    """The newest version of each workflow at a moment."""
    of_client = col(WorkflowVersion.organisation_id) == organisation_id
    until = of_client if at is None else and_(of_client, col(WorkflowVersion.saved_at) <= at)
    newest = (
        select(col(WorkflowVersion.workflow_id), func.max(col(WorkflowVersion.number)).label("number"))
        .where(until)
        .group_by(col(WorkflowVersion.workflow_id))
        .subquery()
    )
    same = and_(
        col(WorkflowVersion.workflow_id) == newest.c.workflow_id, col(WorkflowVersion.number) == newest.c.number
    )
    statement = select(WorkflowVersion).join(newest, same).where(of_client)
    return {one.workflow_id: one for one in session.execute(statement).scalars()}


def _told(row: Workflow, version: WorkflowVersion | None, whose: Homes, at: datetime | None) -> WorkflowFacts:
    retired = row.retired_at is not None and (at is None or row.retired_at <= at)
    chosen = row.department_id if version is None or at is None else version.department_id
    return WorkflowFacts(
        id=row.id,
        department_id=whose.now(chosen),
        chosen_id=chosen,
        code=row.code,
        name=row.name if version is None or at is None else version.name,
        position=row.position,
        rated=row.rated if version is None or at is None else version.rated,
        retired=retired,
        version=row.version if version is None else version.number,
        facts=NOTHING if version is None else from_json(version.facts),
        saved_at=None if version is None else version.saved_at,
        made_by="" if version is None else version.made_by,
        way="" if version is None else version.way,
    )
