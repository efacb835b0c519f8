"""The action plan of a client, as others may know it. Each function says what it costs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, delete, select, update
from sqlmodel import Session, col

from app.actions.facts import Facts, from_json
from app.actions.models import PlanCalendar, PlanFrame, PlannedAction, PlannedActionVersion
from app.errors import NotFoundError
from app.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An action of the plan as it is now. `department_id` is where it was taken on, `facts` has where it is now."""

    id: UUID
    department_id: UUID
    action: str
    edition: str
    words: Mapping[str, str]
    begins: date
    wave_id: UUID | None
    taken_at: datetime
    refused: str
    version: int
    saved_at: datetime
    made_by: str
    facts: Facts

    @property
    def title(self) -> str:
        """What it is called, in the languages in which the library had it."""
        return Sentence(self.facts.title, words=self.words) if self.words else self.facts.title


@dataclass(frozen=True, slots=True)
class Frame:
    """Ninety days of a department, and the hours that there are."""

    department_id: UUID
    begins: date
    hours: int


def plan(session: Session, organisation_id: UUID) -> tuple[Planned, ...]:
    """All actions of a client as they are now, by the day they are due; in one statement."""
    statement = select(PlannedAction, PlannedActionVersion).join(PlannedActionVersion, _NEWEST)
    found = session.execute(statement.where(col(PlannedAction.organisation_id) == organisation_id))
    every = [_told(row, version) for row, version in found]
    return tuple(sorted(every, key=lambda one: (one.facts.due, one.taken_at, one.id)))


def planned(session: Session, organisation_id: UUID, planned_id: UUID) -> Planned:
    """One action of a client; NotFoundError when there is none of that id. In one statement."""
    statement = select(PlannedAction, PlannedActionVersion).join(PlannedActionVersion, _NEWEST)
    here = and_(col(PlannedAction.organisation_id) == organisation_id, col(PlannedAction.id) == planned_id)
    found = session.execute(statement.where(here)).first()
    if found is None:
        raise NotFoundError
    row, version = found
    return _told(row, version)


def history(session: Session, organisation_id: UUID, planned_id: UUID) -> tuple[PlannedActionVersion, ...]:
    """The versions of an action, the newest first; in one statement."""
    version = PlannedActionVersion
    statement = (
        select(version)
        .where(col(version.organisation_id) == organisation_id, col(version.planned_action_id) == planned_id)
        .order_by(col(version.number).desc())
    )
    return tuple(session.execute(statement).scalars())


def versions(session: Session, organisation_id: UUID) -> tuple[Planned, ...]:
    """Each version of each action of a client, by when they were taken on; in one statement."""
    statement = select(PlannedAction, PlannedActionVersion).join(PlannedActionVersion, _OF_IT)
    found = session.execute(
        statement.where(col(PlannedAction.organisation_id) == organisation_id).order_by(
            col(PlannedAction.taken_at), col(PlannedAction.id), col(PlannedActionVersion.number)
        )
    )
    return tuple(_told(row, version) for row, version in found)


def frames(session: Session, organisation_id: UUID) -> tuple[Frame, ...]:
    """The ninety days of all departments, the oldest first; in one statement."""
    columns = (col(PlanFrame.department_id), col(PlanFrame.begins), col(PlanFrame.hours))
    statement = select(*columns).where(col(PlanFrame.organisation_id) == organisation_id)
    return tuple(Frame(*row) for row in session.execute(statement.order_by(col(PlanFrame.begins))))


def given(frames: Iterable[Frame]) -> dict[tuple[UUID, date], int]:
    """The hours of ninety days by department and first day."""
    return {(one.department_id, one.begins): one.hours for one in frames}


def calendars(session: Session, organisation_id: UUID) -> tuple[PlanCalendar, ...]:
    """The links for calendar programmes, in the order in which they were made; in one statement."""
    statement = select(PlanCalendar).where(col(PlanCalendar.organisation_id) == organisation_id)
    ordered = statement.order_by(col(PlanCalendar.made_at), col(PlanCalendar.id))
    return tuple(session.execute(ordered).scalars())


def calendar(session: Session, sha256: str) -> PlanCalendar | None:
    """The link of a token's fingerprint; in one statement."""
    statement = select(PlanCalendar).where(col(PlanCalendar.token_sha256) == sha256)
    return session.execute(statement).scalars().first()


# What follows is for this room's service.


def take_back(session: Session, organisation_id: UUID, calendar_id: UUID) -> None:
    """Deletes a link; does nothing where there is none."""
    here = and_(col(PlanCalendar.organisation_id) == organisation_id, col(PlanCalendar.id) == calendar_id)
    session.execute(delete(PlanCalendar).where(here))


def note_refusal(session: Session, organisation_id: UUID, planned_id: UUID, said: str) -> None:
    """Notes what the owner's mail server said of the last mail, empty where it took it."""
    here = and_(col(PlannedAction.organisation_id) == organisation_id, col(PlannedAction.id) == planned_id)
    session.execute(update(PlannedAction).where(here).values(refused=said))


def forget_owners(session: Session, organisation_id: UUID, versions: Collection[tuple[UUID, int]]) -> None:
    """Takes name and address of who did it out of these versions, given as action and number; in one statement each."""
    for planned_id, number in versions:
        one = session.get(PlannedActionVersion, (organisation_id, planned_id, number), with_for_update=True)
        if one is not None:
            one.facts = {**one.facts, "owner": "", "mail": ""}
    session.flush()


def row(session: Session, organisation_id: UUID, planned_id: UUID) -> PlannedAction:
    """The row of an action, locked for changing it; NotFoundError when there is none."""
    found = session.get(PlannedAction, (organisation_id, planned_id), with_for_update=True)
    if found is None:
        raise NotFoundError
    return found


def rows(session: Session, organisation_id: UUID, planned_ids: Collection[UUID]) -> tuple[PlannedAction, ...]:
    """The rows of actions as they are now, locked for changing them; in one statement."""
    here = and_(col(PlannedAction.organisation_id) == organisation_id, col(PlannedAction.id).in_(planned_ids))
    found = select(PlannedAction).where(here).order_by(col(PlannedAction.id)).with_for_update()
    return tuple(session.execute(found, execution_options={"populate_existing": True}).scalars())


def frame_row(session: Session, organisation_id: UUID, department_id: UUID, begins: date) -> PlanFrame | None:
    """The row of ninety days, locked for changing it; None where there is none."""
    return session.get(PlanFrame, (organisation_id, department_id, begins), with_for_update=True)


_OF_IT = and_(
    col(PlannedActionVersion.organisation_id) == col(PlannedAction.organisation_id),
    col(PlannedActionVersion.planned_action_id) == col(PlannedAction.id),
)
_NEWEST = and_(_OF_IT, col(PlannedActionVersion.number) == col(PlannedAction.version))


def _told(row: PlannedAction, version: PlannedActionVersion) -> Planned:
    return Planned(
        id=row.id,
        department_id=row.department_id,
        action=row.action,
        edition=row.edition,
        words=row.words,
        begins=row.begins,
        wave_id=row.wave_id,
        taken_at=row.taken_at,
        refused=row.refused,
        version=version.number,
        saved_at=version.saved_at,
        made_by=version.made_by,
        facts=from_json(version.facts),
    )
