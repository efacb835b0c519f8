"""The statements about changes of departments. Each function runs one."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.lineage.models import DepartmentChange
from app.lineage.snapshots import WAITING, Change, Kind, State, snapshot, wanted

DONE: Final[tuple[State, ...]] = ("done",)
_KINDS: dict[str, Kind] = {
    one: one for one in ("open", "rename", "move", "merge", "split", "close", "import")
}  # fmt: skip
_STATES: dict[str, State] = {one: one for one in ("planned", "done", "held", "cancelled", "undone")}


def changes(session: Session, organisation_id: UUID, *, states: Collection[State]) -> tuple[Change, ...]:
    """The changes in these states: by their day, and those of one day in the order in which they were done or asked."""
    row = DepartmentChange
    statement = (
        select_rows(row)
        .where(row.organisation_id == organisation_id, col(row.state).in_(states))
        .order_by(col(row.day), col(row.number), col(row.asked_at), col(row.id))
    )
    return tuple(facts(one) for one in session.exec(statement))


def done(session: Session, organisation_id: UUID) -> tuple[Change, ...]:
    """Every change that is done, the oldest first."""
    return changes(session, organisation_id, states=DONE)


def waiting(session: Session, organisation_id: UUID) -> tuple[Change, ...]:
    """Every change that is still to be done, or could not be."""
    return changes(session, organisation_id, states=WAITING)


def row(session: Session, organisation_id: UUID, change_id: UUID) -> DepartmentChange | None:
    """The row of a change, locked for changing it; None where there is none."""
    statement = select_rows(DepartmentChange).where(
        DepartmentChange.organisation_id == organisation_id, DepartmentChange.id == change_id
    )
    return session.exec(statement.with_for_update()).first()


def next_number(session: Session, organisation_id: UUID) -> int:
    """The number of the next change that is done."""
    highest = select(func.max(col(DepartmentChange.number))).where(
        col(DepartmentChange.organisation_id) == organisation_id
    )
    found = session.connection().scalar(highest)
    return 1 if found is None else found + 1


def facts(one: DepartmentChange) -> Change:
    """A row as others see it."""
    return Change(
        id=one.id,
        kind=_KINDS[one.kind],
        day=one.day,
        state=_STATES[one.state],
        number=one.number,
        wanted=wanted(one.wanted),
        before=tuple(snapshot(each) for each in one.before),
        after=tuple(snapshot(each) for each in one.after),
        user_id=one.user_id,
        asked_at=one.asked_at,
        done_at=one.done_at,
    )
