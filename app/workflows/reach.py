"""Whose workflows somebody may see and change: all for who runs the client, a lead those of their own department."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.accounts.roles import LEAD
from app.workflows import queries


@dataclass(frozen=True, slots=True)
class Reach:
    """What one person may see and change. `own` is a lead's department, or the one that took it over."""

    member: Member
    own: UUID | None

    def may_change(self, department_id: UUID) -> bool:
        """Whether they may change the workflows of a department of today."""
        return self.member.runs_it or (self.member.role == LEAD and self.own == department_id)

    def may_see(self, department_id: UUID) -> bool:
        """Whether they may see them."""
        return self.member.role != LEAD or self.own == department_id


def reach(session: Session, member: Member) -> Reach:
    """What somebody may see and change today; in one statement."""
    own = member.department_id
    return Reach(member, None if own is None else queries.homes(session, member.organisation_id).now(own))
