"""What one person may see of a client's plan today, read once for a page."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.actions import frame, queries
from app.actions.lines import Drawer
from app.actions.places import Places, places
from app.actions.queries import Planned
from app.clients import queries as clients
from app.errors import NotFoundError
from app.lineage import days
from app.playbooks.action import Action
from app.playbooks.beside import library_of


class Sight:
    """What one person may see of a client's plan, read once."""

    def __init__(self, session: Session, member: Member, now: datetime) -> None:
        self.member = member
        self.organisation = clients.organisation(session, member.organisation_id)
        self.today = days.today(now, self.organisation.time_zone)
        self.places: Places = places(session, member.organisation_id)
        self.every = queries.plan(session, member.organisation_id)
        self.drawer = Drawer(member, self.every, self.places, self.today)
        self.seen = tuple(one for one in self.every if self.places.may_see(member, self.department(one)))
        self.frames = queries.frames(session, member.organisation_id)
        self.library = library_of(session, member.organisation_id)

    def department(self, one: Planned) -> UUID:
        """Where an action belongs today."""
        return self.places.now(one.facts.department_id)

    def one(self, planned_id: UUID) -> Planned:
        """An action that this person may see; NotFoundError for any other."""
        found = next((one for one in self.seen if one.id == planned_id), None)
        if found is None:
            raise NotFoundError
        return found

    def begins(self, department_id: UUID) -> date:
        """The first day of a department's ninety days that run today."""
        begun = [one.begins for one in self.frames if self.places.now(one.department_id) == department_id]
        begun += [one.begins for one in self.every if self.department(one) == department_id]
        return frame.begin(begun, self.today)

    def hours(self, department_id: UUID, begins: date) -> tuple[int, int | None]:
        """The hours that actions of ninety days take, and those that there are; None where nobody has said."""
        mine = [one for one in self.every if self.department(one) == department_id and one.begins == begins]
        there = self.places.hours(queries.given(self.frames), department_id, begins)
        return sum(one.facts.hours for one in mine if one.facts.status != "dropped"), there


def changeable(sight: Sight, planned_id: UUID) -> Planned:
    """An action that somebody may change; NotFoundError for any other."""
    one = sight.one(planned_id)
    lost = not sight.places.is_open(one.facts.department_id)
    if not (sight.drawer.can_change(one) or (lost and sight.member.runs_it)):
        raise NotFoundError
    return one


def due_of(action: Action | None, begins: date, sight: Sight) -> date:
    """By when a single action is proposed to be done."""
    if action is None:
        return frame.working(max(sight.today, begins) + timedelta(days=frame.PARTS[0]))
    return frame.due_days((action,), begins, sight.today)[action.id]
