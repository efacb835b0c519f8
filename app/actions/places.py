"""Where the actions of the plan belong today: departments that were merged live on in the one that took them over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.accounts.roles import LEAD
from app.clients import changes
from app.clients import queries as clients
from app.clients.queries import DepartmentNode
from app.sentences import say


@dataclass(frozen=True)
class Places:
    """The open departments of a client, what all were ever called, and which took over which."""

    nodes: Sequence[DepartmentNode]
    names: Mapping[UUID, str]
    heirs: Mapping[UUID, UUID]

    def now(self, department_id: UUID) -> UUID:
        """The department that it is today: its own, or the one that took it over."""
        return self.heirs.get(department_id, department_id)

    def name(self, department_id: UUID) -> str:
        """What that is called."""
        return self.names.get(self.now(department_id), say("a department that was closed"))

    def is_open(self, department_id: UUID) -> bool:
        """Whether there is such a department today."""
        return any(node.id == self.now(department_id) for node in self.nodes)

    def told(self, department_id: UUID) -> str:
        """What has become of the department in which an action was; empty where it is as it was."""
        name = self.names.get(department_id, "")
        if not self.is_open(department_id):
            return say("{name} was closed or split. Choose the department that goes on with this.", name=name)
        if self.now(department_id) == department_id:
            return ""
        return say("It came from {name}, which was merged into {heir}.", name=name, heir=self.name(department_id))


def places(session: Session, organisation_id: UUID) -> Places:
    """The departments of a client, in three statements."""
    return Places(
        clients.departments(session, organisation_id),
        clients.department_names(session, organisation_id),
        changes.heirs(session, organisation_id),
    )


def may_change(member: Member, department_id: UUID) -> bool:
    """Whether somebody may change the plan of a department: who runs the client, and its own lead."""
    return member.runs_it or (member.role == LEAD and member.department_id == department_id)


def may_see(member: Member, department_id: UUID) -> bool:
    """Whether somebody may see it: a lead sees that of their own department only."""
    return member.role != LEAD or member.department_id == department_id
