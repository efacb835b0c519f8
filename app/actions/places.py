"""Where the actions of the plan belong today: departments that were merged live on in the one that took them over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from app.accounts.roles import LEAD
from app.clients import changes
from app.clients import queries as clients
from app.clients.queries import DepartmentNode
from app.lineage.words import came
from app.sentences import say


class Role(Protocol):
    """What somebody is at a client: as `accounts.access.Member`, which knows of requests."""

    @property
    def role(self) -> str:
        """One of `accounts.roles`."""

    @property
    def runs_it(self) -> bool:
        """True for owners and consultants."""

    @property
    def department_id(self) -> UUID | None:
        """A lead's own."""


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
        return came(name, self.name(department_id))

    def may_change(self, member: Role, department_id: UUID) -> bool:
        """Whether somebody may change the plan of a department of today: who runs the client, and its own lead."""
        return member.runs_it or (member.role == LEAD and self.is_led_by(member, department_id))

    def may_see(self, member: Role, department_id: UUID) -> bool:
        """Whether somebody may see it: a lead sees that of their own department only."""
        return member.role != LEAD or self.is_led_by(member, department_id)

    def is_led_by(self, member: Role, department_id: UUID) -> bool:
        """Whether it is a lead's own department, or the one that took theirs over."""
        return member.department_id is not None and self.now(member.department_id) == department_id

    def hours(self, given: Mapping[tuple[UUID, date], int], department_id: UUID, begins: date) -> int | None:
        """The hours that there are for ninety days of a department, by what was given for departments and first days.

        Those that were given for it count, or, while there are none, those of all that it took over; None for none.
        """
        if (department_id, begins) in given:
            return given[department_id, begins]
        of_it = [hours for (one, day), hours in given.items() if day == begins and self.now(one) == department_id]
        return sum(of_it) if of_it else None


def places(session: Session, organisation_id: UUID) -> Places:
    """The departments of a client, in three statements."""
    return Places(
        clients.departments(session, organisation_id),
        clients.department_names(session, organisation_id),
        changes.heirs(session, organisation_id),
    )
